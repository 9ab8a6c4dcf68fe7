"""What does a person read when a file is refused or read with remarks? One sentence and one thing to do per code.

It decides nothing; the gates, the reader child and the coordinate-system question speak through it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_noop

from layers.errors import DatNgheError, FormatRefused, InputRefused, LimitExceeded
from layers.intake.cad.messages import DRAWINGS
from layers.messages import GEOMETRY, sentence
from layers.said import gettext as _
from layers.said import join

_AGAIN = gettext_noop("Export the file again and send it once more.")
_ZIP_AGAIN = gettext_noop("Make the archive again with only the files of one layer.")
ACCEPTED = gettext_noop(
    "Accepted: shapefile and MapInfo TAB or MIF (all parts, or zipped), GeoPackage, GeoJSON, KML, KMZ, GPX, GML,"
    " FlatGeobuf, drawings as DXF or DGN v7, corner tables as CSV or XLSX."
)

FILES: dict[str, tuple[str, str]] = {
    "FILE_EMPTY": (gettext_noop("The file is empty."), _AGAIN),
    "UPLOAD_TOO_LARGE": (gettext_noop("The file is over 50 MB."), gettext_noop("Split or simplify it.")),
    "FORMAT_UNSUPPORTED": (gettext_noop("This kind of file is not accepted: %(found)s."), ACCEPTED),
    "FORMAT_UNSUPPORTED.dwg": (
        gettext_noop("DWG drawings can be read by AutoCAD only."),
        gettext_noop("Save the drawing as DXF (ASCII, R2010), or as DGN v7 from MicroStation, and send that."),
    ),
    "FORMAT_UNSUPPORTED.dgn8": (
        gettext_noop("This is a MicroStation drawing of version 8; version 7 can be read."),
        gettext_noop("Save it as DGN v7 (File, Save As, V7 DGN), or as DXF (ASCII, R2010), and send that."),
    ),
    "FORMAT_UNSUPPORTED.binary_dxf": (
        gettext_noop("This is a binary DXF; a DXF in plain text (ASCII) can be read."),
        gettext_noop("Save it as DXF (ASCII, R2010) and send that."),
    ),
    "FORMAT_MISMATCH.seems": (
        gettext_noop("The name says %(named)s, but the content looks like %(looks)s."),
        gettext_noop("Give the file the ending that belongs to its content, or export it again."),
    ),
    "FORMAT_MISMATCH": (
        gettext_noop("The name says %(named)s, but the content is something else."),
        gettext_noop("Export it again in the format its name says."),
    ),
    "SHP_NEEDS_ZIP": (
        gettext_noop("A shapefile is several files."),
        gettext_noop("Choose .shp, .shx, .dbf and .prj at once, or zip them together."),
    ),
    "SHP_NEEDS_ZIP.tab": (
        gettext_noop("A MapInfo table is several files."),
        gettext_noop("Choose all its files at once (.tab, .dat, .map, .id or .mif, .mid), or zip them together."),
    ),
    "TAB_MISSING_PART": (
        gettext_noop("The MapInfo table lacks its %(part)s file."),
        gettext_noop("Choose all files with the same name at once, or put them into one archive."),
    ),
    "TAB_NOT_PLAIN": (
        gettext_noop("This MapInfo table shows other files (a raster, a view or linked tables), which is not read."),
        gettext_noop("In MapInfo, save a copy of the layer itself (Save Copy As) and send its files."),
    ),
    "TAB_CORRUPT": (gettext_noop("The MapInfo table is damaged."), _AGAIN),
    "FGB_CORRUPT": (gettext_noop("The FlatGeobuf is damaged or was cut off."), _AGAIN),
    "SHP_MISSING_PART": (
        gettext_noop("The shapefile lacks its %(part)s file."),
        gettext_noop("Put all parts with the same name into the archive."),
    ),
    "SHP_CORRUPT": (gettext_noop("The shapefile is damaged."), _AGAIN),
    "ARCHIVE_PATH": (gettext_noop("The archive holds a file with an unsafe path."), _ZIP_AGAIN),
    "ARCHIVE_SYMLINK": (gettext_noop("The archive holds a symbolic link."), _ZIP_AGAIN),
    "ARCHIVE_TOO_MANY": (gettext_noop("The archive holds more than %(limit)s files."), _ZIP_AGAIN),
    "ARCHIVE_RATIO": (gettext_noop("A file in the archive is compressed suspiciously strongly."), _ZIP_AGAIN),
    "ARCHIVE_TOO_LARGE": (gettext_noop("Unpacked, the archive is over 300 MB."), gettext_noop("Split or simplify it.")),
    "ARCHIVE_OVERLAP": (gettext_noop("The archive's files overlap one another."), _ZIP_AGAIN),
    "ARCHIVE_NESTED": (
        gettext_noop("The archive holds another archive."),
        gettext_noop("Unzip the inner archive first."),
    ),
    "ARCHIVE_DUPLICATE": (gettext_noop("The archive holds two files of the same name."), _ZIP_AGAIN),
    "ARCHIVE_ENCRYPTED": (gettext_noop("The archive is locked with a password."), gettext_noop("Remove the password.")),
    "ARCHIVE_CORRUPT": (
        gettext_noop("The archive is damaged; the upload may have been cut off."),
        gettext_noop("Send it again."),
    ),
    "ARCHIVE_EMPTY": (gettext_noop("The archive is empty."), _ZIP_AGAIN),
    "ARCHIVE_UNEXPECTED_MEMBER": (
        gettext_noop("The archive holds a file that does not belong to a map layer."),
        _ZIP_AGAIN,
    ),
    "NO_LAYER": (gettext_noop("There is no map layer in it."), ACCEPTED),
    "NO_FEATURES": (gettext_noop("There is no feature in it."), _AGAIN),
    "NO_GEOMETRY": (gettext_noop("The features have no geometry."), _AGAIN),
    "MULTIPLE_LAYERS": (gettext_noop("The file holds several layers."), gettext_noop("Choose one of them.")),
    "TOO_MANY_FEATURES": (
        gettext_noop("There are more than %(limit)s features."),
        gettext_noop("Send only the ones that matter."),
    ),
    "ATTR_TOO_LONG": (gettext_noop("A text is longer than %(limit)s characters."), gettext_noop("Shorten it.")),
    "ATTR_TOO_MANY": (gettext_noop("There are more than %(limit)s columns."), gettext_noop("Delete columns.")),
    "XML_DTD": (
        gettext_noop("The file declares a DOCTYPE, which is not read for safety."),
        gettext_noop("Save the file again without DOCTYPE."),
    ),
    "XML_INVALID": (gettext_noop("The file is not well-formed XML."), _AGAIN),
    "XML_DEPTH": (gettext_noop("The XML is nested too deeply."), _AGAIN),
    "JSON_DEPTH": (gettext_noop("The JSON is nested too deeply."), _AGAIN),
    "JSON_INVALID": (gettext_noop("The file is not valid GeoJSON."), _AGAIN),
    "COORD_INVALID": (gettext_noop("A coordinate cannot be read as a number."), _AGAIN),
    "COORD_NOT_FINITE": (gettext_noop("A coordinate is not a finite number."), _AGAIN),
    "COORD_RANGE": (gettext_noop("A coordinate lies outside the earth's range."), _AGAIN),
    "GPKG_VIEW": (
        gettext_noop("The GeoPackage presents a view as a layer, which is not read for safety."),
        gettext_noop("Export the layer as a table."),
    ),
    "GPKG_CORRUPT": (gettext_noop("The GeoPackage is damaged."), _AGAIN),
    "GEOM_TYPE": (
        gettext_noop("Areas are needed, but the file holds: %(found)s."),
        gettext_noop("Send closed boundaries (polygons)."),
    ),
    "GEOM_TYPE.mixed": (
        gettext_noop("Areas are needed, but the file also holds: %(found)s."),
        gettext_noop("Send only closed boundaries (polygons)."),
    ),
    "RASTER_CORRUPT": (gettext_noop("The GeoTIFF is damaged."), _AGAIN),
    "RASTER_TOO_LARGE": (
        gettext_noop("The raster has %(found)s cells; at most %(limit)s are read."),
        gettext_noop("Cut it to the province or make its cells larger."),
    ),
    "RASTER_BANDS": (
        gettext_noop("The raster has %(count)s bands; one is read."),
        gettext_noop("Export the one band with heights, slopes or depths."),
    ),
    "RASTER_NUMBERS": (gettext_noop("The raster's cells are not plain numbers."), _AGAIN),
    "RASTER_PICTURE": (
        gettext_noop("This is a picture with colours, not a raster of measured values."),
        gettext_noop("Export the values themselves."),
    ),
    "RASTER_COMPRESSION": (
        gettext_noop("The raster is compressed as %(found)s, which is not read."),
        gettext_noop("Export it with LZW or DEFLATE, or without compression."),
    ),
    "RASTER_NO_PLACE": (
        gettext_noop("The raster does not say where it lies."),
        gettext_noop("Export it as a GeoTIFF with its place."),
    ),
    "RASTER_ROTATED": (
        gettext_noop("The raster is rotated or mirrored."),
        gettext_noop("Export it with north up."),
    ),
    "RASTER_EMPTY": (gettext_noop("The raster holds no data."), _AGAIN),
    "RASTER_TOO_FINE": (
        gettext_noop("The raster makes more than %(limit)s areas."),
        gettext_noop("Choose fewer classes or a larger smallest area."),
    ),
    "FILE_UNREADABLE": (gettext_noop("The file cannot be read."), _AGAIN),
    "FILE_TOO_COMPLEX": (
        gettext_noop("Reading the file took too long or too much memory."),
        gettext_noop("Split or simplify it."),
    ),
    "TABLE_DECIMAL_COMMAS": (
        gettext_noop("Commas separate the columns of this table and mark the decimals too."),
        gettext_noop("Save it as XLSX, or as CSV with semicolons between the columns."),
    ),
    "TABLE_FORMULAS": (
        gettext_noop("The sheet “%(name)s” holds formulas without computed values."),
        gettext_noop("Open it in Excel, save it and send it again, or paste the values."),
    ),
    "XLSX_CORRUPT": (gettext_noop("The workbook is damaged."), _AGAIN),
    "CORNER_REMARKS": (gettext_noop("Please read the remarks on rows of the corner table: %(rows)s."), ""),
    "CRS_MISSING": (
        gettext_noop("The file does not say its coordinate system."),
        gettext_noop("Choose the one whose outline lies in the right place."),
    ),
    "CRS_UNKNOWN": (
        gettext_noop("The coordinate system the file names is not known."),
        gettext_noop("Choose the one whose outline lies in the right place."),
    ),
    "CRS_MISMATCH": (gettext_noop("The file names two different coordinate systems."), _AGAIN),
    "CRS_SUSPECT_SWAP": (
        gettext_noop("Easting and northing seem to be swapped."),
        gettext_noop("Confirm the swap if the outline lies in the right place."),
    ),
    "CRS_SUSPECT_PROJECTED": (
        gettext_noop("The coordinates look like metres, but the file says degrees."),
        gettext_noop("Choose the coordinate system whose outline lies in the right place."),
    ),
    "CRS_SUSPECT_DATUM": (
        gettext_noop("The file uses a VN-2000 meridian on the WGS 84 datum; the two readings differ by 225 m."),
        gettext_noop("Choose the one whose outline lies in the right place."),
    ),
    "CRS_SUSPECT_PROJECTED.mixed": (
        gettext_noop("Feature %(feature)s is in degrees and another one in metres."),
        gettext_noop("Bring all features into one coordinate system."),
    ),
    "UNITS_SUSPECT": (
        gettext_noop("The coordinates look like millimetres."),
        gettext_noop("Confirm the reading in millimetres if the outline lies in the right place."),
    ),
    "CRS_OUTSIDE_UNIT": (
        gettext_noop("In the coordinate system the file names, it lies outside %(unit)s."),
        gettext_noop("Choose the one whose outline lies in the right place."),
    ),
    "OUTSIDE_PROVINCE": (
        gettext_noop("In the coordinate system the file names, it lies outside the province."),
        gettext_noop("Choose the one whose outline lies in the right place."),
    ),
    "NOWHERE": (
        gettext_noop("In no known coordinate system does the file lie in the province."),
        gettext_noop("Check the coordinates and the order of the axes."),
    ),
    "OK_CRS_MATCHED": (gettext_noop("The coordinate system was recognised by its parameters: %(name)s."), ""),
    "OK_LEGACY_CRS": (gettext_noop("The coordinate system named in the GeoJSON was used: %(name)s."), ""),
    "OK_CRS_LEGACY": (gettext_noop("%(name)s is an old system; it is converted with an accuracy of %(accuracy)s."), ""),
    "OK_Z_DROPPED": (gettext_noop("Heights were left out."), ""),
    "OK_NULL": (gettext_noop("What is no number in a column of numbers was read as missing: %(columns)s."), ""),
    "OK_RENAMED": (gettext_noop("Columns were renamed: %(columns)s."), ""),
    "FEATURE_SKIPPED": (gettext_noop("Features without geometry were left out: %(features)s."), ""),
    "ENCODING_GUESSED": (gettext_noop("The texts were read as %(encoding)s: %(preview)s."), ""),
    "TRACK_TO_POLYGON": (
        gettext_noop("Walk %(feature)s was read as an area; its ends lie %(gap)s m apart."),
        "",
    ),
    "TRACK_NOT_CLOSED": (
        gettext_noop("The walk does not come back to where it began: %(gap)s m are missing (at most %(limit)s m)."),
        gettext_noop("Walk the whole boundary, or draw the missing stretch and send it as an area."),
    ),
    "ENCODING_UNKNOWN": (
        gettext_noop("There is no such way of writing Vietnamese."),
        gettext_noop("Choose one of the readings shown."),
    ),
    "TEXT_CONTROL_CHARS": (gettext_noop("Control characters were taken out of texts."), ""),
    "LINE_CLOSED_TO_POLYGON": (gettext_noop("Closed lines were read as areas."), ""),
    "OK_NETWORKLINK_IGNORED": (gettext_noop("Links to other servers in the file were not followed."), ""),
    "FEATURES_OVERLAP": (gettext_noop("Areas in the file overlap; common ground is counted once."), ""),
    "DUPLICATE_UPLOAD": (gettext_noop("The very same file came for the same thing before."), ""),
    "DUPLICATE_FEATURE": (gettext_noop("The same area is in the file twice; it is counted once."), ""),
}
_FORMAT_CODES = frozenset({"FORMAT_UNSUPPORTED", "FORMAT_MISMATCH", "SHP_NEEDS_ZIP"})
_LIMIT_CODES = frozenset({"UPLOAD_TOO_LARGE"})


def refusal(code: str, *, where: str = "", detail: Mapping[str, object] | None = None, **params: Any) -> DatNgheError:
    """Build the refusal for a code, in the active language; ``CODE.form`` is another sentence of the same code."""
    message, todo = spoken(code, params)
    code = code.partition(".")[0]
    kind: type[DatNgheError] = InputRefused
    if code in _FORMAT_CODES:
        kind = FormatRefused
    elif code in _LIMIT_CODES:
        kind = LimitExceeded
    return kind(message, code=code, where=where, todo=todo, detail=detail)


def spoken(code: str, params: Mapping[str, Any]) -> tuple[str, str]:
    """Return (what happened, what to do) for a code of files or of geometry."""
    table = next((table for table in (FILES, DRAWINGS) if code in table), GEOMETRY)
    return sentence(code, params, table)


def place_in_file(place: Mapping[str, Any]) -> str:
    """Say where in a file: feature and vertex number, line, byte or member."""
    parts: list[str] = []
    if place.get("feature"):
        parts.append(_("feature %(number)s") % {"number": place["feature"]})
    if place.get("vertex"):
        parts.append(_("point %(number)s") % {"number": place["vertex"]})
    if place.get("path"):
        parts.append(str(place["path"])[:200])
    return join(", ", parts)
