"""Is this geometry fit to compute with? Vetting, cutting and joining in a warm child process that can be killed.

PostgreSQL cannot be stopped once GEOS runs (measured: a cancelled repair ran 67 s and more), so nothing that has not
passed here reaches an overlay. No geometry is mended beyond recognition: what is ambiguous goes back to the person.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.contrib.gis.geos import GEOSGeometry, LineString, MultiPolygon, Polygon
from django.utils.translation import gettext as _

from layers.crs import storage_srid
from layers.errors import DatNgheError, InputRefused, TooManyRequests
from layers.geomchild.pool import POOL, ChildError
from layers.geomchild.protocol import unpacked_numbers
from layers.messages import OUTCOMES, place_text, sentence

Whose = TypeVar("Whose")
# What the child said of a batch, or how it failed.
_Answer = tuple[dict[str, Any], list[bytes]] | ChildError


@dataclass(frozen=True)
class Limits:
    """How much one vetting accepts, how long it may take (seconds), and how much it may mend.

    *repair*: ``none``; ``harmless`` (changes below 0.01 m² and spikes); ``full`` (confirmed by a person afterwards).
    """

    max_vertices: int = 2_000
    timeout: float = 2.0
    repair: str = "harmless"
    shape_notices: bool = False
    small_ok: bool = False


LIVE = Limits()
STORED = Limits(max_vertices=10_000, timeout=7.0, shape_notices=True)
REPAIR = Limits(max_vertices=10_000, timeout=7.0, repair="full", shape_notices=True)
FEATURES = Limits(max_vertices=100_000, timeout=60.0, repair="full")


@dataclass(frozen=True)
class Notice:
    """Report one repair or remark; *at* is easting, northing in the storage CRS, areas in m²."""

    code: str
    message: str
    at: tuple[float, float] | None = None
    before_m2: float | None = None
    after_m2: float | None = None
    confirm: bool = False


@dataclass(frozen=True)
class VettedZone:
    """Hold an area that may be computed with: valid, on the 1 mm grid, in normal order, SRID = storage."""

    geom: MultiPolygon
    area_m2: float
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True)
class VettedFeature:
    """Hold one vetted feature of a layer, or why it was refused (then *wkb* is empty)."""

    wkb: bytes
    area_m2: float = 0.0
    notices: tuple[Notice, ...] = ()
    refused: DatNgheError | None = None


@dataclass(frozen=True)
class VettedBatch:
    """Hold what became of many features, in order: their WKB (empty where refused) and areas in m².

    *special*: by index those mended, remarked on or refused; *bounds*: west, south, east, north of the others.
    """

    wkb: list[bytes]
    areas: list[float]
    special: dict[int, VettedFeature]
    bounds: tuple[float, ...] | None = None

    def features(self) -> Iterator[VettedFeature]:
        """Yield the features one by one."""
        for index, (wkb, area) in enumerate(zip(self.wkb, self.areas, strict=True)):
            yield self.special.get(index) or VettedFeature(wkb, area)

    def __add__(self, other: VettedBatch) -> VettedBatch:
        moved = {len(self.wkb) + index: feature for index, feature in other.special.items()}
        both = [bounds for bounds in (self.bounds, other.bounds) if bounds is not None]
        west, south, east, north = zip(*both, strict=True) if both else ((), (), (), ())
        bounds = (min(west), min(south), max(east), max(north)) if both else None
        return VettedBatch(self.wkb + other.wkb, self.areas + other.areas, {**self.special, **moved}, bounds)


@dataclass(frozen=True)
class Reply:
    """Hold the answer of one geometry operation."""

    geoms: tuple[GEOSGeometry, ...]
    info: dict[str, Any] = field(default_factory=dict)


def vet(geom: GEOSGeometry, limits: Limits = LIVE) -> VettedZone:
    """Vet an area in the storage CRS: caps, grid, validity, harmless repair.

    Raises InputRefused with a catalogue code, the place in words (``where``) and in numbers (``detail["at"]``, storage
    CRS); for REPAIR_AMBIGUOUS ``detail["readings"]`` holds both areas as geometries. Raises TooManyRequests when every
    child is busy for the whole time allowed.
    """
    _require_storage(geom)
    params = {
        "kind": "polygon",
        "max_vertices": limits.max_vertices,
        "repair": limits.repair,
        "shape_notices": limits.shape_notices,
        "small_ok": limits.small_ok,
    }
    head, blobs = _request("vet", [bytes(geom.wkb)], params, limits.timeout)
    item = head["items"][0]
    if "refused" in item:
        raise _refusal(item["refused"], blobs)
    shape = GEOSGeometry(memoryview(blobs[0]), srid=storage_srid())
    zone = shape if isinstance(shape, MultiPolygon) else MultiPolygon(shape, srid=storage_srid())
    return VettedZone(zone, unpacked_numbers(head["areas"])[0], tuple(_notice(data) for data in item["notices"]))


def vet_features(
    blobs: Iterable[bytes], kind: str, limits: Limits = FEATURES, *, batch_bytes: int = 8_000_000
) -> Iterator[VettedFeature]:
    """Vet the features of a layer (WKB in the storage CRS), *kind* ``polygon``, ``line`` or ``point``, in order.

    Sound features take one vectorised pass; the others are mended one by one. A feature that takes a batch down is
    found by halving and refused alone. Never raises for a bad feature: see `VettedFeature.refused`.
    """
    batch: list[bytes] = []
    size = 0
    for blob in blobs:
        batch.append(blob)
        size += len(blob)
        if size >= batch_bytes or len(batch) >= 2_000:
            yield from _vet_batch(batch, kind, limits).features()
            batch, size = [], 0
    if batch:
        yield from _vet_batch(batch, kind, limits).features()


def vet_ahead(
    batches: Iterable[tuple[Sequence[bytes], Whose]], kind: str, limits: Limits = FEATURES
) -> Generator[tuple[VettedBatch, Whose], None, None]:
    """Vet batches of features as `vet_features` does, the next one while the caller is busy with the one before.

    Each batch comes with something of the caller's (*Whose*), which is given back beside the answer.
    """
    with ThreadPoolExecutor(1) as runner:  # it only moves bytes; texts are made in the caller's thread and language
        waiting: tuple[Future[_Answer], Sequence[bytes], Whose] | None = None
        for blobs, whose in batches:
            asked = runner.submit(_ask, blobs, kind, limits)
            if waiting is not None:
                yield _vetted(waiting[0].result(), waiting[1], kind, limits), waiting[2]
            waiting = asked, blobs, whose
        if waiting is not None:
            yield _vetted(waiting[0].result(), waiting[1], kind, limits), waiting[2]


def call(operation: str, *geoms: GEOSGeometry, timeout: float = 3.0, **params: Any) -> Reply:
    """Run a named operation of the geometry child on storage geometries within *timeout* seconds.

    Operations: ``cut``, ``difference``, ``union``, ``intersection``, ``inset``,
    ``outset`` (see `layers.geomchild.cutting`).
    """
    for geom in geoms:
        _require_storage(geom)
    head, blobs = _request(operation, [bytes(geom.wkb) for geom in geoms], params, timeout)
    return Reply(tuple(GEOSGeometry(memoryview(blob), srid=storage_srid()) for blob in blobs), head)


def split_by_lines(
    zone: GEOSGeometry, lines: Sequence[LineString], *, min_area_m2: float = 1.0, timeout: float = 3.0
) -> list[Polygon]:
    """Split a vetted area by lines into pieces that tile it exactly, north-west first (full precision, no grid).

    Pieces below *min_area_m2* join the neighbour with the longest common edge. Lines that do not cross change nothing.
    """
    pieces = call("cut", zone, *lines, timeout=timeout, min_area_m2=min_area_m2).geoms
    return [piece for piece in pieces if isinstance(piece, Polygon)]


def cut_out(zone: GEOSGeometry, *taken: GEOSGeometry, timeout: float = 3.0) -> tuple[VettedZone, float]:
    """Take areas out of a zone; return what is left, vetted, and the m² lost.

    Raises InputRefused (GEOM_EMPTY) when nothing is left.
    """
    reply = call("difference", zone, *taken, timeout=timeout, drop_below_m2=1.0)
    if not reply.geoms:
        _message, todo = sentence("GEOM_EMPTY", {})
        raise InputRefused(_("Nothing of the boundary would be left."), code="GEOM_EMPTY", todo=todo)
    vetted = vet(reply.geoms[0], Limits(max_vertices=10_000, timeout=timeout))
    return vetted, float(reply.info["lost_m2"])


def inset(zone: GEOSGeometry, distance_m: float, *, timeout: float = 2.0) -> GEOSGeometry | None:
    """Return a vetted area with its boundary drawn in by *distance_m* metres; None when nothing is left.

    Raises InputRefused (GEOM_TOO_COMPLEX) when it takes longer than *timeout* seconds.
    """
    geoms = call("inset", zone, timeout=timeout, distance_m=distance_m).geoms
    return geoms[0] if geoms else None


def outset(zone: GEOSGeometry, distances_m: Sequence[float], *, timeout: float = 2.0) -> tuple[GEOSGeometry, ...]:
    """Return for each of *distances_m* (more than 0) all that lies within it of a vetted area, itself included.

    Raises InputRefused (GEOM_TOO_COMPLEX) when it takes longer than *timeout* seconds.
    """
    return call("outset", zone, timeout=timeout, distances_m=list(distances_m)).geoms


def prepare() -> None:
    """Have a child start without waiting for it: something large is on its way."""
    POOL.prepare()


def warm() -> None:
    """Start one child now, so that the first drawing person does not wait for it."""
    _request("ping", [], {}, 10.0)


def _vet_batch(batch: Sequence[bytes], kind: str, limits: Limits) -> VettedBatch:
    return _vetted(_ask(batch, kind, limits), batch, kind, limits)


def _ask(batch: Sequence[bytes], kind: str, limits: Limits) -> _Answer:
    params = {"kind": kind, "max_vertices": limits.max_vertices, "repair": limits.repair, "small_ok": limits.small_ok}
    try:
        head, blobs = POOL.request("vet", batch, params, timeout=limits.timeout, wait=limits.timeout)
    except ChildError as error:
        return error
    return head["result"], blobs


def _vetted(answer: _Answer, batch: Sequence[bytes], kind: str, limits: Limits) -> VettedBatch:
    """Sort the child's answer by feature; where it died over a batch, ask again for each half."""
    if isinstance(answer, ChildError):
        if len(batch) == 1 or answer.reason == "busy":
            failed = [VettedFeature(b"", refused=_failure(answer)) for _blob in batch]
            return VettedBatch([b""] * len(batch), [0.0] * len(batch), dict(enumerate(failed)))
        middle = len(batch) // 2
        return _vet_batch(batch[:middle], kind, limits) + _vet_batch(batch[middle:], kind, limits)
    told, blobs = answer
    areas = unpacked_numbers(told["areas"])
    bounds = tuple(told["bounds"]) if told["bounds"] else None
    if not told["items"]:
        return VettedBatch(blobs, areas, {}, bounds)
    wkb: list[bytes] = []
    special: dict[int, VettedFeature] = {}
    at = 0
    for item in told["items"]:
        index, count = item["index"], item["count"]
        sound = index - len(wkb)
        wkb += blobs[at : at + sound]
        own = blobs[at + sound : at + sound + count]
        at += sound + count
        if "refused" in item:
            special[index] = VettedFeature(b"", refused=_refusal(item["refused"], own))
        else:
            special[index] = VettedFeature(own[0], areas[index], tuple(_notice(data) for data in item["notices"]))
        wkb.append(special[index].wkb)
    return VettedBatch(wkb + blobs[at:], areas, special, bounds)


def _require_storage(geom: GEOSGeometry) -> None:
    if geom.srid != storage_srid():
        raise InputRefused(
            _("The coordinate system of a geometry is not the expected one."),
            code="CRS_MISMATCH",
            where=f"SRID {geom.srid}",
        )


def _request(
    operation: str, blobs: Sequence[bytes], params: dict[str, Any], timeout: float
) -> tuple[dict[str, Any], list[bytes]]:
    try:
        head, out = POOL.request(operation, blobs, params, timeout=timeout)
    except ChildError as error:
        raise _failure(error) from error
    if "refused" in head:
        raise _refusal(head["refused"], out)
    return head["result"], out


def _failure(error: ChildError) -> InputRefused | TooManyRequests:
    message, todo = sentence(error.reason, {}, OUTCOMES)
    if error.reason == "busy":
        return TooManyRequests(message, code="BUSY", todo=todo)
    return InputRefused(message, code="GEOM_CORRUPT" if error.reason == "failed" else "GEOM_TOO_COMPLEX", todo=todo)


def _refusal(data: dict[str, Any], blobs: Sequence[bytes]) -> InputRefused:
    message, todo = sentence(data["code"], data["params"])
    at = tuple(data["at"]) if data["at"] else None
    detail: dict[str, object] = {"at": at, **data["params"]}
    if blobs:
        detail["readings"] = [GEOSGeometry(memoryview(blob), srid=storage_srid()) for blob in blobs]
    return InputRefused(message, code=data["code"], where=place_text(at), todo=todo, detail=detail)


def _notice(data: dict[str, Any]) -> Notice:
    message, _todo = sentence(data["code"], data["params"])
    at = (float(data["at"][0]), float(data["at"][1])) if data["at"] else None
    return Notice(data["code"], message, at, data["before_m2"], data["after_m2"], data["confirm"])
