"""How do many small geometries get into one JSON answer? Converted together, written as text, put into marked places.

What was written before goes into its place as it is.

It is for pieces that are only looked at; a boundary that is saved again goes through `mapping.glass.geojson`.
"""

from __future__ import annotations

import json
from typing import Any

from layers.crs import coordinates_to_wgs84
from mapping.glass.geojson import DECIMALS

# No text of ours can hold this character: PostgreSQL and the JSON gate refuse it.
_MARK = "\x00"
_WRITTEN_MARK = '"\\u0000"'
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))


class Pieces:
    """Gather geometries (WKB, storage CRS) while an answer is put together, and write both as one JSON text."""

    def __init__(self) -> None:
        self._placed: list[bytes | str] = []

    def place(self, wkb: bytes | None) -> str | None:
        """Return what stands for the geometry in the answer until it is written; None for none."""
        if wkb is None:
            return None
        self._placed.append(wkb)
        return _MARK

    def place_text(self, text: str) -> str:
        """Return what stands for *text*, JSON of `json_text`, in the answer until it is written."""
        self._placed.append(text)
        return _MARK

    def written(self, answer: Any) -> str:
        """Return *answer* as JSON, every place filled with its GeoJSON in WGS 84; empty geometries become null.

        The places must stand in the answer in the order they were given out.
        """
        text = _ENCODER.encode(answer).split(_WRITTEN_MARK)
        shown = self._texts()
        if len(text) != len(shown) + 1:
            raise ValueError(f"{len(shown)} geometries for {len(text) - 1} places")
        return "".join(piece for pair in zip(text, [*shown, ""], strict=True) for piece in pair)

    def _texts(self) -> list[str]:
        blobs = [one for one in self._placed if isinstance(one, bytes)]
        drawn = iter(_geojson(blobs) if blobs else [])
        return [one if isinstance(one, str) else next(drawn) for one in self._placed]


def json_text(value: Any) -> str:
    """Return *value* as JSON, the way answers are written."""
    return _ENCODER.encode(value)


def _geojson(blobs: list[bytes]) -> list[str]:
    import numpy as np
    import shapely

    shapes = shapely.from_wkb(blobs)
    coordinates = np.round(coordinates_to_wgs84(shapely.get_coordinates(shapes)), DECIMALS)
    outside = shapely.set_coordinates(shapes, coordinates)
    texts = shapely.to_geojson(outside).tolist()
    return ["null" if empty else text for text, empty in zip(texts, shapely.is_empty(shapes).tolist(), strict=True)]
