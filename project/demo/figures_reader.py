"""What do the hand-written figure files say? Reads CSV and TOML under `figures/`; it computes nothing."""

from __future__ import annotations

import csv
import tomllib
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent / "figures"


def read_rows(name: str) -> list[dict[str, str]]:
    """Return the rows of ``figures/<name>.csv`` as dictionaries; lines that start with ``#`` give the sources."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(line for line in stream if not line.startswith("#")))


def read_figures(name: str) -> dict[str, Any]:
    """Return the tables of ``figures/<name>.toml``."""
    with (FOLDER / f"{name}.toml").open("rb") as stream:
        return tomllib.load(stream)


def parse_path(text: str) -> list[tuple[float, float]]:
    """Turn ``"108.05 12.68, 108.10 12.70"`` (WGS 84, longitude first) into a list of pairs."""
    return [(float(lon), float(lat)) for lon, lat in (pair.split() for pair in text.split(","))]
