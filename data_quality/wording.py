"""What each kind of check looks at, what it says when it is red, and what to do then, in both languages.

`{column}`, `{key}`, `{values}`, `{bounds}`, `{other}` and `{rows}` come from the contract, never from data.
"""

from __future__ import annotations

from dataclasses import dataclass

from warehouse.contracts import Text


@dataclass(frozen=True)
class Wording:
    """What must hold (true to say of a green check), the fault of a red one, and the step that follows."""

    holds: Text
    problem: Text
    fix: Text


WORDINGS: dict[str, Wording] = {
    "schema": Wording(
        Text("Columns and types are those of the contract.", "Kolom dan tipe sesuai dengan kontrak."),
        Text("Columns or types differ from the contract.", "Kolom atau tipe berbeda dari kontrak."),
        Text(
            "Compare the model of this table with its contract file and change one of them.",
            "Bandingkan model tabel ini dengan berkas kontraknya, lalu ubah salah satunya.",
        ),
    ),
    "row_count": Wording(
        Text("The table has at least {rows} rows.", "Tabel berisi sedikitnya {rows} baris."),
        Text("The table has fewer than {rows} rows.", "Tabel berisi kurang dari {rows} baris."),
        Text(
            "Check that the day's files arrived and how many rows quarantine holds (`satu quarantine list`).",
            "Periksa apakah berkas hari itu tiba dan berapa baris di karantina (`satu quarantine list`).",
        ),
    ),
    "key_unique": Wording(
        Text(
            "Every row has a key of its own ({key}).",
            "Setiap baris memiliki kunci sendiri ({key}).",
        ),
        Text(
            "More than one row has the same key ({key}).",
            "Lebih dari satu baris memakai kunci yang sama ({key}).",
        ),
        Text(
            "Look for a join in the model that multiplies rows, or a file delivered under two names.",
            "Cari join yang menggandakan baris pada model, atau berkas yang dikirim dengan dua nama.",
        ),
    ),
    "key_not_null": Wording(
        Text(
            "{column}, a part of the key, is filled in every row.",
            "{column}, bagian dari kunci, terisi pada setiap baris.",
        ),
        Text("{column} is empty, and it is part of the key.", "{column} kosong, padahal bagian dari kunci."),
        Text(
            "Find the input of the model in which the key is missing; a row without key cannot be published.",
            "Cari masukan model yang kuncinya kosong; baris tanpa kunci tidak dapat diterbitkan.",
        ),
    ),
    "not_null": Wording(
        Text("{column} is filled in every row.", "{column} terisi pada setiap baris."),
        Text("{column} is empty where it must be filled.", "{column} kosong padahal wajib diisi."),
        Text(
            "See which channel leaves it empty (`satu check`), map it there or give the model a default.",
            "Lihat kanal yang mengosongkannya (`satu check`), petakan di sana atau beri nilai baku di model.",
        ),
    ),
    "in_set": Wording(
        Text("{column} holds only {values}, or nothing.", "{column} hanya berisi {values}, atau kosong."),
        Text("{column} holds something other than {values}.", "{column} berisi selain {values}."),
        Text(
            "Map the new word to a known one, or add it to the contract when it is meant.",
            "Petakan kata baru ke kata yang dikenal, atau tambahkan ke kontrak bila memang dimaksud.",
        ),
    ),
    "finite": Wording(
        Text("{column} holds only finite numbers.", "{column} hanya berisi angka berhingga."),
        Text("{column} is infinite or not a number.", "{column} tak hingga atau bukan angka."),
        Text(
            "Look for a division by zero or a logarithm of zero in the model; unknown is NULL.",
            "Cari pembagian dengan nol atau logaritma nol di model; yang tidak diketahui ditulis NULL.",
        ),
    ),
    "range": Wording(
        Text("{column} is {bounds} wherever it is filled.", "{column} bernilai {bounds} di mana pun terisi."),
        Text("{column} goes beyond its bounds ({bounds}).", "{column} melampaui batasnya ({bounds})."),
        Text(
            "Check units, decimal signs and dates of the channels that feed it, then the model.",
            "Periksa satuan, tanda desimal dan tanggal kanal asalnya, kemudian modelnya.",
        ),
    ),
    "reference": Wording(
        Text("Every {column} is found in {other}.", "Setiap {column} ditemukan di {other}."),
        Text("{column} is not found in {other}.", "{column} tidak ditemukan di {other}."),
        Text(
            "Rebuild both tables for the same day; if it stays, the two models select different rows.",
            "Bangun ulang kedua tabel untuk hari yang sama; bila tetap, kedua model memilih baris berbeda.",
        ),
    ),
}

ROW_RULE_FIX = Text(
    "Read the rule in the contract file, find its rows with `satu query`, correct the model or the source.",
    "Baca aturan di berkas kontrak, cari barisnya dengan `satu query`, perbaiki model atau sumbernya.",
)

NO_PERSONAL_COLUMNS, NO_PERSONAL_TEXT = "no_personal_columns", "no_personal_text"

PRIVACY_CHECKS: dict[str, Wording] = {
    NO_PERSONAL_COLUMNS: Wording(
        Text(
            "No column of this table for analysis is declared as personal data.",
            "Tidak ada kolom tabel analisis ini yang dinyatakan sebagai data pribadi.",
        ),
        Text(
            "A table for analysis declares a column of personal data.",
            "Tabel analisis menyatakan kolom berisi data pribadi.",
        ),
        Text(
            "Move the column to a vault table, or publish a band, code or pseudonym instead.",
            "Pindahkan kolom ke tabel vault, atau terbitkan kelompok, kode atau pseudonim.",
        ),
    ),
    NO_PERSONAL_TEXT: Wording(
        Text(
            "No text in this table looks like an e-mail address, phone, identity or card number.",
            "Tidak ada teks di tabel ini yang tampak seperti surel, nomor telepon, NIK atau nomor kartu.",
        ),
        Text(
            "Text in a table for analysis looks like an e-mail address, phone, identity or card number.",
            "Teks di tabel analisis tampak seperti surel, nomor telepon, NIK atau nomor kartu.",
        ),
        Text(
            "Find the source column that carries it and map it to a contact field or not at all.",
            "Cari kolom sumber yang memuatnya, lalu petakan ke bidang kontak atau jangan dipetakan.",
        ),
    ),
}

_REPORT_IT = Text(
    "Do not publish around it: it is an error in the code or on the disk; report it.",
    "Jangan menerbitkan dengan mengakalinya: ini kesalahan kode atau disk; laporkan.",
)

# Checks of one table that no rule of its contract can express; the night computes them.
NIGHT_CHECKS: dict[str, dict[str, Wording]] = {
    "conservation": {
        "mostly_accepted": Wording(
            Text(
                "No file of the day with 20 rows or more has most of them in quarantine.",
                "Tidak ada berkas hari itu dengan 20 baris atau lebih yang sebagian besar dikarantina.",
            ),
            Text(
                "Most rows of a file of the day are in quarantine.",
                "Sebagian besar baris suatu berkas hari itu berada di karantina.",
            ),
            Text(
                "See `satu quarantine list`, then correct the contract or ask for the file again.",
                "Lihat `satu quarantine list`, lalu perbaiki kontraknya atau minta berkasnya lagi.",
            ),
        ),
    },
    "order_lines": {
        "reconciliation": Wording(
            Text(
                "Accepted rows less replaced and void ones, returns negative = lines and their revenue.",
                "Baris sah dikurangi yang diganti dan batal, retur negatif = baris dan pendapatannya.",
            ),
            Text(
                "What the accepted order rows state and what the order lines count differ.",
                "Nilai baris pesanan yang sah dan nilai yang dihitung berbeda.",
            ),
            _REPORT_IT,
        ),
    },
    "pareto_summary": {
        "reconciliation": Wording(
            Text(
                "Sum of orders = ledger = pareto revenue + anonymous + customers at or below zero.",
                "Jumlah pesanan = buku besar = pendapatan pareto + anonim + pelanggan nol atau kurang.",
            ),
            Text(
                "The revenue of orders and that of customers differ.",
                "Pendapatan pesanan dan pendapatan pelanggan berbeda.",
            ),
            _REPORT_IT,
        ),
    },
    "product_sales": {
        "reconciliation": Wording(
            Text(
                "Every breakdown of every period = the order lines of its days, in quantity and money.",
                "Setiap rincian tiap periode = baris pesanan hari-harinya, dalam jumlah dan uang.",
            ),
            Text(
                "The quantity, revenue or margin of what was sold differs from that of the order lines.",
                "Jumlah, pendapatan atau laba barang terjual berbeda dari baris pesanannya.",
            ),
            _REPORT_IT,
        ),
    },
    "rfm_migration": {
        "balance": Wording(
            Text(
                "Flows by to_segment = today's rfm, by from_segment = that of the previous month-end.",
                "Arus per to_segment = rfm hari ini, per from_segment = rfm akhir bulan lalu.",
            ),
            Text(
                "The flows between segments do not add up to the segments.",
                "Arus antarsegmen tidak berjumlah sama dengan segmennya.",
            ),
            _REPORT_IT,
        ),
    },
    "clv_groups": {
        "balance": Wording(
            Text(
                "By every dimension, the groups add up to the customers and the sum of clv.",
                "Menurut setiap dimensi, kelompok berjumlah sama dengan pelanggan dan jumlah clv.",
            ),
            Text(
                "The groups do not add up to clv.",
                "Kelompok tidak berjumlah sama dengan clv.",
            ),
            _REPORT_IT,
        ),
    },
    "value_matrix": {
        "balance": Wording(
            Text(
                "At every horizon, the cells add up to the customers in clv.",
                "Pada setiap horizon, sel berjumlah sama dengan pelanggan dalam clv.",
            ),
            Text(
                "The cells of the matrix do not add up to the customers in clv.",
                "Sel matriks tidak berjumlah sama dengan pelanggan dalam clv.",
            ),
            _REPORT_IT,
        ),
    },
    "model_calibration": {
        "balance": Wording(
            Text(
                "The groups of every breakdown add up to all customers of the hold-out.",
                "Kelompok setiap rincian berjumlah sama dengan seluruh pelanggan yang diuji.",
            ),
            Text(
                "The groups of a breakdown do not add up to the customers of the hold-out.",
                "Kelompok suatu rincian tidak berjumlah sama dengan pelanggan yang diuji.",
            ),
            _REPORT_IT,
        ),
    },
    "market_potential": {
        "balance": Wording(
            Text(
                "Every breakdown adds up to all customers, buyers and their revenue in the window.",
                "Setiap rincian berjumlah sama dengan seluruh pelanggan, pembeli dan pendapatan jendela.",
            ),
            Text(
                "The groups of a breakdown do not add up to the customers or their revenue.",
                "Kelompok suatu rincian tidak berjumlah sama dengan pelanggan atau pendapatannya.",
            ),
            _REPORT_IT,
        ),
    },
    "pareto_groups": {
        "balance": Wording(
            Text(
                "Every dimension adds up to all orders of the window, in revenue and in profit.",
                "Setiap dimensi berjumlah sama dengan semua pesanan jendela, pendapatan dan laba.",
            ),
            Text(
                "The revenue or profit of a dimension differs from that of the orders.",
                "Pendapatan atau laba suatu dimensi berbeda dari pesanannya.",
            ),
            _REPORT_IT,
        ),
    },
    "lead_sources": {
        "balance": Wording(
            Text(
                "Every breakdown adds up to all customers and to the orders of known customers.",
                "Setiap rincian berjumlah sama dengan seluruh pelanggan dan pesanan pelanggan dikenal.",
            ),
            Text(
                "The leads of a breakdown, or their revenue or margin, do not add up.",
                "Prospek suatu rincian, atau pendapatan atau labanya, tidak berjumlah sama.",
            ),
            _REPORT_IT,
        ),
    },
    "cohorts": {
        "reconciliation": Wording(
            Text(
                "All cells + customers without a net-positive order day = orders of known customers.",
                "Semua sel + pelanggan tanpa hari belanja bernilai positif = pesanan pelanggan dikenal.",
            ),
            Text(
                "The revenue, margin or customers of the cohorts and those of the orders differ.",
                "Pendapatan, laba atau pelanggan kelompok berbeda dari pesanannya.",
            ),
            _REPORT_IT,
        ),
    },
}


def fault_and_fix(description: Text, default_fix: Text) -> tuple[Text, Text]:
    """A rule of a contract says what is wrong and, after a semicolon, what to do."""
    faults, fixes = [], []
    for sentence, default in ((description.en, default_fix.en), (description.id, default_fix.id)):
        fault, _, fix = sentence.rstrip(".").partition(";")
        faults.append(fault.strip())
        fixes.append(fix.strip() or default)
    return Text(*faults), Text(*fixes)


def fill(wording: Wording, **words: str) -> Wording:
    """The wording with its places filled in."""
    texts = (wording.holds, wording.problem, wording.fix)
    return Wording(*(Text(text.en.format(**words), text.id.format(**words)) for text in texts))
