"""Back-test of one origin: rules, lift, skill, the choice of a model, each checked where the answer is known."""

import numpy as np
import pandas as pd
import pytest

from transforms.value.backtest import Window, evaluate, forecast_metrics, lift, log_scores, outcome, skill
from transforms.value.btyd import fit_purchases
from transforms.value.choice import LEAST_GAIN, choose
from transforms.value.fallback import pooled_rate
from transforms.value.holdout import evaluate_holdout


def window(rows, horizon_days=90, observed_days=400):
    """Rows of (x, t_x_days, T_days, y, y_year_before, next_days, n)."""
    columns = ["x", "t_x_days", "T_days", "y", "y_year_before", "next_days", "n"]
    return Window.of(pd.DataFrame(rows, columns=columns), horizon_days, observed_days)


@pytest.fixture(scope="module")
def fitted(origin):
    return fit_purchases(origin.training)


def figures(metrics):
    return {metric.metric: metric for metric in metrics}


def test_the_origin_is_that_of_the_papers(origin, fitted, cdnow):
    found = figures(evaluate(fitted, origin))
    assert fitted.parameters == fit_purchases(cdnow.cells).parameters
    assert found["purchases_actual"].value == 1882
    assert found["correlation"].value == pytest.approx(0.6273, abs=5e-5)
    assert found["mae"].value == pytest.approx(0.765, abs=5e-4)


def test_every_baseline_is_the_best_rule(origin, fitted):
    found = figures(evaluate(fitted, origin))
    rules = {rule.name: forecast_metrics(rule, origin) for rule in origin.naive}
    assert set(rules) == {"naive_base_rate", "naive_days_since_last", "naive_own_rate"}
    own, since, base = rules["naive_own_rate"], rules["naive_days_since_last"], rules["naive_base_rate"]
    assert own["mae"] == found["mae"].baseline == pytest.approx(1.024, abs=5e-4)
    assert own["correlation"] == found["correlation"].baseline == pytest.approx(0.584, abs=5e-4)
    assert own["auc_any_purchase"] == pytest.approx(0.760, abs=5e-4)
    best = max(own["auc_any_purchase"], since["auc_any_purchase"])
    assert found["auc_any_purchase"].baseline == best
    assert found["brier_any_purchase"].baseline == min(own["brier_any_purchase"], base["brier_any_purchase"])
    assert (base["auc_any_purchase"], base["lift_top_decile"]) == (0.5, pytest.approx(1.0))


def test_the_median_is_closer_than_the_expectation(origin, fitted):
    found = figures(evaluate(fitted, origin))
    assert found["mae_of_median"].value < found["mae"].value
    assert found["mae_of_median"].baseline == found["mae"].baseline


def test_brier_skill_is_what_is_gained_on_the_base_rate(origin, fitted):
    found = figures(evaluate(fitted, origin))
    bought = (origin.actual > 0).astype(float)
    share = (origin.weight * bought).sum() / origin.weight.sum()
    expected = 1 - found["brier_any_purchase"].value / (share * (1 - share))
    assert found["brier_skill"] == ("brier_skill", pytest.approx(expected), 0.0)


def test_coverage_counts_customers_not_rows(origin, fitted, cdnow):
    single = figures(evaluate(fitted, origin))["next_purchase_by_p50"].value
    double = window(np.repeat(origin.rows.to_numpy(), 2, axis=0), 273, 272)
    assert figures(evaluate(fitted, double))["next_purchase_by_p50"].value == pytest.approx(single)


def test_order_and_weights_of_the_rows_do_not_matter_bit_for_bit(origin, fitted):
    mixed = Window.of(origin.rows.sample(frac=1, random_state=5), 273, 272)
    assert evaluate(fitted, mixed) == evaluate(fitted, origin)
    rows = origin.rows.loc[origin.rows.index.repeat(origin.rows["n"])].assign(n=1)
    assert evaluate(fitted, Window.of(rows, 273, 272)) == evaluate(fitted, origin)
    assert skill([fitted], [mixed]) == skill([fitted], [origin])


def test_last_year_is_a_rule_only_where_a_year_was_seen_and_the_horizon_fits_into_it():
    rows = [(1, 50, 400, 1, 1, 10.0, 3), (0, 0, 380, 0, 0, np.nan, 3)]
    for horizon, observed, known in ((90, 365, True), (90, 364, False), (365, 365, True), (366, 800, False)):
        names = [rule.name for rule in window(rows, horizon, observed).naive]
        assert ("naive_last_year" in names) == known


def test_last_year_come_again_is_foretold_without_fault():
    seen = window([(1, 50, 400, 2, 2, 10.0, 3), (0, 0, 380, 0, 0, np.nan, 3)])
    rule = next(rule for rule in seen.naive if rule.name == "naive_last_year")
    found = forecast_metrics(rule, seen)
    assert (found["mae"], found["brier_any_purchase"], found["auc_any_purchase"]) == (0.0, 0.0, 1.0)
    assert found["bias"] == 0.0


def test_lift_compares_the_best_tenth_with_all_and_cuts_ties_in_proportion():
    rows = [(x, 10 if x else 0, 100, int(x == 9), 0, np.nan, 10) for x in range(10)]
    seen = window(rows)
    x, _, _ = seen.history
    assert lift(x, seen) == pytest.approx(10.0)
    assert lift(-x, seen) == 0.0
    assert lift(np.zeros(10), seen) == pytest.approx(1.0)


def test_where_nobody_buys_there_is_no_lift_and_no_slope():
    seen = window([(1, 50, 400, 0, 0, np.nan, 3), (0, 0, 380, 0, 0, np.nan, 3)])
    found = figures(evaluate(pooled_rate(seen.training), seen))
    assert found["lift_top_decile"].value is None
    assert found["calibration_slope"].value is None
    assert found["brier_skill"].value is None
    assert skill([pooled_rate(seen.training)], [seen]) == -1.0, "the base rate made no error at all"


def test_a_model_of_the_right_world_has_skill_and_a_slope_of_one(simulate):
    made = simulate(np.random.default_rng(4), 8000, 0.9, 8.0, 0.7, 3.0, (200, 700), horizon_days=90)
    seen = Window.of(made.assign(y_year_before=0, next_days=np.nan, n=1), 90, 700)
    fitted = fit_purchases(seen.training)
    found = figures(evaluate(fitted, seen))
    assert found["calibration_slope"].value == pytest.approx(1.0, abs=0.06)
    assert found["calibration_error"].value < 0.02
    assert skill([fitted], [seen]) > 0.2


def test_where_the_past_says_nothing_about_the_future_no_model_has_skill():
    """Everybody stops and other people, at random, go on: the base rate cannot be beaten."""
    rng = np.random.default_rng(8)
    x = rng.integers(0, 12, 3000)
    frame = pd.DataFrame({"x": x, "t_x_days": np.where(x > 0, np.maximum(300 - 20 * x, x), 0), "T_days": 300})
    frame = frame.assign(y=rng.integers(0, 2, 3000), y_year_before=0, next_days=np.nan, n=1)
    seen = Window.of(frame, 90, 300)
    assert skill([fit_purchases(seen.training)], [seen]) < 0


def test_skill_is_that_over_the_worst_of_the_rules(origin, fitted):
    ours = outcome(fitted, origin).brier()
    rivals = [forecast_metrics(rule, origin).get("brier_any_purchase") for rule in origin.naive]
    assert skill([fitted], [origin]) == pytest.approx(1 - ours / min(r for r in rivals if r is not None))
    assert skill([], []) is None


def test_scores_of_a_model_are_its_holdout_likelihood(origin, fitted):
    scores = log_scores(fitted, origin)
    x, t_x, T = origin.history
    metrics = figures(evaluate_holdout(fitted, x, t_x, T, origin.actual, 273, origin.weight))
    found = (origin.weight * scores).sum() / origin.weight.sum()
    assert found == pytest.approx(metrics["log_likelihood"].value, rel=1e-12)


def test_the_default_keeps_its_place_unless_the_gain_is_neither_chance_nor_trifle():
    weight, even = np.ones(10_000), np.tile([-1.0, -2.0], 5000)
    noise = np.tile([1.0, -1.0], 5000)
    cases = {
        "a trifle": (even + 0.9 * LEAST_GAIN, "mbg_nbd"),
        "clear": (even + 1.1 * LEAST_GAIN, "bg_nbd"),
        "chance": (even + 1.5 * LEAST_GAIN + noise, "mbg_nbd"),
        "clear in spite of chance": (even + 2.5 * LEAST_GAIN + noise, "bg_nbd"),
        "worse": (even - 1.0, "mbg_nbd"),
    }
    for name, (other, chosen) in cases.items():
        assert choose({"mbg_nbd": even, "bg_nbd": other}, weight)[0] == chosen, name


def test_of_two_better_ones_the_best_is_chosen_and_both_gains_are_told():
    weight, base = np.array([3.0, 1.0]), np.array([-1.0, -1.0])
    chosen, gains = choose({"mbg_nbd": base, "bg_nbd": base + 0.1, "pareto_nbd": base + 0.2}, weight)
    assert chosen == "pareto_nbd"
    assert gains["bg_nbd"].value == pytest.approx(0.1)
    assert gains["pareto_nbd"] == (pytest.approx(0.2), pytest.approx(LEAST_GAIN))


def test_a_company_whose_customers_leave_between_purchases_gets_pareto_nbd():
    """Made by Pareto/NBD itself: rates differ much and lifetimes little, so leaving is not tied to purchases."""
    rng, customers = np.random.default_rng(1), 6000
    rate, life = rng.gamma(1.0, 1.0, customers), rng.exponential(1 / rng.gamma(5.0, 1 / 300.0, customers))
    T = rng.integers(100, 700, customers)
    rows = []
    for r, stays, t in zip(rate, life, T, strict=True):
        when = np.cumsum(rng.exponential(1 / r, int(r * 150) + 30))
        days = np.unique(np.ceil(7 * when[when < stays])).astype(int)
        past, later = days[days <= t], days[(days > t) & (days <= t + 90)]
        rows.append((len(past), past[-1] if len(past) else 0, t, len(later), 0, np.nan, 1))
    seen = window(rows, 90, 700)
    kinds = ("mbg_nbd", "bg_nbd", "pareto_nbd")
    scores = {kind: log_scores(fit_purchases(seen.training, kind), seen) for kind in kinds}
    assert choose(scores, seen.weight)[0] == "pareto_nbd"
