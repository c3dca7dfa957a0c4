"""The columns of a vCard file, and which properties of a card fill them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from warehouse.landing.vcard_property import Property

COLUMNS = (
    "full_name",
    "prefix",
    "given_name",
    "middle_name",
    "family_name",
    "suffix",
    "nickname",
    "phone",
    "mobile",
    "home_phone",
    "work_phone",
    "fax",
    "whatsapp",
    "email",
    "other_emails",
    "social_handle",
    "website",
    "address",
    "city",
    "region",
    "postcode",
    "country",
    "other_addresses",
    "company",
    "department",
    "job_title",
    "role",
    "birth_date",
    "birthday",
    "sex",
    "note",
    "categories",
    "kind",
    "uid",
    "revised_at",
    "other_properties",
)
Row = dict[str, str]
_NAME_PARTS = ("family_name", "given_name", "middle_name", "prefix", "suffix")
_AS_THEY_ARE = {
    "NICKNAME": "nickname",
    "URL": "website",
    "TITLE": "job_title",
    "ROLE": "role",
    "X-GENDER": "sex",
    "NOTE": "note",
    "UID": "uid",
}
_SOCIAL = frozenset({"X-SOCIALPROFILE", "SOCIALPROFILE", "IMPP", "X-INSTAGRAM", "X-FACEBOOK", "X-TWITTER"})
_KINDS = ("KIND", "X-ADDRESSBOOKSERVER-KIND", "X-ABSHOWAS")
_READ = frozenset(
    {*_AS_THEY_ARE, *_SOCIAL, *_KINDS}
    | {"FN", "N", "TEL", "EMAIL", "ADR", "LABEL", "ORG", "X-WA-BIZ-NAME", "BDAY", "GENDER"}
    | {"CATEGORIES", "REV", "VERSION", "PRODID", "AGENT"}
)
_MOBILE = frozenset({"CELL", "MOBILE", "IPHONE"})
_NOT_SPOKEN_TO = frozenset({"FAX", "PAGER", "HOMEFAX", "WORKFAX", "HOME FAX", "WORK FAX"})
_NO_YEAR = re.compile(r"(?:1604|--)-?(\d\d)-?(\d\d)")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d):?(\d\d):?(\d\d)(.*))?")


def row_of(card: Sequence[Property]) -> Row:
    """A card's values by column; columns without a value are missing."""
    named: dict[str, list[Property]] = {}
    for made in card:
        named.setdefault(made.name, []).append(made)
    row = _names(named)
    if "TEL" in named:
        row |= _phones(named["TEL"])
    if "EMAIL" in named:
        row |= _emails(named["EMAIL"])
    if "ADR" in named or "LABEL" in named:
        row |= _addresses(named)
    row |= _company(named)
    row |= _days(named)
    for name, column in _AS_THEY_ARE.items():
        if name in named:
            row.setdefault(column, _joined((made.text for made in named[name]), "\n"))
    if "GENDER" in named:
        row["sex"] = named["GENDER"][0].parts(";")[0]
    if "CATEGORIES" in named:
        row["categories"] = _joined(part for made in named["CATEGORIES"] for part in made.parts(","))
    if not _SOCIAL.isdisjoint(named):
        row["social_handle"] = _joined(_handle(made) for made in card if made.name in _SOCIAL)
    row["kind"] = next((made.text.lower() for name in _KINDS for made in named.get(name, ())), "")
    if not _READ.issuperset(named):
        row["other_properties"] = _joined((f"{p.name}={p.text}" for p in card if p.name not in _READ), "\n")
    return {column: value for column, value in row.items() if value}


def _joined(values: Iterable[str], sign: str = ", ") -> str:
    """Different values in their order."""
    different = dict.fromkeys(values)
    different.pop("", None)
    return sign.join(different)


def _names(named: dict[str, list[Property]]) -> Row:
    row = {}
    if "N" in named:
        row = dict(zip(_NAME_PARTS, named["N"][0].parts(";"), strict=False))
    order = ("prefix", "given_name", "middle_name", "family_name", "suffix")
    written = next((made.text for made in named.get("FN", []) if made.text), "")
    return {**row, "full_name": written or " ".join(filter(None, (row.get(part) for part in order)))}


def _phones(found: Sequence[Property]) -> Row:
    numbers = [(made, made.text.removeprefix("tel:").partition(";")[0]) for made in found]
    spoken = [(made, number) for made, number in numbers if made.kinds.isdisjoint(_NOT_SPOKEN_TO)]
    landlines = [(made, number) for made, number in spoken if made.kinds.isdisjoint(_MOBILE)]
    return {
        "phone": _joined(number for _, number in spoken),
        "mobile": _joined(number for made, number in spoken if not made.kinds.isdisjoint(_MOBILE)),
        "home_phone": _joined(number for made, number in landlines if "HOME" in made.kinds),
        "work_phone": _joined(number for made, number in landlines if "WORK" in made.kinds),
        "fax": _joined(number for made, number in numbers if any("FAX" in kind for kind in made.kinds)),
        "whatsapp": _joined(_whatsapp(made, number) for made, number in spoken),
    }


def _whatsapp(made: Property, number: str) -> str:
    """The number WhatsApp knows somebody by, written beside the one people see; else one labelled so."""
    if "WAID" in made.parameters:
        return f"+{made.parameters['WAID'].lstrip('+')}"
    return number if "WHATSAPP" in made.kinds else ""


def _emails(found: Sequence[Property]) -> Row:
    first, *others = list(dict.fromkeys(made.text.removeprefix("mailto:") for made in found)) or [""]
    return {"email": first, "other_emails": ", ".join(others)}


def _addresses(named: dict[str, list[Property]]) -> Row:
    """The preferred address in parts, else the first at home, else the first; others as lines of text."""
    found = sorted(named.get("ADR", []), key=lambda made: (made.preference, "HOME" not in made.kinds))
    read = [_address(made) for made in found]
    read = [row for row in read if any(row.values())]
    labels = [" ".join(made.text.split()) for made in named.get("LABEL", [])]
    if not read:
        return {"address": _joined(labels[:1]), "other_addresses": _joined(labels[1:], "\n")}
    others = (_joined(row.values()) for row in read[1:])
    return {**read[0], "other_addresses": _joined(others, "\n")}


def _address(made: Property) -> Row:
    parts = [", ".join(filter(None, map(str.strip, part.split("\n")))) for part in made.parts(";")]
    box, extended, street, city, region, postcode, country = (*parts, *[""] * 7)[:7]
    return {
        "address": _joined((street, extended, box)),
        "city": city,
        "region": region,
        "postcode": postcode,
        "country": country,
    }


def _company(named: dict[str, list[Property]]) -> Row:
    if "ORG" not in named:
        return {"company": _joined(made.text for made in named.get("X-WA-BIZ-NAME", []))}
    company, *units = named["ORG"][0].parts(";")
    return {"company": company, "department": _joined(units)}


def _handle(made: Property) -> str:
    """An account's address, or its name after the name of the network."""
    network = made.name.removeprefix("X-").lower()
    return made.text if ":" in made.text else f"{network}:{made.text}"


def _days(named: dict[str, list[Property]]) -> Row:
    born, revised = (next((made.text for made in named.get(name, [])), "") for name in ("BDAY", "REV"))
    partial = _NO_YEAR.match(born)
    return {
        "birth_date": "" if partial else _iso(born).partition("T")[0],
        "birthday": f"--{partial[1]}-{partial[2]}" if partial else "",
        "revised_at": _iso(revised),
    }


def _iso(text: str) -> str:
    """A compact day or time with its signs; anything else as it stands."""
    found = _COMPACT.fullmatch(text)
    if found is None:
        return text
    day = f"{found[1]}-{found[2]}-{found[3]}"
    return day if found[4] is None else f"{day}T{found[4]}:{found[5]}:{found[6]}{found[7]}"
