from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.identity import linkage
from transforms.identity.linkage import (
    UNIT,
    Pairs,
    agglomerate,
    bounded_components,
    components,
    incomplete,
)

THRESHOLD = 3 * UNIT


def pairs(*rows: tuple[int, int, float, bool]) -> Pairs:
    """(a, b, bits, is_vetoed); evidence is ten bits more, as with a prior of ten bits."""
    a, b, bits, vetoed = (np.array(column) for column in zip(*rows, strict=True))
    weight = np.round(bits.astype(float) * UNIT).astype(np.int64)
    return Pairs(
        a.astype(np.int64),
        b.astype(np.int64),
        weight,
        np.minimum(weight + 10 * UNIT, 12 * UNIT),
        vetoed.astype(bool),
    )


def test_components_are_named_by_their_first_record() -> None:
    assert components(6, np.array([4, 1]), np.array([2, 5])).tolist() == [0, 1, 2, 3, 2, 1]


def test_a_weak_pair_links_nothing_and_a_vetoed_one_neither() -> None:
    found = bounded_components(4, pairs((0, 1, 5, False), (1, 2, 2.9, False), (2, 3, 9, True)), THRESHOLD)
    assert found.tolist() == [0, 0, 2, 3]


def test_a_component_too_large_is_cut_the_same_whatever_stands_beside_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(linkage, "LARGEST_COMPONENT", 3)
    chain = pairs((0, 1, 6.2, False), (1, 2, 5.5, False), (2, 3, 9, False))
    other = pairs((4, 5, 5, False), (5, 6, 9, False), (6, 7, 9, False))
    alone = bounded_components(8, chain, THRESHOLD)
    assert alone[:4].tolist() == [0, 1, 2, 2]
    assert bounded_components(8, chain.plus(other), THRESHOLD)[:4].tolist() == alone[:4].tolist()


def test_a_component_is_complete_when_every_pair_is_linked() -> None:
    whole = pairs((0, 1, 5, False), (0, 2, 5, False), (1, 2, 5, False), (3, 4, 5, False), (4, 5, 5, False))
    assert incomplete(np.array([0, 0, 0, 3, 3, 3]), whole, THRESHOLD).tolist() == [3]


def test_one_wrong_link_does_not_chain_two_people() -> None:
    """0-1 and 2-3 are two people; 1-2 links them by a shared phone, while all other pairs speak against it."""
    everything = pairs(
        (0, 1, 20, False), (2, 3, 20, False), (1, 2, 4, False),
        (0, 2, -25, False), (0, 3, -25, False), (1, 3, -25, False),
    )  # fmt: skip
    assert bounded_components(4, everything, THRESHOLD).tolist() == [0, 0, 0, 0]
    assert agglomerate(np.arange(4), everything, THRESHOLD).tolist() == [0, 0, 2, 2]


def test_records_that_say_little_of_each_other_are_joined_by_a_third() -> None:
    """0 has a phone, 2 an e-mail, 1 both: the pair 0-2 says nothing for or against (only the prior is against it)."""
    everything = pairs((0, 1, 9, False), (1, 2, 9, False), (0, 2, -9, False))
    assert agglomerate(np.arange(3), everything, THRESHOLD).tolist() == [0, 0, 0]


def test_a_veto_between_two_records_parts_their_groups() -> None:
    everything = pairs((0, 1, 9, False), (1, 2, 8, False), (0, 2, 9, True))
    assert agglomerate(np.arange(3), everything, THRESHOLD).tolist() == [0, 0, 2]


def test_groups_given_at_the_start_stay_together() -> None:
    assert agglomerate(np.array([0, 1, 0]), pairs((0, 1, -9, False)), THRESHOLD).tolist() == [0, 1, 0]


edges = st.lists(
    st.tuples(st.integers(0, 7), st.integers(0, 7), st.integers(-20, 20), st.booleans()).filter(
        lambda edge: edge[0] < edge[1]
    ),
    min_size=1, max_size=20, unique_by=lambda edge: (edge[0], edge[1]),
)  # fmt: skip


@given(edges, st.randoms(use_true_random=False))
def test_the_order_of_pairs_does_not_matter(rows, random) -> None:  # type: ignore[no-untyped-def]
    shuffled = list(rows)
    random.shuffle(shuffled)
    once = agglomerate(np.arange(8), pairs(*rows), THRESHOLD)
    assert once.tolist() == agglomerate(np.arange(8), pairs(*shuffled), THRESHOLD).tolist()


@given(edges)
def test_no_cluster_holds_a_veto_or_records_that_nothing_links(rows) -> None:  # type: ignore[no-untyped-def]
    everything = pairs(*rows)
    found = agglomerate(np.arange(8), everything, THRESHOLD)
    reach = components(8, *_linked(everything))
    assert all(found[a] != found[b] for a, b, _, vetoed in rows if vetoed)
    assert all(reach[a] == reach[b] for a in range(8) for b in range(8) if found[a] == found[b])


def _linked(everything: Pairs) -> tuple[np.ndarray, np.ndarray]:
    linked = (everything.weight >= THRESHOLD) & ~everything.is_vetoed
    return everything.a[linked], everything.b[linked]
