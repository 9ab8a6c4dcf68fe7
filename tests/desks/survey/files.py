"""Which files do survey teams send in the tests? Real ones, written by GDAL, of a boundary in the storage CRS."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.gis.geos import GEOSGeometry
from django.core.files.uploadedfile import SimpleUploadedFile


def written(geom: GEOSGeometry, folder: Path, suffix: str = "gpkg", *, layers: int = 1) -> Path:
    """Write *geom* with GDAL, in the storage CRS or as the format wants it."""
    import geopandas
    import shapely

    path = folder / f"ranh.{suffix}"
    for number in range(layers):
        frame = geopandas.GeoDataFrame(
            {"ten": ["Ranh giới đo"]},
            geometry=[shapely.from_wkb(bytes(geom.wkb))],
            crs=f"EPSG:{settings.STORAGE_SRID}",
        )
        if suffix in {"geojson", "kml"}:
            frame = frame.to_crs(4326)
        more: dict[str, Any] = {"layer": f"lop_{number + 1}"} if suffix == "gpkg" else {}
        if suffix == "kml":
            more["driver"] = "KML"
        frame.to_file(path, **more)
    return path


def upload(path: Path, name: str = "") -> SimpleUploadedFile:
    """Make an upload of a file, named as the team named it."""
    return SimpleUploadedFile(name or path.name, path.read_bytes())


def zipped_shapefile(geom: GEOSGeometry, folder: Path) -> SimpleUploadedFile:
    """Write *geom* as a zipped shapefile without .prj, as offices send it."""
    written(geom, folder, "shp")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for part in folder.glob("ranh.*"):
            if part.suffix != ".prj":
                archive.write(part, part.name)
    return SimpleUploadedFile("ranh đo.zip", buffer.getvalue())


def drawing(
    geom: GEOSGeometry, folder: Path, scale: float, gap: float = 0.0, also: GEOSGeometry | None = None
) -> SimpleUploadedFile:
    """Draw *geom* as an open polyline in DXF, coordinates times *scale*, ends *gap* metres apart; *also* on a layer."""
    import ezdxf

    document = ezdxf.new("R2010")
    ring = [(east * scale, north * scale) for east, north in geom[0].exterior_ring.coords]
    ring[-1] = (ring[-1][0] + gap * scale, ring[-1][1] + gap / 2 * scale)  # inside, on neither side
    document.modelspace().add_lwpolyline(ring, dxfattribs={"layer": "RANH"})
    if also is not None:
        document.modelspace().add_lwpolyline(also[0].exterior_ring.coords, dxfattribs={"layer": "KHAC"})
    document.saveas(folder / "ranh.dxf")
    return upload(folder / "ranh.dxf")
