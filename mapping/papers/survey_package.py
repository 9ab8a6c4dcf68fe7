"""What does a survey team carry into the field? One zip: files in VN-2000, corner tables, dictionary, hashes.

The same version gives the same bytes. Measurements coming back are not this file's matter.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date

from django.contrib.gis.geos import MultiPolygon, Point
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.text import slugify

from layers.crs import meridian_label, operation_name, storage_srid, zone_of
from mapping import formats
from mapping.papers.archive import MANIFEST, manifest_of, pack, sha256_of
from mapping.papers.corner_files import corner_csv, corner_xlsx
from mapping.papers.corner_table import Block, corner_blocks, corner_count
from mapping.papers.survey_fields import BOUNDARY, CORNERS, LAYERS, PARTS
from mapping.papers.survey_files import Rows, geopackage, shapefile_parts
from planning.proposals.models import ZoneVersion

HECTARE_M2 = 10_000


@dataclass(frozen=True)
class SurveyPackage:
    """A finished package: *content* is the zip, *sha256* its hash, *files* its members with sizes in bytes."""

    filename: str
    content: bytes
    sha256: str
    files: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class _Decided:
    number: str
    on: date | None


def survey_package(version: ZoneVersion) -> SurveyPackage:
    """Build the survey package of a kept boundary version, in the storage CRS, verified by reading it back.

    Raises NotComputable (EXPORT_NOT_VERIFIED) when a written file does not equal what is stored to 1 mm. Texts are
    Vietnamese, the README and the dictionary also English.
    """
    with translation.override("vi"):
        return _build(version)


def _build(version: ZoneVersion) -> SurveyPackage:
    proposal = version.proposal
    decision = proposal.decisions.order_by("decided_on", "id").last()
    decided = _Decided(decision.number if decision else "", decision.decided_on if decision else None)
    blocks = corner_blocks(version.geom)
    rows = _rows(version, decided, blocks)

    folder = slugify(proposal.code) or f"ho-so-{proposal.pk}"
    files: dict[str, bytes] = {}
    for layer in rows:
        if layer.geometries:
            files.update({f"shapefile/{name}": content for name, content in shapefile_parts(layer).items()})
    files[f"{folder}.gpkg"] = geopackage(folder, [layer for layer in rows if layer.geometries])
    files["bang_toa_do.csv"] = corner_csv(blocks)
    area_text = f"Diện tích: {formats.hectares(version.area_m2 / HECTARE_M2)}"
    crs_text = f"Hệ tọa độ VN-2000, kinh tuyến trục {meridian_label()}, múi chiếu {zone_of(storage_srid()).width}°"
    files["bang_toa_do.xlsx"] = corner_xlsx(proposal.name, crs_text, area_text, blocks)
    files["tu_dien_du_lieu.csv"] = _dictionary()
    context: dict[str, object] = {
        "proposal": proposal,
        "version": version,
        "decision": decision,
        "crs_text": crs_text,
        "zone": zone_of(storage_srid()),
        "meridian": meridian_label(),
        "operation": operation_name(),
        "area_ha": version.area_m2 / HECTARE_M2,
        "corner_count": corner_count(blocks),
        "blocks": blocks,
        "parts": list(version.parts.all()),
        "layers": LAYERS,
        "gpkg": f"{folder}.gpkg",
        "manifest": MANIFEST,
    }
    files["DOC_TRUOC.txt"] = _text("papers/readme_vi.txt", context)
    with translation.override("en"):
        files["README.txt"] = _text("papers/readme_en.txt", context)
    files[MANIFEST] = manifest_of(files)
    content = pack({f"{folder}/{name}": data for name, data in files.items()})
    return SurveyPackage(
        f"{folder}-lan-{version.number}.zip",
        content,
        sha256_of(content),
        tuple((name, len(data)) for name, data in sorted(files.items())),
    )


def _text(template: str, context: dict[str, object]) -> bytes:
    """Render a text file with Windows line ends, because it is opened in Notepad."""
    return render_to_string(template, context).replace("\n", "\r\n").encode("utf-8-sig")


def _rows(version: ZoneVersion, decided: _Decided, blocks: tuple[Block, ...]) -> tuple[Rows, Rows, Rows]:
    proposal = version.proposal
    geom = version.geom if isinstance(version.geom, MultiPolygon) else MultiPolygon(version.geom, srid=storage_srid())
    boundary = Rows(
        BOUNDARY,
        [geom],
        [
            [proposal.code],
            [proposal.name],
            [version.number],
            [decided.number],
            [decided.on.isoformat() if decided.on else ""],
            [round(version.area_m2 / HECTARE_M2, 4)],
            [corner_count(blocks)],
            [version.geom_hash[:16]],
        ],
    )
    kept = list(version.parts.all())
    parts = Rows(
        PARTS,
        [part.geom for part in kept],
        [
            [part.number for part in kept],
            [part.use for part in kept],
            [str(part.get_use_display()) for part in kept],
            [round(part.area_m2 / HECTARE_M2, 4) for part in kept],
        ],
    )
    corners = [(block, corner) for block in blocks for corner in block.corners[:-1]]
    points = Rows(
        CORNERS,
        [Point(corner.y_m, corner.x_m, srid=storage_srid()) for _block, corner in corners],
        [
            [corner.number for _block, corner in corners],
            [block.title for block, _corner in corners],
            [corner.x_m for _block, corner in corners],
            [corner.y_m for _block, corner in corners],
            [round(corner.side_m or 0.0, 3) for _block, corner in corners],
        ],
    )
    return boundary, parts, points


def _dictionary() -> bytes:
    """Write the data dictionary as CSV (UTF-8 with BOM)."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(["Lớp / layer", "Trường / field", "Ý nghĩa", "Meaning", "Đơn vị / unit"])
    for layer in LAYERS:
        for field in layer.fields:
            writer.writerow([layer.name, field.name, field.meaning_vi, field.meaning_en, field.unit])
    return buffer.getvalue().encode("utf-8-sig")
