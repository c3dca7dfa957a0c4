"""The words of the page of access: codes as people say them, values as people write them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from pipelines.explain_text import RULES, first_words
from pipelines.own_data import OTHER
from pipelines.pages.page import label
from pipelines.report_charts import grouped
from pipelines.report_words import CHURN_BANDS, MONTHS, SEGMENTS, STAGES, spoken
from warehouse.contracts import Text

YES, NO, NOTHING = Text("yes", "ya"), Text("no", "tidak"), Text("–", "–")
ANOTHER = Text("another person", "orang lain")
CONTACT_CHANNELS = {
    "email": Text("e-mail", "surel"),
    "whatsapp": Text("WhatsApp", "WhatsApp"),
    "sms": Text("SMS", "SMS"),
    "phone": Text("telephone", "telepon"),
    "mail": Text("letter", "surat"),
    "push": Text("message in the app", "pesan di aplikasi"),
    "social": Text("social media", "media sosial"),
    "any": Text("every way", "semua cara"),
}
PURPOSES = {
    "marketing": Text("offers and advertising", "penawaran dan iklan"),
    "service": Text("service", "layanan"),
    "identity": Text("knowing who you are", "mengenali Anda"),
    "contact": Text("reaching you", "menghubungi Anda"),
    "analysis": Text("statistics and forecasts", "statistik dan perkiraan"),
    "delivery": Text("delivering to you", "mengirim kepada Anda"),
    "sales": Text("selling and accounts", "penjualan dan pembukuan"),
    "consent": Text("keeping what you agreed to", "mencatat persetujuan Anda"),
    "loyalty": Text("the loyalty programme", "program loyalitas"),
    "billing": Text("billing", "penagihan"),
    "greeting": Text("greetings", "ucapan"),
    "any": Text("every purpose", "semua tujuan"),
}
REASONS = {
    "blacklisted": Text(
        "you are on our list of people to leave alone", "Anda ada di daftar yang tidak dihubungi"
    ),
    "fake": Text("the name looks like a test entry", "namanya tampak seperti entri uji"),
    "child": Text("you are under 18", "Anda di bawah 18 tahun"),
    "withdrawn": Text("you said no", "Anda menolak"),
    "suppressed": Text(
        "somebody with the same address or number said no", "orang dengan alamat atau nomor sama menolak"
    ),
    "no_consent": Text("you were not asked, or did not agree", "Anda belum ditanya atau belum setuju"),
    "no_valid_address": Text("we have no address that works", "kami tidak punya alamat yang berfungsi"),
    "complaint": Text("a complaint of yours is open", "keluhan Anda masih terbuka"),
    "declined": Text("you do not want it", "Anda tidak menginginkannya"),
    "quiet_hours": Text("you left no hour open for it", "Anda tidak membuka jam untuk itu"),
    "pressure": Text("we contacted you often lately", "belakangan kami sudah sering menghubungi Anda"),
}
CONTRACTS = {
    "contacts": Text("Who you are", "Siapa Anda"),
    "order_lines": Text("What you bought", "Yang Anda beli"),
    "interactions": Text("Calls, visits, messages, complaints", "Telepon, kunjungan, pesan, keluhan"),
    "deliveries": Text("Deliveries", "Pengiriman"),
    "consents": Text("What you agreed to", "Yang Anda setujui"),
    "preferences": Text("How you want to be contacted", "Cara Anda ingin dihubungi"),
    "loyalty_events": Text("Points", "Poin"),
    "premiums": Text("Premiums and instalments", "Premi dan angsuran"),
    "campaign_targets": Text("Campaigns you were chosen for", "Kampanye yang memilih Anda"),
}
RELATIONSHIPS = {
    "recipient": Text(
        "receives parcels from you, or sends them to you", "menerima paket dari Anda, atau mengirimnya"
    ),
    "referrer": Text("one of you was referred by the other", "yang satu merujuk yang lain"),
    "decision_maker": Text("works in the same company", "bekerja di perusahaan yang sama"),
    "household_member": Text("lives in your household", "tinggal serumah dengan Anda"),
}
TABLES = {
    "orders": Text("Your orders, after returns", "Pesanan Anda, setelah retur"),
    "runout": Text("What you may need again", "Yang mungkin Anda perlukan lagi"),
    "contact_pressure": Text("How often we contacted you lately", "Seberapa sering kami menghubungi Anda"),
    "journey": Text("Everything in order", "Semuanya berurutan"),
}
FIELDS = {
    "customer_id": Text("your number", "nomor Anda"),
    "full_name": Text("Name", "Nama"),
    "contact_channel": Text("Way", "Cara"),
    "address": Text("Address", "Alamat"),
    "field": Text("What to ask you", "Yang akan ditanyakan"),
    "status": Text("How it stands", "Keadaannya"),
    "direction": Text("Who contacted whom", "Siapa menghubungi siapa"),
    "source_id": Text("Your number there", "Nomor Anda di sana"),
    "contact_from": Text("Hour from", "Mulai jam"),
    "contact_until": Text("Hour until", "Sampai jam"),
    "language": Text("Language", "Bahasa"),
}
"""Fields whose contract speaks to those who fill them."""
COLUMNS = {
    "status": FIELDS["status"],
    "ordered_on": Text("Day", "Hari"),
    "channel": Text("From", "Dari"),
    "count_lines": Text("Lines", "Baris"),
    "net_revenue": Text("Paid", "Dibayar"),
    "product_family": Text("Kind of product", "Jenis produk"),
    "last_purchase": Text("Last bought", "Terakhir dibeli"),
    "purchases": Text("Days bought", "Hari membeli"),
    "run_out_date": Text("Likely needed again by", "Kira-kira perlu lagi pada"),
    "remind_on": Text("Day to remind you", "Hari mengingatkan"),
    "last_contact_on": Text("Last contact", "Kontak terakhir"),
    "count_contacts": Text("Contacts", "Kontak"),
    "count_campaigns": Text("Campaigns", "Kampanye"),
    "touched_on": Text("Day", "Hari"),
    "touch": Text("What happened", "Yang terjadi"),
    "detail": Text("More", "Keterangan"),
    "amount": Text("Amount", "Nilai"),
    "points": Text("Points", "Poin"),
}
"""Columns of what was computed, as far as the page shows them."""
_CODES = {
    **{name: text for name, (text, _) in STAGES.items()},
    **SEGMENTS,
    **{name: text for name, (text, _) in CHURN_BANDS.items()},
    **RULES,
    **CONTACT_CHANNELS,
    **REASONS,
    "completed": Text("completed", "selesai"),
    "cancelled": Text("cancelled", "dibatalkan"),
    "returned": Text("returned", "dikembalikan"),
    "part_returned": Text("partly returned", "dikembalikan sebagian"),
    "delivered": Text("delivered", "terkirim"),
    "failed": Text("failed", "gagal"),
    "inbound": Text("you contacted us", "Anda menghubungi kami"),
    "outbound": Text("we contacted you", "kami menghubungi Anda"),
    "female": Text("female", "perempuan"),
    "male": Text("male", "laki-laki"),
    "entered": Text("joined", "masuk"),
    "stayed": Text("in it", "di dalamnya"),
    "left": Text("left", "keluar"),
    "order": Text("order", "pesanan"),
    "return": Text("return", "pengembalian"),
    "interaction": Text("contact", "kontak"),
    "registered": Text("registration", "pendaftaran"),
    "named": Text("named by somebody else", "disebut orang lain"),
    "consent_given": Text("consent given", "persetujuan diberikan"),
    "consent_withdrawn": Text("consent withdrawn", "persetujuan dicabut"),
    "delivery_failed": Text("delivery failed", "pengiriman gagal"),
    "delivery_returned": Text("delivery came back", "kiriman kembali"),
    "earn": Text("earned", "diperoleh"),
    "burn": Text("spent", "dipakai"),
    "expire": Text("expired", "hangus"),
    "adjust": Text("adjusted", "disesuaikan"),
    "same": Text("one person", "satu orang"),
    "different": Text("two people", "dua orang"),
}


def word(code: Any, words: dict[str, Text] | None = None) -> Text:
    """A code as people say it."""
    if code is None:
        return NOTHING
    return (_CODES if words is None else words).get(str(code)) or spoken(str(code))


def head(description: Text) -> Text:
    """The first words of a description, for the head of a column."""
    return Text(first_words(description.en), first_words(description.id))


def day(value: date | str | None) -> Text:
    """A day as people write it."""
    if value is None or value == "":
        return NOTHING
    on = date.fromisoformat(value) if isinstance(value, str) else value
    return Text(
        f"{on.day} {MONTHS['en'][on.month - 1]} {on.year}", f"{on.day} {MONTHS['id'][on.month - 1]} {on.year}"
    )


def moment(value: datetime, zone: ZoneInfo) -> Text:
    """A time, kept in UTC, as the company's clocks show it; only the day where no more is known."""
    local = value.replace(tzinfo=value.tzinfo or UTC).astimezone(zone)
    on = day(local.date())
    if (local.hour, local.minute, local.second) == (0, 0, 0):
        return on
    return Text(f"{on.en}, {local:%H:%M}", f"{on.id}, {local:%H.%M}")


def shown(value: Any, zone: ZoneInfo, is_code: bool = False) -> str:
    """A value as HTML, in both languages where it is written differently."""
    if value is None:
        return label(NOTHING)
    if value == OTHER:
        return label(ANOTHER)
    if isinstance(value, bool):
        return label(YES if value else NO)
    if isinstance(value, datetime):
        return label(moment(value, zone))
    if isinstance(value, date):
        return label(day(value))
    if isinstance(value, Decimal):
        return label(_number(value))
    if isinstance(value, list):
        return ", ".join(shown(entry, zone, is_code) for entry in value)
    return label(word(value)) if is_code else escape(str(value))


def _number(value: Decimal) -> Text:
    whole = grouped(float(value))
    if value == value.to_integral_value():
        return whole
    text = f"{value.normalize():,f}"
    return Text(text, text.replace(",", ";").replace(".", ",").replace(";", "."))
