"""The fitted purchase model: four parameters, their uncertainty, how the fit went. One kind of JSON."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from transforms.value.newton import Matrix

PurchaseKind = Literal["mbg_nbd", "bg_nbd", "pareto_nbd", "fallback_pooled_rate"]
FALLBACK_KIND: PurchaseKind = "fallback_pooled_rate"
DAYS_PER_WEEK = 7.0


@dataclass(frozen=True)
class PurchaseModel:
    """Purchases come at a gamma (r, alpha weeks) rate; when the customer leaves is a matter of (a, b).

    bg_nbd: Fader, Hardie, Lee 2005, Marketing Science 24(2) 275-284: after each repeat purchase the customer
    may leave, with a chance beta (a, b); nobody leaves before. mbg_nbd: Batislam, Denizel, Filiztekin 2007,
    IJRM 24(3) 201-209: also right after the first purchase, so one-time buyers are not all alive. pareto_nbd:
    Schmittlein, Morrison, Colombo 1987, Management Science 33(1) 1-24: at any time, at a gamma rate whose
    shape s is `a` and whose scale beta (weeks) is `b` here. fallback_pooled_rate has the form of mbg_nbd with
    parameters from moments (see fallback.py).

    covariance is of (ln r, ln alpha, ln a, ln b); it and the standard errors are None when the fit has no
    strict peak. gradient_norm is per customer, in log-parameters. log_likelihood excludes any prior.
    """

    kind: PurchaseKind
    r: float
    alpha: float
    a: float
    b: float
    se_r: float | None
    se_alpha: float | None
    se_a: float | None
    se_b: float | None
    covariance: Matrix | None
    log_likelihood: float
    n: int
    evaluations: int
    gradient_norm: float
    converged: bool

    def __post_init__(self) -> None:
        if self.kind not in get_args(PurchaseKind):
            known = ", ".join(get_args(PurchaseKind))
            raise ValueError(f"unknown purchase model {self.kind!r}; known: {known}")
        for name, value in zip(self.names, self.parameters, strict=True):
            if not (math.isfinite(value) and value > 0):
                raise ValueError(f"{self.kind}: {name} must be positive and finite, found {value}")

    @property
    def parameters(self) -> tuple[float, float, float, float]:
        return self.r, self.alpha, self.a, self.b

    @property
    def names(self) -> tuple[str, str, str, str]:
        """What the papers call the four parameters."""
        return ("r", "alpha", "s", "beta") if self.is_pareto else ("r", "alpha", "a", "b")

    @property
    def is_pareto(self) -> bool:
        """Whether customers leave at any time, not only after a purchase."""
        return self.kind == "pareto_nbd"

    @property
    def leaves_at_once(self) -> int:
        """1 when a customer may leave right after the first purchase (m in the formulas), else 0."""
        return 0 if self.kind == "bg_nbd" else 1

    def with_parameters(self, r: float, alpha: float, a: float, b: float) -> PurchaseModel:
        """The same model at other parameters; for derivatives."""
        return PurchaseModel(**{**asdict(self), "r": r, "alpha": alpha, "a": a, "b": b})

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types; floats survive json.dumps and json.loads bit for bit."""
        record = asdict(self)
        record["covariance"] = None if self.covariance is None else [list(row) for row in self.covariance]
        return record

    @classmethod
    def from_dict(cls, record: dict[str, Any]) -> PurchaseModel:
        """The inverse of to_dict. Raises ValueError on missing or unknown keys."""
        return cls(**known_fields(cls, record))


def known_fields(cls: type, record: dict[str, Any]) -> dict[str, Any]:
    """The record as keyword arguments of a model dataclass; covariance rows become tuples."""
    expected, found = set(cls.__dataclass_fields__), set(record)  # type: ignore[attr-defined]
    if expected != found:
        raise ValueError(
            f"{cls.__name__} record: missing {sorted(expected - found)}, unknown {sorted(found - expected)}"
        )
    rows = record["covariance"]
    return {**record, "covariance": None if rows is None else tuple(tuple(map(float, row)) for row in rows)}
