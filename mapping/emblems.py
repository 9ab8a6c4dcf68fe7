"""Which drawing stands for a trade? The SVG emblems in ``static/img/trades``, one per trade.

A trade without an emblem has none: pages then show the icon of a village.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.templatetags.static import static

FOLDER = Path(__file__).resolve().parent / "static" / "img" / "trades"


@lru_cache(maxsize=1)
def drawn_trades() -> frozenset[str]:
    """Return the address names of the trades that have an emblem."""
    return frozenset(path.stem for path in FOLDER.glob("*.svg"))


def emblem_address(trade: str) -> str:
    """Return the address of the trade's emblem; empty when there is none."""
    return static(f"img/trades/{trade}.svg") if trade in drawn_trades() else ""
