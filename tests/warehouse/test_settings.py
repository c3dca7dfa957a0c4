"""`satu.yaml`: what customers' behaviour is judged by, and what is refused with its line."""

from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest

from pipelines.starting import SATU_YAML
from warehouse.errors import ConfigError
from warehouse.settings import Settings, read_settings


def settings(folder: Path, text: str) -> Settings:
    (folder / "satu.yaml").write_text(text, encoding="utf-8")
    return read_settings(folder / "satu.yaml")


def test_the_starting_workspace_shows_the_defaults(tmp_path: Path) -> None:
    shown = settings(tmp_path, SATU_YAML)
    plain = settings(tmp_path, "company: {name: My Company}\n")
    assert shown == plain
    assert (plain.churn_bands, plain.runout_lead_days, plain.quantity_elasticity) == ((0.33, 0.66), 3, 0.0)


@pytest.mark.parametrize(
    ("country", "season", "has_season", "in_time"),
    [
        ("ID", "auto", True, "lebaran and months"),
        ("GB", "auto", False, "months"),
        ("GB", "lebaran", True, "lebaran"),
        ("ID", "none", False, "none"),
    ],
)
def test_the_season_follows_the_country_unless_said(
    tmp_path: Path, country: str, season: str, has_season: bool, in_time: str
) -> None:
    text = f"company: {{name: Toko, country: {country}}}\nchurn: {{season: {season}}}\n"
    found = settings(tmp_path, text)
    assert (found.has_season, found.season_in_time) == (has_season, in_time)


def test_bands_lead_time_and_elasticity_are_read(tmp_path: Path) -> None:
    text = "company: Toko\nchurn: {bands: [0.2, 0.5]}\nrunout: {lead_days: 7, quantity_elasticity: 0.5}\n"
    found = settings(tmp_path, text)
    assert (found.churn_bands, found.runout_lead_days, found.quantity_elasticity) == ((0.2, 0.5), 7, 0.5)


@pytest.mark.parametrize("bands", ["[0.5]", "[0.6, 0.3]", "[0.2, 0.2]", "[0.2, 1.2]", "[0.1, 0.2, 0.3]"])
def test_bands_must_be_two_rising_probabilities(tmp_path: Path, bands: str) -> None:
    with pytest.raises(ConfigError, match=r"satu.yaml line 2"):
        settings(tmp_path, f"company: Toko\nchurn: {{bands: {bands}}}\n")


def test_an_unknown_season_is_refused_by_its_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"satu.yaml line 2"):
        settings(tmp_path, "company: Toko\nchurn: {season: natal}\n")


def test_when_the_night_begins_and_is_due_changes_no_table(tmp_path: Path) -> None:
    plain = settings(tmp_path, "company: Toko\n")
    found = settings(tmp_path, 'company: Toko\nnight: {at: "02:00", due: "04:30"}\n')
    assert (found.operations.night_at, found.operations.night_due) == (time(2), time(4, 30))
    assert repr(found) == repr(plain), "the fingerprint of a day is made of it"


@pytest.mark.parametrize("night", ['{at: "09:00"}', '{at: "25:00"}', '{due: "06:30"}', "{until: 7}"])
def test_a_night_that_cannot_be_is_refused_by_its_line(tmp_path: Path, night: str) -> None:
    with pytest.raises(ConfigError, match=r"satu.yaml line 2"):
        settings(tmp_path, f"company: Toko\nnight: {night}\n")
