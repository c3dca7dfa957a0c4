"""What every client asks: whether the release agrees with itself, then the questions of docs/bi.md."""

from __future__ import annotations

import re
from pathlib import Path

from warehouse.contracts import all_tables

BI_PAGE = Path(__file__).resolve().parents[2] / "docs" / "bi.md"


def documented() -> list[str]:
    """The SQL of docs/bi.md, in order."""
    return [sql.strip() for sql in re.findall(r"^```sql\n(.*?)^```", BI_PAGE.read_text("utf-8"), re.S | re.M)]


def agreement() -> str:
    """One row: number and day of the release, and how many of its tables hold other rows or another day."""
    shown = [t for t in all_tables().values() if t.zone == "bi" and t.published]
    dated = {t.name for t in shown if "as_of" in t.key and t.retention == "as_of"}
    found = "\n  UNION ALL ".join(
        f"SELECT '{t.name}' AS name, COUNT(*) AS count_rows, "
        + ("MIN(as_of) AS first, MAX(as_of) AS last" if t.name in dated else "NULL AS first, NULL AS last")
        + f" FROM {t.name}"
        for t in shown
    )
    return f"""WITH found AS (
  {found}
)
SELECT MAX(r.seq) AS seq, CAST(MAX(f.last) AS VARCHAR) AS as_of,
  COUNT(*) FILTER (WHERE r.seq <> (SELECT MIN(seq) FROM _release)) +
  COUNT(*) FILTER (WHERE f.count_rows <> r.rows OR f.first <> r.as_of OR f.last <> r.as_of
    OR f.last <> (SELECT MIN(last) FROM found)) AS count_wrong
FROM found AS f JOIN _release AS r ON r."table" = f.name"""
