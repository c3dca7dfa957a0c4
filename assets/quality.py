"""The rows of `model_quality` as they are gathered on a fit day."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass
class Quality:
    """Rows of `model_quality`, each figure once; a figure found again under the same key is the same."""

    rows: dict[tuple[str, str, date, int], tuple[float | None, float | None]] = field(default_factory=dict)

    def add(
        self,
        model: str,
        metric: str,
        value: float | None,
        baseline: float | None,
        cutoff: date,
        horizon: int = 0,
    ) -> None:
        self.rows[model, metric, cutoff, horizon] = (value, baseline)

    def to_json(self) -> list[dict[str, Any]]:
        """In the order of their key."""
        return [
            {
                "model": model,
                "metric": metric,
                "value": value,
                "baseline": baseline,
                "cutoff": cutoff.isoformat(),
                "horizon_days": horizon,
            }
            for (model, metric, cutoff, horizon), (value, baseline) in sorted(self.rows.items())
        ]
