"""recordlinkage 0.16: its Expectation/Conditional Maximisation classifier over compared pairs.

Run in recordlinkage's own environment: `python recordlinkage_run.py INPUT.parquet FOLDER`.

The classifier takes features of two values and, as its guide advises, counts a missing value as a
difference. Where most records lack a column that teaches it little, so identifiers and places that are often
empty are one feature each ("a phone, e-mail or number is the same"). Blocks are wide, because it learns what
strangers look like from the pairs it is given.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import recordlinkage
from measured import Run
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

PAIRS_PER_RECORD = 60
PAIRS_PER_BLOCK = 5_000_000
OFTEN_EMPTY = 0.25
LOWEST_WEIGHT = -5.0
# Blocks, each from its loose to its narrow form; the first that is affordable is taken, or none.
BLOCKS = (
    [["given"], ["given", "city"], ["given", "family2"]],
    [["family"], ["family", "city"], ["family", "given2"]],
    [["postcode"], ["postcode", "given1"], ["postcode", "given2"]],
    [["birth_date"], ["birth_date", "given2"], ["birth_date", "city"]],
    [["city", "given1"], ["city", "given3"], ["city", "given", "family1"], ["city", "given", "family"]],
    [["nik"]],
    [["national_id"]],
    [["member_id"]],
    [["email"]],
    [["phone"]],
    [["social_handle"]],
    [["name_key"], ["name_key", "city"], ["name_key", "postcode"]],
    [["given3", "family4"], ["given3", "family4", "city"], ["given3", "family4", "postcode"]],
    [["address_key"], ["address_key", "given1"]],
    [["year", "given2", "family2"]],
)
PREFIXES = {
    "given1": ("given", 1),
    "given2": ("given", 2),
    "given3": ("given", 3),
    "family1": ("family", 1),
    "family2": ("family", 2),
    "family4": ("family", 4),
    "year": ("birth_date", 4),
}
# Column → how alike two values must be: Jaro-Winkler for text, Levenshtein for numbers.
ALIKE = {
    "given": ("jarowinkler", 0.90),
    "family": ("jarowinkler", 0.90),
    "birth_date": ("levenshtein", 0.90),
    "phone": ("exact", 1.0),
    "email": ("jarowinkler", 0.95),
    "nik": ("levenshtein", 0.80),
    "national_id": ("levenshtein", 0.70),
    "member_id": ("exact", 1.0),
    "social_handle": ("exact", 1.0),
    "address_key": ("jarowinkler", 0.90),
    "postcode": ("exact", 1.0),
    "city": ("exact", 1.0),
    "occupation": ("exact", 1.0),
}
ALWAYS = ("given", "family", "birth_date")
TOGETHER = {
    "contact": ("phone", "email", "nik", "national_id", "member_id", "social_handle"),
    "place": ("address_key", "postcode"),
}


def main() -> None:
    run = Run("recordlinkage")
    people = frame(run)
    taken = [block for forms in BLOCKS if (block := fitting(people, forms))]
    index = recordlinkage.Index()
    for block in taken:
        index.block(block)
    pairs = index.index(people)
    features = compared(people, pairs)
    classifier = recordlinkage.ECMClassifier(init="jaro", max_iter=200)
    classifier.fit(features)
    no_match, match = classifier.kernel.predict_log_proba(features.to_numpy()).T
    weight = (match - no_match) / np.log(2)
    a, b = (pairs.get_level_values(side).to_numpy() for side in (0, 1))
    said = weight >= 0  # as `predict` has it: a probability of one half
    graph = coo_array((np.ones(said.sum(), np.int8), (a[said], b[said])), shape=(run.count, run.count))
    found = connected_components(graph, directed=False)[1]
    keys = run.records["record_key"].combine_chunks()
    clusters = pa.table({"record_key": keys, "cluster": pa.array(found).cast(pa.string())})
    kept = weight >= LOWEST_WEIGHT
    edges = pa.table(
        {
            "record_a": keys.take(pa.array(a[kept])),
            "record_b": keys.take(pa.array(b[kept])),
            "weight": pa.array(weight[kept]),
        }
    )
    run.finish(
        clusters,
        edges,
        blocking=[" + ".join(block) for block in taken],
        features=list(features.columns),
        pairs=len(pairs),
    )


def frame(run: Run) -> pd.DataFrame:
    """The records numbered from 0, all text, with the prefixes that blocks use."""
    wanted = [name for name in run.records.column_names if name in ALIKE or name == "name_key"]
    people = pd.DataFrame(
        {name: run.records[name].cast(pa.string()).to_numpy(zero_copy_only=False) for name in wanted}
    )
    for name, (column, length) in PREFIXES.items():
        if column in people:
            people[name] = people[column].str[:length]
    return people


def fitting(people: pd.DataFrame, forms: list[list[str]]) -> list[str] | None:
    """The first form that this data set can have and afford."""
    most = min(PAIRS_PER_RECORD * len(people), PAIRS_PER_BLOCK)
    for form in forms:
        if set(form) <= set(people.columns):
            sizes = people.groupby(form, sort=False).size().to_numpy()
            if (sizes * (sizes - 1) / 2).sum() <= most:
                return form
    return None


def compared(people: pd.DataFrame, pairs: pd.MultiIndex) -> pd.DataFrame:
    """One feature of 0 and 1 per column and pair, or per group of columns that are often empty."""
    empty = people.isna().mean()
    alone = [n for n in ALIKE if n in people and (n in ALWAYS or empty[n] <= OFTEN_EMPTY)]
    grouped = {
        group: [n for n in names if n in people and n not in alone] for group, names in TOGETHER.items()
    }
    compare = recordlinkage.Compare(n_jobs=1)
    for name in (*alone, *(n for names in grouped.values() for n in names)):
        method, least = ALIKE[name]
        if method == "exact":
            compare.exact(name, name, missing_value=0, label=name)
        else:
            compare.string(name, name, method=method, threshold=least, missing_value=0, label=name)
    each = compare.compute(pairs, people)
    features = each[alone].copy()
    for group, names in grouped.items():
        if names:
            features[group] = each[names].max(axis=1)
    return features.loc[:, features.nunique() > 1].astype(int)


if __name__ == "__main__":
    main()
