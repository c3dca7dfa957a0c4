"""Channel contracts (`channels/*.yaml`): where files come from, how they read, how they map.

The form is fixed; see docs/channels.md. Expressions are only parsed when a file's columns are known.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from warehouse.contracts import InputContract, Text
from warehouse.landing import FORMATS, ReaderOptions
from warehouse.sources.model import RowSource
from warehouse.sources.objects import KEYS as OBJECT_KEYS
from warehouse.sources.objects import ObjectSource, read_object_source
from warehouse.sources.rest import KEYS as REST_KEYS
from warehouse.sources.rest import read_rest_source
from warehouse.sources.sql import KEYS as SQL_KEYS
from warehouse.sources.sql import read_sql_source
from warehouse.yamltext import YamlNode, read_yaml

Pull = RowSource | ObjectSource
ReadPull = Callable[[YamlNode, dict[str, YamlNode]], Pull]
NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
TYPES = ("text", "integer", "decimal", "date", "timestamp", "boolean")
LEGAL_BASES = (
    "consent",
    "contract",
    "legal_obligation",
    "vital_interest",
    "public_interest",
    "legitimate_interest",
)
"""The grounds on which personal data may be processed (UU 27/2022, article 20 paragraph 2)."""
_KEYS = (
    "channel",
    "description",
    "trust",
    "id_space",
    "order_space",
    "purposes",
    "legal_basis",
    "source",
    "types",
    "not_cards",
    "on_erasure",
    "maps",
)
_EVERY_SOURCE = ("type", "options", "arrived")
_PULLS: dict[str, tuple[tuple[str, ...], ReadPull]] = {
    "sql": (SQL_KEYS, read_sql_source),
    "rest": (REST_KEYS, read_rest_source),
    "objects": (OBJECT_KEYS, read_object_source),
}
LIST, REWRITE = "list", "rewrite"
"""What an erasure does with delivered files that hold the person."""
_OPTION_KEYS = (
    "delimiter",
    "encoding",
    "decimal",
    "thousands",
    "dates",
    "header",
    "names",
    "sheet",
    "skip",
    "null_values",
    "timezone",
    "explode",
)


@dataclass(frozen=True)
class Source:
    """Where a channel's files are and how a row's day of arrival is decided.

    `pull` is what lays them there; None where somebody else does. Stored rows do not depend on it.
    """

    path: str
    format: str | None
    options: ReaderOptions
    arrived: str = "event"
    pull: Pull | None = field(default=None, repr=False)


@dataclass(frozen=True)
class MappedField:
    """`field: expression` with the place of the expression in the contract."""

    field: str
    expression: str
    node: YamlNode


@dataclass(frozen=True)
class Mapping:
    """One mapping of a channel's rows onto an input contract."""

    contract: str
    number: int
    role: str | None
    where: YamlNode | None
    fields: tuple[MappedField, ...]
    node: YamlNode

    @property
    def id(self) -> str:
        """Names the mapping within its channel, e.g. `contacts.2`."""
        return f"{self.contract}.{self.number}"


@dataclass(frozen=True)
class Channel:
    """One channel contract. Without declared `purposes` a channel serves those of its fields. `on_erasure`
    says whether delivered files that hold an erased person are listed, or written anew without the lines."""

    name: str
    description: Text
    trust: int
    id_space: str
    order_space: str
    source: Source
    types: dict[str, str]
    mappings: tuple[Mapping, ...]
    file: str
    not_cards: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    legal_basis: str | None = None
    on_erasure: str = LIST
    text: str = field(repr=False, default="")

    def mappings_of(self, contract: str) -> tuple[Mapping, ...]:
        return tuple(m for m in self.mappings if m.contract == contract)


def read_channel(path: Path, shown_as: str, inputs: dict[str, InputContract]) -> Channel:
    """The channel contract in `path`; ConfigError names line and column of what is wrong."""
    root = read_yaml(path, shown_as)
    top = root.mapping(_KEYS)
    for key in ("channel", "source", "maps"):
        if key not in top:
            raise root.error(f"`{key}` is missing", f"add `{key}:`")
    name = _name(top["channel"])
    source = _source(top["source"], name)
    mappings = tuple(_mappings(top["maps"], inputs))
    if not mappings:
        raise top["maps"].error("nothing is mapped", "map at least one contract, such as contacts")
    return Channel(
        name=name,
        description=_description(top.get("description"), name),
        trust=top["trust"].integer(0, 100) if "trust" in top else 50,
        id_space=_name(top["id_space"]) if "id_space" in top else name,
        order_space=_name(top["order_space"]) if "order_space" in top else name,
        source=source,
        types={
            column: node.choice(TYPES)
            for column, node in (top["types"].mapping() if "types" in top else {}).items()
        },
        mappings=mappings,
        file=shown_as,
        not_cards=tuple(n.text() for n in top["not_cards"].sequence()) if "not_cards" in top else (),
        purposes=_purposes(top["purposes"]) if "purposes" in top else (),
        legal_basis=top["legal_basis"].choice(LEGAL_BASES) if "legal_basis" in top else None,
        on_erasure=top["on_erasure"].choice((LIST, REWRITE)) if "on_erasure" in top else _usual(source),
        text=path.read_text(encoding="utf-8-sig"),
    )


def _name(node: YamlNode) -> str:
    if not NAME.fullmatch(node.text()):
        raise node.error(
            f"`{node.text()}` is not a usable name",
            "use small letters, digits and _, beginning with a letter",
        )
    return node.text()


def _purposes(node: YamlNode) -> tuple[str, ...]:
    """As segments name theirs; written twice, a purpose counts once."""
    return tuple(dict.fromkeys(entry.text().strip().lower() for entry in node.sequence()))


def _description(node: YamlNode | None, name: str) -> Text:
    if node is None:
        return Text(en=name, id=name)
    if isinstance(node.value, str):
        return Text(en=node.value, id=node.value)
    spec = node.mapping(("en", "id"))
    en = spec["en"].text() if "en" in spec else spec["id"].text() if "id" in spec else name
    return Text(en=en, id=spec["id"].text() if "id" in spec else en)


def _usual(source: Source) -> str:
    """What a pull has written is the company's own copy, so that nobody else would take lines out."""
    return LIST if source.pull is None else REWRITE


def _source(node: YamlNode, channel: str) -> Source:
    every = node.mapping()
    kind = every["type"].choice(("files", *_PULLS)) if "type" in every else "files"
    if kind == "files":
        return _files(node)
    keys, read = _PULLS[kind]
    spec = node.mapping((*_EVERY_SOURCE, *keys))
    pull = read(node, spec)
    if isinstance(pull, ObjectSource):
        return _read_as(spec, f"landing/{channel}/*/*", _format(spec), pull)
    return _read_as(spec, f"landing/{channel}/*.jsonl", "jsonl", pull)


def _files(node: YamlNode) -> Source:
    spec = node.mapping((*_EVERY_SOURCE, "path", "format"))
    if "path" not in spec:
        raise node.error("`path` is missing", "add `path: landing/<channel>/*.csv`")
    path = spec["path"].text()
    if PurePosixPath(path).is_absolute() or ".." in PurePosixPath(path).parts:
        raise spec["path"].error("the path leaves the workspace", "give a path below the workspace")
    return _read_as(spec, path, _format(spec))


def _format(spec: dict[str, YamlNode]) -> str | None:
    return spec["format"].choice(FORMATS) if "format" in spec and spec["format"].value else None


def _read_as(spec: dict[str, YamlNode], path: str, format: str | None, pull: Pull | None = None) -> Source:
    return Source(
        path=path,
        format=format,
        options=_options(spec["options"]) if "options" in spec else ReaderOptions(),
        arrived=_arrived(spec["arrived"]) if "arrived" in spec else "event",
        pull=pull,
    )


def _arrived(node: YamlNode) -> str:
    rule = node.text()
    if rule in ("event", "file"):
        return rule
    kind, _, detail = rule.partition(":")
    if kind not in ("name", "column") or not detail:
        raise node.error(
            f"`{rule}` is not a rule of arrival", "use event, file, name:%Y-%m-%d or column:<header>"
        )
    return rule


def _options(node: YamlNode) -> ReaderOptions:
    spec = node.mapping(_OPTION_KEYS)
    values: dict[str, object] = {}
    for key in ("delimiter", "encoding", "thousands", "explode", "timezone"):
        if key in spec and spec[key].value is not None:
            values[key] = spec[key].text()
    if "decimal" in spec:
        values["decimal"] = spec["decimal"].choice((".", ","))
    if "dates" in spec:
        values["dates"] = spec["dates"].choice(("dmy", "mdy", "ymd"))
    if "header" in spec:
        text = spec["header"].text()
        values["header"] = spec["header"].integer(1) if text.isdigit() else spec["header"].boolean()
    if "skip" in spec:
        values["skip"] = spec["skip"].integer(0)
    if "sheet" in spec:
        text = spec["sheet"].text()
        values["sheet"] = int(text) if text.isdigit() else text
    for key in ("names", "null_values"):
        if key in spec:
            values[key] = tuple(
                entry.text() if entry.value is not None else "" for entry in spec[key].sequence()
            )
    return ReaderOptions(**values)  # type: ignore[arg-type]


def _mappings(node: YamlNode, inputs: dict[str, InputContract]) -> list[Mapping]:
    found: list[Mapping] = []
    for contract_name, body in node.mapping(tuple(inputs)).items():
        for number, entry in enumerate(body.sequence(), start=1):
            found.append(_mapping(inputs[contract_name], number, entry))
    return found


def _mapping(contract: InputContract, number: int, node: YamlNode) -> Mapping:
    spec = node.mapping(("as", "where", *contract.field_names))
    fields = tuple(
        MappedField(name, value.text(), value)
        for name, value in spec.items()
        if name not in ("as", "where") and value.value is not None
    )
    if not fields:
        raise node.error(f"the mapping to {contract.name} is empty", "map at least one field")
    mapped = {f.field for f in fields}
    for required in contract.fields:
        if required.required and required.name not in mapped:
            raise node.error(
                f"{contract.name} needs `{required.name}`", f"add `{required.name}: <column or expression>`"
            )
    return Mapping(
        contract=contract.name,
        number=number,
        role=_name(spec["as"]) if "as" in spec else None,
        where=spec.get("where"),
        fields=fields,
        node=node,
    )
