"""`satu docs`: the pages people read, as static HTML."""

from __future__ import annotations

from pathlib import Path

from assets.context import Context
from assets.tables import workspace_tables
from pipelines.dictionary import ReleaseFacts
from pipelines.dictionary_page import dictionary_html
from warehouse.publish import current_release, manifest_of


def write_docs(context: Context, folder: Path) -> list[Path]:
    """Write every page into `folder`; the paths written."""
    folder.mkdir(parents=True, exist_ok=True)
    release = current_release(context.workspace.warehouse)
    facts = ReleaseFacts(company=context.workspace.settings.company)
    if release is not None:
        rows = {entry["name"]: entry["rows"] for entry in manifest_of(release)["tables"]}
        facts = ReleaseFacts(company=context.workspace.settings.company, as_of=release.as_of, rows=rows)
    page = folder / "dictionary.html"
    page.write_text(
        dictionary_html(workspace_tables(context.workspace), context.workspace.inputs, facts),
        encoding="utf-8",
    )
    return [page]
