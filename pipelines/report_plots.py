"""Charts of many points or cells: a grid of shades as an HTML table, lines over time as SVG.

As in report_charts.py: pure functions of numbers, in the colours of the page. A grid is a table, because the
words of an SVG shrink with it and a phone is narrow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from pipelines.pages.page import label
from pipelines.report_charts import nice_ceiling, strength, svg, text_at, tick
from warehouse.contracts import Text


@dataclass(frozen=True)
class Shade:
    """A cell of a grid: `weight` colours it, None leaves it without colour; `shown` is written in it."""

    weight: float | None
    shown: Text
    hint: str


@dataclass(frozen=True)
class GridRow:
    """A row of a grid; None where there is nobody."""

    name: Text
    cells: Sequence[Shade | None]


@dataclass(frozen=True)
class Line:
    """One line of a timeline, its values at equal steps."""

    name: Text
    tone: str
    values: Sequence[float]


def decimal(value: float) -> Text:
    """1.234 as `1.2` and `1,2`; without decimals from ten on."""
    shown = f"{value:.0f}" if value >= 9.95 else f"{value:.1f}"
    return Text(shown, shown.replace(".", ","))


def grid(corner: Text, across: Sequence[Text], rows: Sequence[GridRow]) -> str:
    """A heat map as a table, the higher the deeper in colour; blank where there is nobody."""
    weights = [
        cell.weight for row in rows for cell in row.cells if cell is not None and cell.weight is not None
    ]
    heaviest = max(weights, default=0.0) or 1.0
    top = "".join(f'<th class="c">{label(name)}</th>' for name in across)
    lines = "".join(
        f"<tr><td>{label(row.name)}</td>{''.join(_cell(cell, heaviest) for cell in row.cells)}</tr>"
        for row in rows
    )
    return (
        f'<div class="scroll"><table class="triangle grid"><thead><tr><th>{label(corner)}</th>{top}</tr>'
        f"</thead><tbody>{lines}</tbody></table></div>"
    )


def timeline(lines: Sequence[Line], ticks: Mapping[int, Text], cut: int, cut_name: Text) -> str:
    """Lines over equal steps with an amount axis; `ticks` names some steps, a dashed line stands at `cut`."""
    wide, high, left, top = 520, 200, 56, 22
    ceiling = nice_ceiling(max((value for line in lines for value in line.values), default=0.0))
    steps = max((len(line.values) for line in lines), default=0)

    def x(place: float) -> float:
        return left + wide * place / max(steps - 1, 1)

    def y(value: float) -> float:
        return top + high * (1 - value / ceiling)

    parts = []
    for step in range(5):
        level = y(ceiling * step / 4)
        parts.append(f'<line class="grid" x1="{left}" x2="{left + wide}" y1="{level:.1f}" y2="{level:.1f}"/>')
        parts.append(text_at(left - 8, level + 4, tick(ceiling * step / 4, ceiling), "axis", "end"))
    parts += [text_at(x(place), top + high + 20, name, "axis", "middle") for place, name in ticks.items()]
    parts.append(f'<line class="cut" x1="{x(cut):.1f}" x2="{x(cut):.1f}" y1="{top - 6}" y2="{top + high}"/>')
    parts.append(text_at(x(cut) - 6, top - 8, cut_name, "axis name", "end"))
    for place, line in enumerate(lines):
        points = " ".join(f"{x(i):.1f},{y(value):.1f}" for i, value in enumerate(line.values))
        parts.append(
            f'<polyline class="line {line.tone}" points="{points}"><title>{escape(line.name.en)}</title>'
            "</polyline>"
        )
        start = left + 14 + 150 * place
        parts.append(
            f'<line class="line {line.tone}" x1="{start}" x2="{start + 22}" y1="{top - 12}" y2="{top - 12}"/>'
        )
        parts.append(text_at(start + 28, top - 8, line.name, "axis", "start"))
    return svg(left + wide + 10, top + high + 28, parts)


def _cell(cell: Shade | None, heaviest: float) -> str:
    if cell is None:
        return '<td class="heat nobody"></td>'
    hint = f'title="{escape(cell.hint)}"'
    if cell.weight is None:
        return f'<td class="heat few" {hint}><span>{label(cell.shown)}</span></td>'
    # half the colour at most, as in a triangle: one ink reads on every shade
    shade = strength(cell.weight, heaviest) / 2
    return f'<td class="heat" style="--heat:{shade:.2f}" {hint}><span>{label(cell.shown)}</span></td>'
