"""`alerts:` of `satu.yaml`: who is told of bad nights. Passwords are in the environment."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from warehouse.yamltext import YamlNode

SECURITY = ("starttls", "tls", "none")
PORTS = {"starttls": 587, "tls": 465, "none": 25}


@dataclass(frozen=True)
class EmailSettings:
    """A mail server and the people it tells. `user` logs in with the password in SATU_SMTP_PASSWORD."""

    to: tuple[str, ...]
    sender: str
    host: str
    port: int
    security: str = "starttls"
    user: str | None = None


@dataclass(frozen=True)
class AlertSettings:
    """Where messages go; nowhere by default."""

    email: EmailSettings | None = None
    webhook: str | None = None


def read_alerts(node: YamlNode) -> AlertSettings:
    """The section; ConfigError names line and column of what is wrong."""
    section = node.mapping(("email", "webhook"))
    return AlertSettings(
        _email(section["email"]) if "email" in section else None,
        _webhook(section["webhook"]) if "webhook" in section else None,
    )


def _email(node: YamlNode) -> EmailSettings:
    section = node.mapping(("to", "from", "host", "port", "security", "user"))
    for key in ("to", "from", "host"):
        if key not in section:
            raise node.error(f"the e-mail has no `{key}`", f"add `{key}:`")
    security = section["security"].choice(SECURITY) if "security" in section else "starttls"
    return EmailSettings(
        to=tuple(_address(entry) for entry in section["to"].sequence()),
        sender=_address(section["from"]),
        host=section["host"].text(),
        port=section["port"].integer(1, 65_535) if "port" in section else PORTS[security],
        security=security,
        user=section["user"].text() if "user" in section else None,
    )


def _address(node: YamlNode) -> str:
    text = node.text()
    if "@" not in text or any(sign in text for sign in "\r\n,;<> "):
        raise node.error("this is not an e-mail address", "write e.g. data@company.id")
    return text


def _webhook(node: YamlNode) -> str:
    address = urlsplit(node.text())
    if address.scheme not in ("http", "https") or not address.hostname:
        raise node.error("this is not the address of a webhook", "write e.g. https://hooks.company.id/satu")
    return node.text()
