"""Reads the contract files of this package into dataclasses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from warehouse.contracts.model import (
    FAMILIES,
    PRIVACY_CLASSES,
    Column,
    Field,
    InputContract,
    RegisteredField,
    Rule,
    Table,
    Text,
)
from warehouse.contracts.survivorship import survivorship_of

HERE = Path(__file__).parent
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # without libyaml a second more for each command


@cache
def all_tables() -> dict[str, Table]:
    """Every table Satu makes, by name, in the order of the file names."""
    shared = _read(HERE / "shared_columns.yaml")
    tables = [_table(_read(path), shared) for path in sorted((HERE / "tables").glob("*.yaml"))]
    return {table.name: table for table in tables}


def load_table(name: str) -> Table:
    """One table's contract; KeyError names the tables there are."""
    tables = all_tables()
    if name not in tables:
        raise KeyError(f"no contract for table {name!r}; there are: {', '.join(tables)}")
    return tables[name]


@cache
def base_inputs() -> dict[str, InputContract]:
    """The input contracts as shipped, without a company's registered fields."""
    contracts = [_input(_read(path)) for path in sorted((HERE / "inputs").glob("*.yaml"))]
    return {contract.name: contract for contract in contracts}


def with_registered_fields(added: Iterable[RegisteredField]) -> dict[str, InputContract]:
    """The input contracts with a company's own fields appended."""
    contracts = dict(base_inputs())
    for registered in added:
        contract = contracts[registered.contract]
        contracts[contract.name] = replace(
            contract,
            fields=(*contract.fields, registered.field),
            rules=(*contract.rules, *registered.rules),
        )
    return contracts


def _read(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)
    return loaded


def _text(spec: dict[str, Any]) -> Text:
    return Text(en=str(spec["en"]), id=str(spec["id"]))


def _rules(specs: list[dict[str, Any]] | None) -> tuple[Rule, ...]:
    return tuple(
        Rule(spec["name"], spec["check"], spec.get("severity", "error"), _text(spec)) for spec in specs or ()
    )


def _table(spec: dict[str, Any], shared: dict[str, Any]) -> Table:
    columns = tuple(
        _column(spec["table"], name, {**shared.get(name, {}), **(body or {})})
        for name, body in spec["columns"].items()
    )
    return Table(
        name=spec["table"],
        zone=spec["zone"],
        group=spec["group"],
        description=_text(spec["description"]),
        grain=spec["grain"],
        key=tuple(spec["key"]),
        columns=columns,
        rules=_rules(spec.get("rules")),
        retention=spec.get("retention", "as_of"),
        history=spec.get("history", "none"),
        min_rows=spec.get("min_rows", 0),
        published=spec.get("published", True),
        is_list=spec.get("is_list", False),
        evaluates=spec.get("evaluates", False),
    )


def _column(table: str, name: str, spec: dict[str, Any]) -> Column:
    if spec["privacy"] not in PRIVACY_CLASSES:
        raise ValueError(f"{table}.{name}: unknown privacy class {spec['privacy']!r}")
    return Column(
        name=name,
        type=spec["type"],
        description=_text(spec),
        privacy=spec["privacy"],
        unit=spec.get("unit", ""),
        family=spec.get("family", "technical"),
        required=spec.get("required", False),
        values=tuple(str(v) for v in spec.get("values", ())),
        minimum=None if "min" not in spec else str(spec["min"]),
        maximum=None if "max" not in spec else str(spec["max"]),
        references=spec.get("references"),
    )


def _input(spec: dict[str, Any]) -> InputContract:
    return InputContract(
        name=spec["contract"],
        description=_text(spec["description"]),
        grain=spec["grain"],
        key=tuple(spec["key"]),
        event_field=spec.get("event_field"),
        fields=tuple(input_field(name, body) for name, body in spec["fields"].items()),
        derived=tuple((name, d["type"], d["sql"]) for name, d in spec.get("derived", {}).items()),
        rules=_rules(spec.get("rules")),
        counts_when=spec.get("counts_when"),
    )


def input_field(name: str, spec: dict[str, Any], added: bool = False) -> Field:
    """A field from its YAML body. Raises ValueError naming the key that is wrong or missing."""
    for key in ("type", "en", "id", "family", "privacy", "purpose"):
        if key not in spec:
            raise ValueError(f"field {name} needs `{key}`")
    if spec["privacy"] not in PRIVACY_CLASSES:
        raise ValueError(f"field {name}: privacy must be one of {', '.join(PRIVACY_CLASSES)}")
    if spec["family"] not in FAMILIES:
        raise ValueError(f"field {name}: family must be one of {', '.join(FAMILIES)}")
    return Field(
        name=name,
        type=spec["type"],
        description=_text(spec),
        privacy=spec["privacy"],
        family=spec["family"],
        purpose=spec["purpose"],
        normalise=spec.get("normalise"),
        required=bool(spec.get("required", False)),
        values=tuple(str(v) for v in spec.get("values", ())),
        on_invalid=spec.get("on_invalid", "blank"),
        survivorship=survivorship_of(spec.get("survivorship")),
        added=added,
    )
