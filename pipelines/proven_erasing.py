"""An erasure with its proof: searched before and after, and a certificate that says what came of it.

<home>/certificates/<day>-<ledger line>.{json,html}     0700 and 0600, names nobody
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from assets.context import Context
from assets.landing_erasure import landing_files_with, rewrite_landing
from data_quality.leaks import scan
from pipelines.erasing import Erased, erase
from pipelines.erasure_certificate import certificate, certificate_html
from pipelines.erasure_proof import Proof, person_needles, proof_of, search_roots
from pipelines.subject import Subject
from warehouse.files import private_dir, write_atomic
from warehouse.recovery import writing

FOLDER = "certificates"
_NAME_DIGITS = 12


@dataclass(frozen=True)
class Proven:
    """An erasure that was carried out, what searching showed, delivered files that still hold a person, and
    the certificate for people."""

    erased: Erased
    proof: Proof
    landing: tuple[str, ...]
    certificate: Path


def erase_and_prove(context: Context, subjects: Sequence[Subject]) -> Proven:
    """Erase people, search the workspace for them before and after, and write the certificate."""
    needles = person_needles(context, subjects)
    before = scan(search_roots(context), needles)
    erased = erase(context, subjects, needles)
    now = datetime.now(context.workspace.settings.zone)
    with writing(context.workspace.warehouse):
        rewritten = rewrite_landing(context, needles, context.workspace.business_day(now))
    after = scan(search_roots(context), needles)
    proof = proof_of(context, needles, before, after)
    landing, on = landing_files_with(context, needles), now.date()
    said = certificate(context.workspace, erased, proof, landing, rewritten, on)
    folder = private_dir(context.workspace.home / FOLDER)
    name = f"{on.isoformat()}-{erased.ledger_hash[:_NAME_DIGITS]}"
    write_atomic(folder / f"{name}.json", json.dumps(said, ensure_ascii=False, indent=1).encode(), 0o600)
    page = folder / f"{name}.html"
    write_atomic(page, certificate_html(said).encode(), 0o600)
    return Proven(erased, proof, tuple(landing), page)
