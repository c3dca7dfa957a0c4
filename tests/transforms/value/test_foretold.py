"""A hold-out by group and week by week: sums that add up, said beside seen."""

import numpy as np
import pandas as pd
import pytest

from transforms.value.backtest import Window
from transforms.value.btyd import fit_purchases
from transforms.value.foretold import foretold_groups, foretold_weeks
from transforms.value.predict import expected_of_newcomer

COLUMNS = ["x", "t_x_days", "T_days", "y", "y_year_before", "next_days", "n"]


@pytest.fixture(scope="module")
def model(origin):
    return fit_purchases(origin.training)


def test_groups_add_up_to_all_customers_and_their_purchases(origin, model):
    found = foretold_groups(model, origin).groupby("breakdown")[["customers", "purchases_seen"]].sum()
    assert found.to_dict("index") == {
        name: {"customers": 2357, "purchases_seen": 1882} for name in ("probability", "repeats")
    }


def test_by_repeat_purchases_the_published_sample_is_as_the_papers_draw_it(origin, model):
    """Fader, Hardie, Lee 2005, figure 3: 1411 never came back, 0.24 purchases each in weeks 40 to 78."""
    found = foretold_groups(model, origin)
    repeats = found[found["breakdown"] == "repeats"].set_index("group_no")
    assert list(repeats.index) == list(range(8))
    assert repeats.loc[0, "customers"] == 1411
    means = repeats["purchases_seen"] / repeats["customers"]
    assert means.loc[0] == pytest.approx(0.237, abs=0.001)
    said = repeats["purchases_said"] / repeats["customers"]
    assert (said.diff().dropna() > 0).all(), "who came more often is expected more often"


def test_a_said_chance_stands_in_its_tenth(origin, model):
    found = foretold_groups(model, origin)
    tenths = found[found["breakdown"] == "probability"]
    mean = tenths["buyers_said"] / tenths["customers"]
    assert (np.floor(mean * 10) == tenths["group_no"]).all()
    assert (tenths["buyers_seen"] <= tenths["customers"]).all()


def test_many_repeat_purchases_are_one_group(model):
    rows = [(7, 70, 80, 1, 0, 3, 2), (30, 70, 80, 0, 0, None, 1)]
    found = foretold_groups(model, Window.of(pd.DataFrame(rows, columns=COLUMNS), 30, 80))
    (many,) = found[found["breakdown"] == "repeats"].to_dict("records")
    assert (many["group_no"], many["customers"], many["purchases_seen"]) == (7, 3, 2)


def test_weeks_end_on_the_cut_and_the_last_one_with_the_hold_out(model):
    weeks = foretold_weeks(model, [10, 3], [1, 2], [-5, 0, 1, 9], [1, 2, 1, 4], 9)
    assert weeks["end_day"].tolist() == [-7, 0, 7, 9]
    assert weeks["customers"].tolist() == [1, 3, 3, 3]
    assert weeks["seen"].tolist() == [0, 3, 4, 8]


def test_what_is_foretold_is_that_of_newcomers_from_their_own_first_day(model):
    weeks = foretold_weeks(model, [10, 3], [1, 2], [], [], 9)
    expected = [
        sum(n * float(expected_of_newcomer(model, T + end)) for T, n in ((10, 1), (3, 2)) if T + end > 0)
        for end in (-7, 0, 7, 9)
    ]
    assert weeks["said"].tolist() == pytest.approx(expected)


def test_without_customers_there_are_no_weeks(model):
    assert foretold_weeks(model, [], [], [], [], 9).empty
