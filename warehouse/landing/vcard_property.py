"""One property of a vCard: what its parameters say, and its value decoded and split."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterable
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple

from warehouse.landing.vcard_lines import NEVER_STORED, head_of

_PARAMETER = re.compile(r';([^;="]*)(?:=((?:"[^"]*"|[^;"])*))?')
_APPLE_LABEL = re.compile(r"_\$!<(.*)>!\$_")
_DATA_OF_A_LINK = ";base64,"
_UNPREFERRED = 101
_LONGEST_KEPT = 200
_CUT = "\0"


class _Said(NamedTuple):
    """What a property's parameters say, whatever its value."""

    kinds: frozenset[str]
    parameters: dict[str, str]
    preference: int
    charset: str | None


class Property(NamedTuple):
    """A property as delivered: its name and kinds in capitals, its value decoded but not yet split."""

    name: str
    kinds: frozenset[str]
    parameters: dict[str, str]
    value: str
    preference: int

    @property
    def text(self) -> str:
        """The value as one text, without escapes."""
        value = self.value
        return (_cut(value, "") if "\\" in value else value).strip()

    def parts(self, sign: str) -> list[str]:
        """The value's parts between unescaped signs, trimmed."""
        value = self.value
        parts = _cut(value, sign).split(_CUT) if "\\" in value else value.split(sign)
        return [part.strip() for part in parts]


def properties(contents: Iterable[str]) -> list[Property]:
    """The properties of a card, preferred ones of each name first; labels become kinds of what they name."""
    labels: dict[str, str] = {}
    found: list[tuple[str, Property]] = []
    for content in contents:
        head = head_of(content)
        if not head.end or head.name in NEVER_STORED:
            continue
        made = _property(head.name, head.parameters, content[head.end :])
        if made.name == "X-ABLABEL":
            labels[head.group] = _APPLE_LABEL.sub(r"\1", made.text).upper()
        elif made.value and not made.value.isspace():
            found.append((head.group, made))
    labelled = [_with_kind(made, labels.get(group)) if group else made for group, made in found]
    labelled.sort(key=attrgetter("preference"))
    return labelled


def said_by(content: str) -> str:
    """The value of a content line, decoded and without escapes; of base64 what it stands for, as text."""
    head = head_of(content)
    if not head.end:
        return content
    value = content[head.end :]
    if head.is_binary:
        return _of_base64(value, _said(head.parameters).parameters.get("CHARSET", "utf-8"))
    return _property(head.name, head.parameters, value).text


def _of_base64(value: str, charset: str) -> str:
    """The text, or the value itself where it is no base64."""
    letters = value.partition(_DATA_OF_A_LINK)[2] or value
    try:
        content = binascii.a2b_base64(letters.encode("ascii", "ignore"))
        return content.decode(charset, "replace")
    except (binascii.Error, LookupError):
        return value


def _with_kind(made: Property, label: str | None) -> Property:
    if label is None:
        return made
    return made._replace(kinds=made.kinds | {label})


def _property(name: str, written: str, value: str) -> Property:
    said = _said(written) if len(written) <= _LONGEST_KEPT else _said.__wrapped__(written)
    if said.charset is not None:
        value = _quoted_printable(value, said.charset)
    if "\0" in value or "\r" in value:
        value = value.replace("\0", "").replace("\r\n", "\n")
    return Property(name, said.kinds, said.parameters, value, said.preference)


@lru_cache(4096)
def _said(written: str) -> _Said:
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
    is_quoted_printable = encoding == "QUOTED-PRINTABLE" or "QUOTED-PRINTABLE" in kinds
    return _Said(
        frozenset(kinds),
        parameters,
        int(preference) if preference.isdecimal() else _UNPREFERRED,
        parameters.get("CHARSET", "utf-8") if is_quoted_printable else None,
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
