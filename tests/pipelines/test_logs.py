"""Logs for machines: one JSON object a line, with the same content and nobody's data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from pipelines.progress import progress_logger
from tests.pipelines.days import BAD, three_days
from tests.support.nights import satu


def logged(text: str) -> list[dict[str, Any]]:
    """Every line of a log."""
    lines: list[dict[str, Any]] = [json.loads(line) for line in text.splitlines()]
    assert all({"time", "level", "event"} <= line.keys() for line in lines)
    return lines


@pytest.fixture
def structured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SATU_LOG", "json")


@pytest.mark.usefixtures("structured")
def test_a_night_that_fails_says_which_check_of_which_table_and_how_it_ended(tmp_path: Path) -> None:
    home = three_days(tmp_path / "home", bad=True)
    lines = logged(satu("run", "--as-of", BAD, "--home", home).err)
    built = {line["asset"]: line for line in lines if line["event"] == "table_built"}
    assert (built["raw_till"]["day"], built["raw_till"]["rows"]) == (BAD, 60)
    (failed,) = [line for line in lines if line["event"] == "check_failed" and line["level"] == "error"]
    assert (failed["asset"], failed["check"], failed["rows"]) == ("conservation", "mostly_accepted", 1)
    (step,) = [line for line in lines if line["event"] == "step_failed"]
    assert step["text"].startswith(f"{BAD}: conservation is not written")
    (end,) = [line for line in lines if line["event"] == "night_ended"]
    assert (end["level"], end["day"], end["exit_code"]) == ("error", BAD, 1)


@pytest.mark.usefixtures("structured")
def test_a_sentence_about_a_mistake_is_an_error_of_one_line(tmp_path: Path) -> None:
    said = satu("status", "--home", tmp_path / "nowhere")
    (line,) = logged(said.err)
    assert (said.code, line["level"], line["event"]) == (2, "error", "message")
    assert line["text"].startswith("no workspace at ")


def test_people_read_lines_as_ever_and_another_form_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert satu("status", "--home", tmp_path).err.startswith("satu: no workspace at ")
    monkeypatch.setenv("SATU_LOG", "xml")
    said = satu("status", "--home", tmp_path)
    assert said.code == 2 and "SATU_LOG is neither `json` nor `text`" in said.err


@pytest.mark.usefixtures("structured")
def test_a_table_is_logged_with_rows_and_seconds_and_an_error_without_what_it_quotes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    @dg.op
    def makes(context) -> None:  # type: ignore[no-untyped-def]
        facts = {"dagster/row_count": 7, "seconds": 0.5}
        context.log_event(dg.AssetMaterialization("rfm", partition=BAD, metadata=facts))
        raise ValueError("Ratnawulan Kertapati")

    @dg.job(logger_defs={"console": progress_logger})
    def night() -> None:
        makes()

    night.execute_in_process(raise_on_error=False, run_config={"loggers": {"console": {}}})
    built, failed = logged(capsys.readouterr().err)
    assert built | {"time": ""} == {
        "time": "", "level": "info", "event": "table_built", "day": BAD, "asset": "rfm", "rows": 7, "seconds": 0.5,
    }  # fmt: skip
    assert failed["event"] == "step_failed"
    assert failed["text"].startswith("unforeseen ValueError") and "Ratnawulan" not in json.dumps(failed)
