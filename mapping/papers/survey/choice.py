"""What may a survey package hold, in which coordinate system, on which paper? The lists people choose from.

It builds nothing. What is always in the package (README, dictionary, manifest) is no choice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from layers.crs import storage_srid, zone_of
from layers.errors import InputRefused


class Content(StrEnum):
    """One kind of content, in the order people read them."""

    SHAPEFILE = "shapefile"
    GEOPACKAGE = "gpkg"
    DXF = "dxf"
    KML = "kml"
    GPX = "gpx"
    CORNERS = "corners"
    PLAN = "plan"
    SKETCH = "sketch"
    HANDOVER = "handover"


CONTENT_TITLES: dict[Content, Promise] = {
    Content.SHAPEFILE: gettext_lazy("Shapefile (.prj, UTF-8)"),
    Content.GEOPACKAGE: gettext_lazy("GeoPackage with styles for QGIS"),
    Content.DXF: gettext_lazy("DXF drawings (2010 and R12)"),
    Content.KML: gettext_lazy("KML (WGS 84)"),
    Content.GPX: gettext_lazy("GPX waypoints of the corners (WGS 84)"),
    Content.CORNERS: gettext_lazy("Corner table (XLSX and CSV)"),
    Content.PLAN: gettext_lazy("Boundary plan to scale (PDF)"),
    Content.SKETCH: gettext_lazy("Location sketch (PDF)"),
    Content.HANDOVER: gettext_lazy("Handover papers (DOCX)"),
}
# Drawing pages takes longer than a request should; a package with one of these is left to the worker.
DRAWN = frozenset({Content.PLAN, Content.SKETCH, Content.HANDOVER})

AUTO = "auto"
# ISO 216, landscape: width and height in millimetres.
PAPERS: dict[str, tuple[int, int]] = {"A4": (297, 210), "A3": (420, 297), "A2": (594, 420), "A1": (841, 594)}


@dataclass(frozen=True)
class PackageChoice:
    """What to put into a package: *contents*, *srid* of a VN-2000 zone (0: the province's), *paper* or ``auto``."""

    contents: frozenset[str] = frozenset(Content)
    srid: int = 0
    paper: str = AUTO

    @property
    def zone(self) -> int:
        """Return the SRID the package is written in."""
        return self.srid or storage_srid()

    @property
    def slow(self) -> bool:
        """Tell whether building takes longer than a request should."""
        return bool(self.contents & DRAWN)

    @property
    def stored(self) -> dict[str, object]:
        """Return the choice as it is kept in a row; `choice_from` reads it."""
        return {"contents": sorted(self.contents), "srid": self.zone, "paper": self.paper}

    def has(self, content: Content) -> bool:
        """Tell whether *content* was chosen."""
        return content in self.contents


DEFAULT = PackageChoice()


def package_choice(contents: Iterable[str], srid: str | int, paper: str) -> PackageChoice:
    """Return the choice a person made.

    Raises InputRefused for nothing chosen, an unknown content or paper (PACKAGE_CHOICE) and for a coordinate system
    that is no VN-2000 zone (CRS_UNKNOWN).
    """
    wanted = frozenset(contents)
    unknown = sorted(wanted - set(Content))
    if unknown or not wanted or paper not in {AUTO, *PAPERS}:
        raise InputRefused(
            _("Nothing that a survey package offers was chosen."),
            code="PACKAGE_CHOICE",
            where=", ".join([*unknown, *([] if paper in {AUTO, *PAPERS} else [paper])])[:60],
            todo=_("Tick at least one content and choose a paper size of the list."),
        )
    text = str(srid).strip()
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else -1
    zone = zone_of(number if number else storage_srid())
    return PackageChoice(wanted, 0 if zone.srid == storage_srid() else zone.srid, paper)


def choice_from(stored: Mapping[str, Any]) -> PackageChoice:
    """Return the choice kept in a row; empty: the default one. Raises InputRefused as `package_choice` does."""
    return package_choice(stored["contents"], stored["srid"], stored["paper"]) if stored else DEFAULT
