"""What stands behind the tiles of an edition? Display rows per band of zooms, built while the edition is staged.

Derived data: dropped some time after an edition retires, rebuilt on demand; never read by anything but tiles.
"""

from __future__ import annotations

from django.db import connection, transaction

from layers.models import Edition, Layer
from mapping.glass.models import TileFeature

MAX_DATA_ZOOM = 15
# (from, to): each band is generalised for half a pixel of a 256-pixel tile at its deepest zoom.
BANDS = ((0, 7), (8, 9), (10, 11), (12, 13), (14, MAX_DATA_ZOOM))
_PIXEL_Z0_M = 156_543.034
SHOWN_BY_DEFAULT = ("ref", "colour", "rank", "kind", "voltage_kv")


def shown_attributes(layer: Layer) -> list[str]:
    """Return the attribute keys a tile carries besides name and class; the layer's style hint may extend them."""
    extra = layer.style.get("props", []) if isinstance(layer.style, dict) else []
    return [*SHOWN_BY_DEFAULT, *(str(key) for key in extra if isinstance(key, str))]


def tolerance_of(max_zoom: int) -> float:
    """Return the generalisation of a band in Web Mercator metres; 0 for the deepest band."""
    return 0.0 if max_zoom >= MAX_DATA_ZOOM else _PIXEL_Z0_M / 2**max_zoom / 2


def build_tiles(edition: Edition) -> int:
    """Build the display rows of an edition anew; return their number. One statement in one transaction."""
    bands = [(max(low, edition.layer.min_zoom), high) for low, high in BANDS if high >= edition.layer.min_zoom]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM mapping_tilefeature WHERE edition_id = %s", [edition.pk])
        cursor.execute(
            "SELECT glass_build_tiles(%s, %s, %s, %s, %s)",
            [
                edition.pk,
                [low for low, _high in bands],
                [high for _low, high in bands],
                [tolerance_of(high) for _low, high in bands],
                shown_attributes(edition.layer),
            ],
        )
        rows = int(cursor.fetchone()[0])
        Edition.objects.filter(pk=edition.pk).update(tiles_built=True)
    edition.tiles_built = True
    return rows


def drop_tiles(edition: Edition) -> None:
    """Drop the display rows of an edition."""
    TileFeature.objects.filter(edition=edition).delete()
    Edition.objects.filter(pk=edition.pk).update(tiles_built=False)
    edition.tiles_built = False
