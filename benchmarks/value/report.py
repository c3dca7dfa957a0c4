"""The results as Markdown: one table per number of customers, and each engine's cost over ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

HEAD = (
    "| engine | fit, CPU s | times ours | scores, CPU s | start-up (and compiling), CPU s | peak MB | r"
    " | alpha | a | b | log-likelihood | below ours |\n|---|" + "---:|" * 11
)
FIT = ("collapse", "fit")
STARTUP = ("startup", "compile")


def table(customers: int, truth: Sequence[float], rows: Mapping[str, tuple[str, dict[str, Any]]]) -> str:
    """The table of one number of customers; `rows` holds title and account by the engine's name."""
    ours = rows["satu"][1] if "satu" in rows else {}
    told = ", ".join(f"{value:g}" for value in truth)
    lines = [f"### {customers:,} customers", "", f"Made with r, alpha, a, b = {told}.", "", HEAD]
    lines += [_line(title, account, ours) for title, account in rows.values()]
    return "\n".join(lines)


def _line(title: str, account: dict[str, Any], ours: dict[str, Any]) -> str:
    if "problem" in account:
        title += f": {account['problem']}"
    if "cpu_seconds_until_then" in account:
        title += f" ({account['cpu_seconds_until_then']:,.0f} CPU s until then)"
    fit, ours_fit = _cpu(account, FIT), _cpu(ours, FIT)
    reached, ours_reached = account.get("log_likelihood"), ours.get("log_likelihood")
    cells = [
        _form(fit, ",.2f"),
        _form(fit / ours_fit if fit and ours_fit and account is not ours else None, ",.0f"),
        _form(_cpu(account, ("score",)), ",.2f"),
        _form(_cpu(account, STARTUP), ",.1f"),
        _form(account.get("peak_mb"), ",.0f"),
        *(_form(value, ".5f") for value in account.get("parameters", [None] * 4)),
        _form(reached, ",.3f"),
        _form(ours_reached - reached if reached and ours_reached and account is not ours else None, ".3f"),
    ]
    return f"| {title} | {' | '.join(cells)} |"


def _cpu(account: dict[str, Any], phases: Sequence[str]) -> float | None:
    """Of these phases together; None unless the last of them (the first, for start-up) came to its end."""
    needed = phases[0] if phases is STARTUP else phases[-1]
    if needed not in account:
        return None
    return float(sum(account[name]["cpu_seconds"] for name in phases if name in account))


def _form(value: float | None, form: str) -> str:
    return "" if value is None else format(value, form)


def page(tables: Sequence[str], machine: str) -> str:
    """The whole report."""
    lines = [
        "# Customer value: Satu beside its peers",
        "",
        machine,
        "",
        "BG/NBD, every engine in a process and an environment of its own, from one row per customer: repeat"
        " purchases, days to the last one, days observed. CPU seconds are user and system time, children"
        " included, reading the file left out; equal histories are put"
        " together within ours. Log-likelihoods are computed by one function, as the paper has it, at the"
        " parameters an engine ended with. Scores: expected purchases in 52 weeks and P(alive) of every"
        " customer; Satu and pymc-marketing also P(no purchase), and Satu writes them to a file.",
        "",
        "\n\n".join(tables),
    ]
    return "\n".join(lines) + "\n"
