"""Reproducible randomness in whole numbers.

Only the raw stream of the PCG64 bit generator is used: NumPy promises to keep it over versions and
platforms, which it does not promise for its distributions. Latent scores are 64-bit integers in units
of ``UNIT`` per standard deviation, so that no ranking depends on how a machine rounds floats.
"""

from __future__ import annotations

import hashlib
import math

import numpy as np

SEED = "kjpoll synthetic records 1"
"""Changing this text changes every generated answer."""

UNIT = 65536
"""One standard deviation of a latent score: the sum of twelve uniform 16-bit numbers has exactly this."""


def stream(*key: str) -> np.random.PCG64:
    """A bit generator of its own for each key, so that a new question never changes another's answers."""
    text = "\x1f".join((SEED, *key))
    return np.random.PCG64(int.from_bytes(hashlib.sha256(text.encode("utf-8")).digest(), "big"))


def normals(n: int, *key: str) -> np.ndarray:
    """``n`` approximately normal int64 scores with mean 0 and standard deviation ``UNIT``."""
    words = stream(*key).random_raw(3 * n).reshape(n, 3)
    parts = [(words >> np.uint64(shift)) & np.uint64(0xFFFF) for shift in (0, 16, 32, 48)]
    return sum(part.astype(np.int64).sum(axis=1) for part in parts) - 6 * UNIT


def integers(n: int, high: int, *key: str) -> np.ndarray:
    """``n`` int64 draws from 0 to ``high`` - 1."""
    words = stream(*key).random_raw(n) >> np.uint64(32)
    return ((words * np.uint64(high)) >> np.uint64(32)).astype(np.int64)


def mix(score: np.ndarray, loading: int, n: int, *key: str) -> np.ndarray:
    """``score`` with ``loading`` hundredths (-100..100) plus noise that keeps a unit variance."""
    noise = normals(n, *key)
    return (loading * score + math.isqrt(10_000 - loading * loading) * noise) // 100


def descending(score: np.ndarray, *key: str) -> np.ndarray:
    """Indices from the highest score to the lowest; ties are broken by the key's own noise."""
    ties = stream(*key, "ties").random_raw(len(score))
    return np.lexsort((np.arange(len(score)), ties, -score))


def sign(*key: str) -> int:
    """+1 or -1, fixed by the key."""
    return 1 if hashlib.sha256("\x1f".join(key).encode("utf-8")).digest()[0] % 2 else -1
