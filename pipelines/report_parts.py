"""What the report's sections are made of: cards, tiles, tables."""

from __future__ import annotations

from html import escape
from typing import Any

from pipelines.pages.page import label
from warehouse.contracts import Text

_NOTHING = Text("Nothing to show.", "Tidak ada yang perlu ditampilkan.")


def masthead(company: str, release: dict[str, Any], links: dict[str, Text]) -> str:
    """Whose page it is, which release it shows, and where the other pages are (file name: what it holds)."""
    shown = Text(f"Data as of {release['as_of']}", f"Data per {release['as_of']}")
    number = Text(f"release {release['seq']}", f"rilis {release['seq']}")
    others = "".join(f' · <a href="{name}">{label(about)}</a>' for name, about in links.items())
    return f'<h1>{escape(company)}</h1><p class="about">{label(shown)} · {label(number)}{others}</p>'


def card(title: Text, lead: Text, body: str, wide: bool = False) -> str:
    """One section; an empty `body` says that there is nothing to show yet."""
    inside = body or f'<p class="none">{label(_NOTHING)}</p>'
    kind = ' class="wide"' if wide else ""
    return f'<article{kind}><h2>{label(title)}</h2><p class="lead">{label(lead)}</p>{inside}</article>'


def tile(name: Text, value: Text, note: str, bad: bool = False) -> str:
    """One figure with a note."""
    return (
        f'<div class="tile{" bad" if bad else ""}"><span class="name">{label(name)}</span>'
        f"<strong>{label(value)}</strong><small>{note}</small></div>"
    )


def code(name: str) -> str:
    """A technical name, which may be broken after its underscores."""
    return f"<code>{escape(name).replace('_', '_<wbr>')}</code>"


def table(heads: list[Text], lines: list[list[str]], left: int = 1, *, is_named: bool = False) -> str:
    """A plain table; the first `left` columns hold words, the others numbers. Where the first one names its
    line, no name is broken."""

    def kind(position: int) -> str:
        return "" if position < left else ' class="n"'

    top = "".join(f"<th{kind(i)}>{label(head)}</th>" for i, head in enumerate(heads))
    body = "".join(
        f"<tr>{''.join(f'<td{kind(i)}>{cell}</td>' for i, cell in enumerate(line))}</tr>" for line in lines
    )
    kept = ' class="named"' if is_named else ""
    return (
        f'<div class="scroll"><table{kept}><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'
    )
