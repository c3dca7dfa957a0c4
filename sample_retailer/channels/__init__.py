"""One module per family of channels; each turns a chunk into the rows its files hold."""

from __future__ import annotations

from collections.abc import Callable

from sample_retailer.channels.campaigns import campaign_targets, email_campaigns
from sample_retailer.channels.deliveries import deliveries
from sample_retailer.channels.forms import booth, prize_draw, web_forms
from sample_retailer.channels.mail_orders import mail_orders
from sample_retailer.channels.marketplace import marketplace
from sample_retailer.channels.members import app_registrations, loyalty, loyalty_points
from sample_retailer.channels.pos import pos
from sample_retailer.channels.service_calls import service_calls
from sample_retailer.channels.web_shop import web_shop
from sample_retailer.chunk import Chunk, Delivery

CHANNELS: tuple[Callable[[Chunk], Delivery], ...] = (
    pos,
    web_shop,
    marketplace,
    mail_orders,
    web_forms,
    service_calls,
    loyalty,
    loyalty_points,
    deliveries,
    app_registrations,
    booth,
    prize_draw,
    email_campaigns,
    campaign_targets,
)
