"""Which rows of an input contract cannot be accepted, as one SQL expression, and what to tell the sender.

The relation these expressions read has every field of the contract as a column (NULL where a channel does
not map it), parsed and normalised, and the columns that rules read besides: `company_currency`, `arrived`,
`received_on` (the day of the file). `failed` says for a field when its source cell held something that could
not be parsed or normalised: `{"ordered_at": "raw_ordered_at IS NOT NULL AND ordered_at IS NULL"}`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from data_quality.parquet import identifier, literal
from data_quality.wording import fault_and_fix
from warehouse.contracts import Field, InputContract, Rule, Text

SEPARATOR = "|"
UNPARSEABLE, REQUIRED, VOCABULARY = "unparseable", "required", "vocabulary"

_KINDS = {
    "date": Text("a date", "tanggal"),
    "timestamp": Text("a date and time", "tanggal dan waktu"),
    "integer": Text("a whole number", "bilangan bulat"),
    "bigint": Text("a whole number", "bilangan bulat"),
    "boolean": Text("yes or no", "ya atau tidak"),
}
_NUMBER = Text("a number", "angka")
_TEXT = Text("a usable value", "nilai yang dapat dipakai")
_READ_AGAIN = Text("the next run reads it", "proses berikutnya membacanya")
DEFAULT_FIX = Text(
    f"correct the file and deliver it again, or correct the contract; {_READ_AGAIN.en}",
    f"perbaiki berkasnya dan kirim lagi, atau perbaiki kontraknya; {_READ_AGAIN.id}",
)


class FaultText(NamedTuple):
    """What quarantine says of a rule broken in a column (empty for a rule on the whole row)."""

    rule: str
    column: str
    reason_en: str
    fix_en: str
    reason_id: str
    fix_id: str

    @property
    def code(self) -> str:
        """The text that `row_fault_sql` returns for this fault."""
        return f"{self.rule}{SEPARATOR}{self.column}"


def row_fault_sql(contract: InputContract, failed: Mapping[str, str]) -> str:
    """The first fault of a row as `rule|column`, or NULL when the row is fine.

    In this order: cells that could not be parsed, required fields that are missing, words outside a
    vocabulary, then the contract's rules. Only error-level rules put a row aside.
    """
    faults = [
        *_unreadable(contract, failed),
        *((REQUIRED, field.name, _missing(field)) for field in contract.fields if field.required),
        *((VOCABULARY, f.name, _foreign(f)) for f in contract.fields if f.values and _quarantines(f)),
        *((rule.name, "", f"NOT ({rule.check})") for rule in _strict(contract)),
    ]
    if not faults:
        return "CAST(NULL AS VARCHAR)"
    cases = "\n".join(
        f"  WHEN {predicate} THEN {literal(rule + SEPARATOR + column)}" for rule, column, predicate in faults
    )
    return f"CASE\n{cases}\n  ELSE CAST(NULL AS VARCHAR)\nEND"


def warnings_sql(contract: InputContract) -> list[tuple[str, str]]:
    """The rules that only warn, each with the predicate of a row that breaks it."""
    return [(rule.name, f"NOT ({rule.check})") for rule in contract.rules if rule.severity == "warn"]


def fault_texts(contract: InputContract, with_warnings: bool = False) -> list[FaultText]:
    """Every fault `row_fault_sql` can return for a contract, in words that hold no data; also what is only
    warned of when asked for.
    """
    texts = [_unparseable_text(f) for f in contract.fields if _quarantines(f) and not f.values]
    texts += [_required_text(f) for f in contract.fields if f.required]
    texts += [_vocabulary_text(f) for f in contract.fields if _quarantines(f) and f.values]
    return texts + [_rule_text(rule) for rule in (contract.rules if with_warnings else _strict(contract))]


def _quarantines(field: Field) -> bool:
    return field.on_invalid == "quarantine"


def _strict(contract: InputContract) -> list[Rule]:
    return [rule for rule in contract.rules if rule.severity == "error"]


def _unreadable(contract: InputContract, failed: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Cells that held something unusable; where the field has a vocabulary, that is a foreign word."""
    return [
        (VOCABULARY if field.values else UNPARSEABLE, field.name, failed[field.name])
        for field in contract.fields
        if _quarantines(field) and field.name in failed
    ]


def _missing(field: Field) -> str:
    name = identifier(field.name)
    return f"NULLIF(TRIM({name}), '') IS NULL" if field.type == "text" else f"{name} IS NULL"


def _foreign(field: Field) -> str:
    return f"{identifier(field.name)} NOT IN ({_words(field)})"


def _words(field: Field) -> str:
    return ", ".join(literal(value) for value in field.values)


def _kind(field: Field) -> Text:
    if field.type.startswith("decimal") or field.type == "double":
        return _NUMBER
    return _KINDS.get(field.type, _TEXT)


def _unparseable_text(field: Field) -> FaultText:
    kind = _kind(field)
    return FaultText(
        UNPARSEABLE,
        field.name,
        f"{field.name} cannot be read as {kind.en}",
        "correct the cell and deliver the file again, or correct the channel's options (dates, decimal, "
        f"thousands) or the type of {field.name}; {_READ_AGAIN.en}",
        f"{field.name} tidak dapat dibaca sebagai {kind.id}",
        "perbaiki selnya dan kirim lagi berkasnya, atau perbaiki opsi kanal (dates, decimal, thousands) "
        f"atau tipe {field.name}; {_READ_AGAIN.id}",
    )


def _required_text(field: Field) -> FaultText:
    return FaultText(
        REQUIRED,
        field.name,
        f"{field.name} is empty, and every row needs it",
        f"fill in {field.name} and deliver the file again, or map the column that holds it; {_READ_AGAIN.en}",
        f"{field.name} kosong, padahal wajib pada setiap baris",
        f"isi {field.name} dan kirim lagi berkasnya, atau petakan kolom yang memuatnya; {_READ_AGAIN.id}",
    )


def _vocabulary_text(field: Field) -> FaultText:
    words = ", ".join(field.values)
    return FaultText(
        VOCABULARY,
        field.name,
        f"{field.name} is a word that is not known ({words})",
        f"translate it in the channel's map of {field.name} to one of these words; {_READ_AGAIN.en}",
        f"{field.name} berisi kata yang tidak dikenal ({words})",
        f"terjemahkan pada pemetaan {field.name} di kanal menjadi salah satu kata itu; {_READ_AGAIN.id}",
    )


def _rule_text(rule: Rule) -> FaultText:
    fault, fix = fault_and_fix(rule.description, DEFAULT_FIX)
    return FaultText(rule.name, "", fault.en, fix.en, fault.id, fix.id)
