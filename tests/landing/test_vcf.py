"""vCards as phones and address books write them: which columns come out, and from which line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.landing.case import DAY
from tests.landing.corpus.cards import card
from warehouse.landing import LandingTable, guess_format, read_file

GOOGLE = card(
    "N:Santoso;Budi;;Bpk.;S.E.", "FN:Bpk. Budi Santoso\\, S.E.", "item1.TEL:0812-3456-7890",
    "item1.X-ABLabel:WhatsApp", "TEL;TYPE=WORK:021-555 1234", "TEL;TYPE=WORK,FAX:021-555 1235",
    "TEL;TYPE=CELL,PREF:+62 811 1111 222", "TEL;TYPE=CELL:+62 811 1111 222", "EMAIL;TYPE=INTERNET:kedua@contoh.id",
    "EMAIL;TYPE=INTERNET,PREF:budi@contoh.id", "ADR;TYPE=WORK:;;Jl. Sudirman 1;Jakarta;DKI Jakarta;10110;Indonesia",
    "ADR;TYPE=HOME:;Blok B\\; No. 2;Jl. Melati 5\\nRT 01/RW 02;Bandung;Jawa Barat;40115;Indonesia",
    "ORG:PT Maju\\, Tbk;Penjualan;Ritel", "TITLE:Manajer", "BDAY:19850817", "NOTE:suka kopi\\; pagi", "URL:https://contoh.id",
    "CATEGORIES:Pelanggan,VIP", "UID:urn:uuid:1", "REV:20240304T101112Z", "X-MEMBER:M-1", "PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ",
)  # fmt: skip
APPLE = card(
    "N:Aminah;Siti;;;", "item1.EMAIL;type=INTERNET;type=pref:siti@contoh.id", 'TEL;type="cell,voice";type=pref:+62 813 1111 2222',
    "item2.ADR;type=HOME:;;Jl. Mawar 7;Senayan;;;", "item2.X-ABADR:id", "BDAY;X-APPLE-OMIT-YEAR=1604:1604-12-05",
    "X-SOCIALPROFILE;type=instagram;x-user=siti:https://instagram.com/siti", "X-ABShowAs:COMPANY", "NOTE:satu ", "  dua",
)  # fmt: skip
WHATSAPP = card(
    "N:;Toko Kita;;;",
    "FN:Toko Kita",
    "TEL;type=CELL;waid=6281234567890:0812-3456-7890",
    "X-WA-BIZ-NAME:Toko Kita Jaya",
)
ANDROID = card(
    "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=44=65=77=69;=53=72=69;;;", "TEL;CELL;PREF:081311112222",
    "TEL;HOME;VOICE:0215551234", "NOTE;ENCODING=QUOTED-PRINTABLE:baris satu=0D=0Abaris=20=", "dua =E2=80=", "=94 tiga",
    "ADR;HOME;ENCODING=QUOTED-PRINTABLE;CHARSET=windows-1252:;;Jl. Caf=E9 1;Depok;;16411;", "PHOTO;ENCODING=BASE64;JPEG:",
    " /9j/4AAQSkZJRg", "  ABAQAASABIAAD", "", version="2.1",
)  # fmt: skip
LATEST = card(
    "FN:Rina", "TEL;VALUE=uri;PREF=2:tel:+62-21-555-0001;ext=5", 'TEL;VALUE=uri;PREF=1;TYPE="voice,work":tel:+62-21-555-0002',
    "EMAIL;PREF=1:mailto:rina@contoh.id", "BDAY:--0203", "GENDER:F;perempuan", "KIND:individual", version="4.0",
)  # fmt: skip


def read(path: Path, content: str | bytes) -> tuple[list[dict[str, str | int]], LandingTable]:
    """The rows of a file, each without its empty columns."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    table = read_file(path)
    rows = [row for batch in table.batches() for row in batch.to_pylist()]
    return [{name: value for name, value in row.items() if value is not None} for row in rows], table


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (GOOGLE, {
            "full_name": "Bpk. Budi Santoso, S.E.", "prefix": "Bpk.", "given_name": "Budi", "family_name": "Santoso", "suffix": "S.E.",
            "phone": "+62 811 1111 222, 0812-3456-7890, 021-555 1234", "mobile": "+62 811 1111 222", "work_phone": "021-555 1234",
            "fax": "021-555 1235", "whatsapp": "0812-3456-7890", "email": "budi@contoh.id", "other_emails": "kedua@contoh.id",
            "website": "https://contoh.id", "address": "Jl. Melati 5, RT 01/RW 02, Blok B; No. 2", "city": "Bandung", "region": "Jawa Barat",
            "postcode": "40115", "country": "Indonesia", "other_addresses": "Jl. Sudirman 1, Jakarta, DKI Jakarta, 10110, Indonesia",
            "company": "PT Maju, Tbk", "department": "Penjualan, Ritel", "job_title": "Manajer", "birth_date": "1985-08-17",
            "note": "suka kopi; pagi", "categories": "Pelanggan, VIP", "uid": "urn:uuid:1", "revised_at": "2024-03-04T10:11:12Z",
            "other_properties": "X-MEMBER=M-1",
        }),
        (APPLE, {
            "full_name": "Siti Aminah", "given_name": "Siti", "family_name": "Aminah", "phone": "+62 813 1111 2222",
            "mobile": "+62 813 1111 2222", "email": "siti@contoh.id", "address": "Jl. Mawar 7", "city": "Senayan",
            "birthday": "--12-05", "social_handle": "https://instagram.com/siti", "kind": "company", "note": "satu  dua",
            "other_properties": "X-ABADR=id",
        }),
        (WHATSAPP, {
            "full_name": "Toko Kita", "given_name": "Toko Kita", "phone": "0812-3456-7890", "mobile": "0812-3456-7890",
            "whatsapp": "+6281234567890", "company": "Toko Kita Jaya",
        }),
        (ANDROID, {
            "full_name": "Sri Dewi", "given_name": "Sri", "family_name": "Dewi", "phone": "081311112222, 0215551234", "mobile": "081311112222",
            "home_phone": "0215551234", "note": "baris satu\nbaris dua \u2014 tiga", "address": "Jl. Café 1", "city": "Depok", "postcode": "16411",
        }),
        (LATEST, {
            "full_name": "Rina", "phone": "+62-21-555-0002, +62-21-555-0001", "work_phone": "+62-21-555-0002", "email": "rina@contoh.id",
            "birthday": "--02-03", "sex": "F", "kind": "individual",
        }),
    ],
    ids=["google", "apple", "whatsapp", "android", "version 4"],
)  # fmt: skip
def test_a_card_becomes_a_row(content: str, expected: dict[str, str], tmp_path: Path) -> None:
    rows, table = read(tmp_path / "phone.vcf", content)
    assert rows == [expected | {"_line": 1}]
    assert table.rejects == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_however_text_is_written_the_rows_are_the_same(encoding: str, line_end: str, tmp_path: Path) -> None:
    content = "\n".join((card("FN:José"), "", card("FN:Ayu"))).replace("\r\n", "\n")
    rows, _ = read(tmp_path / "phone.vcf", content.replace("\n", line_end).encode(encoding))
    assert rows == [{"full_name": "José", "_line": 1}, {"full_name": "Ayu", "_line": 7}]


def test_broken_cards_are_set_aside_with_their_lines_and_the_others_come_in(tmp_path: Path) -> None:
    broken = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Budi\r\n"
    agent = card("FN:Ani", "AGENT:", *card("FN:Sekretaris").split("\r\n")[:-1], "TEL:0812")
    group = card("FN:Keluarga", "X-ADDRESSBOOKSERVER-KIND:group")
    rows, table = read(tmp_path / "phone.vcf", broken + agent + "salam\r\nhangat\r\n" + group + broken)
    assert rows == [{"full_name": "Ani", "phone": "0812", "_line": 4}]
    assert [(reject.line, reject.rule) for reject in table.rejects] == [
        (1, "card_not_closed"),
        (14, "card_text_outside"),
        (16, "card_of_a_group"),
        (21, "card_not_closed"),
    ]


def test_a_picture_is_never_kept_and_costs_nothing_however_long(tmp_path: Path) -> None:
    picture = ["PHOTO;ENCODING=BASE64;TYPE=JPEG:", *[" QUJD" * 15] * 60_000]
    rows, table = read(tmp_path / "phone.vcf", card("FN:Budi", *picture, "", "TEL:0812"))
    assert rows == [{"full_name": "Budi", "phone": "0812", "_line": 1}]
    _, table = read(tmp_path / "broken.vcf", "BEGIN:VCARD\nFN:Budi\n" + "\n".join(picture))
    assert [reject.raw_text for reject in table.rejects] == ["FN:Budi\nPHOTO;ENCODING=BASE64;TYPE=JPEG:"]


def test_a_card_longer_than_any_contact_is_set_aside(tmp_path: Path) -> None:
    note = ["NOTE:", *[" catatan" * 10] * 20_000]
    rows, table = read(tmp_path / "phone.vcf", card("FN:Budi", *note) + card("FN:Ayu"))
    assert [row["full_name"] for row in rows] == ["Ayu"]
    assert [(reject.line, reject.rule) for reject in table.rejects] == [(1, "card_too_long")]


@pytest.mark.parametrize("name", ["phone.vcf", "phone.txt", "phone.csv", "phone", "phone.vcf.json"])
def test_cards_are_known_whatever_the_file_is_called(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("\n" + card("FN:Budi"))
    assert guess_format(tmp_path / name) == guess_format(tmp_path / name, "csv") == "vcf"


def test_a_table_named_like_cards_is_read_as_what_it_is(tmp_path: Path) -> None:
    rows, table = read(tmp_path / "phone.vcf", f"nama,day\nBudi,{DAY}\n")
    assert rows == [{"nama": "Budi", "day": DAY, "_line": 2}]
    assert table.notes == ["the content is csv, not vcf"]
