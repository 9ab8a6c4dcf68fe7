"""Which 116 rows has the bad-input catalogue, as shipped? Input, what becomes of it, codes; the page is made of it.

``python -m tests.layers.catalogue.rows > docs/bad-input.md`` writes the page anew; `test_every_row` holds it to this.
Row 53 has a code of its own (the reference lists it under OUTSIDE_PROVINCE): a drawing in millimetres is asked about
and read, not refused. Rows 113–116 are outcomes of a check, so they have no code of a file.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One row: *codes* are those of refusals, questions or notices that the tests of the row must meet."""

    number: int
    given: str
    outcome: str
    codes: tuple[str, ...]


def _row(number: int, given: str, outcome: str, *codes: str) -> Row:
    return Row(number, given, outcome, codes)


ROWS = (
    _row(1, "Empty file", "reject", "FILE_EMPTY"),
    _row(2, "Larger than 50 MB", "reject 413", "UPLOAD_TOO_LARGE"),
    _row(3, "Unknown, missing or double extension", "reject 415", "FORMAT_UNSUPPORTED"),
    _row(4, "Content is not what the name says (VRT, PDF, program, RAR, tar, CSV, KML as GeoJSON)", "reject 415",
         "FORMAT_MISMATCH"),
    _row(5, "DWG, renamed DWG, binary DXF, DGN v8", "reject 415, says how to save it", "FORMAT_UNSUPPORTED"),
    _row(6, "Bare .shp", "reject 415", "SHP_NEEDS_ZIP"),
    _row(7, "Archive: `..`, absolute path, drive, backslash, NUL", "reject", "ARCHIVE_PATH"),
    _row(8, "Archive: symbolic link", "reject", "ARCHIVE_SYMLINK"),
    _row(9, "Archive: more than 200 members", "reject", "ARCHIVE_TOO_MANY"),
    _row(10, "Archive: ratio or size, honest or lying header", "reject", "ARCHIVE_RATIO", "ARCHIVE_TOO_LARGE"),
    _row(11, "Archive: overlapping entries", "reject", "ARCHIVE_OVERLAP"),
    _row(12, "Archive in an archive", "reject", "ARCHIVE_NESTED"),
    _row(13, "Members of one name, or that differ by case", "reject", "ARCHIVE_DUPLICATE"),
    _row(14, "Archive with a password", "reject", "ARCHIVE_ENCRYPTED"),
    _row(15, "Archive cut off, wrong checksum", "reject", "ARCHIVE_CORRUPT"),
    _row(16, "Empty archive, archive without a layer", "reject", "ARCHIVE_EMPTY", "NO_LAYER"),
    _row(17, "Program or script in the archive", "reject", "ARCHIVE_UNEXPECTED_MEMBER"),
    _row(18, "`__MACOSX`, `.DS_Store`, `Thumbs.db`, `.qpj`, `.sbn`, `.xml`", "accept, passed over"),
    _row(19, "In a folder; names with spaces, marks, of an old code page", "accept"),
    _row(20, "Extensions in upper and mixed case", "accept"),
    _row(21, "Two layers", "ask", "MULTIPLE_LAYERS"),
    _row(22, "Missing .shx or .shp", "reject, names the part", "SHP_MISSING_PART"),
    _row(23, "Missing .dbf", "reject, names the part", "SHP_MISSING_PART"),
    _row(24, "Missing .prj; DXF", "ask, never guess", "CRS_MISSING"),
    _row(25, "Damaged .shp, .shx or .dbf", "reject, names part and record", "SHP_CORRUPT"),
    _row(26, "Null shapes only", "reject", "NO_GEOMETRY"),
    _row(27, "Some null geometries", "repair, names them", "FEATURE_SKIPPED"),
    _row(28, "No features", "reject", "NO_FEATURES"),
    _row(29, "Heights, measures, five ordinates", "accept", "OK_Z_DROPPED"),
    _row(30, "Rings of a shapefile in the wrong order or direction", "accept, rebuilt by nesting"),
    _row(31, "Hole wound as a shell; hole in a hole", "repair, areas shown", "RING_ROLE", "HOLES_OVERLAP"),
    _row(32, "DBF in UTF-8 with or without .cpg", "accept"),
    _row(33, "DBF in declared Windows-1258", "accept, kept as NFC"),
    _row(34, "Windows-1258, TCVN3 or VNI undeclared, or a wrong .cpg", "repair, five texts shown", "ENCODING_GUESSED"),
    _row(35, "NUL and control characters in texts", "repair", "TEXT_CONTROL_CHARS"),
    _row(36, "Decomposed letters (NFD)", "accept, kept as NFC"),
    _row(37, "Stars or “nan” in numbers", "accept as missing", "OK_NULL"),
    _row(38, "Text over 10,000 letters, more than 255 columns", "reject, names column and feature", "ATTR_TOO_LONG",
         "ATTR_TOO_MANY"),
    _row(39, "Markup, formulas, template text in attributes", "accept, shown as text"),
    _row(40, "Columns called id, status, owner", "accept as plain attributes"),
    _row(41, "Hostile names of columns and layers", "accept, renamed where needed", "OK_RENAMED",
         "TEXT_CONTROL_CHARS"),
    _row(42, "Latitude and longitude swapped", "ask, with the swap offered", "CRS_SUSPECT_SWAP"),
    _row(43, "Northing first in VN-2000", "ask, with the swap offered", "CRS_SUSPECT_SWAP"),
    _row(44, "Metres in GeoJSON, or with a .prj in degrees", "ask", "CRS_SUSPECT_PROJECTED"),
    _row(45, "Degrees with a projected .prj", "ask", "OUTSIDE_PROVINCE"),
    _row(46, "Wrong zone", "ask, names the zone that fits", "OUTSIDE_PROVINCE"),
    _row(47, "GeoJSON with a legacy `crs` member", "accept", "OK_LEGACY_CRS"),
    _row(48, "`crs` or .prj is an address", "ask, never fetched", "CRS_UNKNOWN"),
    _row(49, ".prj that cannot be read", "ask", "CRS_UNKNOWN"),
    _row(50, "Custom transverse Mercator on VN-2000", "accept", "OK_CRS_MATCHED"),
    _row(51, "VN-2000 meridian on the WGS 84 datum", "ask, both readings", "CRS_SUSPECT_DATUM"),
    _row(52, "Another VN-2000 zone, UTM, Web Mercator; Indian 1960", "accept, old systems with accuracy",
         "OK_CRS_LEGACY"),
    _row(53, "Millimetre drawing", "ask, with millimetres offered", "UNITS_SUSPECT"),
    _row(54, "Wholly outside, 0,0, antimeridian, pole", "refused in every reading", "OUTSIDE_PROVINCE", "COORD_RANGE"),
    _row(55, "Partly outside the province", "ask above 100 m (with the cut offered), else a notice", "PARTLY_OUTSIDE"),
    _row(56, "Outside by at most 1 m", "accept, not cut", "BORDER_SNAP"),
    _row(57, "Outside the declared commune", "accept, to be confirmed", "OUTSIDE_UNIT"),
    _row(58, "Longitude a turn too far", "reject", "COORD_RANGE"),
    _row(59, "NaN, infinity, 1e400", "reject, names feature and point", "COORD_NOT_FINITE"),
    _row(60, "1e308, a number of 5,000 digits", "reject", "COORD_RANGE"),
    _row(61, "Text, null, true, one number, brackets at the wrong level", "reject, names the path", "JSON_INVALID"),
    _row(62, "Decimal commas or “lon, lat” in KML", "reject, names line and text", "COORD_INVALID"),
    _row(63, "Degrees and metres in one file", "reject, names the feature", "CRS_SUSPECT_PROJECTED"),
    _row(64, "JSON or XML nested too deeply", "reject", "JSON_DEPTH", "XML_DEPTH"),
    _row(65, "Not UTF-8, cut off, one document a line, duplicate keys", "reject, names line and column",
         "JSON_INVALID"),
    _row(66, "Byte order mark", "accept"),
    _row(67, "Bare geometry or one Feature", "accept"),
    _row(68, "TopoJSON, Esri JSON, STAC", "reject 415", "FORMAT_UNSUPPORTED"),
    _row(69, "Points or open lines only", "reject, counts them", "GEOM_TYPE"),
    _row(70, "Closed line", "repair, to be confirmed unless drawn closed in DXF", "LINE_CLOSED_TO_POLYGON"),
    _row(71, "Areas mixed with lines or points", "reject, names the features", "GEOM_TYPE"),
    _row(72, "Collection with areas", "repair", "GEOM_COLLECTION"),
    _row(73, "Any DOCTYPE, entity, XXE, billion laughs", "reject", "XML_DTD"),
    _row(74, "XInclude, NetworkLink, remote icons", "accept the rest", "OK_NETWORKLINK_IGNORED"),
    _row(75, "Malformed XML", "reject, names the line", "XML_INVALID"),
    _row(76, "KMZ without doc.kml", "accept"),
    _row(77, "GPX: closed walk", "repair", "TRACK_TO_POLYGON"),
    _row(78, "GPX: walk open by more than 10 m", "reject, names the gap", "TRACK_NOT_CLOSED"),
    _row(79, "GeoPackage: views; triggers", "reject; never fired", "GPKG_VIEW"),
    _row(80, "GeoPackage: damaged, cut off, plain SQLite", "reject", "GPKG_CORRUPT", "FORMAT_MISMATCH"),
    _row(81, "GeoPackage: table and geometries name different systems", "reject", "CRS_MISMATCH"),
    _row(82, "Geometry cut off, huge count, nested", "reject, names the feature", "GEOM_CORRUPT", "GEOM_DEPTH"),
    _row(83, "Curve, bulge, circle, arc", "accept, chords within 1 cm", "OK_CURVE_LINEARISED"),
    _row(84, "Drawing open by at most 1 cm", "repair", "RING_CLOSED"),
    _row(85, "Drawing open by more than 1 cm", "reject, names place and gap", "LINE_NOT_CLOSED"),
    _row(86, "Lines and arcs that form a ring, or do not", "repair or reject", "LINES_TO_POLYGON", "LINE_NOT_CLOSED"),
    _row(87, "Blocks", "accept, at most 8 levels and 20,000 entities", "LINE_CLOSED_TO_POLYGON"),
    _row(88, "Bomb or cycle of blocks", "reject", "DXF_TOO_COMPLEX"),
    _row(89, "Paper space; frozen layers", "left out; for choice", "CAD_PAPER_SPACE", "LINE_CLOSED_TO_POLYGON"),
    _row(90, "More points, features or rings than the limit", "reject", "TOO_MANY_VERTICES", "TOO_MANY_FEATURES",
         "TOO_MANY_RINGS"),
    _row(91, "Star or weave with more than 10,000 crossings", "reject within 10 s", "GEOM_TOO_COMPLEX"),
    _row(92, "Ring open by at most 1 cm; by more", "repair; reject", "RING_CLOSED", "LINE_NOT_CLOSED"),
    _row(93, "Fewer than three distinct points, all on a line", "reject", "GEOM_DEGENERATE"),
    _row(94, "Empty ring, polygon, multipolygon", "reject", "GEOM_EMPTY"),
    _row(95, "Repeated points, points on a side, direction of rings", "accept"),
    _row(96, "Bow-tie, small knot", "repair, to be confirmed above 1 %", "SELF_INTERSECTION"),
    _row(97, "Pentagram, ground gone round twice", "ask, both areas", "REPAIR_AMBIGUOUS"),
    _row(98, "Spike, gore", "repair", "SPIKE"),
    _row(99, "Hole outside its shell", "reject, names the place", "HOLE_OUTSIDE"),
    _row(100, "Hole crosses its shell; holes overlap, nest, repeat", "repair", "HOLE_CROSSES", "HOLES_OVERLAP"),
    _row(101, "Hole equals its shell", "reject", "GEOM_EMPTY"),
    _row(102, "Part in a part, parts overlap or repeat", "repair (union)", "SHELLS_NESTED", "PARTS_OVERLAP"),
    _row(103, "Parts share an edge", "repair (dissolve)", "PARTS_SHARE_EDGE"),
    _row(104, "Inverted shell, keyhole, figure of eight", "repair, same area", "RING_SELF_TOUCH"),
    _row(105, "Touch that rounding to the grid breaks", "repair", "TOUCH_AFTER_TRANSFORM"),
    _row(106, "Lines and points left by a repair", "dropped, part of the notice", "SPIKE", "GEOM_COLLECTION"),
    _row(107, "Nothing is left of it", "reject", "GEOM_EMPTY"),
    _row(108, "Below 1 m², or narrower than 5 cm", "reject", "GEOM_TOO_SMALL"),
    _row(109, "Sliver of a part or a hole", "accept", "SLIVER_NOTICE"),
    _row(110, "Neck narrower than 1 m", "accept", "NARROW_NOTICE"),
    _row(111, "Two features overlap", "accept, common ground counts once", "FEATURES_OVERLAP"),
    _row(112, "One feature twice; one file twice", "ask", "DUPLICATE_FEATURE", "DUPLICATE_UPLOAD"),
    _row(113, "Zone touches a constraint", "no conflict"),
    _row(114, "Overlap below tolerance", "no conflict, listed"),
    _row(115, "Overlay contradicts itself twice", "not computable: blocks submitting"),
    _row(116, "Constraint layer invalid, empty or half built", "refused at the door; not checked, never clear"),
)  # fmt: skip

# Another sentence of the same code that says it better for this row.
_FORMS = {
    (5, "FORMAT_UNSUPPORTED"): "FORMAT_UNSUPPORTED.dwg",
    (63, "CRS_SUSPECT_PROJECTED"): "CRS_SUSPECT_PROJECTED.mixed",
    (71, "GEOM_TYPE"): "GEOM_TYPE.mixed",
}
HEAD = """# What comes in wrong, and what becomes of it

The bad-input catalogue as shipped. Each row has at least one test (`tests/layers/catalogue`, ids `r001` … `r116`); this
page is made from the same table and a test holds it to what the tests meet. *Reject*: HTTP 422 (or the status named),
nothing is stored but the line in the arrival's log. *Repair*: told with code and feature, and where an area changes
with the place and the area before and after; the file stays as it came. *Ask*: nothing is taken until a person chose.

Limits: upload 50 MB; unpacked 300 MB; 200 members; ratio 100; 20,000 features (a proposal: 2,000); 100,000 points a
geometry, 500,000 a file (a proposal's boundary: 10,000); 10,000 rings; texts 10,000 letters; 255 columns; JSON and
XML 64 levels; collections 8; at least 1 m²; DXF blocks 8 levels and 20,000 entities. Reading runs in a child process
without network: 20 s and 2 GB for a proposal, 120 s for a layer.

| # | What comes | What becomes of it | Code | What a person reads |
|---|---|---|---|---|
"""


def page() -> str:
    """Return docs/bad-input.md: the table with the Vietnamese sentence of every code."""
    from django.utils import translation

    from layers.intake.refusals import spoken

    lines = []
    with translation.override("vi"):
        for row in ROWS:
            codes = " ".join(f"`{code}`" for code in row.codes) or "–"
            forms = [spoken(_FORMS.get((row.number, code), code), {}) for code in row.codes]
            said = "<br>".join(" ".join(part for part in form if part) for form in forms) or "–"
            lines.append(f"| {row.number} | {row.given} | {row.outcome} | {codes} | {said} |")
    return HEAD + "\n".join(lines) + "\n"


if __name__ == "__main__":
    import os
    import sys

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings_test")
    django.setup()
    sys.stdout.write(page())
