"""Delivered contacts that name a person as only their reader understands are listed like any other file."""

from __future__ import annotations

from pathlib import Path

import pytest

from assets.context import open_context
from assets.landing_erasure import landing_files_with
from data_quality.needles import Needle
from tests.support.nights import company, write

LIST = """
    channel: guests
    source:
      path: landing/guests/*
    maps:
      contacts:
        - source_id: uid
          email: email
"""


def vcards(home: Path, name: str, *lines: str, encoding: str = "utf-8") -> Path:
    text = "\r\n".join(["BEGIN:VCARD", *lines, "END:VCARD", ""])
    return write(home, f"landing/guests/{name}", text.encode(encoding))


AGENT = ("FN:Agus", "AGENT:", "BEGIN:VCARD", "VERSION:2.1")
HIDDEN = {
    "quoted-printable": ("FN;ENCODING=QUOTED-PRINTABLE:=53=72=69=20=48=61=72=74=61=74=69",),
    "quoted-printable over two lines": ("N;QUOTED-PRINTABLE:;=53=72=69=20=48=61=", "=72=74=61=74=69;;;"),
    "another charset": ("FN:Agus", "NOTE;CHARSET=UTF-16BE;ENCODING=BASE64:AFMAcgBpACAASABhAHIAdABhAHQAaQ=="),
    "a folded line": ("VERSION:2.1", "FN:Sri", " Hartati"),
    "folded in version 3": ("VERSION:3.0", "FN:Sri Har", " tati"),
    "name in parts": ("N:Hartati;Sri;;;",),
    "base64": ("FN:Agus", "NOTE;ENCODING=B:U3JpIEhhcnRhdGk="),
    "base64 over two lines": ("FN:Agus", "NOTE;ENCODING=BASE64:U3JpIEhh", " cnRhdGk=", ""),
    "a card within a card": (*AGENT, "FN;QUOTED-PRINTABLE:=53ri Hartati", "END:VCARD"),
    "a group": ("KIND:group", "NOTE;QUOTED-PRINTABLE:=53ri Hartati"),
}


@pytest.mark.parametrize("lines", HIDDEN.values(), ids=HIDDEN)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_cards_that_name_somebody_as_only_their_reader_understands_are_listed(
    tmp_path: Path, lines: tuple[str, ...], encoding: str
) -> None:
    made = company(tmp_path / "toko", LIST)
    vcards(made, "phone.vcf", *lines, encoding=encoding)
    vcards(made, "unnamed", *lines, encoding=encoding)
    vcards(made, "others.vcf", "FN;ENCODING=QUOTED-PRINTABLE:=41gus Hartati", "NOTE;ENCODING=B:QWd1cw==")
    found = landing_files_with(open_context(made), [Needle(("Sri Hartati",))])
    assert found == ["landing/guests/phone.vcf", "landing/guests/unnamed"]


def test_what_counts_only_together_counts_within_one_card(tmp_path: Path) -> None:
    made = company(tmp_path / "toko", LIST)
    both = Needle(("Sri", "081234567801"))
    phone = "TEL;CELL;QUOTED-PRINTABLE:=3081234567801"
    vcards(made, "one.vcf", "FN;QUOTED-PRINTABLE:=53ri", phone)
    vcards(made, "two.vcf", "FN;QUOTED-PRINTABLE:=53ri", "END:VCARD", "BEGIN:VCARD", "FN:Agus", phone)
    assert landing_files_with(open_context(made), [both]) == ["landing/guests/one.vcf"]


@pytest.mark.parametrize(
    "content", [b"", b"\x1f\x8b broken", b"BEGIN:VCARD\r\nFN;ENCODING=B:Q\r\n", b"\xff\xfe\0"]
)
def test_what_cannot_be_decoded_is_nobody_and_stops_nothing(tmp_path: Path, content: bytes) -> None:
    made = company(tmp_path / "toko", LIST)
    write(made, "landing/guests/broken.vcf", content)
    vcards(made, "whole.vcf", "FN;QUOTED-PRINTABLE:=53ri Hartati")
    assert landing_files_with(open_context(made), [Needle(("Sri Hartati",))]) == ["landing/guests/whole.vcf"]
