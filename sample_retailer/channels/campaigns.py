"""E-mail campaigns: who was sent what, who opened, clicked or bounced, and who was held back as control."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from sample_retailer.channels.masters import MAILINGS
from sample_retailer.chunk import Chunk, Delivery
from sample_retailer.feeds import Feed, Form, Keys
from sample_retailer.randoms import pick
from sample_retailer.settings import WINDOW_DAYS
from sample_retailer.text import moments, words

_SUBSCRIBED = 0.7  # of those with an e-mail address
_SENT = 0.27  # of subscribers, per mailing
_HELD_BACK = 0.1
EVENTS = ("sent", "bounced", "opened", "clicked", "unsubscribed")
EMAIL = Form(
    "email_campaigns",
    "csv",
    {
        "campaign": "campaign",
        "email": "lower(email)",
        "event": "event",
        "at": "strftime(moment, '%Y-%m-%dT%H:%M:%S+07:00')",
    },
    delimiter=",",
)
TARGETS = Form(
    "campaign_targets",
    "csv",
    {
        "campaign": "campaign",
        "email": "lower(email)",
        "group": "CASE WHEN held_back THEN 'control' ELSE 'target' END",
        "assigned_on": "strftime(moment, '%Y-%m-%d')",
    },
    delimiter=",",
)


def email_campaigns(chunk: Chunk) -> Delivery:
    """Mailing events in order of time."""
    rng = chunk.draw("email events")
    person, mailing, held_back = _audience(chunk)
    person, mailing = person[~held_back], mailing[~held_back]
    size = len(person)
    hour = 8.0 + rng.random(size) * 2
    bounced = rng.random(size) < 0.02
    # people differ: some open nearly everything, some nothing
    keen = chunk.draw("keen").beta(0.8, 2.2, len(chunk.people))
    opened = ~bounced & (rng.random(size) < keen[person])
    clicked = opened & (rng.random(size) < 0.16)
    left = opened & (rng.random(size) < 0.012)
    everyone = np.arange(size)
    kinds = [everyone, *(np.flatnonzero(m) for m in (bounced, opened, clicked, left))]
    row = np.concatenate(kinds)
    event = np.repeat(np.arange(len(EVENTS)), [len(k) for k in kinds])
    wait = np.array([0.0, 0.02, 3.0, 3.3, 3.6])[event] * (1 + 5 * rng.random(len(row)) ** 4)
    moment = np.array([m.day for m in MAILINGS])[mailing[row]] + (hour[row] + wait) / 24
    order = np.argsort(moment, kind="stable")
    order = order[moment[order] < WINDOW_DAYS]
    row, event, moment = row[order], event[order], moment[order]
    used, position = np.unique(person[row], return_inverse=True)
    addresses = _addresses(chunk, used)
    columns: dict[str, object] = {
        "campaign": words(mailing[row], [m.code for m in MAILINGS]),
        "email": addresses.take(pa.array(position)),
        "event": words(event, EVENTS),
        "moment": moments(moment),
    }
    feed = Feed(EMAIL, columns, chunk.delivered(moment, 0))
    return Delivery([feed], [Keys("email_tool", addresses, chunk.people.id[used])])


def campaign_targets(chunk: Chunk) -> Delivery:
    """The audience of the tested mailings with the group each address was assigned to."""
    person, mailing, held_back = _audience(chunk)
    tested = np.array([m.tested for m in MAILINGS])[mailing]
    person, mailing, held_back = person[tested], mailing[tested], held_back[tested]
    day = np.array([m.day for m in MAILINGS])[mailing] - 1
    order = np.argsort(day, kind="stable")
    person, mailing, held_back, day = person[order], mailing[order], held_back[order], day[order]
    used, position = np.unique(person, return_inverse=True)
    addresses = _addresses(chunk, used)
    columns: dict[str, object] = {
        "campaign": words(mailing, [m.code for m in MAILINGS]),
        "email": addresses.take(pa.array(position)),
        "held_back": held_back,
        "moment": moments(day),
    }
    return Delivery([Feed(TARGETS, columns, day)], [Keys("email_tool", addresses, chunk.people.id[used])])


def _audience(chunk: Chunk) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(person, mailing, held back): the same whenever it is asked for."""
    rng = chunk.draw("audience")
    subscribers = np.flatnonzero(chunk.people.has_email & (rng.random(len(chunk.people)) < _SUBSCRIBED))
    times = rng.binomial(len(MAILINGS), _SENT, len(subscribers))
    person = np.repeat(subscribers, times)
    # drawing the same mailing twice for a person is resolved by keeping one
    pairs = np.unique(person * len(MAILINGS) + pick(rng, [1.0] * len(MAILINGS), len(person)))
    person, mailing = pairs // len(MAILINGS), pairs % len(MAILINGS)
    tested = np.array([m.tested for m in MAILINGS])[mailing]
    return person, mailing, tested & (rng.random(len(person)) < _HELD_BACK)


def _addresses(chunk: Chunk, person: np.ndarray) -> pa.ChunkedArray:
    """The address each person is subscribed with, always the right one."""
    sheets = chunk.desk.fill("email tool", person, ("email",), careful=1e9)
    lowered = chunk.scribe.write({"email": sheets.table.column("email")}, {"email": "lower(email)"})
    return lowered.column("email")
