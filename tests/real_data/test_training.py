"""A model trained on the pairs of a sample of records says what one trained on all of them says."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import assets.identity
from assets.day import train_identity
from assets.records import all_units
from tests.support.nights import bring
from tests.support.workspaces import make_workspace, shared_data

WORKSPACES = Path(__file__).parent / "workspaces"
AS_OF = date(2024, 1, 31)


def test_a_sample_of_records_with_all_their_partners_is_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """5,000 records of 2,000 people, 6,538 pairs of them one person; a record in four is sampled."""
    landing = {"register/register_2024-01-31.csv": shared_data("febrl3.csv")}
    context, _ = bring(make_workspace(tmp_path / "home", WORKSPACES / "febrl", landing))
    units = all_units(context)
    whole = train_identity(context, units, is_kept=False)
    monkeypatch.setattr(assets.identity, "TRAINING_RECORDS", 1_250)
    sampled = train_identity(context, units, is_kept=False)
    assert (whole.facts["records_sampled"], sampled.facts["records_sampled"]) == (5_000, 1_250)
    for model in (whole, sampled):
        assert model.facts["expected_matches"] == pytest.approx(6_538, rel=0.15)
    for field in ("name", "birth", "place"):
        assert sampled.m[field] == pytest.approx(whole.m[field], abs=0.04)
        assert sampled.u[field] == pytest.approx(whole.u[field], abs=0.02)
