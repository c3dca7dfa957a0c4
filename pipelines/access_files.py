"""`satu access`: finds the person, records that it was asked, writes JSON and page to a private folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assets.context import Context
from assets.people_logs import record_access
from assets.tables import workspace_tables
from pipelines.access import access_report, report_json
from pipelines.access_page import access_html
from pipelines.access_wording import Wording
from pipelines.identity_view import look_at_people
from pipelines.subject import subject_of_customer, subject_of_identifier
from warehouse.errors import InputError
from warehouse.files import private_dir, write_atomic

FOLDER = "access"


@dataclass(frozen=True)
class Written:
    """The files of an answer and how much is in it; nothing of the person but the number."""

    paths: list[Path]
    counts: dict[str, int]


def write_access(context: Context, kind: str, value: str, folder: Path | None) -> Written:
    """Answer who the identifier leads to; `kind` is customer, email, phone or nik.

    Every request is written down before anything is shown, also one that leads to nobody.
    """
    with look_at_people(context) as view:
        try:
            subject = (
                subject_of_customer(view, value)
                if kind == "customer"
                else subject_of_identifier(view, kind, value)
            )
        except InputError:
            record_access(context, None)
            raise
        report = access_report(context, view, subject)
    record_access(context, subject.customer_id)
    workspace = context.workspace
    wording = Wording(
        {channel.name: channel.description for channel in workspace.channels.values()},
        workspace.inputs,
        workspace_tables(workspace),
        workspace.segments,
        workspace.settings.zone,
        workspace.settings.currency,
    )
    target = _folder(workspace.home / FOLDER if folder is None else folder)
    contents = {"json": report_json(report), "html": access_html(report, wording)}
    paths = [target / f"{subject.customer_id}.{ending}" for ending in contents]
    for path, text in zip(paths, contents.values(), strict=True):
        write_atomic(path, text.encode(), 0o600)
    counts = {
        "records": len(report.records),
        "rows": len(report.statements),
        "quarantined": len(report.quarantined),
        "days": len({row["as_of"] for row in report.stored_days}),
        "lists": len({row["list"] for row in report.lists}),
        "exports": len(report.exports),
    }
    return Written(paths, counts)


def _folder(folder: Path) -> Path:
    """The folder, private when it is made here; one that is there already keeps who may read it."""
    return folder if folder.is_dir() else private_dir(folder)
