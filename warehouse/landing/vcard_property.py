"""One property of a vCard: what its parameters say, and its value decoded and split."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter

from warehouse.landing.vcard_lines import NEVER_STORED, PROPERTY

_PARAMETER = re.compile(r';([^;="]*)(?:=((?:"[^"]*"|[^;"])*))?')
_APPLE_LABEL = re.compile(r"_\$!<(.*)>!\$_")
_UNPREFERRED = 101
_CUT = "\0"


@dataclass(frozen=True)
class Property:
    """A property as delivered: its name and kinds in capitals, its value decoded but not yet split."""

    name: str
    kinds: frozenset[str]
    parameters: dict[str, str]
    value: str
    preference: int

    @property
    def text(self) -> str:
        """The value as one text, without escapes."""
        return _cut(self.value, "").strip()

    def parts(self, sign: str) -> list[str]:
        """The value's parts between unescaped signs, trimmed."""
        return [part.strip() for part in _cut(self.value, sign).split(_CUT)]


def properties(contents: Iterable[str]) -> list[Property]:
    """The properties of a card, preferred ones of each name first; labels become kinds of what they name."""
    labels: dict[str, str] = {}
    found: list[tuple[str, Property]] = []
    for content in contents:
        match = PROPERTY.match(content)
        if match is None or match["name"].upper() in NEVER_STORED:
            continue
        made = _property(match["name"].upper(), match["parameters"], content[match.end() :])
        if made.name == "X-ABLABEL":
            labels[match["group"] or ""] = _APPLE_LABEL.sub(r"\1", made.text).upper()
        elif made.value.strip():
            found.append((match["group"] or "", made))
    labelled = [_with_kind(made, labels.get(group) if group else None) for group, made in found]
    return sorted(labelled, key=attrgetter("preference"))


def _with_kind(made: Property, label: str | None) -> Property:
    if label is None:
        return made
    return Property(made.name, made.kinds | {label}, made.parameters, made.value, made.preference)


def _property(name: str, written: str, value: str) -> Property:
    kinds: set[str] = set()
    parameters: dict[str, str] = {}
    for key, setting in _PARAMETER.findall(written):
        key, setting = key.strip().upper(), setting.replace('"', "").strip()
        if key == "TYPE" or not setting:
            kinds |= {kind.strip().upper().removeprefix("X-") for kind in (setting or key).split(",")}
        else:
            parameters[key] = setting
    preference = parameters.get("PREF", "1" if "PREF" in kinds else "")
    encoding = parameters.get("ENCODING", "").upper()
    if encoding == "QUOTED-PRINTABLE" or "QUOTED-PRINTABLE" in kinds:
        value = _quoted_printable(value, parameters.get("CHARSET", "utf-8"))
    return Property(
        name,
        frozenset(kinds),
        parameters,
        value.replace("\0", "").replace("\r\n", "\n"),
        int(preference) if preference.isdecimal() else _UNPREFERRED,
    )


def _quoted_printable(value: str, charset: str) -> str:
    """The text of quoted-printable bytes: in the charset named, else UTF-8 as phones write, else cp1252."""
    for name in (charset, "utf-8", "cp1252"):
        try:
            if "=".encode(name) == b"=":
                return binascii.a2b_qp(value.encode(name)).decode(name)
        except (LookupError, UnicodeError):
            continue
    return value


def _cut(value: str, sign: str) -> str:
    """The value without escapes, NUL in place of every unescaped sign."""

    def _plain(found: re.Match[str]) -> str:
        escaped = found[1]
        if escaped is None:
            return _CUT
        return "\n" if escaped in "nN" else escaped

    return re.sub(rf"\\([nN,;:\\]){'|' + re.escape(sign) if sign else ''}", _plain, value)
