"""What came in with this file? Gates, the reader child, the question of the coordinate system; then to the storage CRS.

Nothing read here has been vetted or stored: a person confirms where it lies, then `to_zone` or `to_rows` vets it.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from django.contrib.gis.geos import GEOSGeometry

from layers.crs import VN2000_GEOGRAPHIC, WGS84, storage_srid
from layers.intake import limits as written
from layers.intake.archive import check_document, unpack
from layers.intake.bulk import Bulk, BulkRows, BulkShapes, BulkUnplaced, gather
from layers.intake.cad.messages import drawn
from layers.intake.cad.options import CadFacts, CadOptions
from layers.intake.candidates import CrsCandidate, Ranking, outline, rank, sample
from layers.intake.corners.facts import CornerFacts
from layers.intake.corners.features import features_of
from layers.intake.formats import CONTAINERS
from layers.intake.limits import PROPOSAL, IntakeLimits
from layers.intake.parts import place, take_charset
from layers.intake.place_table import places_of
from layers.intake.refusals import refusal, spoken
from layers.intake.rows import LayerRows, moved
from layers.intake.run import stream_from_child, waiting_child
from layers.intake.shapes import check_vertices, kept, said, shapes_of, without_place
from layers.intake.sniff import HEAD_BYTES, check_agrees, format_of
from layers.intake.texts import TextReadings
from layers.intake.verdicts import chosen_shapes
from layers.intake.vietnamese import NAMES
from layers.intake.walks import areas_of
from layers.models import AdminUnit, Layer
from layers.said import gettext as _
from layers.said import join
from layers.vetting import REPAIR, Limits, Notice, VettedZone, vet

TABLES = frozenset({"csv", "xlsx"})

_DEGREES = frozenset({WGS84, VN2000_GEOGRAPHIC})


@dataclass(frozen=True)
class Intake:
    """What a file holds, in its own coordinates; *shapes* (shapely) and *rows* run in step.

    Of a large file both are read from a temporary file as they are asked for (`layers.intake.bulk`): use `batches`.
    """

    filename: str
    format: str
    layer: str
    sha256: str
    kind: str
    shapes: Any
    fields: tuple[str, ...]
    rows: Sequence[Sequence[Any]]
    numbers: tuple[int, ...]
    candidates: tuple[CrsCandidate, ...]
    question: str
    question_text: str
    question_todo: str
    declared_name: str
    isolated: bool
    must_confirm: bool = True
    notices: tuple[Notice, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    texts: TextReadings | None = None
    raster: Mapping[str, Any] = field(default_factory=dict)
    cad: CadFacts | None = None
    corners: CornerFacts | None = None
    placeless: Iterable[tuple[int, Sequence[Any]]] = ()
    """The rows without a place that were left out, by their numbers."""

    @property
    def best(self) -> CrsCandidate | None:
        """Return the candidate to show first."""
        return self.candidates[0] if self.candidates else None

    def candidate(self, key: str) -> CrsCandidate:
        """Return the candidate a person chose by its key; raise a refusal for an unknown one."""
        for candidate in self.candidates:
            if candidate.key == key:
                return candidate
        raise refusal("CRS_UNKNOWN", where=key[:20])

    def attributes(self, index: int) -> dict[str, Any]:
        """Return the attributes of one feature."""
        return dict(zip(self.fields, self.rows[index], strict=True))

    def notices_at(self, candidate: CrsCandidate) -> tuple[Notice, ...]:
        """Return the notices with the place where a candidate puts them: a drawing tells it in its own coordinates."""
        if self.cad is None:
            return self.notices
        first = {repair.code: repair.xy for repair in reversed(self.cad.repairs)}
        if not first:
            return self.notices
        moved = candidate.to_storage(np.array(list(first.values()), dtype=float))
        places = {code: (float(x), float(y)) for code, (x, y) in zip(first, moved, strict=True)}
        return tuple(replace(notice, at=places.get(notice.code, notice.at)) for notice in self.notices)

    def ghost(self, candidate: CrsCandidate) -> GEOSGeometry | None:
        """Return a light outline in the storage CRS as this candidate reads the file."""
        shapes = self.shapes.bulk.sampled if isinstance(self.shapes, BulkShapes) else self.shapes
        return outline(shapes, candidate)

    def batches(self) -> Iterator[tuple[int, Any, Sequence[Sequence[Any]]]]:
        """Yield (index of the first feature, shapes, rows), so that a large file never is in memory as a whole."""
        if isinstance(self.shapes, BulkShapes):
            yield from self.shapes.bulk.batches()
        else:
            yield 0, self.shapes, self.rows

    def packed_batches(self) -> Iterator[tuple[int, list[bytes], Sequence[Sequence[Any]]]]:
        """Yield (index of the first feature, WKB, attributes column by column) as `batches` does."""
        if isinstance(self.shapes, BulkShapes):
            yield from self.shapes.bulk.packed_batches()
        else:
            yield 0, shapely.to_wkb(self.shapes, byte_order=1).tolist(), list(zip(*self.rows, strict=True))


def read_vector_file(
    path: Path | str,
    filename: str,
    *,
    declared_unit: AdminUnit | None = None,
    layer: str = "",
    kind: str = "polygon",
    limits: IntakeLimits = PROPOSAL,
    encoding: str = "",
    cad: CadOptions | None = None,
    places: tuple[str, str] = ("", ""),
) -> Intake:
    """Read a file from outside and rank its coordinate systems.

    *filename* is the name the person sees; *declared_unit* the unit the data should lie in; *layer* chooses one of
    several (see the refusal MULTIPLE_LAYERS, ``detail["layers"]``); *kind* is ``polygon``, ``line``, ``point`` or "";
    *encoding* is the code page a person chose (a key of `layers.intake.vietnamese.NAMES`), "" to find it out;
    *cad* says which CAD layers of a drawing to read, in which unit (refusals UNITS_*, LINE_NOT_CLOSED: ``detail``).
    A table (CSV, XLSX) holds corners where areas or lines are wanted, otherwise a point in each row; *places* are then
    the headings of its columns of northing and easting, "" to find them (refusal TABLE_PLACES, ``detail["fields"]``).
    Of a large file, or a large one in an archive, reading may take longer (`IntakeLimits.for_size`).
    Loose parts of one layer go through `layers.intake.parts.gather_parts` first.
    Raises the refusals of the bad-input catalogue (`layers.intake.refusals`).
    """
    path = Path(path)
    if encoding and encoding not in NAMES:
        raise refusal("ENCODING_UNKNOWN", where=encoding[:20])
    named = format_of(path, filename)
    digest = hashlib.sha256()
    with tempfile.TemporaryDirectory(prefix="datnghe-intake-") as folder, waiting_child() as child:
        with path.open("rb") as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
        main, main_format, inner = _prepared(path, named, Path(folder), layer)
        size = sum(part.stat().st_size for part in main.parent.iterdir())
        limits = limits.for_size(size)
        more = {"kind": kind, "encoding": encoding, **_drawing(main_format, inner, cad)}
        if main_format in {"tab", "mif"}:
            more["charset"] = take_charset(main)
        frames = stream_from_child(
            main, main_format, limits=limits, layer=inner, filename=filename, more=more, child=child,
            shared=main_format == "shp" and size >= written.SHARED_BYTES,
        )  # fmt: skip
        facts, blobs, bulk = gather(frames, kind, limits)
    corners: CornerFacts | None = None
    if main_format in TABLES and kind not in {"polygon", "line"}:
        facts, blobs = places_of(facts, places, most=limits.features)
        main_format = "table"
    elif main_format in TABLES:
        facts, blobs, corners = features_of(facts)
        main_format = "corners"
    shapes, mended = shapes_of(blobs)
    intake = intake_of(
        facts, shapes, mended, filename=filename, named=main_format, sha256=digest.hexdigest(), kind=kind,
        limits=limits, unit=declared_unit, bulk=bulk,
    )  # fmt: skip
    return replace(intake, corners=corners) if corners is not None else intake


def intake_of(
    facts: Mapping[str, Any],
    shapes: Any,
    mended: Sequence[Notice] = (),
    *,
    filename: str,
    named: str,
    sha256: str,
    kind: str,
    limits: IntakeLimits,
    unit: AdminUnit | None = None,
    bulk: Bulk | None = None,
) -> Intake:
    """Sort what the reader child gave: features of one kind, limits, the question of the coordinate system.

    The features of a large file are in *bulk*, sorted already.
    """
    notices = [*(said(*drawn(item["code"], item["params"])) for item in facts["notices"]), *mended]
    if named == "gpx" and kind == "polygon":
        shapes, walked = areas_of(shapes)
        notices += walked
    rows: Sequence[Sequence[Any]]
    placeless: Iterable[tuple[int, Sequence[Any]]]
    if bulk is not None:
        shapes, rows, numbers, counts, found = BulkShapes(bulk), BulkRows(bulk), bulk.numbers, bulk.counts, bulk.kind
        notices += bulk.notices
        placeless = BulkUnplaced(bulk)
        ranking = _ranked(bulk.bounds, bulk.sampled, facts["declared"], unit)
    else:
        placeless = without_place(shapes, facts["rows"], facts.get("numbers", ()))
        shapes, plain, numbers, counts, found = kept(shapes, facts["rows"], kind, notices, facts.get("numbers", ()))
        rows = tuple(tuple(row) for row in plain)
        check_vertices(shapes, limits)
        ranking = _ranked(shapely.bounds(shapes), shapes, facts["declared"], unit)
    best = ranking.candidates[0] if ranking.candidates else None
    if best is not None and best.declared and best.accuracy and not ranking.question:
        notices.append(said("OK_CRS_LEGACY", {"name": best.label, "accuracy": best.accuracy}))
    text, todo = spoken(ranking.question, ranking.params) if ranking.question else ("", "")
    todo = join(" ", [todo, ranking.hint])
    return Intake(
        filename=filename,
        format=named,
        layer=str(facts["layer"]),
        sha256=sha256,
        kind=found,
        shapes=shapes,
        fields=tuple(facts["fields"]),
        rows=rows,
        numbers=tuple(numbers),
        candidates=ranking.candidates,
        question=ranking.question,
        question_text=text,
        question_todo=todo,
        declared_name=str(facts["declared"].get("name", "")),
        isolated=bool(facts.get("isolated")),
        must_confirm=ranking.must_confirm,
        notices=tuple(notices),
        counts=counts,
        texts=TextReadings.of_dict(facts["texts"]) if facts.get("texts") else None,
        cad=CadFacts.from_json(facts["cad"]) if facts.get("cad") else None,
        placeless=placeless,
    )


def _drawing(named: str, layer: str, cad: CadOptions | None) -> dict[str, Any]:
    """Return what the child needs for a drawing: what a person said of it."""
    if named not in {"dxf", "dgn"}:
        return {}
    options = cad or CadOptions()
    if layer and not options.layers:
        options = replace(options, layers=(layer,))
    return {"cad": asdict(options)}


def _prepared(path: Path, named: str, folder: Path, layer: str) -> tuple[Path, str, str]:
    """Return the file for the child inside the job folder, its format, and the layer name left for the child."""
    if named in CONTAINERS.values():
        unpacked = unpack(path, folder, kmz=named == "kmz", layer=layer)
        with unpacked.path.open("rb") as stream:
            check_agrees(unpacked.format, Path(unpacked.member).suffix.lower(), stream.read(HEAD_BYTES))
        inner = layer if layer and unpacked.member != layer else ""
        return unpacked.path, unpacked.format, inner
    if named == "xlsx":
        check_document(path)
    return place(path, named, folder), named, layer


def _ranked(bounds: Any, shapes: Any, declared: dict[str, Any], unit: AdminUnit | None) -> Ranking:
    bounds = np.abs(bounds)
    largest = bounds.max(axis=1)
    degrees = largest <= 360
    if float(largest.max()) > 1e12:
        number = int(np.argmax(largest)) + 1
        raise refusal("COORD_RANGE", where=_("feature %(number)s") % {"number": number})
    if declared.get("epsg") in _DEGREES:
        # Longitudes a turn too far or too little: no place on earth, and no metres either.
        turned = (bounds[:, [0, 2]].max(axis=1) > 180) & (largest <= 720) & (bounds[:, [1, 3]].max(axis=1) <= 90)
        if turned.any():
            number = int(np.flatnonzero(turned)[0]) + 1
            raise refusal("COORD_RANGE", where=_("feature %(number)s") % {"number": number})
    if degrees.any() and not degrees.all():
        # A tiny drawing near (0, 0) in metres would look like degrees; only a real mixture spans five orders.
        raise refusal("CRS_SUSPECT_PROJECTED.mixed", feature=int(np.flatnonzero(degrees != degrees[0])[0]) + 1)
    return rank(sample(shapes), declared, unit)


def storage_batches(intake: Intake, candidate: CrsCandidate) -> Iterator[tuple[int, Any, Sequence[Sequence[Any]]]]:
    """Yield (index of the first feature, shapes in the storage CRS, rows); raise COORD_RANGE without a place."""
    for first, shapes, rows in intake.batches():
        yield first, moved(shapes, candidate, intake.numbers[first:]), rows


def storage_shapes(intake: Intake, candidate: CrsCandidate) -> Any:
    """Return all shapes in the storage CRS (shapely, not rounded); raise COORD_RANGE when one has no place."""
    moved = [shapes for _first, shapes, _rows in storage_batches(intake, candidate)]
    return moved[0] if len(moved) == 1 else np.concatenate(moved)


def to_zone(
    intake: Intake,
    candidate: CrsCandidate,
    *,
    features: list[int] | None = None,
    limits: Limits = REPAIR,
    choices: Mapping[int, str] | None = None,
) -> VettedZone:
    """Turn the file's areas (or only those at the given indexes) into one vetted zone on the grid.

    Overlapping and repeated areas count once, with a notice. *choices*: by feature number the variant a person chose
    (`layers.intake.verdicts`). Raises what `layers.vetting.vet` raises, CHOICE_UNKNOWN for a variant not offered.
    """
    moved = storage_shapes(intake, candidate)
    if choices:
        moved = chosen_shapes(moved, intake.numbers, choices)
    chosen = moved if features is None else moved[np.array(features, dtype=int)]
    notices: list[Notice] = list(intake.notices_at(candidate))
    own: dict[bytes, list[Any]] = {}
    for shape in chosen:
        areas = list(_areas(shape))
        own.setdefault(b"".join(sorted(shapely.to_wkb(shapely.normalize(area)) for area in areas)), areas)
    if len(own) < len(chosen):
        notices.append(said("DUPLICATE_FEATURE"))
    parts = [area for areas in own.values() for area in areas]
    whole = parts[0] if len(parts) == 1 else shapely.multipolygons(parts)
    zone = vet(GEOSGeometry(memoryview(shapely.to_wkb(whole, byte_order=1)), srid=storage_srid()), limits)
    if any(notice.code in {"PARTS_OVERLAP", "SHELLS_NESTED"} for notice in zone.notices):
        notices.append(said("FEATURES_OVERLAP"))
    return VettedZone(zone.geom, zone.area_m2, (*notices, *zone.notices))


def _areas(shape: Any) -> Iterator[Any]:
    for part in shapely.get_parts(shape):
        if int(shapely.get_type_id(part)) == 3:
            yield part
        elif int(shapely.get_type_id(part)) in {6, 7}:
            yield from _areas(part)


def to_rows(
    intake: Intake,
    candidate: CrsCandidate,
    layer: Layer,
    *,
    id_field: str = "",
    left_out: Collection[int] = (),
    instead: Mapping[int, bytes] | None = None,
) -> LayerRows:
    """Turn the file's features into rows of a layer, see `layers.intake.rows.LayerRows`."""
    return LayerRows(intake, candidate, layer, id_field=id_field, left_out=left_out, instead=instead)
