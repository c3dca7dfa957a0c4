"""Backfills as a data engineer does them: in the UI, in Chromium, by clicking.

Slow, because the server, the daemon and a browser run. Every stage leaves a picture of what was seen in the
tests' temporary folder.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipelines.instance import open_instance
from tests.pipelines.days import BAD, DAYS, days_with_tables, materialised, release_day, three_days
from tests.pipelines.test_ui import serving
from tests.support.browser import Page, browser, chromium

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(chromium() is None, reason="Chromium is not installed"),
]
WAIT_SECONDS = 1800
PICTURE_BYTES = 20_000
MENUS = "button:has([aria-label=arrow_drop_down]), button:has([aria-label=expand_more])"
LATER = tuple(f"2026-01-{day:02}" for day in range(8, 21))


@dataclass(frozen=True)
class Shop:
    """A shop whose second day is bad, its UI, a browser, and the page of a backfill of its three days."""

    home: Path
    address: str
    page: Page
    pictures: Path
    backfill: str

    def seen(self, where: str, *texts: str, picture: str) -> str:
        """What a page says once all of this is on it; its picture is kept and is not blank."""
        self.page.open(self.address + where)
        text = self.page.wait_for(*texts)
        assert self.page.screenshot(self.pictures / f"{picture}.png").stat().st_size > PICTURE_BYTES
        return text


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    folder, before = tmp_path_factory.mktemp("shop"), dict(os.environ)
    home = three_days(folder / "home", bad=True)
    with serving(home) as address, browser(folder / "browser") as page:
        backfill = launched(page, address, "/asset-groups", DAYS[0], DAYS[2], 3)
        until(lambda: status(page, address + backfill) == "Failed")
        yield Shop(home, address, page, folder, backfill)
    os.environ.clear()
    os.environ.update(before)


def test_what_a_range_made_is_seen_day_by_day_and_the_bad_day_stays_out(shop: Shop) -> None:
    text = shop.seen(shop.backfill, "conservation", picture="backfill")
    assert re.search(r"conservation\n100% completed\n3\n0\n2\n1\n", text), "3 targeted, 2 made, 1 failed"
    shop.seen("/assets/rfm?view=partitions", "Failed (1)", "Materialized (2)", picture="days")
    shop.seen("/assets/conservation?view=checks", "mostly_accepted", picture="checks")
    assert materialised(shop.home, "rfm") >= {DAYS[0], DAYS[2]}
    assert release_day(shop.home) == DAYS[2]


def test_one_table_and_what_is_made_from_it_is_made_again_for_the_newest_day(shop: Shop) -> None:
    before = runs(shop.home)
    where = "/asset-groups~key%3A%22quality_results%22%2B/"
    shop.seen(where, 'key:"quality_results"+', picture="downstream")
    launch(shop.page, DAYS[2], DAYS[2], 1)
    until(lambda: len(runs(shop.home)) > len(before))
    (made,) = set(runs(shop.home)) - set(before)
    until(lambda: runs(shop.home)[made] == "SUCCESS")
    text = shop.seen(f"/runs/{made}", "Success", "2 assets", picture="one_table")
    assert "Errored (0)" in text
    assert release_day(shop.home) == DAYS[2]


def test_a_range_stopped_half_way_keeps_the_days_it_made_and_the_release_is_whole(shop: Shop) -> None:
    backfill = launched(shop.page, shop.address, "/asset-groups", LATER[0], LATER[-1], len(LATER))
    until(lambda: LATER[0] in materialised(shop.home, "release"))
    shop.seen(backfill, "Partition selection", picture="under_way")
    shop.page.click("", within=MENUS)
    shop.page.click("Cancel backfill", within="a, button", exact=False)
    shop.page.wait_for("additional runs will not be queued")
    shop.page.click("Cancel backfill", within="button")
    until(lambda: status(shop.page, shop.address + backfill) == "Canceled")
    made = materialised(shop.home, "release") & set(LATER)
    assert LATER[0] in made and LATER[-1] not in made
    assert release_day(shop.home) >= max(made)
    assert made <= set(days_with_tables(shop.home))
    shop.seen("/assets/release?view=partitions", "Materialized (", picture="stopped")


def test_a_failed_run_is_made_whole_from_where_it_failed(shop: Shop) -> None:
    contract = shop.home / "channels" / "till.yaml"
    contract.write_text(
        contract.read_text().replace("amount: amount", "amount: \"replace(amount, '?', '100')\"")
    )
    failed = [run for run, ended in runs(shop.home).items() if ended == "FAILURE"][-1]
    shop.seen(f"/runs/{failed}", "Re-execute all", "Errored (1)", picture="failed")
    shop.page.click("", within=MENUS)
    shop.page.click("From failure", within="a, button, li")
    shop.page.click("Confirm")
    until(lambda: BAD in materialised(shop.home, "release"))
    shop.seen("/assets/rfm?view=partitions", "Failed (0)", picture="whole")


def launched(page: Page, address: str, where: str, first: str, last: str, count: int) -> str:
    """Launch a backfill of everything a page of the lineage shows; where its own page is."""
    page.open(address + where)
    launch(page, first, last, count)
    page.open(f"{address}/runs?view=backfills")
    page.wait_for("Manually launched", f"{count} partitions")
    return str(page.run("document.querySelector('a[href*=\"/runs/b/\"]').getAttribute('href').split('?')[0]"))


def launch(page: Page, first: str, last: str, count: int) -> None:
    """Choose days in the dialog of *Materialize all…* and launch."""
    page.click("Materialize all", exact=False)
    page.wait_for("Show all partitions")
    page.click("Show all partitions")
    page.click("ex: 2026", within="input[type=text]", exact=False)
    page.type(f"[{first}...{last}]")
    page.press("Tab", 9)
    page.wait_for(f"{count} partition")
    page.click("Launch", within="button", exact=False)
    page.wait_for_gone("Launch runs to materialize")


def status(page: Page, backfill: str) -> str:
    """What the page of a backfill says of how it is going."""
    page.open(backfill)
    found = re.search(r"\nStatus\n(.+)\n", page.wait_for("Partition selection", "Status"))
    return found[1] if found else ""


def runs(home: Path) -> dict[str, str]:
    """Run → how it stands, the newest first."""
    with open_instance(home) as instance:
        return {run.run_id: run.status.value for run in instance.get_runs()}


def until(holds: Callable[[], bool]) -> None:
    ends = time.monotonic() + WAIT_SECONDS
    while not holds():
        assert time.monotonic() < ends, f"did not come true within {WAIT_SECONDS} s"
        time.sleep(2)
