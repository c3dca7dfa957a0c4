"""Messages to people about a night: failed, late, or without a source. They hold no personal data."""

from __future__ import annotations

import json
import os
import smtplib
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from functools import partial

from warehouse.alert_settings import AlertSettings, EmailSettings
from warehouse.errors import ConfigError
from warehouse.publish import current_release
from warehouse.workspace import Workspace

NIGHT_FAILED, NIGHT_LATE, SOURCE_AWAY = "night_failed", "night_late", "source_away"
BACKUP_FAILED, TEST = "backup_failed", "test"
PASSWORD, WEBHOOK, TOKEN = "SATU_SMTP_PASSWORD", "SATU_ALERT_WEBHOOK", "SATU_ALERT_TOKEN"
TIMEOUT_SECONDS = 20
HEADLINES = {
    NIGHT_FAILED: "the night failed",
    NIGHT_LATE: "the night is late",
    SOURCE_AWAY: "the night is good, but not every source was",
    BACKUP_FAILED: "the backup failed",
    TEST: "a test message",
}


@dataclass(frozen=True)
class Alert:
    """What happened to which night, in sentences that quote no value, and what readers see meanwhile."""

    event: str
    company: str
    day: str | None
    problems: tuple[str, ...]
    release: int | None
    shows: str | None

    @property
    def headline(self) -> str:
        of_day = f" ({self.day})" if self.day else ""
        return f"Satu, {self.company}: {HEADLINES[self.event]}{of_day}"

    @property
    def text(self) -> str:
        """The message for people."""
        shown = (
            "There is no release yet."
            if self.release is None
            else (f"Readers go on seeing release {self.release} of {self.shows}.")
        )
        following = "`satu status` says what to do; `docs/operations.md` has the usual causes."
        return "\n".join([self.headline, "", *(f"- {said}" for said in self.problems), "", shown, following])


def alert_of(workspace: Workspace, event: str, day: date | None, problems: list[str]) -> Alert:
    """The alert of a workspace as it stands now."""
    release = current_release(workspace.warehouse)
    return Alert(
        event,
        workspace.settings.company,
        None if day is None else day.isoformat(),
        tuple(problems),
        None if release is None else release.seq,
        None if release is None else release.as_of.isoformat(),
    )


def send(settings: AlertSettings, alert: Alert) -> list[str]:
    """Tell everybody the settings name; one sentence per way that did not work. Never raises: what went wrong
    first is worth more than that nobody could be told."""
    failed = []
    for name, way in _ways(settings).items():
        try:
            way(alert)
        except (OSError, smtplib.SMTPException, ValueError, ConfigError) as problem:
            failed.append(f"the alert could not be sent by {name}: {_reason(problem)}")
    return failed


def ways_of(settings: AlertSettings) -> list[str]:
    """The ways people would be told by; none when nobody would."""
    return list(_ways(settings))


def _reason(problem: Exception) -> str:
    """Why it could not be sent, without the address, which may be a secret."""
    if isinstance(problem, ConfigError):
        return str(problem)
    if isinstance(problem, smtplib.SMTPAuthenticationError):
        return f"the server refused the user or {PASSWORD} ({problem.smtp_code})"
    if isinstance(problem, smtplib.SMTPResponseException):
        return f"the server answered {problem.smtp_code}"
    if isinstance(problem, urllib.error.HTTPError):
        return f"the server answered {problem.code}"
    cause = problem.reason if isinstance(problem, urllib.error.URLError) else problem
    if isinstance(cause, ssl.SSLError):
        return "no encrypted connection, or the server's certificate is not trusted"
    if isinstance(cause, TimeoutError):
        return f"no answer within {TIMEOUT_SECONDS} seconds"
    return (isinstance(cause, OSError) and cause.strerror) or type(cause).__name__


def _ways(settings: AlertSettings) -> dict[str, Callable[[Alert], None]]:
    ways: dict[str, Callable[[Alert], None]] = {}
    if settings.email is not None:
        ways["e-mail"] = partial(_mail, settings.email)
    webhook = os.environ.get(WEBHOOK) or settings.webhook
    if webhook:
        ways["webhook"] = partial(_post, webhook)
    return ways


def _mail(settings: EmailSettings, alert: Alert) -> None:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = (
        alert.headline,
        settings.sender,
        ", ".join(settings.to),
    )
    message["Date"] = formatdate(localtime=True)  # mail without these two counts as spam
    message["Message-ID"] = make_msgid(domain=settings.sender.rpartition("@")[2].strip(" >") or "satu")
    message.set_content(alert.text)
    trusted = ssl.create_default_context()  # smtplib alone would trust any certificate
    tls = partial(smtplib.SMTP_SSL, context=trusted)
    connect = tls if settings.security == "tls" else smtplib.SMTP
    with connect(settings.host, settings.port, timeout=TIMEOUT_SECONDS) as server:
        if settings.security == "starttls":
            server.starttls(context=trusted)
        if settings.user is not None:
            password = os.environ.get(PASSWORD)
            if password is None:
                raise ConfigError(f"{PASSWORD} is not set", fix="set it for the service")
            server.login(settings.user, password)
        server.send_message(message)


def _post(address: str, alert: Alert) -> None:
    """JSON with `text`, which chat tools show, and the parts, which machines read."""
    body = json.dumps({"text": alert.text, **asdict(alert)}, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json"}
    if token := os.environ.get(TOKEN):
        headers["Authorization"] = f"Bearer {token}"
    request = urllib.request.Request(address, data=body, headers=headers, method="POST")
    with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS):
        pass
