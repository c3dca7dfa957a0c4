"""A new identity model, made on purpose, and what it changes against the one in use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from assets.context import Context
from assets.day import train_identity
from assets.pinned_identity import AUTO, pinned_model, pinned_version, versions
from assets.records import all_units
from pipelines.proven_erasing import writing_after_erasure
from pipelines.summary import stale_partitions
from transforms.identity.comparisons import COMPARISONS
from transforms.identity.evidence import level_words
from transforms.identity.model import IdentityModel
from warehouse.contracts import Text
from warehouse.errors import InputError

MUCH_BITS = 1.0
"""A level whose weight changes by more counts for twice or half as much."""
TRAINING_SECONDS = 3600.0


@dataclass(frozen=True)
class LevelChange:
    """A level that weighs otherwise than before, in bits."""

    comparison: Text
    level: Text
    before: float
    after: float


@dataclass(frozen=True)
class Retraining:
    """The versions before and after (None where there is none), their figures, and what follows.

    `after` is None when the model was only looked at; `in_use` is the version nights read now; `stale_days`
    were made with another model.
    """

    before: str | None
    after: str | None
    in_use: str | None
    figures: dict[str, tuple[Any, Any]]
    levels: list[LevelChange]
    stale_days: list[str]


def retrain(context: Context, is_kept: bool) -> Retraining:
    """Train on everything registered so far, pin the model unless it is only to be looked at, and compare."""
    with writing_after_erasure(context, TRAINING_SECONDS):
        units = all_units(context)
        if all(unit.max_arrived is None for unit in units):
            raise InputError("there is nothing to learn from yet", fix="run `satu run` first")
        old, before = pinned_model(context), pinned_version(context)
        new = train_identity(context, units, is_kept=is_kept)
    stale = {entry["as_of"] for entry in stale_partitions(context)} if is_kept else set()
    return Retraining(
        before,
        versions(context)[-1] if is_kept else None,
        pinned_version(context),
        {name: (_facts(old).get(name), value) for name, value in _facts(new).items()},
        [] if old is None else changed_levels(old, new),
        sorted(stale),
    )


def changed_levels(old: IdentityModel, new: IdentityModel) -> list[LevelChange]:
    """The levels whose weight differs by more than a bit, the largest change first."""
    found = [
        LevelChange(
            Text(c.en, c.id),
            level_words(c.name, n),
            round(old.bits(c.name, n), 1),
            round(new.bits(c.name, n), 1),
        )
        for c in COMPARISONS
        for n in range(len(c.levels))
        if abs(new.bits(c.name, n) - old.bits(c.name, n)) > MUCH_BITS
    ]
    return sorted(found, key=lambda change: -abs(change.after - change.before))


def is_fixed(context: Context) -> bool:
    """Whether satu.yaml names a version, so that a new one is not taken up by itself."""
    return context.workspace.settings.identity_model != AUTO


def _facts(model: IdentityModel | None) -> dict[str, Any]:
    if model is None:
        return {}
    audit = model.facts.get("audit", {}).get(f"{model.threshold:g}", [None, None])
    return {
        "trained_on": model.facts.get("trained_on"),
        "records": model.facts.get("records"),
        "expected_matches": model.facts.get("expected_matches"),
        "expected_household_pairs": model.facts.get("expected_household_pairs"),
        "prior_bits": round(model.prior_bits, 2),
        "threshold": model.threshold,
        "estimated_precision": audit[0],
    }
