"""Reproducible randomness: one independent stream per purpose and chunk, and number scrambling."""

from __future__ import annotations

from collections.abc import Callable
from zlib import crc32

import numpy as np

Streams = Callable[[str], np.random.Generator]
_PRIME = 9_999_999_967  # the largest prime below 10^10
_SMALL_PRIME = 9_999_991


def streams(seed: int, chunk: int) -> Streams:
    """`streams(seed, chunk)("orders")` is the same generator state in every run, whatever else was drawn."""

    def stream(purpose: str) -> np.random.Generator:
        return np.random.default_rng(np.random.SeedSequence([seed, chunk, crc32(purpose.encode())]))

    return stream


def scramble(numbers: np.ndarray, salt: str) -> np.ndarray:
    """A one-to-one spread over ten digits, so that a customer number tells nothing about the person."""
    factor = 1_000_003 + 2 * (crc32(salt.encode()) % 400_000_000)
    # numbers stay below 2^31 and the factor below 2^30, so the product fits 63 bits
    return (numbers.astype(np.int64) * factor + 777) % _PRIME


def spread(numbers: np.ndarray, salt: int, modulus: int = _SMALL_PRIME) -> np.ndarray:
    """A one-to-one spread below a prime modulus."""
    return (numbers.astype(np.int64) * (3_456_781 + 2 * salt) + 97 * salt) % modulus


def pick(rng: np.random.Generator, weights: list[float] | np.ndarray, size: int) -> np.ndarray:
    """Index of a category for each of `size` draws."""
    cumulative = np.cumsum(np.asarray(weights, float))
    return np.searchsorted(cumulative / cumulative[-1], rng.random(size), side="right").clip(
        0, len(cumulative) - 1
    )


def zipf_weights(count: int, slope: float = 0.9) -> np.ndarray:
    """Popularity by rank."""
    return 1.0 / (np.arange(count) + 2.0) ** slope
