"""Which of a day's tables stay in memory once they are made, and which are made or read again."""

from __future__ import annotations

RESHAPED = frozenset(
    {
        "contact_hindrances",
        "holdout_days",
        "pareto_values",
        "placed_orders",
        "product_sale_lines",
        "rfm_values",
    }
)
"""Models as long as what they read or longer, and cheap to make again: never kept."""
STREAMED = frozenset({"clv", "churn", "contactability"})
"""Long tables that few read: computed while they are stored, and read from their partition afterwards."""
MOST_ROWS_KEPT = 5_000_000
"""Of a stored table that stay in memory; a longer one is read from its partition as well."""
LONG_MADE = frozenset({"record_numbers", "scored_pairs"})
"""Tables made by Python that are as long as records: freed, as models are, once nobody reads them."""
CODED = {
    "customer_rhythm": ("state",),
    "churn_reasons": ("reason_code", "reason", "reason_id"),
    "category_shifts": ("category",),
    "rfm_standings": ("segment",),
}
"""By model: its columns of few texts in very many rows."""
