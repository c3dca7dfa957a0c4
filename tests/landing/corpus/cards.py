"""vCards: contacts as phones, address books and messengers hand them on."""

from __future__ import annotations

from tests.landing.case import Case


def card(*lines: str, version: str = "3.0") -> str:
    """One card with CR LF after every line."""
    return "\r\n".join(["BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""])


def joined(*texts: str, line_end: str = "\r\n") -> str:
    """Cards one after another in one file."""
    return "".join(texts).replace("\r\n", line_end)


BUDI = card(
    "N:Santoso;Budi;;;", "FN:Budi Santoso", "TEL;TYPE=CELL:0812-3456-7890", "REV:2024-03-04T10:11:12Z"
)
AYU = card("FN:Ayu Lestari", "TEL;TYPE=CELL:0813-1111-2222")
OPEN = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Dodi\r\n"
QUOTED = card(
    "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:;=42=75=64=69=20=53=61=", "=6E=74=6F=73=6F;;;", "TEL;CELL:081234567001",
    "NOTE;ENCODING=QUOTED-PRINTABLE:100=25=0D=0A=", "BEGIN akhir", version="2.1",
)  # fmt: skip
CHARSET = card(
    "N;CHARSET=WINDOWS-1252;ENCODING=QUOTED-PRINTABLE:;Ren=E9e;;;", "TEL;CELL:081234567002", version="2.1"
)
UNKNOWN_CHARSET = card(
    "N;CHARSET=X-NOKIA;QUOTED-PRINTABLE:;Ren=C3=A9e;;;", "TEL;CELL:081234567003", version="2.1"
)
CUT_QUOTED = card("FN:Eka", "TEL:081234567004", "NOTE;ENCODING=QUOTED-PRINTABLE:cut off=", version="2.1")
GROUPED = card(
    "item1.TEL:081234567005", "item1.X-ABLabel:_$!<Mobile>!$_", "FN:Fajar", "item2.URL:https\\://contoh.id"
)
FOLDED = card("FN:Gita Per", " matasari", "TEL:08123", " 4567006")
STRAY = card("FN:Hadi", "TEL:081234567007", "NOTE:a line end", "that nobody escaped", "", "and a blank line")
WITHIN = card(
    "FN:Indra", "TEL:081234567008", "AGENT:", *card("FN:Secretary").split("\r\n")[:-1], "NOTE:after"
)
PICTURE = card(
    "FN:Joko", "TEL:081234567009", "PHOTO;ENCODING=b;TYPE=JPEG:" + "QUJD" * 18, *[" " + "QUJD" * 18] * 40_000
)
GROUP = card("FN:Keluarga", "X-ADDRESSBOOKSERVER-KIND:group", "X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:1")
SMALL = "begin:vcard\nversion:3.0\nfn:Lina\ntel;type=cell:081234567010\nend:vcard\n"
LINKS = card(
    "FN:Maya",
    'TEL;VALUE=uri;TYPE="cell,voice":tel:+62-812-3456-7011',
    "EMAIL:mailto:maya@contoh.id",
    version="4.0",
)
UNDATED = card("FN:Nia", "TEL:081234567012", "REV:kemarin")

CARDS = (
    Case("contacts of a phone, one after another", "phone.vcf", joined(BUDI, AYU), accepted=2, channel="phones"),
    Case("contacts with LF alone and blank lines between", "unix.vcf", joined(AYU.replace("2222", "2223"), "\r\n", SMALL, line_end="\n"), accepted=2, channel="phones"),
    Case("contacts with CR alone", "mac.vcf", joined(AYU.replace("2222", "2224"), AYU.replace("2222", "2225"), line_end="\r"), accepted=2, channel="phones"),
    Case("vCard 2.1 with quoted-printable text and soft line breaks", "quoted.vcf", QUOTED, accepted=1, channel="phones"),
    Case("quoted-printable in another charset, and in one nobody knows", "charset.vcf", joined(CHARSET, UNKNOWN_CHARSET), accepted=2, channel="phones"),
    Case("a soft line break before END:VCARD", "soft.vcf", CUT_QUOTED, accepted=1, channel="phones"),
    Case("labels in a property of their own, as Apple and Google write them", "labels.vcf", GROUPED, accepted=1, channel="phones"),
    Case("a name and a number folded in the middle", "folded.vcf", FOLDED, accepted=1, channel="phones"),
    Case("line ends in a note that nobody escaped", "note.vcf", STRAY, accepted=1, channel="phones"),
    Case("a card within a card", "agent.vcf", WITHIN, accepted=1, channel="phones"),
    Case("a picture of 3 MB", "picture.vcf", PICTURE, accepted=1, channel="phones", note="pictures are never stored"),
    Case("vCard 4.0 with links for numbers", "four.vcf", LINKS, accepted=1, channel="phones"),
    Case("contacts in UTF-16", "utf16.vcf", AYU.replace("2222", "2226").encode("utf-16"), accepted=1, channel="phones"),
    Case("contacts in cp1252", "cp1252.vcf", card("FN:José", "TEL:081234567013").encode("cp1252"), accepted=1, channel="phones"),
    Case("contacts in a file called .csv", "contacts.csv", AYU.replace("2222", "2227"), accepted=1, channel="phones"),
    Case("a card that is not closed before the next", "open.vcf", joined(OPEN, AYU.replace("2222", "2228")), accepted=1, quarantined=1, message="the card is not closed by END:VCARD", channel="phones"),
    Case("a half-written file of contacts", "half.vcf", joined(AYU.replace("2222", "2229"), OPEN), accepted=1, quarantined=1, message="the card is not closed by END:VCARD", channel="phones"),
    Case("text between contacts", "text.vcf", joined(AYU.replace("2222", "2230"), "Salam,\r\nBudi\r\n", AYU.replace("2222", "2231")), accepted=2, quarantined=1, message="text stands between cards", channel="phones"),
    Case("a group of contacts", "group.vcf", joined(GROUP, AYU.replace("2222", "2232")), accepted=1, quarantined=1, message="the card lists the members of a group", channel="phones"),
    Case("a NUL character in a card", "nul.vcf", joined(card("FN:A\0B"), AYU.replace("2222", "2233")), accepted=1, quarantined=1, message="the row holds a NUL character", channel="phones"),
    Case("a day of revision that is none", "undated.vcf", UNDATED, quarantined=1, message="seen_at cannot be read", stage="rules", channel="phones"),
    Case("a list named like contacts", "list.vcf", "nama,hp\nBudi,0812\n", quarantined=1, whole=True, message="none of its columns (2) is one that this channel maps", stage="rules", channel="phones"),
)  # fmt: skip
