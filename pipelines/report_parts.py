"""What the report's sections are made of: cards, tiles, tables."""

from __future__ import annotations

from pipelines.pages.page import label
from warehouse.contracts import Text

_NOTHING = Text("Nothing to show yet.", "Belum ada yang dapat ditampilkan.")


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


def table(heads: list[Text], lines: list[list[str]], left: int = 1) -> str:
    """A plain table; the first `left` columns hold words, the others numbers."""

    def kind(position: int) -> str:
        return "" if position < left else ' class="n"'

    top = "".join(f"<th{kind(i)}>{label(head)}</th>" for i, head in enumerate(heads))
    body = "".join(
        f"<tr>{''.join(f'<td{kind(i)}>{cell}</td>' for i, cell in enumerate(line))}</tr>" for line in lines
    )
    return f'<div class="scroll"><table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'
