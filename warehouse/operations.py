"""`night:` and `alerts:` of `satu.yaml`: when a night begins, when it is due, who is told otherwise.

Nothing here changes what tables hold, so days do not become stale by it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from warehouse.alert_settings import AlertSettings, read_alerts
from warehouse.yamltext import YamlNode


@dataclass(frozen=True)
class Operations:
    """`night_at` and `night_due` are times of one day in the company's zone."""

    night_at: time = time(6, 30)
    night_due: time = time(8, 30)
    alerts: AlertSettings = field(default_factory=AlertSettings)

    def last_due(self, now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """When the last night that should be done by `now` was to begin, and by when to be there."""
        today = now.astimezone(zone).date()
        due = datetime.combine(today, self.night_due, zone)
        day = today if due <= now else today - timedelta(days=1)
        return datetime.combine(day, self.night_at, zone), datetime.combine(day, self.night_due, zone)


def day_of_night(begins: datetime) -> date:
    """The day a night builds that begins at this time in the company's zone: the day that ended."""
    return begins.date() - timedelta(days=1)


def read_operations(top: Mapping[str, YamlNode]) -> Operations:
    """Both sections; ConfigError names line and column of what is wrong."""
    operations = _night(top["night"]) if "night" in top else Operations()
    return replace(operations, alerts=read_alerts(top["alerts"])) if "alerts" in top else operations


def _night(node: YamlNode) -> Operations:
    section, operations = node.mapping(("at", "due")), Operations()
    if "at" in section:
        operations = replace(operations, night_at=section["at"].time_of_day())
    if "due" in section:
        operations = replace(operations, night_due=section["due"].time_of_day())
    if operations.night_due <= operations.night_at:
        raise node.error("the night is due before it begins", 'write e.g. {at: "06:30", due: "08:30"}')
    return operations
