"""What goes wrong in every company: rows nobody can read, files sent twice, exports that overlap.

Broken rows are written as they are. Those at even places end the history, the others end the last daily file.
Spreadsheet rows are given with cells parted by |.
"""

from __future__ import annotations

REDELIVERED = {("pos", 4), ("loyalty", 6)}  # (channel, number of the delivery): comes again under a new name
OVERLAPPING = {("pos", 9), ("web_shop", 7), ("loyalty_points", 5)}  # begins with two fifths of the day before

BROKEN_ROWS: dict[str, tuple[str, ...]] = {
    "pos": (
        "17/02/2025;10:11:00;STR-X-1;T01;K01;;10001",
        "17/09/2026;09:15:00;STR-X-2;T02;K02;;10002;Kopi;1,00;15.500,00;0,00;15.500,00;tunai;x;y;z",
        "31/02/2025;12:00:00;STR-X-3;T03;K01;;10003;Gula;1,00;17.600,00;0,00;17.600,00;tunai;Kota Depok;",
        "tanggal?;12:30:00;STR-X-4;T03;K01;;10003;Gula;1,00;17.600,00;0,00;17.600,00;tunai;Kota Depok;",
        "03/05/2025;14:40:00;;T04;K03;;20010;Beras;1,00;75.900,00;0,00;75.900,00;qris;Kota Bandung;",
        "29/09/2026;14:40:00;;T04;K03;;20010;Beras;1,00;75.900,00;0,00;75.900,00;qris;Kota Bandung;",
        "09/06/2025;16:05:00;STR-X-7;T05;K02;;20010;Beras;dua;75.900,00;0,00;151.800,00;debit;Kota Medan;",
        "30/09/2026;16:05:00;STR-X-8;T05;K02;;20010;Beras;1 dus;75.900,00;0,00;75.900,00;debit;Kota Medan;",
        "09/06/2025;16:06:00;STR-X-9;T05;K02;;20010;Beras;1,00;gratis;0,00;;debit;Kota Medan;",
    ),
    "web_shop": (
        '{"order_no":"WEB-X-1","created_at":"2025-13-40T10:00:00+07:00","status":"paid","items":[{"line":1,"sku":"10001",'
        '"qty":1,"price":15500,"total":15500}]}',
        '{"order_no":"WEB-X-2","created_at":"2026-09-29T10:00:00+07:00","status":"paid","items":[{"line":1,"sku":"10',
        '{"created_at":"2025-03-03T10:00:00+07:00","status":"paid","items":[{"line":1,"sku":"10001","qty":1,"price":15500,'
        '"total":15500}]}',
        '{"order_no":"WEB-X-4","created_at":"2026-09-30T10:00:00+07:00","status":"paid","items":[{"line":1,"sku":"10001",'
        '"qty":"banyak","price":15500,"total":15500}]}',
        "Error 502: Bad Gateway",
    ),
    "marketplace": (
        "|2025-05-05 10:00|||||1|10001|Kopi|1|Rp15.500|Rp0|Rp15.500|Selesai|Kota Depok|qris",
        "MPX00000002|kemarin|||||1|10001|Kopi|1|Rp15.500|Rp0|Rp15.500|Selesai|Kota Depok|qris",
        "MPX00000003|2025-06-06 11:00|||||1|10001|Kopi|dua|Rp15.500|Rp0|Rp31.000|Selesai|Kota Depok|qris",
    ),
    "mail_orders": (
        "SP-X-1,32 Januari 2025,,,,,,,1,10001,Kopi,1,15500,15500,transfer,Kota Solo,selesai,",
        "SP-X-2,30/09/2026,,,,,,,1,10001,Kopi,satu,15500,15500,transfer,Kota Solo,selesai,",
        ",12/03/2025,,,,,,,1,10001,Kopi,1,15500,15500,transfer,Kota Solo,selesai,",
        "SP-X-4,29/09/2026,Bpk. Tidak Lengkap",
    ),
    "web_forms": (
        "X-1;2025-02-30 10:00:00;Formulir Rusak;;;;promo;Ya;v2;instagram",
        "X-2;2026-09-30 10:00:00;Kolom Hilang",
        "X-3;bukan tanggal;Formulir Rusak;;;;promo;Ya;v2;instagram",
    ),
    "service_calls": (
        "X-1;99-99-2025 10:00;Panggilan Rusak;;;;masuk;keluhan;;terbuka;CS-01",
        "X-2;30-09-2026 10:00;Kolom;Terlalu;Banyak;;masuk;keluhan;;terbuka;CS-01;lagi;lagi",
    ),
    "deliveries": (
        "RESI-X-1;;;;;;;;JNX;terkirim;besok;1;",
        "RESI-X-2;WEB-1;W1;1;Kurang Kolom",
    ),
    "loyalty_points": (
        "TSX;03/13/2025 10:00;peroleh;seratus;;0",
        "TSX;29/09/2026 10:00;peroleh;;;",
    ),
    "email_campaigns": (
        "C-2025-01,not-an-address,opened,2025-01-99T08:00:00+07:00",
        "C-2026-09,,sent,yesterday",
        "C-2025-02,half a row",
    ),
}
