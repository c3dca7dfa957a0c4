"""The frame every static page shares: template, styles, language switch, text in both languages."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from pathlib import Path

from warehouse.contracts import Text

FOLDER = Path(__file__).parent
LANGUAGES = {
    "en": ("English", "EN"),
    "id": ("Bahasa Indonesia", "ID"),
    "both": ("Both · Keduanya", "EN + ID"),
}

_TEMPLATE = """<!doctype html>
<html lang="en" data-language="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
{body}
<script>
{script}</script>
</body>
</html>
"""


def page(title: str, body: str, *, styles: Iterable[str], scripts: Iterable[str], language: str) -> str:
    """One page of one file; `styles` and `scripts` name files of this folder."""
    return _TEMPLATE.format(
        title=escape(title),
        language=language,
        style=_joined(["base.css", *styles]),
        script=_joined(["language.js", *scripts]),
        body=body,
    )


def header(name: Text, languages: Iterable[str], middle: str = "") -> str:
    """The bar at the top: brand, what the page is, what stands in the middle, the language switch."""
    buttons = "".join(
        f'<button type="button" data-language="{key}" title="{title}">{shown}</button>'
        for key, (title, shown) in ((key, LANGUAGES[key]) for key in languages)
    )
    return (
        f'<header><div class="bar"><a class="brand" href="#top"><b>satu</b><span>{label(name)}</span></a>'
        f'{middle}<div class="languages" role="group" aria-label="Language · Bahasa">{buttons}</div></div>'
        "</header>"
    )


def both(text: Text) -> str:
    """One meaning in both languages; the switch on the page hides one of them."""
    if text.en == text.id:
        return escape(text.en)
    english = f'<span class="en" lang="en">{escape(text.en)}</span>'
    return f'{english}<span class="id" lang="id">{escape(text.id)}</span>'


def label(text: Text) -> str:
    """A word of the page itself: one language at a time, English while both are shown."""
    return f'<span class="label">{both(text)}</span>'


def _joined(names: Iterable[str]) -> str:
    return "".join((FOLDER / name).read_text(encoding="utf-8") for name in names)
