"""How long records are kept for a purpose (`retention.purposes` of `satu.yaml`): `24 months`, `5 years`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from warehouse.yamltext import YamlNode

_PERIOD = re.compile(r"(\d{1,4}) +(day|month|year)s?")
_MOST_YEARS = 100
_DAYS = {"day": 1.0, "month": 365.25 / 12, "year": 365.25}


@dataclass(frozen=True)
class Period:
    """A number of calendar units: `Period(24, "month")`."""

    count: int
    unit: str

    @property
    def interval(self) -> str:
        """The period as SQL, to be added to a date."""
        return f"INTERVAL {self.count} {self.unit.upper()}"

    @property
    def days(self) -> float:
        """About how many days, to tell the longer of two periods."""
        return self.count * _DAYS[self.unit]

    def __str__(self) -> str:
        return f"{self.count} {self.unit}{'' if self.count == 1 else 's'}"


def read_purpose_periods(node: YamlNode) -> tuple[tuple[str, Period], ...]:
    """Purpose → period, in order of the purposes; ConfigError names line and column of what is wrong."""
    found = {name.strip().lower(): _period(entry) for name, entry in node.mapping().items()}
    return tuple(sorted(found.items()))


def _period(node: YamlNode) -> Period:
    match = _PERIOD.fullmatch(node.text().strip().lower())
    if match is None:
        raise node.error(
            f"`{node.text()}` is not a period", "write it as `24 months`, `5 years` or `90 days`"
        )
    period = Period(int(match.group(1)), match.group(2))
    if not 0 < period.days <= _MOST_YEARS * _DAYS["year"]:
        raise node.error(f"{period} is out of range", f"write from 1 day to {_MOST_YEARS} years")
    return period
