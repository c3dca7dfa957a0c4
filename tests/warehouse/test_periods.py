"""Periods of purposes: words in, periods or a sentence out; a channel is kept as long as its longest purpose."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.nights import COMPANY, FORM, TILL, company
from warehouse.errors import ConfigError
from warehouse.periods import Period
from warehouse.settings import read_settings
from warehouse.workspace import load_workspace


def read(folder: Path, text: str) -> dict[str, Period]:
    (folder / "satu.yaml").write_text(f"company: Toko\nretention: {{purposes: {text}}}\n", encoding="utf-8")
    return dict(read_settings(folder / "satu.yaml").retention_purposes)


def test_periods_are_read_as_people_write_them(tmp_path: Path) -> None:
    assert read(tmp_path, "{Marketing: 24 months, warranty: 1 year, visits: 90 Days}") == {
        "marketing": Period(24, "month"),
        "visits": Period(90, "day"),
        "warranty": Period(1, "year"),
    }


@pytest.mark.parametrize("text", ["24", "two years", "0 days", "101 years", "3 weeks"])
def test_another_word_is_refused_where_it_stands(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError) as refused:
        read(tmp_path, f"{{marketing: {text}}}")
    assert "satu.yaml line 2" in str(refused.value)


def test_what_is_not_about_people_is_kept_for_ever(tmp_path: Path) -> None:
    goods = """
        channel: goods
        purposes: [sales]
        source: {path: landing/goods/*.csv}
        maps: {products: {product_id: code}}
    """
    settings = COMPANY + "retention: {purposes: {sales: 1 day}}\n"
    workspace = load_workspace(company(tmp_path / "shop", goods, settings=settings))
    assert (list(workspace.channels), workspace.keeping) == (["goods"], {})


def test_a_channel_is_kept_as_long_as_its_longest_purpose_and_one_without_a_period_for_ever(
    tmp_path: Path,
) -> None:
    purposes = "{marketing: 2 years, warranty: 25 months, identity: 1 day, contact: 1 day}"
    home = company(
        tmp_path / "shop",
        FORM,
        TILL.replace("channel: till", "channel: till\n    purposes: [marketing, warranty]"),
        settings=COMPANY + f"retention: {{purposes: {purposes}}}\n",
    )
    assert load_workspace(home).keeping == {"form": Period(1, "day"), "till": Period(25, "month")}
    company(home, TILL.replace("channel: till", "channel: till\n    purposes: [marketing, art]"))
    (home / "satu.yaml").write_text(COMPANY + f"retention: {{purposes: {purposes}}}\n", encoding="utf-8")
    assert load_workspace(home).keeping == {"form": Period(1, "day")}
