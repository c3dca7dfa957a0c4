"""What is learned of the year from histories: found where it is, even while too little is known."""

from datetime import date, timedelta

import pandas as pd
import pytest

from tests.support.seasonal_customers import RAMADANS, START, purchase_days
from transforms.value.cells import Cells, cells_from_frame
from transforms.value.month_index import month_index
from transforms.value.season_pace import season_pace
from transforms.value.seasonal_time import EVEN_MONTHS

UNTIL = date(2024, 9, 30)


def known(purchases: pd.DataFrame, until: date) -> tuple[Cells, pd.DataFrame]:
    """Histories up to a day, and all repeat purchases by day."""
    on = purchases[purchases["ordered_on"] <= until].groupby("customer_id")["ordered_on"]
    on = on.agg(["min", "max", "size"])
    histories = pd.DataFrame(
        {
            "x": on["size"] - 1,
            "t_x_days": [(last - first).days for first, last in zip(on["min"], on["max"], strict=True)],
            "T_days": [(until - first).days for first in on["min"]],
        }
    )
    first = purchases.groupby("customer_id")["ordered_on"].transform("min")
    repeats = purchases[purchases["ordered_on"] > first].groupby("ordered_on").size()
    return cells_from_frame(histories), repeats.rename("repeats").reset_index()


def learned(purchases: pd.DataFrame, until: date = UNTIL, seasons=RAMADANS) -> float:
    return season_pace(*known(purchases, until), seasons, until)


@pytest.mark.parametrize("pace", [0.4, 1.5, 3.0])
def test_the_pace_customers_were_made_with_is_found(pace: float) -> None:
    assert learned(purchase_days(5, 3_000, pace, 274)) == pytest.approx(pace, rel=0.2)


def test_what_came_later_changes_nothing() -> None:
    purchases = purchase_days(5, 1_000, 2.0, 600)
    assert learned(purchases) == learned(purchases[purchases["ordered_on"] <= UNTIL])


def test_the_order_of_the_days_does_not_matter() -> None:
    purchases = purchase_days(5, 1_000, 2.0, 274)
    assert learned(purchases) == learned(purchases.sample(frac=1, random_state=1))


@pytest.mark.parametrize(
    ("purchases", "until"),
    [
        (purchase_days(5, 1_000, 2.0, 274), date(2024, 4, 8)),
        (purchase_days(5, 99, 2.0, 274), UNTIL),
        (purchase_days(7, 3_000, 1.0, 274), UNTIL),
    ],
    ids=["no season is over", "too few customers", "no pace"],
)
def test_while_too_little_is_known_the_season_is_as_any_other_days(purchases, until) -> None:
    assert learned(purchases, until) == 1.0


def test_a_season_from_before_the_history_tells_nothing() -> None:
    purchases = purchase_days(5, 1_000, 2.0, 274)
    late = purchases[purchases["ordered_on"] >= RAMADANS[0].first_day + timedelta(1)]
    assert learned(late) == 1.0
    assert learned(purchases, seasons=[]) == 1.0


CHRISTMAS = (0.8, 0.8, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.2, 1.6, 2.2)
THREE_YEARS, AFTER_THREE = 3 * 365, START + timedelta(3 * 365 - 1)


def test_the_busy_months_customers_were_made_with_are_found() -> None:
    found = month_index(
        *known(purchase_days(8, 3_000, 1.0, THREE_YEARS, CHRISTMAS), AFTER_THREE), [], 1.0, AFTER_THREE
    )
    level = sum(found) / sum(CHRISTMAS)
    assert [index / level for index in found] == pytest.approx(CHRISTMAS, rel=0.12)


def test_what_a_season_explains_is_no_busy_month() -> None:
    """All three Ramadans lie in February to April."""
    data = known(purchase_days(8, 3_000, 2.5, THREE_YEARS), AFTER_THREE)
    beside = month_index(*data, RAMADANS, 2.5, AFTER_THREE)
    alone = month_index(*data, RAMADANS, 1.0, AFTER_THREE)
    assert max(beside) < 1.15
    assert alone[2] > 1.5


def test_a_month_that_was_seen_once_tells_nothing() -> None:
    purchases = purchase_days(8, 2_000, 1.0, 729, CHRISTMAS)
    until = START + timedelta(728)
    assert month_index(*known(purchases, until), [], 1.0, until) == EVEN_MONTHS
    few = purchases[purchases["customer_id"] < 90]
    assert month_index(*known(few, until + timedelta(30)), [], 1.0, until + timedelta(30)) == EVEN_MONTHS


def test_few_purchases_leave_a_month_near_the_others() -> None:
    many, few = (
        month_index(
            *known(purchase_days(8, customers, 1.0, THREE_YEARS, CHRISTMAS), AFTER_THREE),
            [],
            1.0,
            AFTER_THREE,
        )
        for customers in (3_000, 150)
    )
    assert max(few) / min(few) < 0.8 * max(many) / min(many)
