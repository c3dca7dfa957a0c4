"""`satu docs`: the pages people read, as static HTML."""

from __future__ import annotations

from pathlib import Path

from assets.context import Context
from assets.tables import workspace_tables
from pipelines.dictionary import ReleaseFacts
from pipelines.dictionary_page import dictionary_html
from pipelines.processing_page import processing_html
from pipelines.processing_record import processing_record
from pipelines.quality_data import quality_rows
from pipelines.quality_page import quality_html
from pipelines.report import report_html
from pipelines.report_data import report_rows
from pipelines.report_identity import identity_html
from warehouse.publish import current_release, manifest_of


def write_docs(context: Context, folder: Path) -> list[Path]:
    """Write every page into `folder`; the paths written. The reports need a release."""
    folder.mkdir(parents=True, exist_ok=True)
    workspace = context.workspace
    company = workspace.settings.company
    release = current_release(workspace.warehouse)
    tables = workspace_tables(workspace)
    facts = ReleaseFacts(company=company)
    pages = {}
    if release is not None:
        rows = {entry["name"]: entry["rows"] for entry in manifest_of(release)["tables"]}
        facts = ReleaseFacts(company=company, as_of=release.as_of, rows=rows)
        shown = report_rows(workspace.warehouse)
        pages["report.html"] = report_html(company, shown)
        pages["identity.html"] = identity_html(company, shown)
        counted = quality_rows(workspace.warehouse)
        pages["quality.html"] = quality_html(company, counted, tables, workspace.inputs)
    pages["processing.html"] = processing_html(processing_record(context))
    pages["dictionary.html"] = dictionary_html(tables, workspace.inputs, facts)
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in pages]
