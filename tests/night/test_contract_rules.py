"""What a channel contract promises: small files in, exact records and accounts out."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from tests.support.nights import (
    COMPANY,
    FORM,
    FORM_COLUMNS,
    TILL,
    TILL_COLUMNS,
    account,
    company,
    customers_of,
    deliver,
    known,
    night,
    one,
    people,
    table_of,
    write,
)

BUDI = {"customer": "7", "name": "Budi Santoso", "phone": "081234567890"}
SHIPPED = """
    channel: shop
    source:
      path: landing/shop/*.csv
      options: {delimiter: ";", dates: ymd}
    maps:
      contacts:
        - {source_id: id, seen_at: day, full_name: name, phone: phone}
        - {as: recipient, source_id: id, seen_at: day, full_name: ship_to, phone: ship_phone}
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return company(tmp_path / "shop", TILL, FORM)


def sale(receipt: str, day: str, amount: object, item: str = "A", **person: str) -> dict[str, object]:
    return {"receipt": receipt, "day": day, "item": item, "amount": amount, **person}


def test_every_row_of_a_file_is_accounted_for_in_each_mapping(home: Path) -> None:
    deliver(
        home,
        "till/day.csv",
        TILL_COLUMNS,
        sale("R1", "2026-01-05", 100, **BUDI),
        sale("R2", "2026-01-05", 200),
        sale("R3", "2026-01-05", "a lot", **BUDI),
        sale("R4", "not a day", 300, **BUDI),
    )
    assert account(home) == {
        # R2 names nobody; the day of R4 cannot be read
        ("day.csv", "contacts.1"): {"accepted": 2, "filtered": 1, "quarantined": 1},
        ("day.csv", "order_lines.1"): {"accepted": 2, "quarantined": 2},
    }


def test_where_drops_only_what_is_false_and_keeps_what_is_unknown(tmp_path: Path) -> None:
    till = TILL.replace("order_lines:\n", "order_lines:\n        where: item <> 'test'\n")
    home = company(tmp_path / "shop", till)
    columns = [column for column in TILL_COLUMNS if column != "item"] + ["item"]
    deliver(
        home,
        "till/day.csv",
        columns,
        sale("R1", "2026-01-05", 100, item="A"),
        sale("R2", "2026-01-05", 100, item="test"),
        sale("R3", "2026-01-05", 100, item=""),
    )
    assert account(home)["day.csv", "order_lines.1"] == {"accepted": 2, "filtered": 1}


def test_a_file_delivered_again_under_another_name_changes_nothing(home: Path) -> None:
    rows = [sale("R1", "2026-01-05", 100, **BUDI), sale("R1", "2026-01-05", 100, **BUDI)]
    deliver(home, "till/day.csv", TILL_COLUMNS, *rows)
    before = account(home)
    deliver(home, "till/copy-of-day.csv", TILL_COLUMNS, *rows)
    assert account(home) == before
    assert one(home, "2026-01-05", "SELECT SUM(net_revenue) AS total FROM orders") == Decimal(200)


def test_exports_that_overlap_merge_into_one_history(home: Path) -> None:
    first, second, third = (sale(f"R{n}", f"2026-01-0{n}", n * 100, **BUDI) for n in (1, 2, 3))
    deliver(home, "till/1.csv", TILL_COLUMNS, first, second)
    deliver(home, "till/2.csv", TILL_COLUMNS, second, third)
    assert account(home)["2.csv", "order_lines.1"] == {"accepted": 1, "duplicate": 1}
    assert one(home, "2026-01-03", "SELECT SUM(net_revenue) AS total FROM orders") == Decimal(600)


def test_identical_lines_of_one_file_are_two_sales(home: Path) -> None:
    line = sale("R1", "2026-01-05", 100, **BUDI)
    deliver(home, "till/day.csv", TILL_COLUMNS, line, line)
    deliver(home, "till/export.csv", TILL_COLUMNS, line, line, sale("R2", "2026-01-05", 1))
    orders = known(home, "2026-01-05", "SELECT count_lines, net_revenue FROM orders ORDER BY net_revenue")
    assert [(o["count_lines"], int(o["net_revenue"])) for o in orders] == [(1, 1), (2, 200)]


def test_a_corrected_mapping_reads_the_rows_again_that_are_stored(home: Path) -> None:
    deliver(home, "till/day.csv", TILL_COLUMNS, sale("R1", "2026-01-05", 100, **BUDI))
    assert one(home, "2026-01-05", "SELECT SUM(net_revenue) AS total FROM orders") == 100
    company(home, TILL.replace("amount: amount", "amount: amount * 1000"))
    assert one(home, "2026-01-05", "SELECT SUM(net_revenue) AS total FROM orders") == 100_000
    company(home, TILL.replace("amount: amount", "where: receipt <> 'R1'\n        amount: amount"))
    assert one(home, "2026-01-05", "SELECT COUNT(*) AS n FROM orders") == 0


def test_a_corrected_order_line_replaces_the_earlier_version(home: Path) -> None:
    deliver(home, "till/1.csv", TILL_COLUMNS, sale("R1", "2026-01-05", 100), sale("R1", "2026-01-05", 7, "B"))
    deliver(home, "till/2.csv", TILL_COLUMNS, sale("R1", "2026-01-05", 150))
    assert one(home, "2026-01-05", "SELECT SUM(net_revenue) AS total FROM orders") == Decimal(157)


def test_the_latest_word_on_a_contact_wins_the_profile(home: Path) -> None:
    deliver(
        home, "form/1.csv", FORM_COLUMNS, {"id": "1", "day": "2026-01-01", "name": "Sri", "mail": "old@b.id"}
    )
    deliver(
        home, "form/2.csv", FORM_COLUMNS, {"id": "1", "day": "2026-01-02", "name": "Sri", "mail": "new@b.id"}
    )
    emails = [one(home, f"2026-01-0{day}", "SELECT email FROM customer_profile") for day in (1, 2)]
    assert emails == ["old@b.id", "new@b.id"]


def test_an_anonymous_sale_counts_in_totals_and_makes_no_customer(home: Path) -> None:
    deliver(
        home,
        "till/day.csv",
        TILL_COLUMNS,
        sale("R1", "2026-01-05", 100, **BUDI),
        sale("R2", "2026-01-05", 40),
    )
    assert one(home, "2026-01-05", "SELECT SUM(net_revenue) AS total FROM orders") == Decimal(140)
    assert one(home, "2026-01-05", "SELECT COUNT(*) AS n FROM orders WHERE customer_id IS NULL") == 1
    assert customers_of(home, "2026-01-05").keys() == {"till:7"}
    assert one(home, "2026-01-05", "SELECT SUM(revenue) AS total FROM pareto") == Decimal(100)


def test_a_role_keeps_the_recipient_apart_from_the_buyer(tmp_path: Path) -> None:
    home = company(tmp_path / "shop", SHIPPED)
    columns = ("id", "day", "name", "phone", "ship_to", "ship_phone")
    gift = ("9", "2026-01-05", "Sri Hartati", "081234567801", "Agus Salim", "081234567802")
    deliver(home, "shop/day.csv", columns, dict(zip(columns, gift, strict=True)))
    assert people(home, "2026-01-05") == {frozenset({"shop:9"}), frozenset({"shop:9/recipient"})}


def test_channels_of_one_id_space_share_their_customers(tmp_path: Path) -> None:
    shared = "\n    id_space: crm\n    source:"
    home = company(
        tmp_path / "shop", TILL.replace("\n    source:", shared), FORM.replace("\n    source:", shared)
    )
    deliver(home, "till/day.csv", TILL_COLUMNS, sale("R1", "2026-01-05", 100, customer="7", name="Budi"))
    deliver(home, "form/day.csv", FORM_COLUMNS, {"id": "7", "day": "2026-01-05", "mail": "budi@b.id"})
    assert customers_of(home, "2026-01-05").keys() == {"crm:7"}
    assert known(home, "2026-01-05", "SELECT full_name, email FROM customer_profile") == [
        {"full_name": "Budi", "email": "budi@b.id"}
    ]


def test_without_a_customer_number_the_same_person_gets_the_same_keyed_hash(home: Path) -> None:
    sri = {"day": "2026-01-05", "name": "Sri Hartati", "phone": "0812-3456-7801"}
    deliver(
        home, "form/1.csv", FORM_COLUMNS, sri, {"day": "2026-01-05", "name": "Agus", "phone": "081234567802"}
    )
    deliver(home, "form/2.csv", FORM_COLUMNS, sri | {"day": "2026-01-06", "phone": "+62 812 3456 7801"})
    keys = sorted(customers_of(home, "2026-01-06"))
    assert len(keys) == 2
    assert all(key.startswith("form:~") and len(key) == len("form:~") + 24 for key in keys)


def test_a_late_row_is_visible_only_from_its_arrival(tmp_path: Path) -> None:
    till = TILL.replace("options:", "arrived: name:%Y-%m-%d\n      options:")
    home = company(tmp_path / "shop", till)
    deliver(home, "till/2026-01-05.csv", TILL_COLUMNS, sale("R1", "2026-01-05", 100))
    deliver(home, "till/2026-01-08.csv", TILL_COLUMNS, sale("R2", "2026-01-05", 50))
    totals = [one(home, f"2026-01-0{n}", "SELECT SUM(net_revenue) AS t FROM orders") for n in (5, 7, 8)]
    assert totals == [Decimal(100), Decimal(100), Decimal(150)]


def test_a_row_dated_in_the_future_waits_for_its_day(tmp_path: Path) -> None:
    home = company(tmp_path / "shop", TILL.replace("options:", "arrived: name:%Y-%m-%d\n      options:"))
    deliver(
        home, "till/2026-01-05.csv", TILL_COLUMNS, sale("R1", "2026-01-05", 100), sale("R2", "2026-01-09", 50)
    )
    counts = [one(home, f"2026-01-0{n}", "SELECT COUNT(*) AS n FROM orders") for n in (5, 8, 9)]
    assert counts == [1, 1, 2]


def test_a_day_begins_at_midnight_in_the_companys_zone(tmp_path: Path) -> None:
    till = TILL.replace('decimal: "."', 'decimal: ".", timezone: UTC')
    home = company(tmp_path / "shop", till)
    deliver(
        home,
        "till/a.csv",
        TILL_COLUMNS,
        sale("R1", "2026-01-05 16:59:59", 1),
        sale("R2", "2026-01-05 17:00:00", 2),
    )
    days = known(home, "2026-01-06", "SELECT ordered_on, net_revenue FROM orders ORDER BY ordered_on")
    assert [(str(d["ordered_on"]), int(d["net_revenue"])) for d in days] == [
        ("2026-01-05", 1),
        ("2026-01-06", 2),
    ]


PETS = """
    - name: pets
      table: contacts
      type: text
      description: {en: Pets in the household, id: Hewan peliharaan}
      family: psychographic
      privacy: %s
      purpose: analysis
"""


@pytest.mark.parametrize(
    "privacy, is_shown", [pytest.param("internal", True, marks=pytest.mark.slow), ("personal", False)]
)
def test_a_registered_field_reaches_the_profile_and_bi_only_when_it_may_be_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, privacy: str, is_shown: bool
) -> None:
    form = FORM.replace("nik: nik", "nik: nik\n          pets: pets")
    home = company(tmp_path / "shop", form, fields__pets=PETS % privacy)
    deliver(
        home,
        "form/1.csv",
        (*FORM_COLUMNS, "pets"),
        {"id": "1", "day": "2026-01-05", "name": "Sri", "pets": "cat"},
    )
    assert known(home, "2026-01-05", "SELECT pets FROM customer_profile") == [{"pets": "cat"}]
    night(home, "2026-01-05")
    shown = table_of(home, "customers", "2026-01-05")
    assert ("pets" in shown.column_names) == is_shown
    if is_shown:
        assert shown.column("pets").to_pylist() == ["cat"]


def test_a_new_channel_is_one_file(home: Path) -> None:
    deliver(
        home, "form/1.csv", FORM_COLUMNS, {"id": "1", "day": "2026-01-05", "name": "Sri", "mail": "sri@b.id"}
    )
    before = customers_of(home, "2026-01-05")
    booth = FORM.replace("channel: form", "channel: booth").replace("landing/form", "landing/booth")
    company(home, booth, settings=COMPANY)
    deliver(
        home, "booth/1.csv", FORM_COLUMNS, {"id": "1", "day": "2026-01-05", "name": "Sri", "mail": "sri@b.id"}
    )
    after = customers_of(home, "2026-01-05")
    assert after == before | {"booth:1": before["form:1"]}


def test_a_list_of_mappings_reads_one_row_as_several_records(tmp_path: Path) -> None:
    family = FORM.replace(
        "        - source_id: id",
        "        - {source_id: spouse_id, full_name: spouse}\n        - source_id: id",
    )
    home = company(tmp_path / "shop", family)
    columns = (*FORM_COLUMNS, "spouse_id", "spouse")
    row = {"id": "1", "day": "2026-01-05", "name": "Sri", "spouse_id": "2", "spouse": "Agus"}
    deliver(home, "form/1.csv", columns, row)
    assert customers_of(home, "2026-12-31").keys() == {"form:1", "form:2"}
    assert account(home) == {("1.csv", f"contacts.{n}"): {"accepted": 1} for n in (1, 2)}


BASKETS = """
    channel: web
    source:
      path: landing/web/*.jsonl
      options: {explode: items, dates: ymd, decimal: "."}
    maps:
      order_lines:
        order_id: order
        line_no: items.no
        ordered_at: day
        product_id: items.sku
        amount: items.amount
"""


def basket(order: str, *amounts: object, first: int = 1) -> str:
    items = [{"no": n, "sku": f"P{n}", "amount": amount} for n, amount in enumerate(amounts, start=first)]
    return json.dumps({"order": order, "day": "2026-01-05", "items": items}) + "\n"


def test_correcting_one_item_of_a_basket_on_one_line_leaves_its_neighbours(tmp_path: Path) -> None:
    home = company(tmp_path / "shop", BASKETS)
    write(home, "landing/web/1.jsonl", basket("R1", "100", "20", "3"))
    write(home, "landing/web/2.jsonl", basket("R1", "25", first=2))
    assert one(home, "2026-01-05", "SELECT SUM(net_revenue) AS total FROM orders") == Decimal(128)


def test_two_broken_items_of_one_line_are_two_rows_in_quarantine(tmp_path: Path) -> None:
    home = company(tmp_path / "shop", BASKETS)
    write(home, "landing/web/1.jsonl", basket("R1", "100", "many", "few") + basket("R2", "7"))
    night(home, "2026-01-05")
    held = table_of(home, "quarantine", "2026-01-05").select(["line", "row_no", "column_name"]).to_pylist()
    assert [tuple(row.values()) for row in held] == [(1, 2, "amount"), (1, 3, "amount")]
    assert account(home) == {("1.jsonl", "order_lines.1"): {"accepted": 2, "quarantined": 2}}


def test_a_header_that_looks_like_sql_is_only_a_column(tmp_path: Path) -> None:
    home = company(tmp_path / "shop", FORM.replace("full_name: name", "full_name: select"))
    columns = tuple("select" if column == "name" else column for column in FORM_COLUMNS)
    deliver(home, "form/1.csv", columns, {"id": "1", "day": "2026-01-05", "select": "Sri Hartati"})
    assert one(home, "2026-01-05", "SELECT full_name FROM customer_profile") == "Sri Hartati"


def test_whole_numbers_from_a_spreadsheet_never_gain_a_decimal(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    home = company(tmp_path / "shop", FORM.replace("*.csv", "*.xlsx"))
    book = openpyxl.Workbook()
    book.active.append(FORM_COLUMNS)
    book.active.append((13085.0, "2026-01-05", "Sri", 81200000001, None, None))
    path = write(home, "landing/form/1.xlsx", b"")
    book.save(path)
    assert customers_of(home, "2026-01-05").keys() == {"form:13085"}
