"""Which random number belongs to a place? A seeded hash of whole numbers, so that neighbours agree on what they share.

It keeps no state: any part of the province can be generated alone and comes out as it does in the whole.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SEED = 42
Whole = NDArray[np.int64]


def uniform(salt: int, *keys: Whole) -> NDArray[np.float64]:
    """Return numbers in [0, 1) that depend on *salt*, the seed and *keys* (whole numbers that broadcast) alone."""
    state = np.full(np.broadcast_shapes(*(key.shape for key in keys)), SEED * 1_000_003 + salt, dtype=np.uint64)
    with np.errstate(over="ignore"):
        for key in keys:
            state = _mixed(state ^ (key.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)))
    return (state >> np.uint64(11)).astype(np.float64) / float(1 << 53)


def _mixed(value: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Mix the bits (splitmix64, Steele, Lea and Flood 2014)."""
    value = value + np.uint64(0x9E3779B97F4A7C15)
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))
