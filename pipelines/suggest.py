"""A first channel contract, guessed from a file's headers and values (`satu channel suggest FILE`).

A guess, never a decision: the contract says in comments what it is sure of, what it left out, and shows
ten rows as it would read them. Headers are understood in English and Indonesian. Nothing is written.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path, PurePath

from warehouse.channels import NAME
from warehouse.contracts import InputContract, base_inputs
from warehouse.errors import InputError
from warehouse.landing import ReaderOptions, guess_format, read_file
from warehouse.landing.csv_layout import HEAD_BYTES, WHITESPACE, lay_out
from warehouse.landing.source import find_encoding, read_head

Columns = Mapping[str, Sequence[str | None]]

ROWS_READ = 2_000
ROWS_SHOWN = 10
LOOKS_ALIKE = 0.7  # share of values that must look like an e-mail, a date, a number, ...
HEADER_SHARE = 0.6  # share of a header's letters that a known word must cover

# What a column can mean, and what people call it. Longer names win over shorter ones they contain.
MEANINGS: dict[str, str] = {
    "source_id": "customer id|customer no|customer number|customer code|cust id|client id|user id|"
    "buyer id|contact id|account id|id pelanggan|no pelanggan|nomor pelanggan|kode pelanggan|"
    "kd pelanggan|id customer|kode customer|no customer|id konsumen|kode konsumen|id pembeli|id anggota|"
    "id member",
    "full_name": "name|full name|customer name|customer|client name|buyer name|contact name|member name|"
    "nama|nama lengkap|nama pelanggan|nama customer|nama konsumen|nama pembeli|nama anggota|nama member|"
    "nama kontak|pelanggan|pembeli|username",
    "given_name": "first name|given name|forename|nama depan|nama awal",
    "family_name": "last name|family name|surname|nama belakang|nama keluarga|nama akhir|marga",
    "nik": "nik|no ktp|nomor ktp|ktp|no nik|nomor induk kependudukan|nik ktp",
    "national_id": "national id|passport|passport no|identity number|id card|no paspor|paspor|no identitas",
    "member_id": "member id|member no|member number|membership no|loyalty id|loyalty no|card number|"
    "no member|nomor member|no anggota|nomor anggota|kode member|no kartu member|no kartu",
    "email": "email|e mail|mail|email address|mail address|surel|alamat email|alamat surel|"
    "email pelanggan|customer email",
    "phone": "phone|phone no|phone number|mobile|mobile no|mobile number|mobile phone|cell|cellphone|"
    "handphone|hp|no hp|nomor hp|no handphone|telepon|no telepon|nomor telepon|telp|no telp|tlp|no tlp|"
    "telpon|no telpon|ponsel|no ponsel|kontak|no kontak|contact number|customer phone|hp 1|telepon 1|"
    "telp 1|phone 1",
    "phone_2": "phone 2|mobile 2|hp 2|no hp 2|telepon 2|telp 2|no telp 2|no telepon 2|other phone|"
    "telepon lain",
    "landline": "landline|home phone|telepon rumah|telp rumah|no telepon rumah|office phone|telepon kantor",
    "whatsapp": "whatsapp|wa|no wa|nomor wa|no whatsapp|nomor whatsapp|whatsapp number",
    "social_handle": "instagram|ig|facebook|tiktok|twitter|social handle|akun instagram|medsos",
    "address": "address|street|street address|address 1|address line 1|home address|alamat|"
    "alamat lengkap|alamat rumah|alamat pelanggan|jalan|alamat pengiriman|alamat 1",
    "address_2": "address 2|address line 2|alamat 2|rt rw|rtrw|rt/rw",
    "address_3": "kelurahan|desa|kelurahan desa|desa kelurahan|village",
    "address_4": "kecamatan|district|subdistrict",
    "city": "city|town|kota|kabupaten|kota kabupaten|kab kota|kabupaten kota|kota kab|kota pelanggan",
    "region": "region|state|province|provinsi|propinsi|prov",
    "postcode": "postcode|postal code|zip|zip code|kode pos|kodepos",
    "country": "country|negara|country code",
    "sex": "sex|gender|jenis kelamin|kelamin|jk|l p|jenkel",
    "birth_date": "birth date|birthdate|date of birth|dob|birthday|tanggal lahir|tgl lahir|tgl lhr|"
    "tanggal lhr",
    "education": "education|pendidikan|pendidikan terakhir",
    "occupation": "occupation|profession|job|pekerjaan|profesi",
    "job_title": "job title|title|position|jabatan|posisi",
    "company": "company|company name|employer|perusahaan|nama perusahaan|instansi",
    "religion": "religion|agama",
    "hobbies": "hobby|hobbies|hobi|interests|minat",
    "household_key": "household id|no kk|nomor kk|kartu keluarga|household",
    "acquisition_source": "lead source|acquisition source|source|sumber|sumber lead|referral source|"
    "utm source",
    "referrer_id": "referrer id|referred by|referral code|kode referral|referensi dari",
    "seen_at": "registered at|registration date|register date|created at|created on|created|updated at|"
    "updated|last updated|signup date|join date|joined|tanggal daftar|tgl daftar|tanggal registrasi|"
    "tgl registrasi|tanggal gabung|tgl gabung|tgl update|tanggal update|timestamp|cap waktu|"
    "tanggal bergabung",
    "order_id": "order id|order no|order number|order|invoice|invoice no|invoice number|invoice id|"
    "transaction id|transaction no|trx id|receipt|receipt no|receipt number|bill no|no faktur|"
    "nomor faktur|faktur|no nota|nota|nomor nota|no invoice|no pesanan|nomor pesanan|id pesanan|no order|"
    "no transaksi|nomor transaksi|id transaksi|kode transaksi|no struk|nomor struk|struk|no penjualan|"
    "no bukti|kode pesanan",
    "line_no": "line|line no|line number|item no|no baris|baris|no urut",
    "ordered_at": "order date|date|order time|ordered at|ordered on|invoice date|transaction date|"
    "purchase date|sale date|sales date|datetime|date time|tanggal|tgl|tanggal transaksi|tgl transaksi|"
    "tanggal faktur|tgl faktur|tanggal pesanan|tgl pesanan|tanggal order|tgl order|tanggal nota|tgl nota|"
    "tanggal pembelian|tgl beli|tanggal beli|waktu|waktu transaksi|waktu pesanan|waktu pesanan dibuat|"
    "tanggal penjualan|tgl penjualan|tgl trx",
    "product_id": "product id|product code|sku|item id|item code|stock code|plu|barcode|kode barang|"
    "kd barang|kode produk|id produk|id barang|kode item|nomor referensi sku|product sku",
    "product_name": "product|product name|item|item name|description|product description|nama barang|"
    "nama produk|barang|produk|nama item|keterangan barang|uraian barang",
    "category": "category|product category|department|kategori|kategori produk|kelompok barang|jenis barang",
    "subcategory": "subcategory|sub category|subkategori|sub kategori",
    "brand": "brand|merek|merk",
    "colour": "colour|color|warna",
    "size": "size|ukuran",
    "quantity": "quantity|qty|units|unit|pcs|count|jumlah|jml|kuantitas|banyaknya|jumlah barang|"
    "jml barang|jumlah produk|qty terjual|jumlah item",
    "unit_price": "price|unit price|item price|harga|harga satuan|harga jual|harga barang|hrg|harga unit|"
    "harga produk|selling price",
    "discount": "discount|discount amount|diskon|potongan|potongan harga|disc|total diskon|rebate",
    "amount": "amount|line total|net amount|total|subtotal|sub total|total price|net sales|sales|revenue|"
    "total harga|jumlah harga|jumlah bayar|total bayar|nilai|nominal|total belanja|total penjualan|"
    "grand total|jumlah rp|total pembayaran|harga total|omzet|total amount",
    "cost": "cost|unit cost|cogs|hpp|harga pokok|modal|harga beli",
    "currency": "currency|mata uang|kurs",
    "status": "status|order status|status pesanan|status transaksi|status order",
    "returns_order_id": "returned order|original order|original invoice|retur dari|faktur asal|"
    "no faktur asal",
    "store": "store|store name|store id|branch|outlet|shop|toko|cabang|nama toko|gerai|kode toko|"
    "nama outlet|kode cabang|lokasi",
    "store_city": "store city|branch city|kota toko|kota cabang|kota outlet",
    "salesperson": "salesperson|sales person|sales rep|cashier|seller|kasir|nama kasir|sales|salesman|"
    "penjual|nama sales|pramuniaga|kode sales",
    "purchase_method": "purchase method|order channel|sales channel|cara beli|cara pembelian",
    "payment_method": "payment method|payment|payment type|metode pembayaran|cara bayar|metode bayar|"
    "pembayaran|jenis pembayaran|tipe pembayaran",
}
NUMERIC = ("quantity", "unit_price", "discount", "amount", "cost")
DATED = ("seen_at", "ordered_at", "birth_date")
IDENTIFYING = (
    "full_name",
    "given_name",
    "email",
    "phone",
    "whatsapp",
    "nik",
    "address",
    "member_id",
    "landline",
)
# Fields of a contract whose column has another meaning's name, first found first.
ALIASES: dict[tuple[str, str], tuple[str, ...]] = {
    ("contacts", "seen_at"): ("seen_at", "ordered_at"),
    ("order_lines", "city"): ("store_city",),
    ("products", "price"): ("unit_price",),
}
JOINED = {
    "phone": ("phone", "phone_2"),
    "address": ("address", "address_2", "address_3", "address_4"),
}

STAND_INS = ("member_id", "email", "phone", "whatsapp", "nik")

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}")
_PHONE = re.compile(r"(\+?62|0)8\d{7,11}|\+\d{8,14}")
_NIK = re.compile(r"[1-9]\d{5}(0[1-9]|[12]\d|3[01]|4[1-9]|[56]\d|7[01])(0[1-9]|1[0-2])\d{6}")
_NUMBER = re.compile(r"-?\d+([.,]\d+)*")
_MONEY_SIGNS = re.compile(r"^\(?\s*(rp\.?|idr|usd|\$|€)?\s*|\s*(idr|,-|\))?\s*$", re.IGNORECASE)
_DATE = re.compile(r"(\d{1,4})[-/.\s](\d{1,2}|[A-Za-z]{3,9})[-/.\s](\d{2,4})(\D.*)?")
_COMPACT_DATE = re.compile(r"(19|20)\d{6}(\D.*)?|(19|20)\d{12}")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("jan",),
            ("feb", "peb"),
            ("mar",),
            ("apr",),
            ("may", "mei"),
            ("jun",),
            ("jul",),
            ("aug", "agu", "agt", "ags"),
            ("sep",),
            ("oct", "okt"),
            ("nov", "nop"),
            ("dec", "des"),
        ),
        start=1,
    )
    for name in names
}
_NAME_DATES = (
    ("%Y-%m-%d", r"\d{4}-\d{2}-\d{2}"),
    ("%Y_%m_%d", r"\d{4}_\d{2}_\d{2}"),
    ("%Y%m%d", r"\d{8}"),
    ("%d-%m-%Y", r"\d{2}-\d{2}-\d{4}"),
    ("%d%m%Y", r"\d{8}"),
)
_PLAIN_YAML = re.compile(r"[A-Za-z][A-Za-z0-9_/ ]*[A-Za-z0-9_]|[A-Za-z]")
_YAML_WORDS = {"null", "true", "false", "yes", "no", "on", "off", "y", "n"}
_PLAIN_SQL = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True)
class Reading:
    """How a file's values read: its decimal sign, thousands sign and order of dates, where values tell."""

    decimal: str | None = None
    thousands: str | None = None
    dates: str | None = None
    is_date_sure: bool = True


@dataclass(frozen=True)
class Guess:
    """The column for a meaning, and why."""

    column: str
    why: str = ""


def suggest_file(path: Path) -> str:
    """A commented contract for `path`; InputError when nothing of the file can be read."""
    kind = guess_format(path)
    options = ReaderOptions()
    columns = read_sample(path, options, kind)
    if kind == "csv" and _header_is_data(list(columns)):
        options = replace(options, header=False)
        columns = read_sample(path, options, kind)
    if not columns:
        raise InputError(
            "the file holds no columns", file=path.name, fix="give a file with a header and rows"
        )
    if kind == "csv":
        encoding = find_encoding(path, None)
        layout = lay_out(read_head(path, encoding, HEAD_BYTES), options, path)
        options = replace(options, delimiter=layout.delimiter, encoding=encoding.name)
    return suggest_contract(columns, path.name, options, kind, landing_channel(path))


def read_sample(path: Path, options: ReaderOptions, kind: str) -> dict[str, list[str | None]]:
    """The first rows of a file by column."""
    table = read_file(path, options, kind)
    sample: dict[str, list[str | None]] = {name: [] for name in table.columns}
    for batch in table.batches():
        missing = ROWS_READ - len(next(iter(sample.values()), []))
        for name in sample:
            sample[name] += batch.column(name).slice(0, missing).to_pylist()
        if missing <= batch.num_rows:
            break
    return sample


def suggest_contract(
    columns: Columns,
    file_name: str,
    options: ReaderOptions | None = None,
    kind: str = "csv",
    channel: str | None = None,
) -> str:
    """A commented channel contract for columns of text, as YAML; named as the file without `channel`."""
    found_options = options or ReaderOptions()
    reading = read_values(columns, is_typed=kind != "csv")
    guesses = guess_columns(columns, reading)
    maps = _maps(guesses, columns, reading)
    channel = channel or channel_name(file_name)
    suffixes = PurePath(file_name).suffixes
    suffix = "".join(suffixes[-2:] if suffixes[-1:] == [".gz"] else suffixes[-1:])
    arrived = arrival_rule(file_name, guesses, columns, reading)
    title = channel.replace("_", " ").capitalize()
    lines = [
        f"# Guessed from {_comment(file_name)}. Read every line and correct it, save it as",
        f"# channels/{channel}.yaml, then run `satu check`. docs/channels.md explains every key.",
        f"channel: {channel}",
        f"description: {{en: {_scalar(title)}, id: {_scalar(title)}}}",
        "trust: 50                        # 0-100: whose word counts when channels disagree",
        "# id_space: crm                  # when customer numbers are shared with other channels",
        "source:",
        "  type: files",
        f"  path: landing/{channel}/**/*{suffix}",
        f"  format: {kind}",
        *_options_yaml(found_options, reading),
        f"  arrived: {_scalar(arrived[0])}".ljust(33) + f"# {arrived[1]}",
        "maps:",
        *_maps_yaml(maps, guesses, columns),
        *_left_out(columns, maps),
        *_rows_shown(columns, maps, reading),
    ]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def guess_columns(columns: Columns, reading: Reading) -> dict[str, Guess]:
    """The column for every meaning found, by header first, then by what values look like."""
    scored: list[tuple[float, int, str, str]] = []
    for position, (column, values) in enumerate(columns.items()):
        for meaning, names in MEANINGS.items():
            score = max(_header_score(column, name) for name in names.split("|"))
            if score >= HEADER_SHARE and _values_fit(meaning, _present(values), reading):
                scored.append((-score, position, meaning, column))
    found: dict[str, Guess] = {}
    taken: set[str] = set()
    for _, _, meaning, column in sorted(scored):
        if meaning not in found and column not in taken:
            found[meaning] = Guess(column)
            taken.add(column)
    for meaning, look in (("email", _EMAIL), ("nik", _NIK), ("phone", _PHONE)):
        for column, values in columns.items():
            if meaning not in found and column not in taken and _share(_present(values), look) >= LOOKS_ALIKE:
                found[meaning] = Guess(column, why="guessed from its values")
                taken.add(column)
    return _sums_of_money(found, columns, reading)


def read_values(columns: Columns, is_typed: bool = False) -> Reading:
    """Decimal and thousands signs, and the order of dates, from the values themselves.

    In typed files (spreadsheets, JSON, Parquet) a number such as 12.125 says nothing of thousands.
    """
    numbers: Counter[str] = Counter()
    orders: Counter[str] = Counter()
    for values in columns.values():
        present = _present(values)
        if _share(present, _DATE) >= LOOKS_ALIKE:
            orders.update(_date_order(value) for value in present)
        elif _share([_bare(v) for v in present], _NUMBER) >= LOOKS_ALIKE and _share(present, _PHONE) < 0.5:
            numbers.update(_number_form(_bare(value)) for value in present)
    if is_typed:
        numbers.update({".": numbers.pop("?.", 0), ",": numbers.pop("?,", 0)})
    decimal, thousands = _signs(+numbers)
    known = [order for order in ("dmy", "mdy", "ymd") if orders[order]]
    written = [order for order in known if order != "ymd"] or known
    if len(written) == 1:
        return Reading(decimal, thousands, written[0] if written != ["ymd"] else None)
    unsure = bool(orders["either"] or len(written) > 1)
    return Reading(decimal, thousands, "dmy" if unsure else None, is_date_sure=not unsure)


def channel_name(file_name: str) -> str:
    """A channel's name from a file's: dates and numbers left out, small letters and underscores."""
    stem = unicodedata.normalize("NFKD", file_name.split(".")[0]).encode("ascii", "ignore").decode().lower()
    words = [word for word in re.split(r"[^a-z0-9]+", re.sub(r"\d{2,}", " ", stem)) if word]
    name = "_".join(words).lstrip("0123456789_")[:40].rstrip("_")
    return name if NAME.fullmatch(name) else "new_channel"


def landing_channel(path: Path) -> str | None:
    """The channel a file was put down for: `kasir` of `landing/kasir/2024/sales.csv`; None elsewhere."""
    folders = path.resolve().parent.parts
    below = folders[len(folders) - folders[::-1].index("landing") :] if "landing" in folders else ()
    return channel_name(below[0]) if below else None


def arrival_rule(
    file_name: str, guesses: Mapping[str, Guess], columns: Columns, reading: Reading
) -> tuple[str, str]:
    """How a row's day of arrival is decided, and why."""
    event = guesses.get("ordered_at") or guesses.get("seen_at")
    events = [day for day in (parse_date(v, reading) for v in _values(columns, event)) if day is not None]
    for pattern, look in _NAME_DATES:
        written = re.findall(rf"(?<!\d){look}(?!\d)", file_name)
        if len(written) == 1:
            day = _strptime(written[0], pattern)
            if day and 1990 <= day.year <= 2100 and all(event_day <= day for event_day in events):
                return f"name:{pattern}", "the day in the file's name"
    if event:
        return (
            "event",
            f"each row's own day ({_comment(event.column)}); or file: the day a file is first seen",
        )
    return "file", "the day a file is first seen; or name:%Y-%m-%d for a day in the file's name"


def mask(value: str) -> str:
    """The first letter and ***; digits become #."""
    first = value.strip()[:1]
    return f"{'#' if first.isdigit() else first}***" if first else ""


def parse_date(value: str, reading: Reading) -> date | None:
    """The day a value speaks of, in the file's order of dates; None where it is none."""
    text = value.strip()
    if _COMPACT_DATE.fullmatch(text):
        return _strptime(text[:8], "%Y%m%d")
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    first, middle, last = match.group(1), match.group(2), match.group(3)
    month = _MONTHS.get(middle[:3].lower()) if middle.isalpha() else int(middle)
    if len(first) == 4:
        year, day = int(first), int(last)
    else:
        year, day = int(last) + (0 if len(last) == 4 else 2000), int(first)
        if reading.dates == "mdy" and middle.isdigit():
            month, day = day, int(middle)
    try:
        return date(year, month or 0, day)
    except ValueError:
        return None


def parse_number(value: str, reading: Reading) -> str | None:
    """A number in plain form; None where it is none."""
    text = _bare(value)
    if not _NUMBER.fullmatch(text):
        return None
    if reading.thousands:
        text = text.replace(reading.thousands, "")
    return text.replace(",", ".") if reading.decimal == "," else text.replace(",", "")


# What headers and values say ----------------------------------------------------------------------


def _words(text: str) -> str:
    """A header as small letters and single spaces: `No_HP` and `NoHp` both become `no hp`."""
    split = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    plain = unicodedata.normalize("NFKD", split).encode("ascii", "ignore").decode().lower()
    return " ".join(re.findall(r"[a-z]+|\d+", plain.replace("nomor", "no").replace("nomer", "no")))


def _header_score(header: str, name: str) -> float:
    """1 when the header is the name, less when it only contains it as whole words, 0 otherwise."""
    words, wanted = _words(header), _words(name)
    if words == wanted or words.replace(" ", "") == wanted.replace(" ", ""):
        return 1.0
    if f" {wanted} " in f" {words} " and len(wanted) > 2:
        return 0.99 * len(wanted) / len(words)
    return 0.0


def _values_fit(meaning: str, present: list[str], reading: Reading) -> bool:
    """Whether values can have a meaning; a column without values is taken at its word."""
    if not present:
        return True
    if meaning in NUMERIC:
        return _share([_bare(v) for v in present], _NUMBER) >= LOOKS_ALIKE
    if meaning in DATED:
        return sum(parse_date(v, reading) is not None for v in present) >= LOOKS_ALIKE * len(present)
    if meaning == "email":
        return _share(present, _EMAIL) >= 0.3
    if meaning in ("phone", "phone_2", "whatsapp", "landline"):
        return sum(len(re.sub(r"\D", "", v)) >= 6 for v in present) >= 0.5 * len(present)
    if meaning == "nik":
        return sum(len(re.sub(r"\D", "", v)) == 16 for v in present) >= 0.3 * len(present)
    if meaning in ("full_name", "given_name", "family_name", "product_name", "address"):
        return sum(any(c.isalpha() for c in v) for v in present) >= 0.5 * len(present)
    if meaning == "sex":
        return len({v.strip().lower() for v in present}) <= 8
    return True


def _sums_of_money(found: dict[str, Guess], columns: Columns, reading: Reading) -> dict[str, Guess]:
    """`Jumlah` is a quantity or a sum; a total repeated on each line of an order is not a line's amount."""
    quantity = found.get("quantity")
    if quantity and "amount" not in found and "unit_price" not in found:
        sizes = sorted(float(n) for n in (parse_number(v, reading) for v in _values(columns, quantity)) if n)
        if sizes and sizes[len(sizes) // 2] >= 500:
            found = {**found, "amount": quantity}
            del found["quantity"]
    if "amount" in found and "quantity" in found and "unit_price" in found and is_order_total(found, columns):
        found = {meaning: guess for meaning, guess in found.items() if meaning != "amount"}
    return found


def is_order_total(found: Mapping[str, Guess], columns: Columns) -> bool:
    """Whether the amount is the whole order's, standing on each of its lines."""
    if "order_id" not in found or "amount" not in found:
        return False
    lines: dict[str, list[str]] = {}
    for order, amount in zip(columns[found["order_id"].column], columns[found["amount"].column], strict=True):
        if order and amount:
            lines.setdefault(order, []).append(amount)
    several = [amounts for amounts in lines.values() if len(amounts) > 1]
    return bool(several) and all(len(set(amounts)) == 1 for amounts in several)


def _header_is_data(headers: list[str]) -> bool:
    """Whether a header row is a row of values: an e-mail, a phone number, a day or a sum among them."""
    looks = (_EMAIL, _PHONE, _DATE, re.compile(r"-?\d+([.,]\d+)+"), re.compile(r"\d{5,}"))
    return any(look.fullmatch(header.strip()) for header in headers for look in looks)


def _present(values: Sequence[str | None]) -> list[str]:
    return [value.strip() for value in values if value and value.strip()]


def _values(columns: Columns, guess: Guess | None) -> list[str]:
    return _present(columns[guess.column]) if guess else []


def _share(values: Sequence[str], look: re.Pattern[str]) -> float:
    """The share of values that look so; phone signs are ignored."""
    if not values:
        return 0.0
    plain = [re.sub(r"[\s().-]", "", v) for v in values] if look in (_PHONE, _NIK) else values
    return sum(look.fullmatch(value) is not None for value in plain) / len(values)


def _bare(value: str) -> str:
    """A sum without its currency sign."""
    return _MONEY_SIGNS.sub("", value.strip()).replace(" ", "")


def _number_form(number: str) -> str:
    """The signs a number shows: decimal then thousands sign; `?` where three digits leave it open."""
    signs = re.findall(r"[.,]", number)
    if not signs:
        return ""
    last = signs[-1]
    other = "." if last == "," else ","
    if len(set(signs)) == 2:
        return last + other
    if len(signs) > 1:
        return other + last
    whole, rest = number.lstrip("-").split(last)
    return f"?{last}" if len(rest) == 3 and len(whole) <= 3 and whole != "0" else last


def _signs(numbers: Counter[str]) -> tuple[str | None, str | None]:
    """The decimal and thousands signs that most numbers show."""
    comma, point = (sum(numbers[form] for form in (sign, sign + other)) for sign, other in (",.", ".,"))
    if comma == point == 0:  # only `12.500` or `12,500`: three digits after one sign are thousands
        comma, point = numbers["?."], numbers["?,"]
    if comma == point == 0:
        return None, None
    decimal, other = (",", ".") if comma >= point else (".", ",")
    return decimal, other if numbers[decimal + other] or numbers[f"?{other}"] else None


def _date_order(value: str) -> str:
    match = _DATE.fullmatch(value)
    if match is None:
        return ""
    first, middle = match.group(1), match.group(2)
    if len(first) == 4:
        return "ymd"
    if middle.isalpha() or int(first) > 12:
        return "dmy"
    return "mdy" if int(middle) > 12 else "either"


def _strptime(text: str, pattern: str) -> date | None:
    try:
        return datetime.strptime(text, pattern).date()
    except ValueError:
        return None


# The contract -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Mapped:
    """A line of a mapping: the field, the columns it reads, and a word on why."""

    field: str
    columns: tuple[str, ...]
    why: str = ""


def _maps(guesses: Mapping[str, Guess], columns: Columns, reading: Reading) -> dict[str, list[Mapped]]:
    """Which input contracts the file can fill, and with what."""
    inputs = base_inputs()
    has_sale = any(name in guesses for name in ("amount", "quantity", "unit_price"))
    is_orders = "order_id" in guesses and "ordered_at" in guesses and has_sale
    is_contacts = any(name in guesses for name in IDENTIFYING)
    chosen = [name for name, fits in (("contacts", is_contacts), ("order_lines", is_orders)) if fits]
    if not chosen and "product_id" in guesses:
        chosen = ["products"]
    if not chosen and "source_id" in guesses:
        chosen = ["contacts"]
    maps: dict[str, list[Mapped]] = {}
    if is_orders:
        guesses = {**guesses, **_stand_in(guesses)}
    for contract in chosen:
        fields = [_mapped(inputs[contract], name, guesses) for name in inputs[contract].field_names]
        maps[contract] = [m for m in fields if m is not None]
    if is_contacts and is_orders:  # what the customer's contact already says is not the sale's place
        contacts_fields = {m.columns for m in maps["contacts"] if m.field in ("city", "country")}
        maps["order_lines"] = [m for m in maps["order_lines"] if m.columns not in contacts_fields]
    return maps


def _stand_in(guesses: Mapping[str, Guess]) -> dict[str, Guess]:
    """What tells customers apart in a file of sales without customer numbers."""
    if "source_id" in guesses:
        return {}
    found = next((guesses[name] for name in STAND_INS if name in guesses), None)
    return {"source_id": replace(found, why="no customer number found; this stands in")} if found else {}


def _mapped(contract: InputContract, name: str, guesses: Mapping[str, Guess]) -> Mapped | None:
    meanings = ALIASES.get((contract.name, name), (name,))
    if contract.name == "order_lines" and name == "city":
        meanings = ("store_city", "city")
    if name in JOINED:
        parts = [guesses[meaning] for meaning in JOINED[name] if meaning in guesses]
        if not parts:
            return None
        return Mapped(
            name, tuple(part.column for part in parts), next((part.why for part in parts if part.why), "")
        )
    guess = next((guesses[meaning] for meaning in meanings if meaning in guesses), None)
    return Mapped(name, (guess.column,), guess.why) if guess else None


def _expression(mapped: Mapped) -> str:
    if len(mapped.columns) == 1:
        return _scalar(mapped.columns[0])
    quoted = [c if _PLAIN_SQL.fullmatch(c) else '"' + c.replace('"', '""') + '"' for c in mapped.columns]
    return "'concat_ws('', '', " + ", ".join(q.replace("'", "''") for q in quoted) + ")'"


def _maps_yaml(maps: Mapping[str, list[Mapped]], guesses: Mapping[str, Guess], columns: Columns) -> list[str]:
    if not maps:
        return [
            "  # Nothing was recognised: map at least one contract, such as",
            "  # contacts:",
            "  #   source_id: ...",
        ]
    lines: list[str] = []
    for contract, fields in maps.items():
        lines.append(f"  {contract}:")
        for mapped in fields:
            example = next(iter(_present(columns[mapped.columns[0]])), None)
            note = f"# e.g. {mask(example)}" if example else "# no values in the first rows"
            note += f" ({mapped.why})" if mapped.why else ""
            lines.append(f"    {mapped.field}: {_expression(mapped)}".ljust(48) + f" {note}")
        if contract == "order_lines":
            lines += _amount_note(guesses)
    return lines


def _amount_note(guesses: Mapping[str, Guess]) -> list[str]:
    if "amount" in guesses:
        return []
    return [
        "    # amount is left out: it is quantity times unit price less discount.",
        "    # A total that stands on every line of an order must not be mapped as amount.",
    ]


def _options_yaml(options: ReaderOptions, reading: Reading) -> list[str]:
    entries: list[str] = []
    if options.delimiter is not None:
        shown = options.delimiter if options.delimiter == WHITESPACE else _quoted(options.delimiter)
        entries.append(f"delimiter: {shown}")
    if options.encoding in ("cp1252", "utf-16-le", "utf-16-be"):
        entries.append(f"encoding: {options.encoding}")
    if reading.decimal:
        entries.append(f"decimal: {_quoted(reading.decimal)}")
    if reading.thousands:
        entries.append(f"thousands: {_quoted(reading.thousands)}")
    if reading.dates:
        entries.append(f"dates: {reading.dates}")
    if options.header is False:
        entries.append("header: false")
    if not entries:
        return []
    note = "" if reading.is_date_sure else "   # dates: dmy or mdy? the values fit both; check"
    return ["  options: {" + ", ".join(entries) + "}" + note]


def _left_out(columns: Columns, maps: Mapping[str, list[Mapped]]) -> list[str]:
    used = {column for fields in maps.values() for mapped in fields for column in mapped.columns}
    rest = [column for column in columns if column not in used]
    if not rest:
        return []
    return [
        "",
        "# Columns left out; map them where they belong, or register a field of your own in fields/*.yaml:",
        *(f"#   {_comment(column)}" for column in rest),
    ]


def _rows_shown(columns: Columns, maps: Mapping[str, list[Mapped]], reading: Reading) -> list[str]:
    """Ten rows as they would be read: text and personal values masked, other days and numbers as parsed."""
    lines: list[str] = []
    for contract, fields in maps.items():
        cells = [_cells(contract, mapped, columns, reading) for mapped in fields]
        widths = [max(len(cell) for cell in column) for column in cells]
        rows = [
            "#   " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            for row in zip(*cells, strict=True)
        ]
        note = f"# {contract}: the first {len(rows) - 1} rows as read; text and personal values are masked"
        lines += ["", note, *rows]
    return lines


def _cells(contract: str, mapped: Mapped, columns: Columns, reading: Reading) -> list[str]:
    field = base_inputs()[contract].field_named(mapped.field)
    assert field is not None
    is_open = field.privacy in ("internal", "public") and field.type != "text"
    values = columns[mapped.columns[0]][:ROWS_SHOWN]
    return [mapped.field, *(_shown(value or "", field.type, is_open, reading) for value in values)]


def _shown(value: str, kind: str, is_open: bool, reading: Reading) -> str:
    if not value.strip():
        return "-"
    if not is_open:
        return mask(value)
    parsed: object = (
        parse_date(value, reading) if kind in ("date", "timestamp") else parse_number(value, reading)
    )
    return "unreadable" if parsed is None else str(parsed)


def _comment(text: str) -> str:
    """Text that stays on one line of comment."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _scalar(text: str) -> str:
    """Text as one YAML value."""
    if _PLAIN_YAML.fullmatch(text) and text.lower() not in _YAML_WORDS:
        return text
    return _quoted(text)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t").replace("\n", "\\n")
    return f'"{escaped}"'
