"""What does a survey team carry into the field? One zip: the chosen files in VN-2000, papers, dictionary, hashes.

The same version and choice give the same bytes, and nothing leaves before every file was opened again. Measurements
coming back are not this file's matter.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.text import slugify

from mapping.papers.archive import MANIFEST, manifest_of, pack, sha256_of
from mapping.papers.cells import plain
from mapping.papers.corner_files import corner_csv, corner_xlsx
from mapping.papers.corner_table import corner_blocks
from mapping.papers.survey import dxf, globe, sheets
from mapping.papers.survey.choice import DEFAULT, Content, PackageChoice
from mapping.papers.survey.facts import Facts, facts_of
from mapping.papers.survey.handover import handover_papers
from mapping.papers.survey.placed import Placed, placed
from mapping.papers.survey.rows import gis_rows
from mapping.papers.survey.verify import Written, verify_package
from mapping.papers.survey_fields import LAYERS
from mapping.papers.survey_files import Rows, geopackage, shapefile_parts
from planning.proposals.models import ZoneVersion


@dataclass(frozen=True)
class SurveyPackage:
    """A finished package: *content* is the zip, *sha256* its hash, *files* its members with sizes in bytes."""

    filename: str
    content: bytes
    sha256: str
    files: tuple[tuple[str, int], ...]


def survey_package(version: ZoneVersion, choice: PackageChoice = DEFAULT) -> SurveyPackage:
    """Build the survey package of a kept boundary version and open every file of it again.

    Raises NotComputable (EXPORT_NOT_VERIFIED) when a file, read back, is not what is stored, to 1 mm and to the letter;
    InputRefused when a text does not fit a shapefile (TEXT_TOO_LONG) or the boundary no sheet (PLAN_TOO_LARGE). Texts
    are Vietnamese, the README and the dictionary also English.
    """
    with translation.override("vi"):
        place = placed(version, choice.zone)
        facts = facts_of(version, place)
        rows = gis_rows(place, facts)
        written = Written(place, facts, rows)
        folder = slugify(version.proposal.code) or f"ho-so-{version.proposal_id}"
        files = {
            **_gis_files(folder, choice, place, facts, rows),
            **_papers(choice, place, facts, written),
            "tu_dien_du_lieu.csv": _dictionary(),
        }
        files |= _texts(folder, choice, place, facts, set(files))
        files[MANIFEST] = manifest_of(files, _notes(facts))
        content = pack({f"{folder}/{name}": data for name, data in files.items()})
        verify_package(content, folder, written)
    zone = "" if facts.own_zone else f"-epsg{choice.zone}"
    return SurveyPackage(
        f"{folder}-lan-{version.number}{zone}.zip",
        content,
        sha256_of(content),
        tuple((name, len(data)) for name, data in sorted(files.items())),
    )


def _gis_files(folder: str, choice: PackageChoice, place: Placed, facts: Facts, rows: list[Rows]) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    if choice.has(Content.SHAPEFILE):
        for layer in rows:
            files.update({f"shapefile/{name}": content for name, content in shapefile_parts(layer).items()})
    if choice.has(Content.GEOPACKAGE):
        files[f"{folder}.gpkg"] = geopackage(folder, rows)
    if choice.has(Content.DXF):
        notes = [
            f"{facts.proposal.code} {facts.proposal.name}",
            f"{facts.crs_text} (EPSG:{place.srid})",
            facts.standing_text,
        ]
        for name, version in dxf.VERSIONS.items():
            files[f"dxf/ranh_gioi_{name}.dxf"] = dxf.drawing(place, version, notes, facts.stamp)
    # longitude and latitude come from the stored boundary, never by way of another zone
    own = corner_blocks(facts.version.geom)
    about = f"{facts.standing_text}. WGS 84, {facts.operation}"
    if choice.has(Content.KML):
        files[f"{folder}.kml"] = globe.kml(facts.version, own, _named_values(rows[0]), about)
    if choice.has(Content.GPX):
        files["diem_goc.gpx"] = globe.gpx(facts.version, own, about)
    return files


def _papers(choice: PackageChoice, place: Placed, facts: Facts, written: Written) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    if choice.has(Content.CORNERS):
        files["bang_toa_do.csv"] = corner_csv(place.blocks, standing=facts.standing_text)
        files["bang_toa_do.xlsx"] = corner_xlsx(
            facts.proposal.name, facts.crs_text, facts.area_text, place.blocks, standing=facts.standing_text
        )
    if choice.has(Content.PLAN):
        plan = sheets.plan(place, facts, choice.paper)
        files["ban_ve_ranh_gioi.pdf"] = plan.pdf
        written.pages["ban_ve_ranh_gioi.pdf"] = plan.pages
    if choice.has(Content.SKETCH):
        sketch = sheets.sketch(place, facts)
        files["so_do_vi_tri.pdf"] = sketch.pdf
        written.pages["so_do_vi_tri.pdf"] = sketch.pages
    if choice.has(Content.HANDOVER):
        files.update({f"ban_giao/{name}": content for name, content in handover_papers(place, facts).items()})
    return files


def _texts(folder: str, choice: PackageChoice, place: Placed, facts: Facts, names: set[str]) -> dict[str, bytes]:
    context: dict[str, object] = {
        "facts": facts,
        "proposal": facts.proposal,
        "version": facts.version,
        "blocks": place.blocks,
        "layers": LAYERS,
        "has": {content.value: choice.has(content) for content in Content},
        "gpkg": f"{folder}.gpkg",
        "kml": f"{folder}.kml",
        "manifest": MANIFEST,
        "names": sorted(names),
    }
    vietnamese = _text("papers/readme_vi.txt", context)
    with translation.override("en"):
        return {"DOC_TRUOC.txt": vietnamese, "README.txt": _text("papers/readme_en.txt", context)}


def _text(template: str, context: dict[str, object]) -> bytes:
    """Render a text file with Windows line ends, because it is opened in Notepad."""
    return render_to_string(template, context).replace("\n", "\r\n").encode("utf-8-sig")


def _notes(facts: Facts) -> list[str]:
    return [
        f"geometry SHA-256 {facts.version.geom_hash}",
        f"{plain(facts.proposal.code)} version {facts.version.number}, {facts.address}",
    ]


def _named_values(rows: Rows) -> dict[str, str]:
    return {field.name: str(column[0]) for field, column in zip(rows.layer.fields, rows.columns, strict=True)}


def _dictionary() -> bytes:
    """Write the data dictionary as CSV (UTF-8 with BOM)."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(["Lớp / layer", "Trường / field", "Ý nghĩa", "Meaning", "Đơn vị / unit"])
    for layer in LAYERS:
        for field in layer.fields:
            writer.writerow([layer.name, field.name, field.meaning_vi, field.meaning_en, field.unit])
    return buffer.getvalue().encode("utf-8-sig")
