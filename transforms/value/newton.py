"""Damped Newton ascent on log-parameters, shared by the purchase and the spend model.

Few parameters, exact gradient and Hessian. No randomness, no threads: the 3x3 and 4x4 matrices are too
small for BLAS to split.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from transforms.value.cells import FloatArray

Derivatives = tuple[float, FloatArray, FloatArray]
Objective = Callable[[FloatArray], Derivatives]
Matrix = tuple[tuple[float, ...], ...]

GRADIENT_TOLERANCE = 1e-12
STEP_CLIP = 1.5
LOG_BOUND = 25.0
MAX_EVALUATIONS = 100


@dataclass(frozen=True)
class Prior:
    """Independent log-normal prior: log parameter ~ Normal(log centre, sd). Weak at sd 1."""

    centre: tuple[float, ...]
    sd: float = 1.0

    def __post_init__(self) -> None:
        if self.sd <= 0 or any(not math.isfinite(c) or c <= 0 for c in self.centre):
            raise ValueError(f"a prior needs positive, finite centres and sd, found {self}")


@dataclass(frozen=True)
class Optimum:
    """Where the ascent ended. Covariance is of the log-parameters, None unless the peak is a strict one."""

    log_parameters: tuple[float, ...]
    log_likelihood: float
    covariance: Matrix | None
    gradient_norm: float
    evaluations: int
    converged: bool


def maximise(
    objective: Objective, start: tuple[float, ...], customers: int, prior: Prior | None = None
) -> Optimum:
    """Climb from `start` (natural parameters) to the maximum of log-likelihood plus log-prior.

    objective maps log-parameters to (log-likelihood, gradient, Hessian). gradient_norm is the largest
    component per customer. Steps use |eigenvalue| + lambda, so a saddle or a plateau is left uphill.
    """
    theta = np.log(np.asarray(start, dtype=np.float64))
    scale = 1.0 / max(customers, 1)
    value, gradient, hessian = _penalised(objective, theta, prior)
    evaluations, damping = 1, 1e-4
    norm = float(np.abs(gradient).max()) * scale
    while norm > GRADIENT_TOLERANCE and evaluations < MAX_EVALUATIONS and np.abs(theta).max() < LOG_BOUND:
        step = _step(gradient * scale, hessian * scale, damping)
        trial = _penalised(objective, theta + step, prior)
        evaluations += 1
        trial_norm = float(np.abs(trial[1]).max()) * scale
        slack = 1e-13 * abs(value)
        better = trial[0] > value + slack or (trial[0] >= value - slack and trial_norm < norm)
        if math.isfinite(trial[0]) and better:
            theta, (value, gradient, hessian), norm = theta + step, trial, trial_norm
            damping *= 0.02
        elif float(np.abs(step).max()) < 1e-13:
            break
        else:
            damping = max(damping * 10.0, 1e-4)
    covariance = _covariance(hessian)
    converged = norm <= 1000 * GRADIENT_TOLERANCE and covariance is not None
    likelihood = value - _log_prior(theta, prior)[0]
    return Optimum(tuple(map(float, theta)), likelihood, covariance, norm, evaluations, converged)


def standard_errors(parameters: tuple[float, ...], covariance: Matrix | None) -> tuple[float | None, ...]:
    """Standard errors of the natural parameters by the delta method: parameter x sd of its logarithm."""
    if covariance is None:
        return tuple(None for _ in parameters)
    return tuple(value * math.sqrt(covariance[i][i]) for i, value in enumerate(parameters))


def _penalised(objective: Objective, theta: FloatArray, prior: Prior | None) -> Derivatives:
    value, gradient, hessian = objective(theta)
    extra, slope, curvature = _log_prior(theta, prior)
    return value + extra, gradient + slope, hessian + np.diag(curvature)


def _log_prior(theta: FloatArray, prior: Prior | None) -> Derivatives:
    if prior is None:
        return 0.0, np.zeros_like(theta), np.zeros_like(theta)
    away = (theta - np.log(np.asarray(prior.centre))) / prior.sd
    return -0.5 * float((away * away).sum()), -away / prior.sd, np.full_like(theta, -1.0 / prior.sd**2)


def _step(gradient: FloatArray, hessian: FloatArray, damping: float) -> FloatArray:
    eigenvalues, vectors = np.linalg.eigh(-hessian)
    along = (vectors * gradient[:, None]).sum(axis=0) / (np.abs(eigenvalues) + damping)
    step: FloatArray = (vectors * along).sum(axis=1)
    largest = float(np.abs(step).max())
    return step * (STEP_CLIP / largest) if largest > STEP_CLIP else step


def _covariance(hessian: FloatArray) -> Matrix | None:
    """Inverse of the negative Hessian, or None when it is not safely positive definite."""
    if not np.isfinite(hessian).all():
        return None
    eigenvalues, vectors = np.linalg.eigh(-hessian)
    if eigenvalues.min() <= 1e-12 * max(1.0, float(eigenvalues.max())):
        return None
    inverse = ((vectors / eigenvalues)[:, None, :] * vectors[None, :, :]).sum(axis=2)
    return tuple(tuple(map(float, row)) for row in (inverse + inverse.T) / 2)
