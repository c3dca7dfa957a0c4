"""Charts as inline SVG: pure functions of rows, in the colours of the page, so light and dark both read.

Numbers in, one `<svg>` out. Words and amounts come in both languages (`Text`); the page shows one of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from pipelines.pages.page import label
from warehouse.contracts import Text

_EN = ((1e12, " T"), (1e9, " B"), (1e6, " M"), (1e3, " k"))
_ID = ((1e12, " T"), (1e9, " M"), (1e6, " jt"), (1e3, " rb"))
_NUMBER = ' class="n"'


@dataclass(frozen=True)
class Part:
    """A share of a whole, with its colour class."""

    name: Text
    value: float
    tone: str


@dataclass(frozen=True)
class Cell:
    """A square of a heat map: `weight` colours it, `large` and `small` are written in it."""

    column: int
    row: int
    weight: float
    large: Text
    small: Text
    hint: str


@dataclass(frozen=True)
class Bar:
    """A column of a bar chart; `pale` is the part of it at the top that is shown paler.

    `ends` are those of its interval, `mark` is another figure to see it by.
    """

    name: Text
    value: float
    hint: str
    pale: float = 0.0
    ends: tuple[float, float] | None = None
    mark: float | None = None


@dataclass(frozen=True)
class Span:
    """A bar from one value to another, its name before it, a figure after it; a faint one says little."""

    name: Text
    start: float
    end: float
    tone: str
    figure: Text
    is_faint: bool = False


@dataclass(frozen=True)
class Share:
    """A cell of a triangle; a running one may still grow."""

    value: float
    hint: str
    is_running: bool = False


@dataclass(frozen=True)
class TriangleRow:
    """A row of a triangle: its name, figures beside it, and as many shares as have been observed."""

    name: Text
    figures: Sequence[Text]
    shares: Sequence[Share]


def compact(value: float) -> Text:
    """1_250_000 as `1.25 M` and `1,25 jt`."""
    english, indonesian = _scaled(value, _EN), _scaled(value, _ID)
    return Text(english, indonesian.replace(",", ";").replace(".", ",").replace(";", "."))


def grouped(value: float) -> Text:
    """1250 as `1,250` and `1.250`."""
    return Text(f"{value:,.0f}", f"{value:,.0f}".replace(",", "."))


def percent(share: float, digits: int = 0) -> Text:
    """0.345 as `35%`, in both languages."""
    text = f"{100 * share:.{digits}f}%"
    return Text(text, text.replace(".", ","))


def signed(value: float) -> Text:
    """12.345 as `+12.3` and `+12,3`."""
    text = f"{round(value, 1) + 0.0:+.1f}".replace("-", "\N{MINUS SIGN}")
    return Text(text, text.replace(".", ","))


def stacked_bar(parts: Sequence[Part], height: int = 26) -> str:
    """One horizontal bar of parts with a legend below, as HTML."""
    total = sum(part.value for part in parts) or 1.0
    pieces, x = [], 0.0
    for part in parts:
        width = 1000 * part.value / total
        hint = escape(f"{part.name.en}: {part.value:,.0f}")
        pieces.append(
            f'<rect class="{part.tone}" x="{x:.1f}" y="0" width="{max(width - 2, 0.5):.1f}"'
            f' height="{height}"><title>{hint}</title></rect>'
        )
        x += width
    return (
        f'<svg class="bar-whole" viewBox="0 0 1000 {height}" preserveAspectRatio="none" role="img"'
        f' style="height:{height}px">{"".join(pieces)}</svg>'
    )


def heat_map(cells: Sequence[Cell], across: Text, upward: Text, size: int = 5) -> str:
    """`size` by `size` squares; columns and rows count from 1, row 1 at the bottom."""
    wide, high, left, top = 104, 62, 46, 6
    heaviest = max((cell.weight for cell in cells), default=0.0) or 1.0
    known = {(cell.column, cell.row): cell for cell in cells}
    parts = []
    for row in range(size, 0, -1):
        y = top + (size - row) * high
        parts.append(text_at(left - 12, y + high / 2 + 4, Text(str(row), str(row)), "axis", "end"))
        for column in range(1, size + 1):
            x = left + (column - 1) * wide
            parts.append(_square(x, y, wide, high, known.get((column, row)), heaviest))
    bottom = top + size * high
    for column in range(1, size + 1):
        centre = left + (column - 0.5) * wide
        parts.append(text_at(centre, bottom + 17, Text(str(column), str(column)), "axis", "middle"))
    parts.append(text_at(left + size * wide / 2, bottom + 36, across, "axis name", "middle"))
    middle = top + size * high / 2
    turned = text_at(12, middle + 4, upward, "axis name", "middle")
    parts.append(f'<g transform="rotate(-90 12 {middle:.0f})">{turned}</g>')
    return svg(left + size * wide + 4, bottom + 44, parts)


def curves(
    series: Sequence[tuple[Text, str, Sequence[tuple[float, float]]]], across: Text, dots: bool = False
) -> str:
    """Lines over 0 to 100 percent on both axes, the diagonal of equal shares behind them."""
    wide, high, left, top = 520, 300, 46, 10
    parts = []
    for step in range(0, 101, 20):
        x, y = left + wide * step / 100, top + high * (1 - step / 100)
        parts.append(f'<line class="grid" x1="{left}" x2="{left + wide}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(text_at(left - 8, y + 4, percent(step / 100), "axis", "end"))
        parts.append(text_at(x, top + high + 18, percent(step / 100), "axis", "middle"))
    parts.append(f'<line class="even" x1="{left}" y1="{top + high}" x2="{left + wide}" y2="{top}"/>')
    for name, tone, points in series:
        line = " ".join(f"{left + wide * x:.1f},{top + high * (1 - y):.1f}" for x, y in points)
        if tone == "one" and points and not dots:
            parts.append(
                f'<polygon class="under" points="{left},{top + high} {line} {left + wide},{top + high}"/>'
            )
        parts.append(
            f'<polyline class="line {tone}" points="{line}"><title>{escape(name.en)}</title></polyline>'
        )
        if dots:
            parts += [
                f'<circle class="dot {tone}" cx="{left + wide * x:.1f}" cy="{top + high * (1 - y):.1f}"'
                f' r="5"><title>{x:.0%}: {y:.0%}</title></circle>'
                for x, y in points
            ]
    for position, (name, tone, _) in enumerate(series):
        y = top + high - 48 + 20 * position
        parts.append(
            f'<line class="line {tone}" x1="{left + wide - 150}" x2="{left + wide - 126}" y1="{y}" y2="{y}"/>'
        )
        parts.append(text_at(left + wide - 118, y + 4, name, "axis", "start"))
    parts.append(text_at(left + wide / 2, top + high + 38, across, "axis name", "middle"))
    return svg(left + wide + 16, top + high + 46, parts)


def columns(bars: Sequence[Bar], across: Text | None = None, every: int = 1) -> str:
    """Upright bars with an amount axis; every n-th name is written below."""
    wide, high, left, top = 560, 210, 56, 12
    highest = max((max(bar.value, bar.mark or 0.0, *(bar.ends or ())) for bar in bars), default=0.0)
    ceiling = nice_ceiling(highest)
    parts = []
    for step in range(5):
        y = top + high * (1 - step / 4)
        parts.append(f'<line class="grid" x1="{left}" x2="{left + wide}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(text_at(left - 8, y + 4, tick(ceiling * step / 4, ceiling), "axis", "end"))
    slot = wide / max(len(bars), 1)
    for position, bar in enumerate(bars):
        x = left + slot * position
        parts.append(_bar(bar, x + slot * 0.14, slot * 0.72, top, high, ceiling))
        if position % every == 0:
            parts.append(text_at(x + slot / 2, top + high + 18, bar.name, "axis", "middle"))
    if across is not None:
        parts.append(text_at(left + wide / 2, top + high + 38, across, "axis name", "middle"))
    return svg(left + wide + 6, top + high + (46 if across is not None else 26), parts)


def spans(rows: Sequence[Span], low: float, high: float, mark: float | None = None) -> str:
    """Bars on one scale from `low` to `high`, one line each, as HTML; lines at 0 and, dashed, at `mark`.

    Words stay outside the SVG, so that they wrap on a narrow screen instead of shrinking; inside, shares of
    the width let the bars keep their height beside them.
    """

    def x(value: float) -> float:
        return 100 * (value - low) / (high - low)

    def upright(value: float, tone: str) -> str:
        return f'<line class="{tone}" x1="{x(value):.2f}%" x2="{x(value):.2f}%" y1="0" y2="100%"/>'

    lines = upright(0, "zero") + ("" if mark is None else upright(mark, "mark"))
    found = []
    for row in rows:
        left, width = x(min(row.start, row.end)), abs(x(row.end) - x(row.start))
        faint = ' class="faint"' if row.is_faint else ""
        found.append(
            f'<li{faint}><span>{label(row.name)}</span><svg role="img">{lines}'
            f'<rect class="{row.tone}" x="{left:.2f}%" y="50%" width="{max(width, 0.5):.2f}%" height="14"'
            f' transform="translate(0 -7)"/></svg><b>{label(row.figure)}</b></li>'
        )
    return f'<ul class="spans">{"".join(found)}</ul>'


def triangle(heads: Sequence[Text], rows: Sequence[TriangleRow], first: int = 1) -> str:
    """A table of shares as HTML, the higher the deeper in colour; `heads` name all columns before the shares.

    The shares are numbered from `first`. What has not been observed yet stays blank.
    """
    heaviest = max((share.value for row in rows for share in row.shares), default=0.0) or 1.0
    wide = max((len(row.shares) for row in rows), default=0)
    numbers = [Text(str(first + i), str(first + i)) for i in range(wide)]
    top = "".join(f"<th{'' if i == 0 else _NUMBER}>{label(head)}</th>" for i, head in enumerate(heads))
    top += "".join(f'<th class="c">{label(number)}</th>' for number in numbers)
    lines = []
    for row in rows:
        line = f"<td>{label(row.name)}</td>"
        line += "".join(f"<td{_NUMBER}>{label(figure)}</td>" for figure in row.figures)
        line += "".join(_shade(share, heaviest) for share in row.shares)
        lines.append(f"<tr>{line}{'<td></td>' * (wide - len(row.shares))}</tr>")
    return (
        f'<div class="scroll"><table class="triangle"><thead><tr>{top}</tr></thead>'
        f"<tbody>{''.join(lines)}</tbody></table></div>"
    )


def tick(value: float, ceiling: float) -> Text:
    """A figure of an axis; a quarter of a small ceiling keeps its decimals."""
    if ceiling >= 20:
        return compact(value)
    return Text(f"{value:g}", f"{value:g}".replace(".", ","))


def nice_ceiling(value: float) -> float:
    """The next 1, 2, 4, 6, 8 or 12 times a power of ten, so that a quarter of it is easy to read.

    Below ten not 6: a quarter of it is no count.
    """
    if value <= 0:
        return 1.0
    power = 10.0 ** (len(str(int(value))) - 1) if value >= 1 else 1.0
    steps = (1, 2, 4, 6, 8, 12) if power >= 10 else (1, 2, 4, 8, 12)
    return next(step * power for step in steps if step * power >= value)


def _bar(bar: Bar, x: float, width: float, top: float, high: float, ceiling: float) -> str:
    def y(value: float) -> float:
        return top + high * (1 - max(value, 0.0) / ceiling)

    base = top + high
    found = [
        f'<g><title>{escape(bar.hint)}</title><rect class="one" x="{x:.1f}" y="{y(bar.value):.1f}"'
        f' width="{width:.1f}" height="{base - y(bar.value):.1f}" rx="2"/>'
    ]
    if bar.pale > 0:
        found.append(
            f'<rect class="pale" x="{x:.1f}" y="{y(bar.value):.1f}" width="{width:.1f}"'
            f' height="{y(bar.value - bar.pale) - y(bar.value):.1f}" rx="2"/>'
        )
    centre = x + width / 2
    if bar.ends is not None:
        low, high_end = (y(end) for end in bar.ends)
        found.append(
            f'<line class="whisker" x1="{centre:.1f}" x2="{centre:.1f}" y1="{high_end:.1f}" y2="{low:.1f}"/>'
        )
    if bar.mark is not None:
        level = y(bar.mark)
        found.append(
            f'<line class="seen" x1="{x - 3:.1f}" x2="{x + width + 3:.1f}" y1="{level:.1f}"'
            f' y2="{level:.1f}"/>'
        )
    return "".join([*found, "</g>"])


def _shade(share: Share, heaviest: float) -> str:
    # at most half the colour: the small figures keep one ink that reads on every shade, light and dark
    shade = strength(share.value, heaviest) / 2
    kind = "heat running" if share.is_running else "heat"
    return (
        f'<td class="{kind}" style="--heat:{shade:.2f}" title="{escape(share.hint)}">'
        f"<span>{percent(share.value).en}</span></td>"
    )


def strength(value: float, heaviest: float) -> float:
    """How deep a colour is: never none, so that nothing and not known look different."""
    return 0.08 + 0.92 * (max(value, 0.0) / heaviest) ** 0.5


def _square(x: float, y: float, wide: float, high: float, cell: Cell | None, heaviest: float) -> str:
    box = f'x="{x + 1.5}" y="{y + 1.5}" width="{wide - 3}" height="{high - 3}" rx="6"'
    if cell is None:
        return f'<rect class="empty" {box}/>'
    # a little over half the colour at most: one ink reads on every shade, light and dark
    shade = 0.55 * strength(cell.weight, heaviest)
    return (
        f'<g><title>{escape(cell.hint)}</title><rect class="one" fill-opacity="{shade:.2f}" {box}/>'
        f"{text_at(x + wide / 2, y + high / 2 - 1, cell.large, 'cell', 'middle')}"
        f"{text_at(x + wide / 2, y + high / 2 + 18, cell.small, 'cell small', 'middle')}</g>"
    )


def text_at(x: float, y: float, text: Text, tone: str, anchor: str) -> str:
    if text.en == text.id:
        words = escape(text.en)
    else:
        words = f'<tspan class="en">{escape(text.en)}</tspan><tspan class="id">{escape(text.id)}</tspan>'
    return f'<text class="{tone}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{words}</text>'


def svg(width: float, height: float, parts: Sequence[str]) -> str:
    return f'<svg viewBox="0 0 {width:.0f} {height:.0f}" role="img">{"".join(parts)}</svg>'


def _scaled(value: float, steps: Sequence[tuple[float, str]]) -> str:
    for size, unit in steps:
        if abs(value) >= size * 0.9995:
            scaled = value / size
            digits = 0 if abs(scaled) >= 99.95 else 1
            return f"{scaled:,.{digits}f}".removesuffix(".0") + unit
    return f"{value:,.0f}"
