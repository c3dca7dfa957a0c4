from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from pipelines.suggest import (
    arrival_rule,
    channel_name,
    guess_columns,
    landing_channel,
    mask,
    parse_date,
    parse_number,
    read_values,
    suggest_contract,
    suggest_file,
)
from transforms.expressions import ExpressionOptions, compile_mapping
from warehouse.channels import Channel, read_channel
from warehouse.contracts import base_inputs
from warehouse.landing import read_file

SALES = """\
No Faktur;Tgl Transaksi;Kode Pelanggan;Nama Pelanggan;No HP;E-mail;Alamat;Kelurahan;Tgl Lahir;Jenis Kelamin;\
Kode Barang;Nama Barang;Jumlah;Harga Satuan;Total;Catatan
F001;01/03/2024;P-1;Budi Santoso;0812-3456-7890;budi@contoh.id;Jl. Melati 5;Cihapit;17/08/1985;L;\
B1;Teh Botol;2;4.500,00;9.000,00;-
F002;05/03/2024;P-2;Siti Aminah;+62 813 1111 2222;siti@contoh.id;Jl. Mawar 7;Senayan;05/12/1990;P;\
B2;Kopi;1;12.500,50;12.500,50;antar
"""


def loaded(text: str, tmp_path: Path) -> Channel:
    path = tmp_path / "suggested.yaml"
    path.write_text(text, encoding="utf-8")
    return read_channel(path, "channels/suggested.yaml", base_inputs())


def mapped(channel: Channel, contract: str) -> dict[str, str]:
    (mapping,) = channel.mappings_of(contract)
    return {f.field: f.expression for f in mapping.fields}


def test_indonesian_sales_file_becomes_a_contract_that_loads(tmp_path: Path) -> None:
    file = tmp_path / "penjualan_toko_2024-03-05.csv"
    file.write_text(SALES, encoding="utf-8")
    channel = loaded(suggest_file(file), tmp_path)
    assert channel.name == "penjualan_toko"
    assert channel.source.path == "landing/penjualan_toko/**/*.csv"
    assert channel.source.arrived == "name:%Y-%m-%d"
    options = channel.source.options
    assert (options.delimiter, options.decimal, options.thousands, options.dates) == (";", ",", ".", "dmy")
    assert mapped(channel, "contacts") == {
        "source_id": "Kode Pelanggan",
        "seen_at": "Tgl Transaksi",
        "full_name": "Nama Pelanggan",
        "email": "E-mail",
        "phone": "No HP",
        "address": "concat_ws(', ', Alamat, Kelurahan)",
        "sex": "Jenis Kelamin",
        "birth_date": "Tgl Lahir",
    }
    assert mapped(channel, "order_lines") == {
        "order_id": "No Faktur",
        "source_id": "Kode Pelanggan",
        "ordered_at": "Tgl Transaksi",
        "product_id": "Kode Barang",
        "product_name": "Nama Barang",
        "quantity": "Jumlah",
        "unit_price": "Harga Satuan",
        "amount": "Total",
    }


def test_every_suggested_line_compiles_over_the_files_columns(tmp_path: Path) -> None:
    file = tmp_path / "penjualan.csv"
    file.write_text(SALES, encoding="utf-8")
    columns = SALES.partition("\n")[0].split(";")
    for mapping in loaded(suggest_file(file), tmp_path).mappings:
        for line in mapping.fields:
            field = base_inputs()[mapping.contract].field_named(line.field)
            assert field is not None
            assert compile_mapping(line.expression, columns, ExpressionOptions(), {}, field.type).columns_used


def test_a_spreadsheets_numbers_are_not_thousands() -> None:
    assert read_values({"harga": ["12.125", "3.5"]}, is_typed=True).decimal == "."
    assert read_values({"harga": ["0.125"]}).decimal == "."


def test_nobodys_name_or_number_is_shown(tmp_path: Path) -> None:
    file = tmp_path / "penjualan.csv"
    file.write_text(SALES, encoding="utf-8")
    text = suggest_file(file)
    for private in ("Budi", "Siti", "3456", "1111", "contoh.id", "Melati", "1985", "F001", "P-1"):
        assert private not in text
    assert "B***" in text and "2024-03-01" in text and "12500.50" in text
    assert "#   Catatan" in text


def test_english_headers_in_any_spelling() -> None:
    columns = {
        "CustomerID": ["1"],
        "first_name": ["Ann"],
        "Last Name": ["Lee"],
        "Email Address": ["ann@example.org"],
        "phoneNumber": ["+6281234567890"],
        "DOB": ["1990-02-03"],
    }
    found = guess_columns(columns, read_values(columns))
    assert {meaning: guess.column for meaning, guess in found.items()} == {
        "source_id": "CustomerID",
        "given_name": "first_name",
        "family_name": "Last Name",
        "email": "Email Address",
        "phone": "phoneNumber",
        "birth_date": "DOB",
    }


def test_values_are_asked_where_headers_say_nothing(tmp_path: Path) -> None:
    file = tmp_path / "prospek.csv"
    file.write_text(
        "ani@contoh.id,081234567890,3273015708850001\nbayu@contoh.id,081398765432,3171012303900002\n"
    )
    channel = loaded(suggest_file(file), tmp_path)
    assert channel.source.options.header is False
    assert mapped(channel, "contacts") == {"nik": "column_3", "email": "column_1", "phone": "column_2"}


def test_a_header_is_not_believed_against_its_values() -> None:
    columns = {"Email": ["Y", "N"], "Status": ["ok", "ok"], "Total": ["many", "few"]}
    assert set(guess_columns(columns, read_values(columns))) == {"status"}


def test_a_total_repeated_on_each_line_is_not_a_lines_amount(tmp_path: Path) -> None:
    columns = {
        "Order ID": ["1", "1", "2"],
        "Date": ["2024-01-01", "2024-01-01", "2024-01-02"],
        "Email": ["a@b.co", "a@b.co", "c@d.co"],
        "Qty": ["1", "2", "1"],
        "Price": ["10.50", "10.00", "3.25"],
        "Total": ["30.50", "30.50", "3.25"],
    }
    text = suggest_contract(columns, "shop.csv")
    lines = mapped(loaded(text, tmp_path), "order_lines")
    assert "amount" not in lines
    assert lines["source_id"] == "Email", "the e-mail tells customers apart where there is no customer number"
    assert "#   Total" in text


def test_jumlah_is_a_sum_where_it_is_the_only_large_number() -> None:
    columns = {"No Nota": ["1"], "Tanggal": ["2024-01-01"], "Jumlah": ["150.000"]}
    assert "amount" in guess_columns(columns, read_values(columns))


@pytest.mark.parametrize(
    ("values", "decimal", "thousands"),
    [
        (["1.250.000", "12.500"], ",", "."),
        (["Rp 1.250.000,50"], ",", "."),
        (["1,250,000.50"], ".", ","),
        (["12.50", "3.75"], ".", None),
        (["12,5"], ",", None),
        (["12", "3"], None, None),
    ],
)
def test_signs_of_numbers(values: list[str], decimal: str | None, thousands: str | None) -> None:
    reading = read_values({"harga": values})
    assert (reading.decimal, reading.thousands) == (decimal, thousands)


@pytest.mark.parametrize(
    ("values", "order", "is_sure"),
    [
        (["31/12/2024", "01/02/2024"], "dmy", True),
        (["12/31/2024"], "mdy", True),
        (["2024-12-31"], None, True),
        (["01/02/2024"], "dmy", False),
        (["5 Agustus 2024"], "dmy", True),
    ],
)
def test_order_of_dates(values: list[str], order: str | None, is_sure: bool) -> None:
    reading = read_values({"tanggal": values})
    assert (reading.dates, reading.is_date_sure) == (order, is_sure)


def test_days_and_numbers_as_parsed() -> None:
    reading = read_values({"a": ["31/12/2024"], "b": ["1.250,50"]})
    assert str(parse_date("5 Agu 2024 10:30", reading)) == "2024-08-05"
    assert parse_date("31/02/2024", reading) is None
    assert parse_number("Rp 1.250,50", reading) == "1250.50"
    assert parse_number("dua", reading) is None


def test_a_day_in_the_files_name_before_its_rows_is_not_the_arrival() -> None:
    columns = {"tanggal": ["2024-03-05"]}
    reading = read_values(columns)
    guesses = guess_columns(columns, reading)
    assert arrival_rule("jual_20240305.csv", guesses, columns, reading)[0] == "name:%Y%m%d"
    assert arrival_rule("jual_20240301.csv", guesses, columns, reading)[0] == "event"
    assert arrival_rule("jual_2024-01-01_2024-03-31.csv", guesses, columns, reading)[0] == "event"
    assert arrival_rule("jual.csv", {}, columns, reading)[0] == "file"


def test_names_of_channels() -> None:
    assert channel_name("Penjualan Toko 2024-03.csv") == "penjualan_toko"
    assert channel_name("20240305.csv") == "new_channel"
    assert channel_name("Café export(1).xlsx") == "cafe_export_1"


def test_a_file_in_landing_belongs_to_the_channel_of_its_folder() -> None:
    assert landing_channel(Path("shop/landing/kasir/2024/sales.csv")) == "kasir"
    assert landing_channel(Path("landing/sales.csv")) is None
    assert landing_channel(Path("downloads/sales.csv")) is None


@pytest.mark.parametrize(("value", "masked"), [("Budi", "B***"), ("0812", "#***"), ("", "")])
def test_masking(value: str, masked: str) -> None:
    assert mask(value) == masked


ORDERS = [
    {
        "id": f"A{n}",
        "date_created": f"2026-01-0{n}T10:00:00",
        "total": "150000",
        "billing": {"first_name": "Siti", "email": f"siti{n}@contoh.id", "address": {"city": "Solo"}},
        "store": {"name": "Toko Solo", "phone": "0271123456"},
        "items": [
            {"id": 1, "name": "Teh", "sku": "T1", "qty": 2, "price": 50000, "total": "100000"},
            {"id": 2, "name": "Kopi", "sku": "K1", "qty": 1, "price": 50000, "total": "50000"},
        ],
        "refunds": [{"id": 3, "total": "-5"}],
    }
    for n in (1, 2, 3)
]


@pytest.mark.parametrize("wrapped", [ORDERS, {"orders": ORDERS, "page": 1}], ids=["list", "wrapped"])
def test_the_lines_of_nested_orders_become_rows(wrapped: object, tmp_path: Path) -> None:
    file = tmp_path / "orders.json"
    file.write_text(json.dumps(wrapped), encoding="utf-8")
    text = suggest_file(file)
    channel = loaded(text, tmp_path)
    assert channel.source.options.explode == "items"
    assert mapped(channel, "contacts") == {
        "source_id": "billing.email",
        "seen_at": "date_created",
        "given_name": "billing.first_name",
        "email": "billing.email",
        "city": "billing.address.city",
    }
    assert mapped(channel, "order_lines") == {
        "order_id": "id",
        "source_id": "billing.email",
        "ordered_at": "date_created",
        "product_id": "items.sku",
        "product_name": "items.name",
        "quantity": "items.qty",
        "unit_price": "items.price",
        "amount": "items.total",
        "store": "store.name",
    }
    assert "#   total\n" in text, "the whole order's total stands on each of its lines"
    columns = read_file(file, channel.source.options).columns
    for mapping in channel.mappings:
        for line in mapping.fields:
            assert compile_mapping(line.expression, columns, ExpressionOptions(), {}, "text").columns_used


def test_a_list_that_is_not_of_lines_is_left_as_it_is_and_named(tmp_path: Path) -> None:
    people = [{"name": "Ani", "email": "a@b.id", "addresses": [{"city": "Solo"}], "tags": ["a", "b"]}] * 2
    file = tmp_path / "people.jsonl"
    file.write_text("\n".join(json.dumps(person) for person in people), encoding="utf-8")
    text = suggest_file(file)
    assert loaded(text, tmp_path).source.options.explode is None
    assert "#   addresses (a list of records: `explode: addresses` under options makes rows of them)" in text
    assert "#   tags\n" in text


def test_odd_headers_stay_one_yaml_value(tmp_path: Path) -> None:
    columns = {'Nama: "Lengkap" #1': ["Budi"], "No": ["1"], "Alamat 'A'": ["Jl. A"], "RT/RW": ["1/2"]}
    channel = loaded(suggest_contract(columns, "x.csv"), tmp_path)
    contacts = mapped(channel, "contacts")
    assert contacts["full_name"] == 'Nama: "Lengkap" #1'
    assert contacts["address"] == "concat_ws(', ', \"Alamat 'A'\", \"RT/RW\")"


def test_unknown_files_say_what_to_do() -> None:
    text = suggest_contract({"foo": ["1"], "bar": ["2"]}, "x.csv")
    assert "Nothing was recognised" in text and "#   foo" in text


PEOPLE = {
    "Nama Pelanggan": ["Budi Santoso", "Siti Aminah", "Dewi Lestari"],
    "No HP": ["0812-3456-7890", "0813-1111-2222", ""],
    "Kota": ["Bandung", "Bandung", "Garut"],
}


@pytest.mark.parametrize(
    "header, values",
    [
        ("Kode", ["P003", "P001", "P002"]),
        ("ID", ["1", "2", "3"]),
        ("code", ["A", "B", "C"]),
        ("No", ["1004", "1007", "1011"]),
        ("No. Pelanggan", ["1", "2", "3"]),
        ("Kode Cust", ["C1", "C2", "C3"]),
    ],
)
def test_a_list_of_customers_is_keyed_by_its_own_column(
    tmp_path: Path, header: str, values: list[str]
) -> None:
    channel = loaded(suggest_contract({header: list(values), **PEOPLE}, "pelanggan.csv"), tmp_path)
    assert mapped(channel, "contacts") == {
        "source_id": header,
        "full_name": "Nama Pelanggan",
        "phone": "No HP",
        "city": "Kota",
    }


@pytest.mark.parametrize(
    "header, values",
    [
        ("No", ["1", "2", "3"]),
        ("No.", ["1.", "2.", "3."]),
        ("Kode", ["JB", "JB", "JT"]),
        ("Kode", ["A", "", ""]),
    ],
    ids=("counter", "counter-with-dots", "of-a-group", "mostly-empty"),
)
def test_a_counter_of_rows_or_a_code_of_groups_is_no_key(
    tmp_path: Path, header: str, values: list[str]
) -> None:
    text = suggest_contract({header: list(values), **PEOPLE}, "pelanggan.csv")
    assert "source_id" not in mapped(loaded(text, tmp_path), "contacts")
    is_counted = f"#   {header} (counts the rows; map it as source_id if other files refer to it)" in text
    assert is_counted == header.startswith("No")


def test_a_code_in_a_file_of_sales_is_no_customer_number(tmp_path: Path) -> None:
    file = tmp_path / "penjualan.csv"
    file.write_text(SALES.replace("Kode Pelanggan", "Kode"), encoding="utf-8")
    channel = loaded(suggest_file(file), tmp_path)
    assert mapped(channel, "order_lines")["source_id"] == "E-mail"


def test_the_header_below_a_title_is_found(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"] = "WARUNG BU SRI - PENJUALAN 2026"
    sheet.merge_cells("A1:G1")
    sheet["A2"] = "Dicetak 1 Juni 2026"
    for place, name in enumerate(("Faktur", "Tanggal", "No WA", "Menu", "Jml", "Harga", "Total"), start=1):
        sheet.cell(4, place, name)
    for number in range(1, 6):
        sheet.append(
            [
                f"F{number}",
                f"{number} Maret 2026",
                f"0812-3456-780{number}",
                "Es Teh",
                3,
                "Rp 4.000",
                "Rp 12.000",
            ]
        )
    file = tmp_path / "penjualan.xlsx"
    book.save(file)
    channel = loaded(suggest_file(file), tmp_path)
    assert (channel.source.options.header, channel.source.arrived) == (4, "event")
    lines = mapped(channel, "order_lines")
    assert {name: lines[name] for name in ("order_id", "ordered_at", "quantity", "amount")} == {
        "order_id": "Faktur",
        "ordered_at": "Tanggal",
        "quantity": "Jml",
        "amount": "Total",
    }


def test_a_sheet_without_names_keeps_its_first_row_as_header(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Nama", None, None])
    book.active.append(["Budi", "0812-3456-7801", "2026-03-01"])
    file = tmp_path / "tamu.xlsx"
    book.save(file)
    assert "header:" not in suggest_file(file)


def test_contacts_of_a_phone_become_a_contract_that_loads(tmp_path: Path) -> None:
    people = "".join(
        f"BEGIN:VCARD\nVERSION:3.0\nN:Santoso;{name};;;\nTEL;TYPE=CELL:0812345678{n}\nUID:{n}\n"
        f"BDAY:1985081{n}\nREV:2024030{n}T101112Z\nEND:VCARD\n"
        for n, name in enumerate(("Budi", "Siti"), start=1)
    )
    file = tmp_path / "phone.vcf"
    file.write_text(people, encoding="utf-8")
    channel = loaded(suggest_file(file), tmp_path)
    assert (channel.source.format, channel.source.path) == ("vcf", "landing/phone/**/*.vcf")
    fields = mapped(channel, "contacts")
    assert {name: fields[name] for name in ("source_id", "seen_at", "full_name", "phone", "birth_date")} == {
        "source_id": "uid",
        "seen_at": "revised_at",
        "full_name": "full_name",
        "phone": "phone",
        "birth_date": "birth_date",
    }


def test_sales_of_a_food_stall_need_no_order_number(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (
        ("Penjualan Warung Bu Sri",),
        (),
        ("No", "Tanggal", "Nama Pembeli", "No WA", "Menu", "Jml", "Harga", "Total"),
        (1, "01/11/2026", "Sri Hartati", "081234567801", "Nasi Goreng", 2, "Rp 12.000", "Rp 24.000"),
        (2, "13/11/2026", "Budi Santoso", "081234567802", "Es Teh", 1, "Rp 5.000", "Rp 5.000"),
    ):
        book.active.append(row)
    file = tmp_path / "jualan.xlsx"
    book.save(file)
    channel = loaded(suggest_file(file), tmp_path)
    options = channel.source.options
    assert (options.decimal, options.thousands, options.dates) == (",", ".", "dmy")
    sale = mapped(channel, "order_lines")
    assert sale["order_id"] == """concat_ws(', ', Tanggal, "No WA")""", (
        "the counter begins anew in the next file"
    )
    assert (sale["product_name"], sale["quantity"], sale["amount"]) == ("Menu", "Jml", "Total")
