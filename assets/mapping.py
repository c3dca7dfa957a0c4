"""A channel's mappings, compiled for the columns one file really has."""

from __future__ import annotations

import difflib
from functools import cache

import duckdb

from transforms.expressions import (
    Compiled,
    ExpressionOptions,
    columns_meant,
    compile_filter,
    compile_mapping,
    header_key,
)
from transforms.functions import create_macros
from transforms.records.build import CompiledField, RecordUnit
from warehouse.channels import Channel, MappedField, Mapping
from warehouse.contracts import InputContract
from warehouse.engine import connect, identifier
from warehouse.errors import ConfigError, SatuError
from warehouse.workspace import Workspace

_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_TYPED_FORMATS = frozenset({"json", "jsonl", "parquet", "xlsx"})


def expression_options(workspace: Workspace, channel: Channel) -> ExpressionOptions:
    """How the channel writes numbers, dates and times; the company's country decides what it leaves open."""
    options = channel.source.options
    settings = workspace.settings
    decimal = options.decimal or (
        "," if options.thousands == "." else "." if options.thousands == "," else None
    )
    if decimal is None:
        typed = channel.source.format in _TYPED_FORMATS or channel.source.path.endswith(tuple(_TYPED_FORMATS))
        decimal = "." if typed else settings.decimal
    return ExpressionOptions(
        decimal=decimal,
        dates=options.dates or ("mdy" if settings.country == "US" else "dmy"),
        timezone=options.timezone or settings.timezone,
    )


def compile_unit(workspace: Workspace, channel: Channel, mapping: Mapping, columns: list[str]) -> RecordUnit:
    """The record unit of one mapping over files with these columns; ConfigError when they do not fit."""
    _refuse_strangers(channel, columns)
    contract = workspace.inputs[mapping.contract]
    options = expression_options(workspace, channel)
    settings = workspace.settings
    return RecordUnit(
        contract=contract,
        fields={
            mapped.field: _field(contract, mapped, channel, columns, options) for mapped in mapping.fields
        },
        where=_where(mapping, channel, columns, options),
        id_space=channel.id_space,
        role=mapping.role,
        mapping=mapping.number,
        timezone=settings.timezone,
        country=settings.country,
        currency=settings.currency,
    )


def event_candidates(workspace: Workspace, channel: Channel, columns: list[str]) -> list[str]:
    """SQL of every mapped event field, for a row's own day; mappings that do not compile are passed over."""
    options = expression_options(workspace, channel)
    found: list[str] = []
    for mapping in channel.mappings:
        contract = workspace.inputs[mapping.contract]
        mapped = next((m for m in mapping.fields if m.field == contract.event_field), None)
        if mapped is None:
            continue
        try:
            sql = _field(contract, mapped, channel, columns, options).sql
        except SatuError:
            continue
        if sql not in found:
            found.append(sql)
    return found


def unread_columns(workspace: Workspace, channel: Channel, columns: list[str]) -> list[str]:
    """The columns of a file that no mapping reads; its mappings must fit."""
    read = set().union(*(columns_read(workspace, channel, mapping, columns) for mapping in channel.mappings))
    return [name for name in columns if name not in read]


def columns_read(workspace: Workspace, channel: Channel, mapping: Mapping, columns: list[str]) -> set[str]:
    """The columns of a file that a mapping reads; it must fit."""
    options = expression_options(workspace, channel)
    read: set[str] = set()
    kinds = {field.name: field.type for field in workspace.inputs[mapping.contract].fields}
    for mapped in mapping.fields:
        compiled = compile_mapping(mapped.expression, columns, options, channel.types, kinds[mapped.field])
        read.update(compiled.columns_used)
    if mapping.where is not None and mapping.where.value is not None:
        read.update(compile_filter(mapping.where.text(), columns, options, channel.types).columns_used)
    return read


def check_mapping(workspace: Workspace, channel: Channel, columns: list[str]) -> list[SatuError]:
    """Everything that is wrong between a channel's mappings and the columns of a file."""
    try:
        _refuse_strangers(channel, columns)
    except ConfigError as stranger:
        return [stranger]
    problems: list[SatuError] = []
    options = expression_options(workspace, channel)
    for mapping in channel.mappings:
        contract = workspace.inputs[mapping.contract]
        for mapped in mapping.fields:
            try:
                _field(contract, mapped, channel, columns, options)
            except SatuError as problem:
                problems.append(problem)
        try:
            _where(mapping, channel, columns, options)
        except SatuError as problem:
            problems.append(problem)
    folded = {name.strip().casefold() for name in columns}
    for declared in channel.types:
        if declared.strip().casefold() not in folded:
            near = difflib.get_close_matches(declared, columns, n=1)
            hint = f"did you mean `{near[0]}`?" if near else "remove it from types"
            problems.append(
                ConfigError(f"types names `{declared}`, which the file lacks", file=channel.file, fix=hint)
            )
    return problems


def _refuse_strangers(channel: Channel, columns: list[str]) -> None:
    """ConfigError for a file in which no column is one the channel maps.

    Its first line may as well be data or a title, so no message shows what it says.
    """
    texts = [mapped.expression for mapping in channel.mappings for mapped in mapping.fields]
    meant = set().union(*map(columns_meant, texts))
    if not meant or meant & {header_key(column) for column in columns}:
        return
    delimiter = channel.source.options.delimiter
    others = [sign for sign in _DELIMITERS if sign != delimiter and len(columns) == 1 and sign in columns[0]]
    if not columns:
        said, fix = "no record was found in it", "see whether it is what its name says"
    elif others:
        said = "its first line is one column"
        fix = f"it looks delimited by {_DELIMITERS[others[0]]}: correct `options.delimiter` or the file"
    else:
        said = f"none of its columns ({len(columns)}) is one that this channel maps"
        fix = "have it delivered with its header in the first line, or correct `maps`"
    raise ConfigError(said, file=channel.file, fix=fix)


def _field(
    contract: InputContract,
    mapped: MappedField,
    channel: Channel,
    columns: list[str],
    options: ExpressionOptions,
) -> CompiledField:
    field = contract.field_named(mapped.field)
    assert field is not None
    try:
        compiled: Compiled = compile_mapping(mapped.expression, columns, options, channel.types, field.type)
        _try_out(compiled, mapped.expression, columns)
    except ConfigError as problem:
        raise mapped.node.error(
            f"{contract.name}.{field.name}: {problem.message}", problem.fix or ""
        ) from None
    return CompiledField(compiled.sql, compiled.failed)


def _where(mapping: Mapping, channel: Channel, columns: list[str], options: ExpressionOptions) -> str | None:
    if mapping.where is None or mapping.where.value is None:
        return None
    try:
        compiled = compile_filter(mapping.where.text(), columns, options, channel.types)
        _try_out(compiled, mapping.where.text(), columns)
    except ConfigError as problem:
        raise mapping.where.error(f"where: {problem.message}", problem.fix or "") from None
    return compiled.sql


def _try_out(compiled: Compiled, expression: str, columns: list[str]) -> None:
    """ConfigError when the engine would refuse the expression, such as for a function's missing argument."""
    if not compiled.uses:
        return
    texts = ", ".join(f"{identifier(column)} VARCHAR" for column in columns)
    with empty_engine().cursor() as con:
        con.execute(f"CREATE TEMP TABLE no_rows ({texts or '_line BIGINT'})")
        try:
            con.execute(f"SELECT {compiled.sql}, {compiled.failed or 'FALSE'} FROM no_rows")
        except duckdb.Error as problem:
            reason = str(problem).splitlines()[0].partition(": ")[2]
            raise ConfigError(
                f"`{expression}` cannot be computed: {reason}", fix="see docs/channels.md, Expressions"
            ) from None


@cache
def empty_engine() -> duckdb.DuckDBPyConnection:
    """An engine without data, in which expressions are tried out."""
    con = connect()
    create_macros(con)
    return con
