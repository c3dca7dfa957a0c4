"""`satu run --dry-run` foretells the night and leaves no trace."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from assets.context import open_context
from assets.night import day_fingerprint
from assets.plan import plan
from assets.records import all_units
from assets.registering import register_landing
from assets.tables import workspace_tables
from pipelines.dry_run import NOTHING
from pipelines.summary import stale_partitions
from tests.pipelines.days import DAYS, three_days
from tests.support.nights import TILL_COLUMNS, bring, copied, deliver, night, satu, write
from warehouse.recovery import writing


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first day of a shop, made and shown; the deliveries of the other two are yet to come."""
    home = three_days(tmp_path_factory.mktemp("made") / "home", bad=False)
    for day in DAYS[1:]:
        (home / "landing" / "till" / f"{day}.csv").unlink()
    night(home, DAYS[0], publish=True)
    return home


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
    return copied(made, tmp_path / "home")


def files_of(home: Path) -> dict[str, tuple[int, int]]:
    """Every file and folder with its size and its time of change."""
    found = {}
    for path in [home, *sorted(home.rglob("*"))]:
        status = path.lstat()
        found[str(path)] = (status.st_size, status.st_mtime_ns)
    return found


def foretold(home: Path, *words: str) -> dict[str, object]:
    """What is foretold as JSON, after making sure that nothing was written, also for people."""
    before = files_of(home)
    said = satu("run", "--dry-run", "--json", *words, "--home", home)
    text = satu("run", "--dry-run", *words, "--home", home)
    assert (said.code, text.code) == (0, 0), said.err
    assert files_of(home) == before
    told: dict[str, object] = json.loads(said.out)
    assert f"{told['as_of']}. Nothing has been written." in text.out
    return told


def test_where_nothing_has_come_the_same_day_would_be_made_again(home: Path) -> None:
    told = foretold(home)
    tables = len(workspace_tables(open_context(home).workspace))
    assert told["as_of"] == DAYS[0]
    assert told["tables"] == {"made": tables, "not_there": [], "stale": [], "why": None}
    assert (told["new_files"], told["stays_stale"], told["first"]) == ([], [], [])
    assert told["because"] == [NOTHING]
    assert f"again the {tables} tables" in satu("run", "--dry-run", "--home", home).out


def test_a_delivery_is_named_with_its_day_and_is_the_reason(home: Path) -> None:
    deliver(
        home,
        f"till/{DAYS[1]}.csv",
        TILL_COLUMNS,
        {"receipt": "R9", "day": DAYS[1], "customer": 1, "amount": 5},
    )
    told = foretold(home)
    (file,) = told["new_files"]  # type: ignore[misc]
    assert file == {
        "channel": "till", "path": f"landing/till/{DAYS[1]}.csv", "first_day": DAYS[1], "last_day": DAYS[1],
        "problem": None,
    }  # fmt: skip
    assert told["as_of"] == DAYS[1]
    assert len(told["tables"]["not_there"]) == told["tables"]["made"]  # type: ignore[index]
    assert told["because"] == ["files have come that were not read yet", "the day has no tables yet"]
    assert told["stays_stale"] == [], "what came later changes no earlier day"


def test_a_row_that_is_not_accepted_brings_no_day(home: Path) -> None:
    deliver(
        home,
        "till/late.csv",
        TILL_COLUMNS,
        {"receipt": "R9", "day": DAYS[1], "customer": 1, "amount": 5},
        {"receipt": "R10", "day": "", "customer": "", "amount": "?"},
    )
    told = foretold(home)
    (file,) = told["new_files"]  # type: ignore[misc]
    assert (told["as_of"], file["first_day"], file["last_day"]) == (DAYS[1],) * 3


def test_files_that_were_registered_and_not_read_are_still_to_come(home: Path) -> None:
    deliver(
        home,
        f"till/{DAYS[1]}.csv",
        TILL_COLUMNS,
        {"receipt": "R9", "day": DAYS[1], "customer": 1, "amount": 5},
    )
    context = open_context(home)
    with writing(home / "warehouse"):
        register_landing(context)
    told = foretold(home)
    assert told["as_of"] == DAYS[1] and len(told["new_files"]) == 1  # type: ignore[arg-type]
    assert told["because"] == ["files have come that were not read yet", "the day has no tables yet"]


def test_an_event_file_that_reaches_back_makes_earlier_days_stale(home: Path) -> None:
    form = """
        channel: form
        source: {path: landing/form/*.csv, options: {delimiter: ";", dates: ymd}}
        maps:
          contacts: {source_id: id, seen_at: day, full_name: name}
    """
    write(home, "channels/form.yaml", form.replace("\n        ", "\n"))
    deliver(
        home,
        "form/all.csv",
        ("id", "day", "name"),
        {"id": 1, "day": DAYS[0], "name": "A"},
        {"id": 2, "day": DAYS[1], "name": "B"},
    )
    told = foretold(home)
    (stale,) = told["stays_stale"]  # type: ignore[misc]
    assert (told["as_of"], stale["as_of"], stale["why"]) == (
        DAYS[1],
        DAYS[0],
        "files have come that were not read yet",
    )


def test_what_is_foretold_of_a_day_is_what_reading_the_files_gives(home: Path) -> None:
    deliver(
        home,
        f"till/{DAYS[1]}.csv",
        TILL_COLUMNS,
        {"receipt": "R9", "day": DAYS[1], "customer": 1, "amount": 5},
    )
    day = date.fromisoformat(DAYS[1])
    context = open_context(home)
    before = day_fingerprint(context, day, list(plan(context).units))
    context, _ = bring(home)
    assert day_fingerprint(context, day, all_units(context)) == before


def test_another_way_of_reading_is_told_by_channel(home: Path) -> None:
    contract = home / "channels" / "till.yaml"
    contract.write_text(contract.read_text().replace('decimal: "."', 'decimal: ","'), encoding="utf-8")
    told = foretold(home)
    assert told["read_again"] == {"till": 1}
    assert told["tables"]["why"] == "files or records are read otherwise than when they were stored"  # type: ignore[index]


def test_another_setting_is_told_as_such_and_the_status_writes_nothing_either(home: Path) -> None:
    settings = home / "satu.yaml"
    settings.write_text(settings.read_text() + "rfm: {window_days: 365}\n", encoding="utf-8")
    told = foretold(home)
    assert told["read_again"] == told["made_again"] == {}
    assert told["tables"]["why"] == "settings, decisions, models, contracts or code have changed"  # type: ignore[index]
    before = files_of(home)
    assert len(stale_partitions(open_context(home))) == len(told["tables"]["stale"])  # type: ignore[index]
    assert files_of(home) == before


def test_how_long_days_stay_and_what_the_company_is_called_make_no_day_stale(home: Path) -> None:
    settings = home / "satu.yaml"
    text = settings.read_text()
    for unchanging in ("retention: {days: 20, month_ends: 3}\n", 'arrival_cutoff: "05:00"\n'):
        settings.write_text(text + unchanging, encoding="utf-8")
        assert stale_partitions(open_context(home)) == [], unchanging
    settings.write_text(text + "retention: {purposes: {warranty: 5 years}}\n", encoding="utf-8")
    assert stale_partitions(open_context(home)) == [], "nothing is kept for that alone"
    contract = home / "channels" / "till.yaml"
    contract.write_text(contract.read_text() + "purposes: [warranty]\n", encoding="utf-8")
    assert stale_partitions(open_context(home)) != [], "rows of the day may go"


def test_the_first_night_trains_and_an_unreadable_file_goes_to_quarantine(tmp_path: Path) -> None:
    home = three_days(tmp_path / "home", bad=False)
    write(home, "landing/till/2026-01-08.csv", b"PK\x03\x04 not a table")
    told = foretold(home)
    assert told["first"] == ["the identity model is trained and pinned"]
    assert told["as_of"] == DAYS[-1], "a file nobody can read brings no day"
    assert not (home / "warehouse").exists()


def test_a_month_without_fits_and_somebody_at_work_are_told(home: Path) -> None:
    shutil.rmtree(home / "models" / "value")
    with writing(home / "warehouse"):
        told = foretold(home)
    assert told["first"] == [
        "the value models of 2025-12-01 are fitted",
        "the value models of 2026-01-01 are fitted",
    ]
    assert told["at_work"] is not None


def test_with_nothing_in_landing_it_says_what_is_missing(tmp_path: Path) -> None:
    home = three_days(tmp_path / "home", bad=False)
    shutil.rmtree(home / "landing")
    said = satu("run", "--dry-run", "--home", home)
    assert said.code == 2 and "no usable row has arrived yet" in said.err
