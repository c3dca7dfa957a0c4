from __future__ import annotations

import json
import math

import numpy as np
import pytest

from transforms.identity.blocking import block_caps
from transforms.identity.comparisons import COMPARISONS, NAMES, level_codes, unpack
from transforms.identity.model import IdentityModel, TermKind, figures
from transforms.identity.rules import name_rules
from transforms.identity.shares import STATED, known_pairs
from transforms.identity.training import (
    Patterns,
    choose_threshold,
    fit_mixture,
    random_steps,
    telling_patterns,
)

TERM = TermKind(0.01, 0.01, 0.001, 0.02, {"budi": 0.02})


def pattern(**levels: int) -> int:
    """The packed pattern of some levels; the others are missing."""
    return sum((levels.get(name, -1) + 1) << (4 * number) for number, name in enumerate(NAMES))


def model(**changes: object) -> IdentityModel:
    tables = {c.name: [1 / len(c.levels)] * len(c.levels) for c in COMPARISONS}
    m = tables | {
        "name": [0.01] * 9 + [0.91],
        "identity": [0.01, 0.01, 0.01, 0.97],
        "birth": [0.01] * 5 + [0.95],
    }
    u = tables | {"name": [0.991] + [0.001] * 9}
    values: dict[str, object] = {
        "m": m, "h": tables, "u": u, "pairs_match": 100.0, "pairs_household": 0.0, "pairs_unrelated": 102400.0, "shares": {},
        "threshold": 3.2, "caps": {"name": 40}, "terms": {"name": TERM},
    }  # fmt: skip
    return IdentityModel(**(values | changes))  # type: ignore[arg-type]


def test_a_pattern_unpacks_to_its_levels() -> None:
    levels = unpack(np.array([pattern(name=9, phone=0, household=1)]))[0]
    assert dict(zip(NAMES, levels.tolist(), strict=True)) == {
        "name": 9, "birth": -1, "phone": 0, "email": -1, "identity": -1,
        "place": -1, "sex": -1, "occupation": -1, "handle": -1, "household": 1,
    }  # fmt: skip


def test_weights_add_up_bits_and_prior() -> None:
    weights = model().pattern_weights(np.array([pattern(name=9)])).to_pylist()[0]
    bits = (weights["match_nats"] - weights["unrelated_nats"]) / math.log(2)
    assert bits == pytest.approx(math.log2(0.91 / 0.001) - 10)
    assert model().prior_bits == pytest.approx(10)


@pytest.mark.parametrize(
    ("levels", "vetoed"),
    [
        ({"name": 9, "identity": 0}, True),
        ({"name": 9, "identity": 1}, False),
        ({"name": 9, "birth": 0}, True),
        ({"name": 9, "birth": 0, "identity": 3}, False),
        ({"name": 9, "birth": 3}, False),
        ({"name": 2, "sex": 0, "phone": 3}, True),
        ({"name": 9, "sex": 0}, False),
        ({"name": 2, "phone": 3, "place": 6}, True),
        ({"name": 2, "birth": 5, "place": 6}, False),
        ({"phone": 3}, False),
    ],
)
def test_what_one_person_never_shows_is_a_veto(levels: dict[str, int], vetoed: bool) -> None:
    found = model().pattern_weights(np.array([pattern(**levels)])).column("is_vetoed").to_pylist()
    assert found == [vetoed]


def test_what_one_person_often_shows_is_no_veto() -> None:
    noisy = model(m=model().m | {"birth": [0.1, 0.2, 0.1, 0.1, 0.1, 0.4]})
    assert noisy.pattern_weights(np.array([pattern(birth=0)])).column("is_vetoed").to_pylist() == [False]


def test_a_model_survives_its_file() -> None:
    before = model(facts={"records": 5})
    after = IdentityModel.from_dict(json.loads(json.dumps(before.to_dict())))
    assert after == before and after.fingerprint == before.fingerprint
    assert after.fingerprint != model(threshold=2.0).fingerprint
    with pytest.raises(ValueError, match="format"):
        IdentityModel.from_dict(before.to_dict() | {"format": 0})


def test_figures_name_every_level() -> None:
    metrics = figures(model()).column("metric").to_pylist()
    assert metrics.count("level_bits") == sum(len(c.levels) for c in COMPARISONS)


def test_figures_hold_the_audit_and_what_was_chosen() -> None:
    audited = model(facts={"audit": {"2": [0.98, 0.95], "3.2": [0.99, 0.94]}})
    found = {(row["metric"], row["item"]): row["value"] for row in figures(audited).to_pylist()}
    assert found["audit_precision", "2"] == 0.98 and found["audit_f1", "3.2"] == 0.94
    assert found["estimated_precision", ""] == 0.99 and found["estimated_f1", ""] == 0.94


def test_figures_name_the_prior_by_what_both_records_state() -> None:
    shares = {"0": [0.001, 0.0], str(1 << NAMES.index("phone") | 1): [0.01, 0.19]}
    found = figures(model(shares=shares)).to_pylist()
    assert len(found) == len({(row["metric"], row["item"]) for row in found})
    bits = {row["item"]: row["value"] for row in found if row["metric"] == "prior_bits"}
    assert bits == {"": pytest.approx(10), "name phone": pytest.approx(math.log2(0.8 / 0.01))}


def test_the_codes_of_levels_read_a_pattern() -> None:
    packed = pattern(name=9, phone=0, household=1)
    codes = level_codes().to_pylist()
    shown = [row["item"] for row in codes if packed // row["unit"] % 16 == row["code"]]
    assert shown == ["name 9", "phone 0", "household 1"]


def test_the_strongest_evidence_names_the_rule() -> None:
    patterns = np.array(
        [pattern(identity=3, email=3, name=9), pattern(phone=3, name=5), pattern(phone=3), pattern(sex=1)]
    )
    assert name_rules(patterns) == ["identity_number", "phone_and_name", "phone", "other_evidence"]


def test_caps_shrink_where_chance_agreements_abound() -> None:
    common = (np.array([4, 40]), np.array([1_000, 1_000]))
    histograms = {"name": common, "phone": (np.array([40]), np.array([1_000]))}
    caps = block_caps(histograms, records=400_000)
    assert caps["phone"] == 40 and caps["name"] == 30


def test_the_highest_threshold_near_the_best_f1_is_chosen() -> None:
    f1 = {0.0: 0.900, 1.0: 0.9202, 2.0: 0.92, 3.2: 0.9199, 4.2: 0.80}
    chosen, found = choose_threshold(lambda bits: (0.99, f1[bits]))
    assert chosen == 3.2 and found["4.2"] == [0.99, 0.8]


def test_random_steps_reach_every_pair_of_a_small_table() -> None:
    assert list(random_steps(7, 1_000)) == [1, 2, 3]
    assert len(random_steps(10_000, 100_000)) == 10


def test_em_finds_the_share_of_matches_it_was_given() -> None:
    """Pairs drawn from known probabilities: 2,000 matches among 500,000 pairs, told apart by name and birth."""
    name_m, name_u = {9: 0.9, 0: 0.1}, {9: 0.001, 0: 0.999}
    birth_m, birth_u = {5: 0.9, 0: 0.1}, {5: 0.002, 0: 0.998}
    counts = {
        pattern(name=n, birth=b): 2_000 * name_m[n] * birth_m[b] + 498_000 * name_u[n] * birth_u[b]
        for n in (9, 0)
        for b in (5, 0)
    }
    proposed = Patterns(np.array([*counts]), np.array([*counts.values()]))
    nothing = pattern(name=0, birth=0)
    random = Patterns(np.array([nothing]), np.array([10_000]))
    exact = {("name", 9): 2_000 * 0.9 + 498, ("birth", 5): 2_000 * 0.9 + 996}
    mixture = fit_mixture(proposed, random, known_pairs(profile("name", "birth"), np.array([1_001])), exact)
    assert mixture.shares.pairs[0] == pytest.approx(2_000, rel=0.2)
    posterior = mixture.posterior(unpack(np.array([pattern(name=9, birth=5), nothing])))[0]
    assert posterior[0] > 0.99 and posterior[1] < 0.01


def profile(*fields: str) -> np.ndarray:
    """The bits of one record that states these fields."""
    return np.array([sum(1 << bit for bit, (_, field) in enumerate(STATED) if field in fields)])


def test_pairs_are_counted_by_what_both_sides_state() -> None:
    profiles = np.concatenate([profile("name", "nik"), profile("name", "member_id"), profile("email")])
    known = known_pairs(profiles, np.array([3, 2, 1]))
    name, identity = (1 << NAMES.index(word) for word in ("name", "identity"))
    assert dict(zip(known.masks.tolist(), known.pairs.tolist(), strict=True)) == {
        0: 3 * 1 + 2 * 1,
        name: 3 * 2,
        name | identity: 3 + 1,
    }


def test_a_shared_email_is_no_chance_where_nothing_else_is_stated() -> None:
    """100,000 records state an e-mail only, 900,000 another field: 10,000 pairs share an e-mail, all matches.

    With one share of matches for all pairs the many that state no e-mail would pass for strangers who share one.
    """
    same, other = pattern(email=3), pattern(email=0, name=0)
    named = pattern(email=3, name=9)
    proposed = Patterns(np.array([same, named, other]), np.array([10_000, 5_000, 400_000]))
    random = Patterns(np.array([pattern(email=0), other]), np.array([100_000, 100_000]))
    profiles = np.concatenate([profile("email"), profile("email", "name"), profile("sex")])
    known = known_pairs(profiles, np.array([100_000, 50_000, 850_000]))
    mixture = fit_mixture(proposed, random, known, {("name", 9): 5_500.0})
    assert mixture.posterior(unpack(np.array([same])))[0][0] > 0.97


def test_what_led_to_a_pair_does_not_tell_how_often_related_pairs_show_it() -> None:
    patterns = [
        pattern(email=3),
        pattern(email=3, name=0),
        pattern(email=3, name=3),
        pattern(phone=3, email=0),
    ]
    telling = telling_patterns(unpack(np.array(patterns)))
    email, phone = (telling[:, NAMES.index(name)].tolist() for name in ("email", "phone"))
    assert email == [False, False, True, True]
    assert phone[3] is False
    assert telling[:, NAMES.index("name")].all()


def test_households_that_never_share_an_email_are_not_believed_to() -> None:
    """Families share phones and no e-mails; 200,000 pairs state nothing but an e-mail, and share it.

    Nothing in those tells one person from a family: they must not teach that families share e-mails.
    """
    counts = {
        pattern(email=3): 200_000,
        pattern(email=3, name=9, phone=3): 10_000,
        pattern(email=0, name=2, phone=3): 3_000,
        pattern(name=9, phone=3, sex=1): 60_000,
        pattern(name=9, phone=3, sex=0): 600,
        pattern(name=2, phone=3, sex=1): 20_000,
        pattern(name=2, phone=3, sex=0): 40_000,
        pattern(email=0, name=0, phone=0): 400_000,
    }
    proposed = Patterns(np.array([*counts]), np.array([*counts.values()]))
    random = Patterns(np.array([pattern(email=0, name=0, phone=0)]), np.array([300_000]))
    profiles = np.concatenate(
        [profile("email"), profile("email", "name", "phone"), profile("name", "phone", "sex")]
    )
    known = known_pairs(profiles, np.array([300_000, 30_000, 300_000]))
    mixture = fit_mixture(proposed, random, known, {("name", 9): 80_000.0})
    assert mixture.h["email"][3] < 0.05
    assert mixture.posterior(unpack(np.array([pattern(email=3)])))[0][0] > 0.98


def test_names_in_another_spelling_agree_by_chance_as_often_as_random_pairs_do() -> None:
    """Blocks of frequent names are refined: few of the strangers with such names are ever proposed."""
    alike = pattern(name=8, phone=0)
    proposed = Patterns(np.array([pattern(name=8, phone=3), alike]), np.array([3_000, 300]))
    random = Patterns(np.array([alike, pattern(name=0, phone=0)]), np.array([60, 599_940]))
    known = known_pairs(profile("name", "phone"), np.array([100_000]))
    mixture = fit_mixture(proposed, random, known, {})
    assert mixture.u["name"][8] == pytest.approx(1e-4, rel=0.05)
