"""What every table is, declared once: grain, key, columns, privacy, rules.

Types, checks, comments, the dictionary and the split between BI and vault are all derived from here.
Add a column: one entry in `tables/<table>.yaml`. Add a mapped field: one entry in `inputs/<contract>.yaml`
(or, for one company only, in its workspace's `fields/*.yaml`).
"""

from warehouse.contracts.load import (
    all_tables,
    base_inputs,
    load_table,
    with_registered_fields,
)
from warehouse.contracts.model import (
    BI_PRIVACY,
    Column,
    Field,
    InputContract,
    RegisteredField,
    Rule,
    Table,
    Text,
    arrow_schema,
    arrow_type,
    duckdb_type,
)
from warehouse.contracts.survivorship import Survivorship

__all__ = [
    "BI_PRIVACY",
    "Column",
    "Field",
    "InputContract",
    "RegisteredField",
    "Rule",
    "Survivorship",
    "Table",
    "Text",
    "all_tables",
    "arrow_schema",
    "arrow_type",
    "base_inputs",
    "duckdb_type",
    "load_table",
    "with_registered_fields",
]
