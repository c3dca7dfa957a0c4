"""What `satu init` writes: a commented starting workspace."""

from __future__ import annotations

DEMO_SECRET = "satu-demo-secret-that-everybody-knows-0000000000000000"

SATU_YAML = """\
# Settings of one company. Only `company` is needed; the rest shows its default.
company: {name: My Company, timezone: Asia/Jakarta, currency: IDR, country: ID}
# history_start: 2024-01-01      # first day in the UI; default: the earliest arrival
arrival_cutoff: "06:00"          # a file received before it belongs to the day before; the night: 06:30
rfm: {window_days: 730}
clv: {horizon_days: 365, discount_rate: 0.10, default_margin: 0.30}
value: {model: auto}             # auto | mbg_nbd | bg_nbd | pareto_nbd: what foretells purchases
churn: {horizon_days: [30, 90, 180], bands: [0.33, 0.66], season: auto}
runout: {lead_days: 3, quantity_elasticity: 0}
leads: {window_days: 90}         # within which a new contact who buys counts as converted
winsorise: 0.999                 # caps outliers in the spend model only; null = off
contact: {channels: [email, whatsapp, phone, mail], max_contacts: 8, max_per_channel: 4, window_days: 30}
retention: {days: 35, month_ends: 24}
# encryption: {key: env:SATU_VAULT_KEY}  # then `satu vault encrypt`: what names people, encrypted on disk
"""

EXAMPLE_CHANNEL = """\
# A channel contract. Rename it to <channel>.yaml and adapt it; files ending in .example are ignored.
# `satu channel suggest FILE` writes one for a file you have.
channel: shop
description: {en: Shop sales, id: Penjualan toko}
trust: 60                        # 0-100: whose word counts more when channels disagree
source:
  type: files
  path: landing/shop/*.csv
  options: {delimiter: ";", decimal: ",", dates: dmy}
  arrived: event                 # event | file | name:%Y-%m-%d | column:<header>
maps:
  contacts:
    - where: "customer_no <> ''"
      source_id: customer_no
      seen_at: date
      full_name: name
      phone: phone
  order_lines:
    order_id: receipt
    source_id: customer_no       # empty for an anonymous sale
    ordered_at: date
    product_id: item
    quantity: qty
    amount: qty * price
"""

SEGMENTS = {
    "win_back": """\
# A segment: a name, what it is for, and who belongs to it. docs/segments.md lists what `where` may say.
segment: win_back
description: {en: Regular customers who stopped buying, id: Pelanggan tetap yang berhenti membeli}
purpose: marketing
where: "lifecycle_stage IN ('lapsing', 'lapsed') AND count_order_days >= 4"
""",
    "newcomers": """\
segment: newcomers
description: {en: Customers with one purchase day so far, id: Pelanggan dengan satu hari belanja}
purpose: marketing
where: "lifecycle_stage = 'new' AND count_order_days = 1"
""",
    "best_at_risk": """\
segment: best_at_risk
description: {en: Best customers who may not come back, id: Pelanggan terbaik yang mungkin tidak kembali}
purpose: marketing
where: "pareto_class = 'A' AND churn_probability_90 > 0.5 AND churn_state = 'lapsing'"
""",
}

PAIRS = "record_a,record_b,decision,decided_on,by,note\n"
BLACKLIST = "kind,value,reason,evidence,listed_on,expires_on,contact_channel\n"


def starting_files() -> dict[str, str]:
    """File name → content."""
    return {
        "satu.yaml": SATU_YAML,
        "channels/shop.yaml.example": EXAMPLE_CHANNEL,
        "decisions/pairs.csv": PAIRS,
        "decisions/blacklist.csv": BLACKLIST,
        **{f"segments/{name}.yaml": text for name, text in SEGMENTS.items()},
    }
