"""Faults in single rows: a good row of every channel, and what is wrong with the planted ones.

The channels are those of the sample retailer, and a few with contracts that it does not use.
"""

from __future__ import annotations

from datetime import date
from textwrap import dedent

from tests.faults.model import Fault, Severity

Cells = dict[str, str]


def pos(day: date, n: int) -> Cells:
    return {
        "Tgl": f"{day:%d/%m/%Y}", "Jam": "10:00:00", "No Struk": f"STR-{day:%m%d}-{n}", "Kode Toko": "T01",
        "Kasir": "K01", "No Member": "", "Kode Barang": "10001", "Nama Barang": "Kopi", "Qty": "1,00",
        "Harga": "15.500,00", "Diskon": "0,00", "Jumlah": "15.500,00", "Bayar": "tunai",
        "Kota": "Kota Depok", "Retur Dari": "",
    }  # fmt: skip


def loyalty_points(day: date, n: int) -> Cells:
    return {
        "No Member": f"M{n}", "Waktu": f"{day:%d/%m/%Y} 10:00", "Jenis": "peroleh", "Poin": "15",
        "No Struk": f"STR-{day:%m%d}-{n}", "Saldo": "40",
    }  # fmt: skip


def loyalty(day: date, n: int) -> Cells:
    return {
        "No Member": f"M{n}", "Tgl": f"{day:%d/%m/%Y}", "Nama": "Sri Hartati", "NIK": "", "JK": "P",
        "Tgl Lahir": "12/03/1990", "No HP": f"0812345{n:05}", "Email": f"sri{n}@toko.id",
        "Alamat": f"Jl. Melati No. {n}", "Kota": "Kota Depok", "Provinsi": "Jawa Barat", "Kode Pos": "16411",
        "Pendidikan": "S1", "Pekerjaan": "Guru", "Hewan Peliharaan": "", "Setuju WA": "Y",
    }  # fmt: skip


def deliveries(day: date, n: int) -> Cells:
    return {
        "No Resi": f"RESI-{day:%m%d}-{n}", "No Order": f"WEB-{n}", "No Pelanggan": "", "Penerima Ke": "1",
        "Nama Penerima": "", "HP Penerima": "", "Alamat": "", "Kota": "Kota Depok", "Kurir": "JNX",
        "Status": "terkirim", "Waktu": f"{day:%d/%m/%Y} 10:00", "Percobaan": "1", "Alasan": "",
    }  # fmt: skip


def web_forms(day: date, n: int) -> Cells:
    return {
        "No Form": f"F{day:%m%d}{n}", "Waktu": f"{day} 10:00:00", "Nama": "Agus Salim",
        "Email": f"agus{n}@toko.id", "No HP": f"0813345{n:05}", "Kota": "Kota Depok", "Topik": "promo",
        "Setuju": "", "Versi Teks": "v2", "Sumber": "instagram",
    }  # fmt: skip


def service_calls(day: date, n: int) -> Cells:
    return {
        "No Tiket": f"T{day:%m%d}{n}", "Waktu": f"{day:%d-%m-%Y} 10:00", "Nama": "Dewi Lestari",
        "No HP": f"0815345{n:05}", "Email": "", "Kota": "Kota Depok", "Arah": "masuk", "Jenis": "keluhan",
        "Hasil": "selesai", "Keadaan": "tertutup", "Petugas": "CS-01",
    }  # fmt: skip


def campaigns(day: date, n: int) -> Cells:
    return {
        "kode": f"C{n}", "nama": "Promo", "media": "email", "mulai": "01/10/2026", "selesai": "31/10/2026",
        "biaya": "5.000.000", "acara": "", "kota": "Kota Depok", "kategori": "Kopi",
    }  # fmt: skip


def products(day: date, n: int) -> Cells:
    return {
        "kode": f"{20000 + n}", "nama": "Teh", "kategori": "Minuman", "subkategori": "Teh", "merek": "A",
        "jenis": "", "warna": "", "ukuran": "", "hpp": "8.000", "harga": "12.000", "isi": "25",
        "pakai_per_hari": "1",
    }  # fmt: skip


def population(day: date, n: int) -> Cells:
    return {
        "kota": "Kota Depok", "usia": "25-34", "jenis_kelamin": "P", "pendidikan": "S1",
        "pekerjaan": f"Kelompok {n}", "tahun": "2026", "jumlah": "1.000",
    }  # fmt: skip


def mail_orders(day: date, n: int) -> Cells:
    return {
        "No Pesanan": f"SP{day:%m%d}{n}", "Tanggal": f"{day:%d/%m/%Y}", "No Pelanggan": "", "Nama": "",
        "Alamat": "", "Kode Pos": "", "Telepon": "", "Email": "", "Baris": "1", "Kode": "10001",
        "Nama Barang": "Kopi", "Jumlah": "1", "Harga": "15500", "Total": "15500", "Bayar": "transfer",
        "Kota": "Kota Depok", "Status": "selesai", "Retur Dari": "",
    }  # fmt: skip


def marketplace(day: date, n: int) -> Cells:
    return {
        "No Pesanan": f"MP{day:%m%d}{n}", "Waktu Pesanan": f"{day} 10:00", "ID Pembeli": "",
        "Nama Pembeli": "", "No HP": "", "Kota": "Kota Depok", "Baris": "1", "SKU": "10001",
        "Nama Produk": "Kopi", "Jumlah": "1", "Harga Satuan": "Rp15.500", "Diskon": "Rp0",
        "Total": "Rp15.500", "Status": "Selesai", "Pembayaran": "qris",
    }  # fmt: skip


def email_campaigns(day: date, n: int) -> Cells:
    return {"campaign": "C1", "email": f"agus{n}@toko.id", "event": "opened", "at": f"{day}T08:00:00"}


def campaign_targets(day: date, n: int) -> Cells:
    return {"campaign": "C1", "email": f"agus{n}@toko.id", "assigned_on": f"{day}", "group": "test"}


def partner(day: date, n: int) -> Cells:
    return {
        "order": f"P{day:%m%d}{n}", "day": f"{day}", "qty": "2", "price": "100", "discount": "10",
        "amount": "190", "cost": "50", "currency": "IDR", "status": "completed",
    }  # fmt: skip


def billing(day: date, n: int) -> Cells:
    return {"policy": f"POL{n}", "due": f"{day}", "paid": f"{day}", "amount": "100"}


def wishes(day: date, n: int) -> Cells:
    return {"id": f"M{n}", "channel": "email", "most": "4"}


def goals(day: date, n: int) -> Cells:
    return {"seller": f"S{n}", "month": "2026-10-01", "target": "1000"}


def permissions(day: date, n: int) -> Cells:
    return {"id": f"M{n}", "purpose": "marketing", "granted": "true", "at": f"{day} 10:00"}


def courier(day: date, n: int) -> Cells:
    return {"parcel": f"K{day:%m%d}{n}", "at": f"{day} 10:00", "status": "delivered"}


def points(day: date, n: int) -> Cells:
    return {"id": f"M{n}", "at": f"{day} 10:00", "type": "earn", "points": "5"}


GOOD = {
    row.__name__: row
    for row in (
        pos, loyalty_points, loyalty, deliveries, web_forms, service_calls, campaigns, products, population,
        mail_orders, marketplace, email_campaigns, campaign_targets, partner, billing, wishes, goals,
        permissions, courier, points,
    )
}  # fmt: skip
DELIMITERS = {"mail_orders": ",", "email_campaigns": ",", "campaign_targets": ","}

_OWN = """
    channel: {name}
    source:
      path: landing/{name}/*.csv
      options: {{delimiter: ";", dates: ymd, decimal: "."}}
      arrived: name:%Y-%m-%d
    maps:
      {contract}: {{{fields}}}
"""
OWN_CHANNELS = [
    dedent(_OWN.format(name=name, contract=contract, fields=fields))
    for name, contract, fields in (
        (
            "partner", "order_lines",
            "order_id: order, ordered_at: day, quantity: qty, unit_price: price, discount: discount,"
            " amount: amount, cost: cost, currency: currency, status: status",
        ),
        ("billing", "premiums", "policy_id: policy, due_on: due, paid_on: paid, amount: amount"),
        ("wishes", "preferences", "source_id: id, channel: channel, max_per_month: most"),
        ("goals", "sales_targets", "salesperson: seller, month: month, target: target"),
        ("permissions", "consents", "source_id: id, purpose: purpose, granted: granted, at: at"),
        ("courier", "deliveries", "delivery_id: parcel, at: at, status: status"),
        ("points", "loyalty_events", "source_id: id, at: at, type: type, points: points"),
    )
]  # fmt: skip


def fault(name: str, where: str, cells: Cells, *caught: str, severity: Severity = "error") -> Fault:
    return Fault(name, where, caught, severity, cells)


ROW_FAULTS = (
    fault("a day that does not exist", "pos", {"Tgl": "31/02/2026"}, "order_lines.1 unparseable ordered_at"),
    fault("a day in words", "mail_orders", {"Tanggal": "besok"}, "order_lines.1 unparseable ordered_at"),
    fault("no day", "marketplace", {"Waktu Pesanan": ""}, "order_lines.1 required ordered_at"),
    fault("a day in the year 1900", "partner", {"day": "1900-01-01"}, "order_lines.1 date_plausible "),
    fault("a day years ahead", "partner", {"day": "2031-10-09"}, "order_lines.1 date_plausible "),
    fault("no order number", "pos", {"No Struk": ""}, "order_lines.1 required order_id"),
    fault("a quantity in words", "mail_orders", {"Jumlah": "satu"}, "order_lines.1 unparseable quantity"),
    fault("a price in words", "pos", {"Harga": "gratis"}, "order_lines.1 unparseable unit_price"),
    fault("an amount in words", "marketplace", {"Total": "banyak"}, "order_lines.1 unparseable amount"),
    fault("a discount in words", "partner", {"discount": "some"}, "order_lines.1 unparseable discount"),
    fault("a cost in words", "partner", {"cost": "unknown to us"}, "order_lines.1 unparseable cost"),
    fault(
        "neither amount nor price", "marketplace", {"Total": "", "Harga Satuan": ""},
        "order_lines.1 line_has_amount ",
    ),
    fault("an amount of millions of millions", "partner", {"amount": "2000000000000"}, "order_lines.1 amount_plausible "),
    fault("another currency", "partner", {"currency": "USD"}, "order_lines.1 currency_known "),
    fault("an unknown order status", "partner", {"status": "lost"}, "order_lines.1 vocabulary status"),
    fault("an amount that does not add up", "partner", {"amount": "150"}, "order_lines.1 line_adds_up ", severity="warn"),
    fault(
        "a quantity of zero with an amount", "partner", {"qty": "0", "price": "", "discount": ""},
        "order_lines.1 quantity_not_zero ", severity="warn",
    ),
    fault("signs that differ", "partner", {"qty": "-2", "discount": "", "amount": "200"}, "order_lines.1 signs_agree ", severity="warn"),
    fault(
        "a discount above the price", "partner", {"discount": "300", "amount": "-100"},
        "order_lines.1 discount_within_price ", "order_lines.1 signs_agree ", severity="warn",
    ),
    fault("a sign-up on no day", "loyalty", {"Tgl": "99/99/2026"}, "contacts.1 unparseable seen_at", "consents.1 unparseable at"),
    fault(
        "a form that says nothing usable", "web_forms", {"No Form": "", "Nama": "", "Email": "nothing", "No HP": ""},
        "contacts.1 contact_has_identity ", "interactions.1 required source_id",
    ),
    fault("an identity number too short", "loyalty", {"NIK": "32730152"}, "contacts nik", severity="blank"),
    fault("an address of e-mail that is none", "loyalty", {"Email": "sri at toko"}, "contacts email", severity="blank"),
    fault("a phone number of two digits", "service_calls", {"No HP": "12"}, "contacts phone", severity="blank"),
    fault("an unknown sex", "loyalty", {"JK": "Q"}, "contacts sex", severity="blank"),
    fault("a birthday that does not exist", "loyalty", {"Tgl Lahir": "31/02/1990"}, "contacts birth_date", severity="blank"),
    fault("a birthday of two centuries ago", "loyalty", {"Tgl Lahir": "12/03/1790"}, "contacts birth_date", severity="blank"),
    fault("a postcode of letters", "loyalty", {"Kode Pos": "ABCDE"}, "contacts postcode", severity="blank"),
    fault("a placeholder for a name", "loyalty", {"Nama": "test"}, "contacts.1 name_is_a_name ", severity="warn"),
    fault("digits in a name", "loyalty", {"Nama": "Sri 08 Hartati"}, "contacts.1 name_without_digits ", severity="warn"),
    fault(
        "an identity number of another birthday", "loyalty", {"NIK": "3273015203900001", "Tgl Lahir": "05/05/1985"},
        "contacts.1 nik_says_the_birth_date ", severity="warn",
    ),
    fault(
        "an identity number of the other sex", "loyalty", {"NIK": "3273015203900001", "JK": "L"},
        "contacts.1 nik_says_the_sex ", severity="warn",
    ),
    fault("a call without a ticket", "service_calls", {"No Tiket": ""}, "interactions.1 required source_id"),
    fault(
        "a call at the beginning of time", "service_calls", {"Waktu": "01-01-1970 00:00"},
        "contacts.1 date_plausible ", "interactions.1 date_plausible ",
    ),
    fault("an e-mail event yesterday", "email_campaigns", {"at": "yesterday"}, "interactions.1 unparseable at"),
    fault("a target of no campaign", "campaign_targets", {"campaign": ""}, "campaign_targets.1 required campaign_id"),
    fault("consent that may be", "permissions", {"granted": "perhaps"}, "consents.1 unparseable granted"),
    fault("consent to nothing", "permissions", {"purpose": ""}, "consents.1 required purpose"),
    fault("consent of nobody", "permissions", {"id": ""}, "consents.1 required source_id"),
    fault("points in words", "loyalty_points", {"Poin": "seratus"}, "loyalty_events.1 unparseable points"),
    fault("no points", "loyalty_points", {"Poin": ""}, "loyalty_events.1 required points"),
    fault("points earned below zero", "loyalty_points", {"Poin": "-5"}, "loyalty_events.1 points_have_their_sign "),
    fault("points burnt above zero", "loyalty_points", {"Jenis": "tukar"}, "loyalty_events.1 points_have_their_sign "),
    fault("points by the thousand million", "loyalty_points", {"Poin": "5.000.000.000"}, "loyalty_events.1 points_plausible "),
    fault("a balance below zero", "loyalty_points", {"Saldo": "-40"}, "loyalty_events.1 balance_not_negative ", severity="warn"),
    fault("an unknown kind of points", "points", {"type": "bonus"}, "loyalty_events.1 vocabulary type"),
    fault("a delivery some time", "deliveries", {"Waktu": "nanti"}, "deliveries.1 unparseable at"),
    fault("a parcel without number", "deliveries", {"No Resi": ""}, "deliveries.1 required delivery_id"),
    fault("an attempt number zero", "deliveries", {"Percobaan": "0"}, "deliveries.1 attempt_counts_from_one "),
    fault("an unknown state of a delivery", "courier", {"status": "lost"}, "deliveries.1 vocabulary status"),
    fault("a product without number", "products", {"kode": ""}, "products.1 required product_id"),
    fault("a product cost in words", "products", {"hpp": "murah"}, "products.1 unparseable cost"),
    fault("a product cost below zero", "products", {"hpp": "-8.000"}, "products.1 prices_not_negative "),
    fault("a product below its cost", "products", {"harga": "6.000"}, "products.1 price_covers_cost ", severity="warn"),
    fault("a pack size below zero", "products", {"isi": "-25"}, "products.1 usage_not_negative ", severity="warn"),
    fault("a campaign without number", "campaigns", {"kode": ""}, "campaigns.1 required campaign_id"),
    fault("a campaign that ends before it starts", "campaigns", {"selesai": "01/09/2026"}, "campaigns.1 ends_after_it_starts "),
    fault("a campaign cost below zero", "campaigns", {"biaya": "-5.000.000"}, "campaigns.1 cost_not_negative "),
    fault("a campaign cost in words", "campaigns", {"biaya": "mahal"}, "campaigns cost", severity="blank"),
    fault("people below zero", "population", {"jumlah": "-5"}, "population.1 people_not_negative "),
    fault("people in words", "population", {"jumlah": "banyak"}, "population.1 unparseable people"),
    fault("people of no city", "population", {"kota": ""}, "population.1 required city"),
    fault("people of the year 3", "population", {"tahun": "3"}, "population.1 year_plausible "),
    fault("a premium below zero", "billing", {"amount": "-1"}, "premiums.1 amount_not_negative "),
    fault("a premium paid in the future", "billing", {"paid": "2027-03-01"}, "premiums.1 paid_within_reach "),
    fault("a premium due on no day", "billing", {"due": "2026-13-01"}, "premiums.1 unparseable due_on"),
    fault("contacts a month below zero", "wishes", {"most": "-1"}, "preferences.1 count_not_negative "),
    fault("a preference for no channel", "wishes", {"channel": ""}, "preferences.1 required channel"),
    fault("a sales target below zero", "goals", {"target": "-1"}, "sales_targets.1 target_not_negative "),
    fault("a sales target of no month", "goals", {"month": "someday"}, "sales_targets.1 unparseable month"),
)  # fmt: skip
