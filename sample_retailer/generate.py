"""Writes the whole sample: configuration, landing files and, beside them, the truth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from sample_retailer.baskets import make_lines, with_returns
from sample_retailer.catalogue import build_catalogue
from sample_retailer.channels import CHANNELS
from sample_retailer.channels.masters import write_campaigns, write_population, write_products
from sample_retailer.chunk import Chunk
from sample_retailer.landing import Landing
from sample_retailer.lexicon import build_lexicon
from sample_retailer.people import make_people
from sample_retailer.places import load_places
from sample_retailer.purchases import make_orders
from sample_retailer.randoms import streams
from sample_retailer.settings import FIRST_DAY, LAST_DAY, Settings
from sample_retailer.sheets import Desk
from sample_retailer.text import Scribe
from sample_retailer.truth import TruthFile


@dataclass(frozen=True)
class SampleSummary:
    """What was written. `rows` counts landing rows by channel (an online order is one row)."""

    files: tuple[Path, ...]
    rows: dict[str, int]
    first_day: date
    last_day: date
    truth: Path


def generate(
    home: Path,
    customers: int = 20_000,
    days: int | None = None,
    seed: int = 2026,
    progress: Callable[[str], None] | None = None,
    settings: Settings | None = None,
) -> SampleSummary:
    """Makes the sample workspace at `home`: `customers` people, `days` daily deliveries after the history.

    The same arguments give the same bytes. A landing folder with files is left alone (ValueError).
    `settings` overrides everything else.
    """
    chosen = settings or Settings(customers=customers, deliveries=14 if days is None else days, seed=seed)
    if chosen.customers < 20:
        raise ValueError("the sample needs at least 20 customers")
    if not 0 <= chosen.deliveries <= 60:
        raise ValueError("the sample has between 0 and 60 daily deliveries")
    home = Path(home)
    if any((home / "landing").glob("*/*")):
        raise ValueError(f"{home.name}/landing already holds files: give an empty folder, or remove it first")
    say = progress or (lambda _: None)
    configuration = _copy_configuration(home)
    scribe = Scribe()
    landing = Landing(home, chosen, scribe)
    try:
        with TruthFile(home.with_name(f"{home.name}-truth") / "people.parquet") as truth:
            _write_chunks(chosen, scribe, landing, truth, say)
    finally:
        scribe.close()
    landing.finish()
    masters = write_products(home / "landing" / "products", build_catalogue())
    masters += write_campaigns(home / "landing" / "campaigns")
    masters += write_population(home / "landing" / "population", load_places())
    files = (*configuration, *landing.files, *masters)
    say(f"{len(files)} files written")
    return SampleSummary(files, landing.rows, FIRST_DAY, LAST_DAY, truth.path)


def _write_chunks(
    settings: Settings, scribe: Scribe, landing: Landing, truth: TruthFile, say: Callable[[str], None]
) -> None:
    lexicon, places, catalogue = build_lexicon(), load_places(), build_catalogue()
    first_order = 0
    for chunk_number, first in enumerate(range(0, settings.customers, settings.chunk_people)):
        count = min(settings.chunk_people, settings.customers - first)
        draw = streams(settings.seed, chunk_number)
        people = make_people(settings, draw, lexicon, places, first, count, chunk_number)
        orders, member = make_orders(settings, draw, people, places, catalogue)
        lines = make_lines(draw, people, orders, catalogue)
        orders, lines = with_returns(settings, draw, orders, lines)
        desk = Desk(people, lexicon, places, scribe, draw, settings.typo)
        chunk = Chunk(
            settings, people, places, catalogue, member, orders, lines, desk, draw, scribe, first_order
        )
        keys = []
        for channel in CHANNELS:
            delivery = channel(chunk)
            for feed in delivery.feeds:
                landing.add(feed)
            keys += delivery.keys
        truth.add(keys)
        first_order += len(orders)
        say(f"{first + count:,} people, {first_order:,} orders")


def _copy_configuration(home: Path) -> list[Path]:
    """Copies the workspace shipped with the package: settings, contracts, segments, fields, blacklist."""
    files: list[Path] = []

    def copy(source: Traversable, target: Path) -> None:
        if source.is_dir():
            for entry in sorted(source.iterdir(), key=lambda e: e.name):
                copy(entry, target / entry.name)
        elif source.name.endswith((".yaml", ".csv")):
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read_bytes())
            files.append(target)

    copy(resources.files("sample_retailer") / "workspace", home)
    return files
