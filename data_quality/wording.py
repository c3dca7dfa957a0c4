"""What each kind of check says when it is red, and what to do about it, in both languages.

`{column}`, `{key}`, `{values}`, `{low}`, `{high}`, `{other}` and `{rows}` come from the contract, never from
data.
"""

from __future__ import annotations

from dataclasses import dataclass

from warehouse.contracts import Text


@dataclass(frozen=True)
class Wording:
    """The sentence of a kind of check and the step that follows from it."""

    problem: Text
    fix: Text


WORDINGS: dict[str, Wording] = {
    "schema": Wording(
        Text("Columns or types differ from the contract.", "Kolom atau tipe berbeda dari kontrak."),
        Text(
            "Compare the model of this table with its contract file and change one of them.",
            "Bandingkan model tabel ini dengan berkas kontraknya, lalu ubah salah satunya.",
        ),
    ),
    "row_count": Wording(
        Text("The table has fewer than {rows} rows.", "Tabel berisi kurang dari {rows} baris."),
        Text(
            "Check that the day's files arrived and how many rows quarantine holds (`satu quarantine list`).",
            "Periksa apakah berkas hari itu tiba dan berapa baris di karantina (`satu quarantine list`).",
        ),
    ),
    "key_unique": Wording(
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
        Text("{column} is empty, and it is part of the key.", "{column} kosong, padahal bagian dari kunci."),
        Text(
            "Find the input of the model in which the key is missing; a row without key cannot be published.",
            "Cari masukan model yang kuncinya kosong; baris tanpa kunci tidak dapat diterbitkan.",
        ),
    ),
    "not_null": Wording(
        Text("{column} is empty where it must be filled.", "{column} kosong padahal wajib diisi."),
        Text(
            "See which channel leaves it empty (`satu check`), map it there or give the model a default.",
            "Lihat kanal yang mengosongkannya (`satu check`), petakan di sana atau beri nilai baku di model.",
        ),
    ),
    "in_set": Wording(
        Text("{column} holds something other than {values}.", "{column} berisi selain {values}."),
        Text(
            "Map the new word to a known one, or add it to the contract when it is meant.",
            "Petakan kata baru ke kata yang dikenal, atau tambahkan ke kontrak bila memang dimaksud.",
        ),
    ),
    "finite": Wording(
        Text("{column} is infinite or not a number.", "{column} tak hingga atau bukan angka."),
        Text(
            "Look for a division by zero or a logarithm of zero in the model; unknown is NULL.",
            "Cari pembagian dengan nol atau logaritma nol di model; yang tidak diketahui ditulis NULL.",
        ),
    ),
    "range": Wording(
        Text("{column} lies outside {low} to {high}.", "{column} berada di luar {low} sampai {high}."),
        Text(
            "Check units, decimal signs and dates of the channels that feed it, then the model.",
            "Periksa satuan, tanda desimal dan tanggal kanal asalnya, kemudian modelnya.",
        ),
    ),
    "reference": Wording(
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
            "Text in a table for analysis looks like an e-mail address, phone, identity or card number.",
            "Teks di tabel analisis tampak seperti surel, nomor telepon, NIK atau nomor kartu.",
        ),
        Text(
            "Find the source column that carries it and map it to a contact field or not at all.",
            "Cari kolom sumber yang memuatnya, lalu petakan ke bidang kontak atau jangan dipetakan.",
        ),
    ),
}


def fill(text: Text, **words: str) -> Text:
    """The text with its places filled in."""
    return Text(text.en.format(**words), text.id.format(**words))
