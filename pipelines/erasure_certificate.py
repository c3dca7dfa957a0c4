"""The certificate of an erasure: what was done and what proves it, for who asked and for who audits.

It names nobody: persons are keyed hashes of their record keys, which say nothing without the workspace's
secret, and files are named by path, never by what they held.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from html import escape
from itertools import groupby
from typing import Any

from assets.erasure import Erasure
from assets.erasure_ledger import Closed, FileChange
from assets.file_states import DELIVERED
from pipelines.erasure_proof import Proof
from pipelines.pages.page import header, label, page
from pipelines.report_charts import grouped
from pipelines.report_parts import card, code, table, tile
from warehouse.contracts import Text

ERASED, LEFT, UNPROVEN = "erased", "left", "unproven"
VERDICTS = {
    ERASED: Text(
        "Everything that names these persons is gone from the warehouse.",
        "Semua yang menyebut orang-orang ini sudah tidak ada di gudang data.",
    ),
    LEFT: Text(
        "Something of these persons is still in the places below.",
        "Masih ada yang menyebut orang-orang ini di tempat di bawah.",
    ),
    UNPROVEN: Text(
        "Nothing was found, but not everything that was looked for had been found before.",
        "Tidak ada yang ditemukan, tetapi tidak semua yang dicari pernah ditemukan sebelumnya.",
    ),
}
KINDS = {
    "raw": Text("Stored copies of delivered files", "Salinan berkas kiriman"),
    "records": Text("Records", "Catatan"),
    "quarantine": Text("Quarantine", "Karantina"),
    "partition": Text("Stored days of tables", "Hari tersimpan dari tabel"),
    "decisions": Text("Decisions and lists", "Keputusan dan daftar"),
    "model": Text("Identity model", "Model identitas"),
    "matching": Text("State of matching", "Keadaan pencocokan"),
    "release": Text("Released files", "Berkas rilis"),
    "export": Text("Exports", "Ekspor"),
    "landing": Text("Delivered files", "Berkas kiriman"),
}
_SHOWN_DIGITS = 16
_FILE = Text("File", "Berkas")


def certificate(
    company: str, erasure: Erasure, closed: Closed, proof: Proof, landing: Sequence[str]
) -> dict[str, Any]:
    """The certificate as it is kept. `landing` are delivered files that still hold a person."""
    return {
        "company": company,
        "on": erasure.begun_at.date().isoformat(),
        "as_of": erasure.as_of.isoformat(),
        "verdict": ERASED if proof.holds else LEFT if proof.left else UNPROVEN,
        "persons": [{"records": list(hashes)} for hashes in erasure.persons],
        "suppression_entries": len(erasure.entries),
        "search": asdict(proof),
        "files": [asdict(change) for change in closed.files],
        "landing": {
            "left": sorted(landing),
            "rewritten": sorted(change.path for change in closed.files if change.kind == DELIVERED),
        },
        "release": {"before": erasure.release, "after": closed.release},
        "ledger_entry": closed.ledger_hash,
    }


def certificate_html(said: dict[str, Any]) -> str:
    """The certificate for people, in both languages, as one file."""
    files = [FileChange(**change) for change in said["files"]]
    company, erased_on = said["company"], said["on"]
    about = Text(f"Erased on {erased_on}", f"Dihapus pada {erased_on}")
    body = [
        header(Text("Certificate of erasure", "Sertifikat penghapusan"), ("en", "id")),
        '<main id="top">',
        f'<h1>{escape(company)}</h1><p class="about">{label(about)}</p>',
        _tiles(said, files),
        _verdict(said),
        _persons(said["persons"]),
        _landing(said["landing"]),
        _summary(files),
        _files(files),
        _ledger(said),
        "</main>",
    ]
    return page(f"Satu · {company}", "\n".join(body), styles=["report.css"], scripts=[], language="en")


def _tiles(said: dict[str, Any], files: list[FileChange]) -> str:
    search, persons = said["search"], said["persons"]
    wanted, found, places = (search[name] for name in ("identifiers", "found_before", "places_before"))
    left = sum(place["count"] for place in search["left"])
    kept = [change for change in files if change.hash_after is not None]
    gone = sum(change.rows_before - change.rows_after for change in kept)
    records = sum(len(person["records"]) for person in persons)
    shown = [
        tile(Text("Persons", "Orang"), grouped(len(persons)), _counted(records, "{} records", "{} catatan")),
        tile(
            Text("Identifiers found before", "Pengenal ditemukan sebelumnya"),
            Text(f"{found} of {wanted}", f"{found} dari {wanted}"),
            _counted(places, "in {} places", "di {} tempat"),
            found < wanted,
        ),
        tile(
            Text("Found after", "Ditemukan sesudahnya"),
            grouped(left),
            label(Text("cells, rows and lines", "sel dan baris")),
            left > 0,
        ),
        tile(
            Text("Rows taken out", "Baris dikeluarkan"),
            grouped(gone),
            _counted(len(kept), "of {} files", "dari {} berkas"),
        ),
    ]
    return f'<div class="tiles">{"".join(shown)}</div>'


def _counted(number: int, en: str, id: str) -> str:
    said = grouped(number)
    return label(Text(en.format(said.en), id.format(said.id)))


def _verdict(said: dict[str, Any]) -> str:
    search = said["search"]
    lines = [
        [code(place["path"]), code(place["place"]), label(grouped(place["count"]))]
        for place in search["left"]
    ]
    inside = f"<p>{label(VERDICTS[said['verdict']])}</p>"
    if lines:
        inside += table([_FILE, Text("Place", "Tempat"), Text("Times", "Kali")], lines, left=2)
    if search["undecoded"]:
        about = Text(
            "These files could not be decoded; only their raw bytes were searched.",
            "Berkas ini tidak dapat diurai; hanya bita mentahnya yang dicari.",
        )
        inside += f"<p>{label(about)}</p>{_paths(search['undecoded'])}"
    lead = Text(
        "The same search over the whole workspace, before and after.",
        "Pencarian yang sama di seluruh ruang kerja, sebelum dan sesudah.",
    )
    return card(Text("What was found", "Yang ditemukan"), lead, inside, wide=True)


def _persons(persons: list[dict[str, Any]]) -> str:
    lines = [
        [label(Text(str(number), str(number))), " ".join(map(_short, person["records"]))]
        for number, person in enumerate(persons, start=1)
    ]
    lead = Text(
        "Keyed hashes of the persons' records; they say nothing without the secret key.",
        "Hash berkunci dari catatan orang tersebut; tanpa kunci rahasia tidak berarti apa pun.",
    )
    heads = [Text("Person", "Orang"), Text("Records", "Catatan")]
    return card(Text("Whom it is about", "Tentang siapa"), lead, table(heads, lines, left=2), wide=True)


def _landing(landing: dict[str, list[str]]) -> str:
    lead = Text(
        "Delivered files belong to who delivers them. These still hold a person; their owner deletes or"
        " corrects them. Delivered again, they bring nobody back.",
        "Berkas kiriman milik pengirimnya. Berkas ini masih memuat orang tersebut; pemiliknya menghapus atau"
        " memperbaikinya. Bila dikirim lagi, tidak ada yang kembali.",
    )
    rewritten = ""
    if landing["rewritten"]:
        about = Text("Lines were taken out of these:", "Baris sudah dikeluarkan dari berkas ini:")
        rewritten = f"<p>{label(about)}</p>{_paths(landing['rewritten'])}"
    none = Text("None.", "Tidak ada.")
    left = _paths(landing["left"]) if landing["left"] else f"<p>{label(none)}</p>"
    return card(Text("Delivered files", "Berkas kiriman"), lead, left + rewritten, wide=True)


def _summary(files: list[FileChange]) -> str:
    lines = []
    for kind, group in groupby(sorted(files, key=lambda f: (f.kind, f.path)), key=lambda f: f.kind):
        changes = list(group)
        before, after = sum(f.rows_before for f in changes), sum(f.rows_after for f in changes)
        name = label(KINDS[kind]) if kind in KINDS else code(kind)
        lines.append([name, *(label(grouped(n)) for n in (len(changes), before, after, before - after))])
    heads = [
        Text("Kind", "Jenis"), Text("Files", "Berkas"), Text("Rows before", "Baris sebelum"),
        Text("Rows after", "Baris sesudah"), Text("Taken out", "Dikeluarkan"),
    ]  # fmt: skip
    lead = Text("Files of the warehouse that named a person.", "Berkas gudang data yang menyebut orang itu.")
    inside = table(heads, lines) if lines else ""
    return card(Text("What was changed", "Yang diubah"), lead, inside, wide=True)


def _files(files: list[FileChange]) -> str:
    lines = [
        [
            code(f.path),
            _short(f.hash_before),
            _short(f.hash_after) if f.hash_after else label(Text("gone", "dihapus")),
            label(grouped(f.rows_before)),
            label(grouped(f.rows_after)),
        ]
        for f in files
    ]
    heads = [
        _FILE, Text("Hash before", "Hash sebelum"), Text("Hash after", "Hash sesudah"),
        Text("Rows before", "Baris sebelum"), Text("Rows after", "Baris sesudah"),
    ]  # fmt: skip
    named = _counted(len(files), "All {} files", "Semua {} berkas")
    inside = f"<details><summary>{named}</summary>{table(heads, lines, left=3)}</details>"
    lead = Text("Keyed hashes of every file.", "Hash berkunci tiap berkas.")
    return card(Text("File by file", "Berkas demi berkas"), lead, inside if files else "", wide=True)


def _ledger(said: dict[str, Any]) -> str:
    entries, release = said["suppression_entries"], said["release"]
    about = Text(
        f"The entry that closes this erasure. {entries} keyed hashes keep the persons out of later nights.",
        f"Entri yang menutup penghapusan ini. {entries} hash berkunci menjaga orang tersebut tidak kembali.",
    )
    shown = Text(
        f"Release {release['after']} replaced release {release['before']}; no earlier one is kept.",
        f"Rilis {release['after']} menggantikan rilis {release['before']}; tak ada rilis lama yang disimpan.",
    )
    published = f"<p>{label(shown)}</p>" if release["after"] is not None else ""
    inside = f'<p class="hash">{code(said["ledger_entry"])}</p>{published}'
    return card(Text("Ledger", "Buku besar"), about, inside, wide=True)


def _paths(paths: Sequence[str]) -> str:
    return f'<ul class="paths">{"".join(f"<li>{code(path)}</li>" for path in paths)}</ul>'


def _short(digest: str) -> str:
    return code(digest[:_SHOWN_DIGITS])
