"""JSON and Parquet, nested, changing, cut off."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tests.landing.case import DAY, Case

ORDER = {"id": "R#1", "day": DAY, "items": [{"sku": "a", "price": 15000}, {"sku": "b", "price": 1}]}
LINE = json.dumps(ORDER) + "\n"
OTHER = LINE.replace("R#1", "R#2")
MOMENT = dt.datetime.fromisoformat(DAY)


def table(
    columns: Callable[[str], dict[str, object]], share: float = 1.0, damage: bytes = b""
) -> Callable[[Path], None]:
    """A Parquet file of these columns, perhaps cut off, perhaps with its last bytes replaced."""

    def write(path: Path) -> None:
        pq.write_table(pa.table(columns(f"{path.name}-")), path)
        content = path.read_bytes()
        content = content[: int(len(content) * share)]
        path.write_bytes(content[: len(content) - len(damage)] + damage)

    return write


def plain(receipt: str) -> dict[str, object]:
    return {
        "receipt": [f"{receipt}1", f"{receipt}2"],
        "day": [DAY, DAY],
        "item": ["kopi", "teh"],
        "amount": [1, 2],
    }


def typed(receipt: str) -> dict[str, object]:
    return plain(receipt) | {
        "receipt": pa.array([f"{receipt}1".encode(), f"{receipt}2".encode()]),
        "day": pa.array([MOMENT, MOMENT], pa.timestamp("ns")),
        "item": pa.array(["kopi", "kopi"]).dictionary_encode(),
        "amount": pa.array([Decimal("1.50"), Decimal("2.00")]),
    }


def floats(receipt: str) -> dict[str, object]:
    return plain(receipt) | {"receipt": [13085.0, 13086.0], "amount": [1e20, 5.0]}


def nested(receipt: str) -> dict[str, object]:
    return plain(receipt) | {"item": [{"sku": "a"}, None], "more": [[1, 2], []]}


def renamed(receipt: str) -> dict[str, object]:
    return {("nomor" if name == "receipt" else name): values for name, values in plain(receipt).items()}


def no_rows(receipt: str) -> dict[str, object]:
    return {name: pa.array([], pa.string()) for name in plain(receipt)}


CUT = "the list of records is cut off or damaged after record 1"
DAMAGED = "the Parquet file is damaged or cut off"

JSON = (
    Case("nested orders, lines as rows", "nested.json", json.dumps([ORDER]), channel="web", accepted=2),
    Case("records spread over many lines", "pretty.json", json.dumps([ORDER], indent=2), channel="web", accepted=2),
    Case("records wrapped in an answer of an interface", "wrapped.json", json.dumps({"page": 1, "data": [ORDER]}), channel="web", accepted=2),
    Case("one object after another", "stream.json", json.dumps(ORDER, indent=1) + json.dumps(ORDER, indent=1).replace("R#1", "R#2"), channel="web", accepted=4),
    Case("JSON with a byte order mark", "bom.jsonl", "\ufeff" + LINE, channel="web", accepted=2),
    Case("types that change from record to record", "types.jsonl", LINE + OTHER.replace('"R#2"', "4711").replace("15000", '"15000"') + '{"id": "R#3", "day": "2024-03-04", "items": {"sku": "c", "price": 2.0}}\n', channel="web", accepted=5),
    Case("a list that is missing, null or empty", "lists.jsonl", '{"id": "R#1", "day": "2024-03-04"}\n{"id": "R#2", "day": "2024-03-04", "items": null}\n{"id": "R#3", "day": "2024-03-04", "items": []}\n' + LINE.replace("R#1", "R#4"), channel="web", accepted=2, quarantined=3, message="An order line needs an amount", stage="rules"),
    Case("lines that are no JSON, or no object", "broken.jsonl", LINE + LINE[:40] + "\n[1]\n42\n" + OTHER, channel="web", accepted=4, quarantined=3, message="the record is not"),
    Case("a half-written line at the end", "half.jsonl", LINE + OTHER[:50], channel="web", accepted=2, quarantined=1, message="the record is not valid JSON"),
    Case("a list that is cut off", "cut.json", json.dumps([ORDER, ORDER])[:-20], channel="web", whole=True, message=CUT),
    Case("text after the end of the list", "after.json", json.dumps([ORDER]) + " trailing", channel="web", whole=True, message="text follows the end of the list of records"),
    Case("an empty list: a day without orders", "nothing.json", "[]", channel="web"),
    Case("nested ten thousand deep", "deep.jsonl", LINE + '{"a":' * 10_000 + "1" + "}" * 10_000 + "\n", channel="web", accepted=2, quarantined=1, message="the record is nested deeper than"),
    Case("nested a hundred thousand deep in a list", "deeper.json", "[" + json.dumps(ORDER) + ',{"id":' + "[" * 100_000 + "]" * 100_000 + "}]", channel="web", accepted=2, quarantined=1, message="the record is nested deeper than"),
    Case("names of properties that are data: 2,500 of them", "names.json", json.dumps([{f"id{n}": n for n in range(2500)}]), channel="web", whole=True, message="the records have more than 1,000 different properties"),
    Case("a property twice in one record", "doubled.jsonl", '{"id": "R#1", "id": "R#9", "day": "2024-03-04", "items": [{"sku": "a", "price": 1}]}\n', channel="web", accepted=1),
    Case("the answer of a service that refused", "refused.jsonl", '{"error": "unauthorized"}\n', channel="web", whole=True, quarantined=1, message="none of its columns (1) is one that this channel maps", stage="rules"),
    Case("names that differ in capitals only", "capitals.jsonl", LINE.replace('"id"', '"ID": 1, "id"'), channel="web", whole=True, message="the header names columns alike"),
    Case("numbers no program can hold", "huge.jsonl", LINE.replace("15000", "1" + "0" * 400), channel="web", accepted=1, quarantined=1, message="amount cannot be read as a number", stage="rules"),
    Case("NaN, which JSON does not know", "nan.jsonl", LINE + OTHER.replace("15000", "NaN"), channel="web", accepted=3, quarantined=1, message="amount cannot be read as a number", stage="rules"),
    Case("NUL inside a text", "nul.jsonl", LINE + OTHER.replace("R#2", "R#\\u0000"), channel="web", accepted=2, quarantined=1, message="the row holds a NUL character"),
)  # fmt: skip

PARQUET = (
    Case("other types than text: bytes, nanoseconds, dictionaries, decimals", "typed.parquet", table(typed), accepted=2),
    Case("numbers of orders as floating point, an amount beyond all money", "floats.parquet", table(floats), accepted=1, quarantined=1, message="amount cannot be read as a number", stage="rules"),
    Case("nested columns", "nested.parquet", table(nested), accepted=2),
    Case("schema drift: a column of Parquet is renamed", "renamed.parquet", table(renamed), quarantined=2, message="order_lines.order_id: there is no column `receipt`", stage="rules", whole=True),
    Case("no rows", "norows.parquet", table(no_rows)),
    Case("cut off in the middle", "cut.parquet", table(plain, 0.5), whole=True, message=DAMAGED),
    Case("a damaged footer", "footer.parquet", table(plain, 1.0, b"\xff\xff\xff\x7fPAR1"), whole=True, message=DAMAGED),
    Case("the first four bytes and nothing else", "magic.parquet", b"PAR1", whole=True, message=DAMAGED),
    Case("CSV named .parquet", "text.parquet", "receipt,day,item,amount\n", whole=True, message=DAMAGED),
    Case("Parquet named .csv", "table.csv", table(plain), accepted=2, note="the content decides"),
)  # fmt: skip
