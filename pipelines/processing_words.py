"""The words of the record of processing: its codes as people say them, in both languages."""

from __future__ import annotations

from warehouse.contracts import Text

BASES = {
    "consent": Text("consent", "persetujuan"),
    "contract": Text("contract with the person", "perjanjian dengan orangnya"),
    "legal_obligation": Text("legal obligation", "kewajiban hukum"),
    "vital_interest": Text("vital interest", "kepentingan vital"),
    "public_interest": Text("public interest or service", "kepentingan atau pelayanan publik"),
    "legitimate_interest": Text("other legitimate interest", "kepentingan sah lainnya"),
}
CLASSES = {
    "specific": Text("specific", "spesifik"),
    "personal": Text("personal", "pribadi"),
    "quasi": Text("indirect", "tak langsung"),
    "pseudonym": Text("pseudonymous", "pseudonim"),
    "internal": Text("business", "bisnis"),
    "public": Text("public", "publik"),
}
MEASURES = {
    "private_folders": Text(
        "Raw files, vault and ledgers are readable by their owner only",
        "Berkas mentah, brankas dan buku besar hanya terbaca pemiliknya",
    ),
    "private_key": Text(
        "The secret key is readable by its owner only", "Kunci rahasia hanya terbaca pemiliknya"
    ),
    "keyed_pseudonyms": Text(
        "Customer numbers are keyed hashes (HMAC-SHA-256)",
        "Nomor pelanggan adalah hash berkunci (HMAC-SHA-256)",
    ),
    "bi_without_personal_columns": Text(
        "No personal column in tables for BI", "Tanpa kolom pribadi di tabel BI"
    ),
    "vault_use_recorded": Text("Looks into the vault are recorded", "Akses ke brankas dicatat"),
    "encryption_at_rest": Text("The vault is encrypted by Satu", "Brankas dienkripsi oleh Satu"),
}
CRITERIA = {
    "evaluation": Text("People are evaluated or scored", "Orang dievaluasi atau diberi skor"),
    "specific_data": Text("Specific data are processed", "Data spesifik diproses"),
    "children": Text("Children are among them", "Ada anak di antaranya"),
    "large_scale": Text("Large scale (10,000 persons or more)", "Skala besar (10.000 orang atau lebih)"),
    "matching": Text("Sets of data are matched or merged", "Kumpulan data dicocokkan atau digabungkan"),
}
MATCHING = {
    "estimated_precision": Text("Records joined rightly, estimated", "Catatan digabung benar, perkiraan"),
    "estimated_f1": Text("F1 of joining, estimated", "F1 penggabungan, perkiraan"),
    "pairs_to_review": Text("Pairs waiting for a steward", "Pasangan menunggu petugas"),
    "pairs_vetoed": Text("Pairs kept apart by a contradiction", "Pasangan dipisah karena pertentangan"),
}
KEPT = {
    "daily_tables": Text("Tables of single days", "Tabel harian"),
    "month_ends": Text("Tables of month-ends", "Tabel akhir bulan"),
}
AMISS = {
    "not_used": Text("collected, not used", "dikumpulkan, tidak dipakai"),
    "not_mapped": Text("registered, mapped by no channel", "terdaftar, tak dipetakan kanal mana pun"),
}
PURPOSES = {
    "analysis": Text("analysis", "analisis"),
    "billing": Text("billing", "penagihan"),
    "consent": Text("proof of consent", "bukti persetujuan"),
    "contact": Text("contact", "menghubungi"),
    "delivery": Text("delivery", "pengiriman"),
    "greeting": Text("greetings", "ucapan"),
    "identity": Text("telling people apart", "mengenali orang"),
    "loyalty": Text("loyalty programme", "program loyalitas"),
    "marketing": Text("marketing", "pemasaran"),
    "sales": Text("sales", "penjualan"),
    "service": Text("service", "layanan"),
}
UNITS = {"day": Text("day", "hari"), "month": Text("month", "bulan"), "year": Text("year", "tahun")}
