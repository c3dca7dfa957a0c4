"""Who is told when a night fails: real messages over real connections, naming nobody."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.definitions.freshness import CronFreshnessPolicy

from assets.graph import BACKFILL
from pipelines.definitions import JOB, build_definitions
from pipelines.instance import open_instance
from pipelines.sensors import late_day
from tests.pipelines.days import BAD, DAYS, three_days
from tests.support.nights import COMPANY, company, copied, night, satu, write
from tests.support.receivers import Received, mail_server, untrusted_server, webhook
from warehouse.errors import ConfigError, InputError
from warehouse.nights import noting_failure
from warehouse.settings import read_settings
from warehouse.workspace import load_workspace

CRM = """
    channel: crm
    source: {type: sql, url: "sqlite:///crm.db", table: people}
    maps:
      contacts:
        - source_id: id
"""
CHECK = "conservation is not written because it breaks 1 rule: mostly_accepted"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first day of a shop whose second is bad."""
    home = three_days(tmp_path_factory.mktemp("made") / "home", bad=True)
    night(home, DAYS[0], publish=True)
    return home


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
    return copied(made, tmp_path / "home")


@pytest.fixture
def mail() -> Iterator[Received]:
    with mail_server() as received:
        yield received


@pytest.fixture
def hook() -> Iterator[Received]:
    with webhook() as received:
        yield received


def tell(home: Path, mail: Received | None, hook: Received | None) -> Path:
    """The workspace with these ways to be told."""
    lines = ["alerts:\n"]
    if mail:
        lines.append(
            f"  email: {{to: [ops@toko.id, it@toko.id], from: satu@toko.id, host: 127.0.0.1, port: {mail.port}, security: none}}\n"
        )
    if hook:
        lines.append(f"  webhook: http://127.0.0.1:{hook.port}/satu\n")
    settings = home / "satu.yaml"
    write(home, "satu.yaml", settings.read_text() + "".join(lines))
    return home


def test_a_night_from_cron_that_fails_at_a_check_tells_everybody(
    home: Path, mail: Received, hook: Received, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SATU_ALERT_TOKEN", "a-token")
    said = satu("run", "--as-of", BAD, "--home", tell(home, mail, hook))
    assert said.code == 1
    (message,) = mail.mails
    assert message["Subject"] == f"Satu, Toko Kecil: the night failed ({BAD})"
    assert (message["To"], message["From"]) == ("ops@toko.id, it@toko.id", "satu@toko.id")
    text = str(message.get_payload())
    assert CHECK in " ".join(text.replace("=\r\n", "").split())
    ((headers, post),) = hook.posts
    assert headers["Authorization"] == "Bearer a-token"
    assert (post["event"], post["day"], post["release"], post["shows"]) == ("night_failed", BAD, 1, DAYS[0])
    assert CHECK in post["text"] and f"release 1 of {DAYS[0]}" in post["text"]


def test_a_night_that_cannot_even_read_tells_as_well(home: Path, hook: Received) -> None:
    tell(home, None, hook)
    write(home, "decisions/suppressions.csv", b"kind,record_hash\n\xff\xfe Ratnawulan\n")
    said = satu("run", "--home", home)
    assert said.code != 0
    ((_, post),) = hook.posts
    assert post["event"] == "night_failed" and post["problems"]
    assert "Ratnawulan" not in json.dumps(post)


def test_a_backup_that_fails_tells_as_well(home: Path, hook: Received, tmp_path: Path) -> None:
    write(tmp_path, "store", "no folder")
    said = satu("backup", tmp_path / "store" / "below", "--home", tell(home, None, hook))
    assert said.code != 0
    ((_, post),) = hook.posts
    assert post["event"] == "backup_failed" and post["problems"]


def test_an_alert_that_cannot_be_sent_is_said_and_changes_no_exit_code(home: Path, mail: Received) -> None:
    write(
        home, "satu.yaml", COMPANY + "history_start: 2026-01-01\nalerts: {webhook: 'http://127.0.0.1:9/'}\n"
    )
    said = satu("run", "--as-of", BAD, "--home", home)
    assert said.code == 1
    assert "satu: the alert could not be sent by webhook: Connection refused" in said.err
    assert CHECK in said.err


def test_a_test_message_can_be_sent_and_the_address_may_be_a_secret(
    home: Path, hook: Received, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert satu("alert", "--home", home).code == 2
    monkeypatch.setenv("SATU_ALERT_WEBHOOK", f"http://127.0.0.1:{hook.port}/secret")
    assert satu("alert", "--home", home).out == "sent by webhook\n"
    assert hook.posts[0][1]["event"] == "test"


def test_a_mail_server_that_wants_a_password_without_one_is_said(home: Path, mail: Received) -> None:
    tell(home, mail, None)
    settings = (home / "satu.yaml").read_text().replace("security: none", "security: none, user: satu")
    write(home, "satu.yaml", settings)
    said = satu("alert", "--home", home)
    assert said.code == 1 and "sent by e-mail: SATU_SMTP_PASSWORD is not set" in said.err
    assert mail.mails == []


def test_a_mail_says_when_it_was_sent_and_has_a_number_of_its_own(home: Path, mail: Received) -> None:
    tell(home, mail, None)
    assert satu("alert", "--home", home).out == "sent by e-mail\n"
    assert satu("alert", "--home", home).code == 0
    first, second = mail.mails
    assert abs(parsedate_to_datetime(str(first["Date"])) - datetime.now(UTC)) < timedelta(minutes=10)
    assert str(first["Message-ID"]).endswith("@toko.id>") and first["Message-ID"] != second["Message-ID"]


def test_a_mail_server_nobody_vouches_for_gets_nothing(home: Path, tmp_path: Path) -> None:
    heard: list[bytes] = []
    with untrusted_server(tmp_path, heard) as port:
        email = f"{{to: [ops@toko.id], from: satu@toko.id, host: 127.0.0.1, port: {port}, security: tls}}"
        write(home, "satu.yaml", f"{(home / 'satu.yaml').read_text()}alerts: {{email: {email}}}\n")
        said = satu("alert", "--home", home)
    assert said.code == 1 and "sent by e-mail: no encrypted connection, or the server's" in said.err
    assert heard == []


def test_the_status_tells_of_a_night_that_is_not_good(home: Path, hook: Received) -> None:
    tell(home, None, hook)
    assert satu("status", "--alert", "--home", home).code == 0
    assert hook.posts == [], "the release was made just now"
    with pytest.raises(InputError), noting_failure(home / "warehouse", None):
        raise InputError("the disk is full")
    assert satu("status", "--alert", "--check", "--home", home).code == 1
    ((_, post),) = hook.posts
    assert post["event"] == "night_failed" and "the disk is full" in post["text"]


def test_the_daemon_tells_of_a_run_that_failed(home: Path, hook: Received) -> None:
    definitions = build_definitions(load_workspace(tell(home, None, hook)))
    with open_instance(home) as instance:
        result = definitions.resolve_job_def(JOB).execute_in_process(
            instance=instance, partition_key=BAD, raise_on_error=False
        )
        context = dg.build_run_status_sensor_context(
            sensor_name="alert_when_a_run_fails",
            dagster_instance=instance,
            dagster_run=result.dagster_run,
            dagster_event=next(e for e in result.all_events if e.is_failure and not e.is_step_failure),
        ).for_run_failure()
        definitions.resolve_sensor_def("alert_when_a_run_fails")(context)
    ((_, post),) = hook.posts
    assert (post["event"], post["day"]) == ("night_failed", BAD) and CHECK in post["text"]


def tell_of_pull(home: Path, **tags: str) -> None:
    """A run of the UI that pulls one channel, and the daemon's look at it."""
    definitions = build_definitions(load_workspace(home))
    with open_instance(home) as instance:
        result = definitions.resolve_job_def(JOB).execute_in_process(
            instance=instance, partition_key=DAYS[0], asset_selection=[dg.AssetKey("raw_crm")], tags=tags
        )
        context = dg.build_run_status_sensor_context(
            sensor_name="alert_when_a_source_is_away",
            dagster_instance=instance,
            dagster_run=result.dagster_run,
            dagster_event=next(e for e in result.all_events if e.event_type_value == "PIPELINE_SUCCESS"),
        )
        definitions.resolve_sensor_def("alert_when_a_source_is_away")(context)


def test_the_daemon_tells_of_a_good_night_whose_source_was_away(tmp_path: Path, hook: Received) -> None:
    home = tell(company(tmp_path / "home", CRM, settings=f"{COMPANY}history_start: 2026-01-01\n"), None, hook)
    tell_of_pull(home)
    ((_, post),) = hook.posts
    assert (post["event"], post["day"]) == ("source_away", DAYS[0])
    assert [problem.partition(":")[0] for problem in post["problems"]] == ["channels/crm.yaml"]
    tell_of_pull(home, **{BACKFILL: "abc"})
    assert len(hook.posts) == 1, "a backfill asks no source"
    with closing(sqlite3.connect(home / "crm.db")) as connection, connection:
        connection.execute("CREATE TABLE people (id INTEGER)")
    tell_of_pull(home)
    assert len(hook.posts) == 1, "the source is back"


def test_the_daemon_tells_once_that_a_night_is_late(home: Path, hook: Received) -> None:
    definitions = build_definitions(load_workspace(tell(home, None, hook)))
    manifest = home / "warehouse" / "current" / "manifest.json"
    long_ago = (datetime.now(UTC) - timedelta(days=3)).timestamp()
    os.utime(manifest, (long_ago, long_ago))
    sensor = definitions.resolve_sensor_def("alert_when_the_night_is_late")
    with open_instance(home) as instance:
        context = dg.build_sensor_context(instance=instance)
        sensor(context)
        sensor(dg.build_sensor_context(instance=instance, cursor=context.cursor))
    ((_, post),) = hook.posts
    assert post["event"] == "night_late"
    assert late_day(load_workspace(home), datetime.now(UTC)) == context.cursor


def test_the_release_must_be_fresh_by_the_time_the_settings_name(home: Path) -> None:
    write(home, "satu.yaml", COMPANY + 'night: {at: "02:00", due: "04:30"}\n')
    graph = build_definitions(load_workspace(home)).resolve_asset_graph()
    policy = graph.get(dg.AssetKey("release")).freshness_policy
    assert isinstance(policy, CronFreshnessPolicy)
    assert (policy.deadline_cron, policy.timezone) == ("30 4 * * *", "Asia/Jakarta")
    assert policy.lower_bound_delta == timedelta(hours=2, minutes=30)


@pytest.mark.parametrize(
    "alerts",
    [
        "{email: {to: ops@toko.id, from: satu@toko.id}}",
        "{email: {to: 'ops@toko.id\\nBcc: x@y.z', from: satu@toko.id, host: mail}}",
        "{email: {to: ops, from: satu@toko.id, host: mail}}",
        "{webhook: ftp://toko.id/x}",
        "{sms: 0812}",
    ],
)
def test_what_cannot_be_an_alert_is_refused_by_its_line(tmp_path: Path, alerts: str) -> None:
    (tmp_path / "satu.yaml").write_text(f"company: Toko\nalerts: {alerts}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"satu.yaml line 2"):
        read_settings(tmp_path / "satu.yaml")
