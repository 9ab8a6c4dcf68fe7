"""What does a survey team carry into the field? One zip: the chosen files in VN-2000, papers, dictionary, hashes.

The same version and choice give the same bytes, and nothing leaves before every file was opened again. Measurements
coming back are not this file's matter.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
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
from mapping.papers.survey.progress import Progress, Tell, tell_nobody
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


@dataclass(frozen=True)
class _Bench:
    """What the contents of one package are made of."""

    folder: str
    choice: PackageChoice
    place: Placed
    facts: Facts
    rows: list[Rows]
    written: Written

    @property
    def about(self) -> str:
        """Return the line of globe files that says what the boundary is."""
        return f"{self.facts.standing_text}. WGS 84, {self.facts.operation}"


def survey_package(version: ZoneVersion, choice: PackageChoice = DEFAULT, tell: Tell = tell_nobody) -> SurveyPackage:
    """Build the survey package of a kept boundary version and open every file of it again; *tell* hears how far it is.

    Raises NotComputable (EXPORT_NOT_VERIFIED) when a file, read back, is not what is stored, to 1 mm and to the letter;
    InputRefused when a text does not fit a shapefile (TEXT_TOO_LONG) or the boundary no sheet (PLAN_TOO_LARGE). Texts
    are Vietnamese, the README and the dictionary also English.
    """
    with translation.override("vi"):
        place = placed(version, choice.zone)
        facts = facts_of(version, place)
        rows = gis_rows(place, facts)
        folder = slugify(version.proposal.code) or f"ho-so-{version.proposal_id}"
        bench = _Bench(folder, choice, place, facts, rows, Written(place, facts, rows))
        files: dict[str, bytes] = {}
        made: list[str] = []
        for content in (each for each in Content if choice.has(each)):
            files |= _MAKERS[content](bench)
            made.append(content.value)
            tell(Progress(tuple(made)))
        files["tu_dien_du_lieu.csv"] = _dictionary()
        files |= _texts(folder, choice, place, facts, set(files))
        files[MANIFEST] = manifest_of(files, _notes(facts))
        packed = pack({f"{folder}/{name}": data for name, data in files.items()})
        verify_package(packed, folder, bench.written, lambda done, of: tell(Progress(tuple(made), done, of)))
    zone = "" if facts.own_zone else f"-epsg{choice.zone}"
    return SurveyPackage(
        f"{folder}-lan-{version.number}{zone}.zip",
        packed,
        sha256_of(packed),
        tuple((name, len(data)) for name, data in sorted(files.items())),
    )


def _shapefile(bench: _Bench) -> dict[str, bytes]:
    parts = [shapefile_parts(layer) for layer in bench.rows]
    return {f"shapefile/{name}": content for layer in parts for name, content in layer.items()}


def _geopackage(bench: _Bench) -> dict[str, bytes]:
    return {f"{bench.folder}.gpkg": geopackage(bench.folder, bench.rows)}


def _drawings(bench: _Bench) -> dict[str, bytes]:
    facts = bench.facts
    notes = [
        f"{facts.proposal.code} {facts.proposal.name}",
        f"{facts.crs_text} (EPSG:{bench.place.srid})",
        facts.standing_text,
    ]
    return {
        f"dxf/ranh_gioi_{name}.dxf": dxf.drawing(bench.place, version, notes, facts.stamp)
        for name, version in dxf.VERSIONS.items()
    }


def _kml(bench: _Bench) -> dict[str, bytes]:
    """Write longitude and latitude from the stored boundary, never by way of another zone."""
    version = bench.facts.version
    values = _named_values(bench.rows[0])
    return {f"{bench.folder}.kml": globe.kml(version, corner_blocks(version.geom), values, bench.about)}


def _gpx(bench: _Bench) -> dict[str, bytes]:
    version = bench.facts.version
    return {"diem_goc.gpx": globe.gpx(version, corner_blocks(version.geom), bench.about)}


def _corner_tables(bench: _Bench) -> dict[str, bytes]:
    facts, blocks = bench.facts, bench.place.blocks
    return {
        "bang_toa_do.csv": corner_csv(blocks, standing=facts.standing_text),
        "bang_toa_do.xlsx": corner_xlsx(
            facts.proposal.name, facts.crs_text, facts.area_text, blocks, standing=facts.standing_text
        ),
    }


def _plan(bench: _Bench) -> dict[str, bytes]:
    plan = sheets.plan(bench.place, bench.facts, bench.choice.paper)
    bench.written.pages["ban_ve_ranh_gioi.pdf"] = plan.pages
    return {"ban_ve_ranh_gioi.pdf": plan.pdf}


def _sketch(bench: _Bench) -> dict[str, bytes]:
    sketch = sheets.sketch(bench.place, bench.facts)
    bench.written.pages["so_do_vi_tri.pdf"] = sketch.pages
    return {"so_do_vi_tri.pdf": sketch.pdf}


def _handover(bench: _Bench) -> dict[str, bytes]:
    papers = handover_papers(bench.place, bench.facts)
    return {f"ban_giao/{name}": content for name, content in papers.items()}


_MAKERS: dict[Content, Callable[[_Bench], dict[str, bytes]]] = {
    Content.SHAPEFILE: _shapefile,
    Content.GEOPACKAGE: _geopackage,
    Content.DXF: _drawings,
    Content.KML: _kml,
    Content.GPX: _gpx,
    Content.CORNERS: _corner_tables,
    Content.PLAN: _plan,
    Content.SKETCH: _sketch,
    Content.HANDOVER: _handover,
}


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
