"""Training an identity model: on a workspace's records, or on a bare table of people."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from assets.identity_audit import audit
from assets.matching import Matching
from transforms.functions import create_macros, set_secret
from transforms.identity import pairing, training
from transforms.identity.blocking import RULE_NAMES
from transforms.identity.comparing import Compared
from transforms.identity.comparisons import NAMES
from transforms.identity.model import IdentityModel, TermKind
from transforms.identity.shares import REFERENCE_RECORDS, STATED, KnownPairs, known_pairs, pairs_among
from transforms.identity.training import Mixture, Patterns, choose_threshold
from warehouse.engine import DuckDBEngine, Engine

TRAINING_RECORDS = 300_000
RANDOM_PAIRS = 600_000
AUDITED_RECORDS = 500_000
AUDITED_MATCHES = 300
LISTED_FROM = 20
DEFAULT_THRESHOLD = 3.2
_TERM_COLUMNS = {
    "name": "name_key",
    "given": "given",
    "family": "family",
    "birth_date": "birth_text",
    "postcode": "postcode",
    "city": "city",
    "occupation": "occupation",
}


def train(engine: Engine, records: int) -> IdentityModel:
    """A model for the people in `match_records`; `records` is how many record numbers there are.

    Weights come from the pairs of a systematic sample of at most 300,000 records with all others, so that
    a sampled record keeps all its partners; everything else comes from all records.
    """
    matching = Matching(engine)
    comparable = matching.features()
    terms = _terms(engine)
    step = max(1, -(-comparable // TRAINING_RECORDS))
    mixture, rules = _fit(matching, comparable, step)
    matching.keys(rules)
    model = _model(mixture, matching.caps(rules, comparable), terms, -(-comparable // step), comparable)
    if comparable > AUDITED_RECORDS or model.pairs_match < AUDITED_MATCHES:
        return model
    matching.score_candidates(model)
    threshold, audited = choose_threshold(lambda bits: audit(matching, model, records, bits))
    return replace(model, threshold=threshold, facts=model.facts | {"audit": audited})


def resolve_table(people: pa.Table) -> pa.Table:
    """Clusters of a bare table of normalised people (the columns of `match_records` but `record_no`).

    Trains a model on the table itself. Gives record_key and cluster (the smallest row number of the
    cluster in the order of keys).
    """
    with bare_engine() as engine:
        keys = people.column("record_key").combine_chunks().sort()
        numbers = pa.array(np.arange(len(keys), dtype=np.int32))
        engine.put("people", people)
        engine.put("record_numbers", pa.table({"record_key": keys, "record_no": numbers}))
        engine.materialise(
            "match_records",
            "SELECT n.record_no, p.*, FALSE AS is_placeholder FROM people AS p"
            " INNER JOIN record_numbers AS n USING (record_key)",
        )
        model = train(engine, len(keys))
        matching = Matching(engine)
        matching.propose_and_score(model)
        return pa.table({"record_key": keys, "cluster": matching.cluster(model, len(keys))})


def bare_engine(threads: int | None = None) -> DuckDBEngine:
    """An engine without a workspace behind it."""

    def setup(con: duckdb.DuckDBPyConnection) -> None:
        create_macros(con)
        set_secret(con, b"no secret is needed to compare")

    return DuckDBEngine(
        Path(tempfile.gettempdir()) / "satu-matching", memory_limit="6GB", threads=threads, setup=setup
    )


def _fit(matching: Matching, records: int, step: int) -> tuple[Mixture, tuple[str, ...]]:
    engine = matching.engine
    pairs = _sampled_pairs(matching, records, step)
    compared = matching.compare(pairs)
    random = matching.compare(engine.fetch(_random_pairs(engine, records, step)))
    stands_for = 1 / (1 - (1 - 1 / step) ** 2)
    proposed, by_chance = (Patterns(*np.unique(c.pattern, return_counts=True)) for c in (compared, random))
    proposed = Patterns(proposed.patterns, proposed.counts * stands_for)
    mixture = training.fit_mixture(proposed, by_chance, _known_pairs(engine), _exact_pairs(engine))
    for name in ("numbered_features", "random_steps"):
        engine.drop(name)
    return mixture, training.paying_rules(mixture, *_by_rules(compared, pairs))


def _sampled_pairs(matching: Matching, records: int, step: int) -> pa.Table:
    """The pairs of every `step`th record that all rules propose, one rule at a time."""
    packed = []
    for name in RULE_NAMES:
        matching.keys((name,), step)
        caps = matching.caps((name,), records, step)
        packed += [pairing.with_sampled(pairs, step) for pairs in matching.propose_packed(caps)]
        matching.forget_blocks()
    return pairing.candidate_pairs(packed)


def _by_rules(compared: Compared, pairs: pa.Table) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pattern, rules and how many pairs have both, ordered."""
    counted = pa.table({"pattern": compared.pattern, "rules": pairs.column("rules")})
    found = counted.group_by(["pattern", "rules"]).aggregate([([], "count_all")])
    found = found.sort_by([("pattern", "ascending"), ("rules", "ascending")])
    pattern, rules, count = (found.column(name).to_numpy() for name in ("pattern", "rules", "count_all"))
    return pattern, rules, count


def _known_pairs(engine: Engine) -> KnownPairs:
    columns = {
        "name": "name_key",
        "birth": "birth_text",
        "handle": "social_handle",
        "household": "household_key",
        "address": "address_key",
    }
    profile = " + ".join(
        f"CASE WHEN {columns.get(field, field)} IS NULL THEN 0 ELSE {1 << bit} END"
        for bit, (_, field) in enumerate(STATED)
    )
    found = engine.fetch(
        f"SELECT {profile} AS profile, CAST(COUNT(*) AS BIGINT) AS n FROM match_features GROUP BY profile"
        " ORDER BY profile"
    )
    profiles, counts = (
        np.asarray(found.column(name).to_numpy(), dtype=np.int64) for name in ("profile", "n")
    )
    return known_pairs(profiles, counts)


def _random_pairs(engine: Engine, records: int, step: int) -> str:
    """A SELECT of about 600,000 pairs of every `step`th record with any other, the same every time.

    Positions follow a hash: copies of a record often stand side by side in the order of keys.
    """
    steps = training.random_steps(records, RANDOM_PAIRS * step)
    engine.put("random_steps", pa.table({"step": pa.array(steps, pa.int64())}))
    engine.materialise(
        "numbered_features",
        "SELECT record_no, ROW_NUMBER() OVER (ORDER BY hashed, record_no) - 1 AS position FROM"
        " (SELECT record_no, grouping_hash(CAST(record_no AS VARCHAR)) AS hashed FROM match_features) AS f",
    )
    return (
        "SELECT x.record_no AS record_a, b.record_no AS record_b FROM"
        f" (SELECT record_no, (position + step) % {max(records, 1)} AS other"
        f" FROM numbered_features CROSS JOIN random_steps WHERE record_no % {step} = 0) AS x"
        " INNER JOIN numbered_features AS b ON b.position = x.other"
        " WHERE x.record_no <> b.record_no"
    )


def _exact_pairs(engine: Engine) -> dict[tuple[str, int], float]:
    """Numbers of pairs that agree on a whole name or birth date: blocks of frequent ones are refined, so that
    candidate pairs do not count them all."""

    def pairs(column: str, condition: str) -> float:
        found = engine.scalar(
            "SELECT SUM(n * (n - 1)) / 2.0 FROM (SELECT CAST(COUNT(*) AS DOUBLE) AS n FROM match_features"
            f" WHERE {column} IS NOT NULL AND {condition} GROUP BY {column})"
        )
        return float(found or 0.0)

    return {
        ("name", 9): pairs("name_key", "contains(name_key, ' ')"),
        ("name", 7): pairs("name_key", "NOT contains(name_key, ' ')"),
        ("birth", 5): pairs("birth_text", "TRUE"),
    }


def _terms(engine: Engine) -> dict[str, TermKind]:
    found = {}
    for kind, column in _TERM_COLUMNS.items():
        counted = engine.fetch(
            f"SELECT {column} AS value, CAST(COUNT(*) AS BIGINT) AS n FROM match_features"
            f" WHERE {column} IS NOT NULL GROUP BY {column} ORDER BY {column}"
        )
        n = counted.column("n").to_numpy().astype(np.float64)
        total = max(float(n.sum()), 1.0)
        rare = n[n < LISTED_FROM]
        unlisted = float((rare**2).sum() / rare.sum()) / total if len(rare) else 1.0 / total
        chance = float((n**2).sum()) / total**2 if len(n) else 1.0
        listed = counted.filter(pa.array(n >= LISTED_FROM)).to_pydict()
        shares = {value: count / total for value, count in zip(listed["value"], listed["n"], strict=True)}
        found[kind] = TermKind(
            chance, unlisted if len(n) else 1.0, 1.0 / total, min(LISTED_FROM / total, 1.0), shares
        )
    return found


def _model(
    mixture: Mixture, caps: dict[str, int], terms: dict[str, TermKind], sampled: int, records: int
) -> IdentityModel:
    everything = pairs_among(records) + pairs_among(REFERENCE_RECORDS)
    match, household = mixture.shares.pairs
    known = mixture.shares.known
    shares = {
        str(mask): [float(share), float(home)]
        for mask, share, home in zip(known.masks, mixture.shares.match, mixture.shares.household, strict=True)
    }
    tables = [
        {name: [float(x) for x in table[name]] for name in NAMES}
        for table in (mixture.m, mixture.h, mixture.u)
    ]
    facts: dict[str, Any] = {
        "records": records,
        "records_sampled": sampled,
        "expected_matches": round(match),
        "expected_household_pairs": round(household),
        "log_likelihood": mixture.log_likelihood,
        "bic": mixture.bic,
        "rounds": mixture.rounds,
    }
    return IdentityModel(
        tables[0], tables[1], tables[2],
        match, household, everything - match - household, shares,
        DEFAULT_THRESHOLD, caps, terms, facts,
    )  # fmt: skip
