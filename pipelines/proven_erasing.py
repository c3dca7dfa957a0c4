"""An erasure with its proof: searched before and after, and a certificate that says what came of it.

<home>/certificates/<day>-<ledger line>.{json,html}     0700 and 0600, names nobody

One that was cut off ends with its certificate too, whichever command finishes it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from assets.context import Context
from assets.erasure import Checkpoint, Erasure, journal, under_way
from assets.erasure_ledger import Closed, finish_erasure
from assets.landing_erasure import landing_files_with
from assets.removal import finish_removal
from pipelines.erasing import LOCK_SECONDS, Erased, erase
from pipelines.erasure_certificate import certificate, certificate_html
from pipelines.erasure_proof import Proof, person_needles, proof_of, search_workspace, sought_of
from pipelines.subject import Subject
from warehouse.files import private_dir, write_atomic
from warehouse.recovery import writing

FOLDER = "certificates"
_NAME_DIGITS = 12


@dataclass(frozen=True)
class Certified:
    """What searching showed, delivered files that still hold a person, and the certificate for people."""

    proof: Proof
    landing: tuple[str, ...]
    certificate: Path


@dataclass(frozen=True)
class Proven(Certified):
    """An erasure that was carried out and certified."""

    erased: Erased


def erase_and_prove(
    context: Context, subjects: Sequence[Subject], checkpoint: Checkpoint = lambda name: None
) -> Proven:
    """Erase people, search the workspace for them before and after, and write the certificate.

    `checkpoint` is called with the name of each phase that is done.
    """
    certified: list[Certified] = []

    def close(erasure: Erasure, closed: Closed) -> None:
        certified.append(_certify(context, erasure, closed))

    finish_cut_off(context)
    checkpoint("begun")
    needles = person_needles(context, subjects)
    checkpoint("identifiers")
    sought = sought_of(needles, search_workspace(context, needles))
    checkpoint("searched")
    erased = erase(context, subjects, needles, checkpoint, sought, close)
    last = certified[-1]
    return Proven(last.proof, last.landing, last.certificate, erased)


def finish_proven(context: Context) -> None:
    """Finish an erasure that was cut off, with its certificate. For who holds the warehouse's lock."""

    def close(erasure: Erasure, closed: Closed) -> None:
        _certify(context, erasure, closed)

    finish_erasure(context, close=close)


@contextmanager
def writing_after_erasure(context: Context, timeout_seconds: float = LOCK_SECONDS) -> Iterator[None]:
    """The warehouse for one writer, after an erasure that was cut off has been finished."""
    with writing(context.workspace.warehouse, timeout_seconds):
        finish_proven(context)
        finish_removal(context)
        yield


def finish_cut_off(context: Context) -> None:
    """The same for commands that write nothing into the warehouse, but show what is in it."""
    if under_way(context) is not None:
        with writing_after_erasure(context):
            pass


def _certify(context: Context, erasure: Erasure, closed: Closed) -> Certified:
    """Search once more for what is erased, but in the note of it, and write down what came of it."""
    noted = journal(context).resolve()
    after = [leak for leak in search_workspace(context, erasure.needles) if leak.path != noted]
    proof = proof_of(context, erasure.sought, after)
    landing = tuple(landing_files_with(context, erasure.needles))
    said = certificate(context.workspace.settings.company, erasure, closed, proof, landing)
    folder = private_dir(context.workspace.home / FOLDER)
    name = f"{erasure.begun_at.date().isoformat()}-{closed.ledger_hash[:_NAME_DIGITS]}"
    write_atomic(folder / f"{name}.json", json.dumps(said, ensure_ascii=False, indent=1).encode(), 0o600)
    page = folder / f"{name}.html"
    write_atomic(page, certificate_html(said).encode(), 0o600)
    return Certified(proof, landing, page)
