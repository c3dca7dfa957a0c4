"""goldenmatch 3.22: zero-config, its own probabilistic configuration, and rules written by hand.

Run in goldenmatch's own environment: `python goldenmatch_run.py INPUT.parquet FOLDER VARIANT`, where VARIANT
is `zero`, `probabilistic`, `pairs` (probabilistic, every scored pair written, so that the driver can look for
the best cut) or `rules`.

Its profiler goes by the names of columns, so ours are renamed to those its documentation uses; the whole
name stays out where it says no more than given and family name. The rules are the exact-and-fuzzy way of its
quick start: an identifier alone, or a name that agrees within the same phone, birthday or address.
Probabilistic configurations written by hand did worse than these rules on the retailer, whatever the cut.
"""

from __future__ import annotations

import sys
from typing import Any

import goldenmatch as gm
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from goldenmatch import BlockingConfig, BlockingKeyConfig, GoldenMatchConfig, MatchkeyConfig, MatchkeyField
from measured import Run

NAMES = {
    "given": "given_name",
    "family": "surname",
    "name_key": "full_name",
    "birth_date": "date_of_birth",
    "phone": "phone",
    "email": "email",
    "nik": "national_id_number",
    "national_id": "soc_sec_id",
    "member_id": "member_id",
    "address_key": "address_1",
    "postcode": "postcode",
    "city": "city",
    "sex": "gender",
    "occupation": "occupation",
    "social_handle": "social_handle",
}
LOWEST_CUT = 0.2  # of its normalised score; pairs below are of no use to any cut
IDENTIFIERS = ("email", "national_id_number", "soc_sec_id", "member_id", "social_handle")
NAME_WITHIN = ("phone", "date_of_birth", "address_1")
NAME_ALIKE = 0.85
PASSES = (
    ("phone",),
    ("date_of_birth",),
    ("address_1",),
    ("email",),
    ("full_name",),
    ("given_name", "surname"),
)
MOST_IN_BLOCK = 1000
FEW = 0.05


def main() -> None:
    run = Run("goldenmatch")
    variant = sys.argv[3]
    people = renamed(run, with_full_name=variant == "rules" or says_more(run.records))
    if variant == "zero":
        result = gm.dedupe_df(people)
    elif variant == "rules":
        result = gm.dedupe_df(people, config=rules(set(people.column_names)))
    else:
        config = gm.auto_configure_probabilistic_df(people, n_rows_full=run.count)
        if variant == "pairs":
            config.matchkeys[0].link_threshold = LOWEST_CUT
        result = gm.dedupe_df(people, config=config)
    keys = run.records["record_key"].combine_chunks()
    clusters = pa.table({"record_key": keys, "cluster": clusters_of(result, run.count)})
    edges = scored(result, keys) if variant == "pairs" else None
    run.finish(clusters, edges, matchkeys=[matchkey(m) for m in result.config.matchkeys])


def says_more(records: pa.Table) -> bool:
    """Whether the whole name has words that given and family name have not, for more than a few."""
    if not {"name_key", "given", "family"} <= set(records.column_names):
        return True
    parts = pc.binary_join_element_wise(
        pc.fill_null(records["given"], ""), pc.fill_null(records["family"], ""), " "
    )
    longer = pc.greater(pc.utf8_length(records["name_key"]), pc.utf8_length(parts))
    return bool(pc.sum(pc.fill_null(longer, False)).as_py() > FEW * len(records))


def renamed(run: Run, with_full_name: bool) -> pa.Table:
    """The columns under the names that goldenmatch knows, as text."""
    parts = run.has("given", "family")
    taken = [n for n in NAMES if run.has(n) and (n != "name_key" or with_full_name or not parts)]
    return pa.table({NAMES[name]: run.records[name].cast(pa.string()) for name in taken})


def rules(columns: set[str]) -> GoldenMatchConfig:
    """An identifier alone, or an alike name within the same phone, birthday or address."""
    exact = [
        MatchkeyConfig(name=f"same_{name}", type="exact", fields=[MatchkeyField(field=name)])
        for name in IDENTIFIERS
        if name in columns
    ]
    fuzzy = [
        MatchkeyConfig(
            name=f"name_within_{name}",
            type="weighted",
            threshold=NAME_ALIKE,
            guard=f"a_{name} == b_{name} and a_{name} != None",
            fields=[MatchkeyField(field="full_name", scorer="ensemble", weight=1.0)],
        )
        for name in NAME_WITHIN
        if name in columns
    ]
    passes = [BlockingKeyConfig(fields=list(p)) for p in PASSES if set(p) <= columns]
    blocking = BlockingConfig(
        strategy="multi_pass",
        keys=passes[:1],
        passes=passes,
        max_block_size=MOST_IN_BLOCK,
        skip_oversized=True,
    )
    return GoldenMatchConfig(matchkeys=exact + fuzzy, blocking=blocking)


def clusters_of(result: Any, count: int) -> pa.Array:
    """The smallest row of every record's cluster; a record in none is its own."""
    first = np.arange(count)
    for cluster in result.clusters.values():
        members = np.fromiter(cluster["members"], np.int64)
        first[members] = members.min()
    return pa.array(first).cast(pa.string())


def scored(result: Any, keys: pa.Array) -> pa.Table:
    pairs = result.scored_pairs
    a, b = (pa.array([pair[side] for pair in pairs], pa.int64()) for side in (0, 1))
    weight = pa.array([float(pair[2]) for pair in pairs], pa.float64())
    return pa.table({"record_a": keys.take(a), "record_b": keys.take(b), "weight": weight})


def matchkey(found: MatchkeyConfig) -> str:
    return f"{found.type}: {', '.join(str(field.field) for field in found.fields)}"


if __name__ == "__main__":
    main()
