"""Fits of small groups (a product family, a city, a channel) that lean on the fit of everybody.

Likelihoods of small groups often have no peak: nobody in the group left, or nobody came back. A log-normal
prior around the pooled fit gives each one a peak: where the group says nothing it keeps everybody's figure,
and a large group overrules the prior.
"""

from __future__ import annotations

from transforms.value.btyd import fit_purchases
from transforms.value.cells import Cells
from transforms.value.fallback import is_sound
from transforms.value.newton import Prior
from transforms.value.purchase_model import FALLBACK_KIND, PurchaseModel

GROUP_LOG_SD = 1.0
"""Weak: two in three groups are thought to lie within a factor of e of the pooled parameters."""


def fit_group(data: Cells, pooled: PurchaseModel, log_sd: float = GROUP_LOG_SD) -> tuple[PurchaseModel, str]:
    """The model of one group around `pooled`, and why it is the pooled one itself (empty when it is not).

    The maximum of likelihood times prior, ln parameter ~ Normal(ln pooled parameter, log_sd). The group's
    kind is that of `pooled`; around a fallback, whose form is that of MBG/NBD, it is mbg_nbd. Never fails.
    """
    if len(data) == 0:
        return pooled, "no customers of its own"
    kind = "mbg_nbd" if pooled.kind == FALLBACK_KIND else pooled.kind
    fitted = fit_purchases(data, kind, pooled, Prior(pooled.parameters, log_sd))
    if is_sound(fitted.converged, fitted.covariance):
        return fitted, ""
    return pooled, "the fit around the pooled model did not settle"
