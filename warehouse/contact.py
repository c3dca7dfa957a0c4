"""`contact:` of `satu.yaml`: channels people are contacted through, how often, and what needs no consent."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from warehouse.yamltext import YamlNode

CONTACT_CHANNELS = ("email", "whatsapp", "sms", "phone", "mail", "push", "social")
ANY = "any"
INTERACTIONS, ORDERS = OWNED_BY = ("interactions", "orders")
_KEYS = ("channels", "without_consent", "hours", "window_days", "max_contacts", "max_per_channel", "owner")
_HOURS = re.compile(r"((?:[01]\d|2[0-3]):[0-5]\d)-((?:[01]\d|2[0-3]):[0-5]\d|24:00)")


@dataclass(frozen=True)
class ContactSettings:
    """`channels` are in order of preference. Caps count contacts with one person within the window;
    `hours` are the first and the last at which the company contacts anybody, as 08:00, local time. Who dealt
    with a customer in what `owner_by` names, never pausing more than `owner_days`, owns them."""

    channels: tuple[str, ...] = ("email", "whatsapp", "phone", "mail")
    without_consent: tuple[str, ...] = ()
    hours: tuple[str, str] | None = None
    window_days: int = 30
    max_contacts: int = 8
    max_per_channel: int = 4
    owner_days: int = 180
    owner_by: tuple[str, ...] = (INTERACTIONS,)


def read_contact(node: YamlNode) -> ContactSettings:
    """The section; ConfigError names line and column of what is wrong."""
    section, settings = node.mapping(_KEYS), ContactSettings()
    if "channels" in section:
        settings = replace(settings, channels=_channels(section["channels"]))
    if "without_consent" in section:
        purposes = {entry.text().strip().lower() for entry in section["without_consent"].sequence()}
        settings = replace(settings, without_consent=tuple(sorted(purposes)))
    if "hours" in section:
        settings = replace(settings, hours=_hours(section["hours"]))
    if "window_days" in section:
        settings = replace(settings, window_days=section["window_days"].integer(1, 366))
    if "max_contacts" in section:
        settings = replace(settings, max_contacts=section["max_contacts"].integer(0, 1000))
    if "max_per_channel" in section:
        settings = replace(settings, max_per_channel=section["max_per_channel"].integer(0, 1000))
    if "owner" in section:
        settings = _with_owner(section["owner"], settings)
    return settings


def _with_owner(node: YamlNode, settings: ContactSettings) -> ContactSettings:
    section = node.mapping(("days", "by"))
    if "days" in section:
        settings = replace(settings, owner_days=section["days"].integer(1, 3660))
    if "by" in section:
        named = {entry.choice(OWNED_BY) for entry in section["by"].sequence()}
        if INTERACTIONS not in named:
            raise section["by"].error(
                "who speaks with a customer always counts", "write [interactions, orders]"
            )
        settings = replace(settings, owner_by=tuple(sorted(named)))
    return settings


def _channels(node: YamlNode) -> tuple[str, ...]:
    named = [entry.choice(CONTACT_CHANNELS) for entry in node.sequence()]
    if not named or len(set(named)) < len(named):
        raise node.error("channels of contact are named once each", "write e.g. [email, whatsapp]")
    return tuple(named)


def _hours(node: YamlNode) -> tuple[str, str]:
    found = _HOURS.fullmatch(node.text().replace(" ", ""))
    if found is None or found[1] >= found[2]:
        raise node.error("these are not the hours of a day", 'write e.g. "08:00-20:00"')
    return found[1], found[2]
