"""How do the generated rows become current editions? Staged and promoted; the same rows again do nothing."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Any

import shapely

from layers.crs import as_multi
from layers.models import Edition, EditionStatus, Layer
from layers.services import promote_edition, refresh_statistics, stage_rows
from project.demo.figures_reader import read_figures
from project.demo.ground import Boundaries, to_geos
from project.demo.row import Sheet
from project.demo.sheets import sheets

EFFECTIVE = date(2025, 7, 1)
SOURCE = "Dữ liệu minh hoạ: sinh tự động quanh các địa danh thật, không dùng để ra quyết định"


def load_layers() -> dict[str, Layer]:
    """Create or refresh the layers of the figure file; return them by code."""
    found: dict[str, Layer] = {}
    for order, figure in enumerate(read_figures("layers")["layer"], start=1):
        colours = figure.get("colours", {})
        style: dict[str, Any] = {"colours": colours} if colours else {}
        if "default" in colours:
            style["fill"] = colours["default"]
        if "role" in figure:
            style["role"] = figure["role"]
        found[figure["code"]] = Layer.objects.update_or_create(
            code=figure["code"],
            defaults={
                "name_vi": figure["vi"],
                "name_en": figure["en"],
                "theme": figure["theme"],
                "geometry_kind": figure["kind"],
                "publisher": figure.get("publisher", ""),
                "is_public": figure.get("public", True),
                "is_constraint": figure.get("constraint", True),
                "class_field": figure.get("class_field", ""),
                "min_zoom": figure.get("min_zoom", 6),
                "style": style,
                "order": order * 10,
            },
        )[0]
    return found


def publish_sheets(layers: dict[str, Layer], boundaries: Boundaries) -> tuple[int, int]:
    """Publish every sheet whose rows differ from the current edition; return (editions made, features in them)."""
    made = features = 0
    for sheet in sheets(boundaries):
        layer = layers[sheet.code]
        digest = _digest(sheet)
        current = Edition.objects.filter(layer=layer, status=EditionStatus.CURRENT).only("sha256").first()
        if current is not None and current.sha256 == digest:
            continue
        is_unit = sheet.code.startswith(("basemap_communes", "basemap_districts", "basemap_province", "province_"))
        edition = stage_rows(
            layer,
            sheet.rows,
            effective_from=EFFECTIVE,
            source=boundaries.source if is_unit else SOURCE,
            coverage=as_multi(to_geos(sheet.coverage)),
            schematic=boundaries.schematic if is_unit else True,
            sha256=digest,
        )
        promote_edition(edition)
        made += 1
        features += edition.feature_count
    if made:
        refresh_statistics()
    return made, features


def _digest(sheet: Sheet) -> str:
    """Hash geometry, names, classes and attributes of the rows and the coverage."""
    digest = hashlib.sha256(shapely.to_wkb(sheet.coverage))
    for row in sheet.rows:
        digest.update(shapely.to_wkb(row.geom))
        digest.update(
            json.dumps([row.name, row.class_code, row.attributes], ensure_ascii=False, sort_keys=True).encode()
        )
    return digest.hexdigest()
