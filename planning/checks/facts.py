"""What does the database say about a zone? One round trip to ``check_facts``; it judges nothing.

A live question is asked plainly first; when GEOS gives up on a pair of geometries it is asked again with every overlay
verified, where such a pair becomes "not computable" instead of an error.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

from django.contrib.gis.geos import GEOSGeometry
from django.db import connection, transaction
from django.db.utils import InterfaceError, InternalError, OperationalError

from layers.crs import storage_srid
from layers.errors import InputRefused
from layers.messages import OUTCOMES, sentence
from planning.checks.asks import Asked, asked_about
from planning.checks.beside import Coming, Rows, ask_beside
from planning.checks.rules import CompiledRule
from planning.checks.types import Basis, Subject

QUERY_CANCELED = "57014"  # statement_timeout of the role that serves


class Fact(NamedTuple):
    """Hold one row of ``check_facts``: areas in m², distances in m, geometry as WKB in the storage CRS."""

    ask: str
    ref: str | None
    edition: int | None
    feature: int | None
    source: str | None
    name: str | None
    class_code: str | None
    hash: str | None
    dims: int | None
    area_m2: float | None
    perimeter_m: float | None
    distance_m: float | None
    required_m: float | None
    sound: bool
    piece: bytes | None
    line: bytes | None
    extra: Any = None

    def details(self) -> dict[str, Any]:
        """Return what else the row says; drivers hand JSON over as text or as a table."""
        found = json.loads(self.extra) if isinstance(self.extra, str) else self.extra
        return found or {}


@dataclass
class Facts:
    """Hold the facts about one zone, sorted by what they answer.

    *verified*: every overlay was tested. *stamp*: that of the basis at the moment of the answer. *short*: rules that
    look farther than was looked at. *uncovered*: of the zone, by edition; *uncovered_around*: by rule, of what it looks
    at around the zone or its parts.
    """

    verified: bool = False
    stamp: str = ""
    short: frozenset[str] = frozenset()
    overlaps: dict[int, list[Fact]] = field(default_factory=lambda: defaultdict(list))
    counted_twice_m2: dict[int, float] = field(default_factory=dict)
    setbacks: dict[str, list[Fact]] = field(default_factory=lambda: defaultdict(list))
    nearest: dict[int, list[Fact]] = field(default_factory=lambda: defaultdict(list))
    uncovered: dict[int, Fact] = field(default_factory=dict)
    uncovered_around: dict[str, Fact] = field(default_factory=dict)
    unit: Fact | None = None
    communes: list[Fact] = field(default_factory=list)
    register: list[Fact] = field(default_factory=list)
    green: Fact | None = None
    plan: dict[str, Any] = field(default_factory=dict)
    occupancy: list[dict[str, Any]] = field(default_factory=list)
    expanded: dict[str, Any] = field(default_factory=dict)

    def add(self, rows: Iterable[Any]) -> None:
        """Sort in rows of the question, the stamp of the basis last in each."""
        for *row, stamp in rows:
            fact = Fact._make(row)
            edition = fact.edition or 0
            match fact.ask, fact.ref:
                case "overlap", _:
                    if fact.feature is None:
                        self.counted_twice_m2[edition] = (fact.area_m2 or 0.0) if fact.sound else math.inf
                    else:
                        self.overlaps[edition].append(fact)
                case "setback", rule:
                    self.setbacks[rule or ""].append(fact)
                case "nearest", _:
                    self.nearest[edition].append(fact)
                case "coverage", _:
                    self._note_uncovered(fact)
                case "units", "unit":
                    self.unit = fact
                case "units", _:
                    self.communes.append(fact)
                case "register", _:
                    self.register.append(fact)
                case "green", _:
                    self.green = fact
                case _:
                    self.stamp = stamp
                    state = fact.details()
                    self.plan, self.occupancy, self.expanded = state["plan"], state["occupancy"], state["expanded"]

    def _note_uncovered(self, fact: Fact) -> None:
        """Note what was not looked at: of the zone by edition, around it by the rule that asks."""
        if fact.ref is None:
            self.uncovered[fact.edition or 0] = fact
        else:
            self.uncovered_around[fact.ref] = fact


def rules_for(subject: Subject, against: Basis) -> list[CompiledRule]:
    """Return the rules that concern this kind of proposal, in their order."""
    return [rule for rule in against.rules if rule.asks_about(subject.kind)]


@dataclass
class Gathered:
    """Hold the facts about one zone, of which those that lie around it may still be on their way.

    *late*: rules (by code) that cannot be answered before `whole`.
    """

    facts: Facts
    late: frozenset[str] = frozenset()
    rest: Callable[[], Facts] | None = None

    def whole(self) -> Facts:
        """Return all facts, waiting for the rest: *facts* filled up, or others when all had to be asked anew.

        Raises InputRefused as `gather` does.
        """
        return self.facts if self.rest is None else self.rest()


def gather(
    subject: Subject,
    zone: GEOSGeometry,
    rules: Iterable[CompiledRule],
    against: Basis,
    *,
    verified: bool,
    waited_for: bool = False,
) -> Gathered:
    """Ask everything the *rules* need to know about *zone* (on the grid) in one round trip.

    *waited_for*: somebody looks on; half of it is asked on a second connection when one is free, and what it answers
    need not be there yet. Raises InputRefused (GEOM_TOO_COMPLEX) when the zone takes longer than a question may.
    """
    asked = asked_about(subject, zone, rules, against, verified=verified)
    with _in_time():
        # beside a transaction nothing may be asked: see ask_beside
        coming = ask_beside(_AROUND, asked.around()) if waited_for and not verified else None
        if coming is None:
            return Gathered(_whole(asked, verified=verified))
        try:
            facts = _sorted(_rows(asked.inside(), verified=False), asked)
        except InternalError:
            return Gathered(_whole(asked, verified=True))
    return Gathered(facts, asked.late, partial(_filled_up, facts, coming, asked))


def _filled_up(facts: Facts, coming: Coming, asked: Asked) -> Facts:
    with _in_time():
        try:
            facts.add(coming.result())
        except InternalError:
            return _whole(asked, verified=True)
        except (InterfaceError, OperationalError) as error:
            if _given_up(error):
                raise
            return _whole(asked, verified=False)  # the second connection went; this one may be well
    return facts


def _whole(asked: Asked, *, verified: bool) -> Facts:
    """Ask all on this connection."""
    if not verified:
        with contextlib.suppress(InternalError), _savepoint():
            return _sorted(_rows(asked.all(), verified=False), asked)
        # A TopologyException of GEOS; nothing else in these functions raises this class.
    return _sorted(_rows(asked.all(), verified=True), asked, verified=True)


@contextlib.contextmanager
def _in_time() -> Iterator[None]:
    """Refuse a zone that the database gave up on after the time a question may take."""
    try:
        yield
    except OperationalError as error:
        if not _given_up(error):
            raise
        message, todo = sentence("timeout", {}, OUTCOMES)
        raise InputRefused(message, code="GEOM_TOO_COMPLEX", todo=todo) from error


def _given_up(error: Exception) -> bool:
    """Tell whether the database ended the question after the time a question may take."""
    return getattr(error.__cause__, "pgcode", None) == QUERY_CANCELED


def question(
    subject: Subject, zone: GEOSGeometry, rules: Iterable[CompiledRule], against: Basis, *, verified: bool = False
) -> tuple[str, list[Any]]:
    """Return the bare SQL and its parameters; for the bench, which compares the check with it."""
    return _QUESTION, [*asked_about(subject, zone, rules, against, verified=verified).all(), verified]


@dataclass(frozen=True, slots=True)
class ClassArea:
    """Hold the m² of one class that no earlier class has taken, and whether that could be computed."""

    code: str
    area_m2: float
    features: int
    sound: bool


def union_by_class(zone: GEOSGeometry, edition: int, classes: Iterable[str], *, verified: bool) -> list[ClassArea]:
    """Return area by class with every square metre counted once; for editions whose features overlap one another."""
    wanted = sorted(classes) or None
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT * FROM check_union(ST_GeomFromWKB(%s, {storage_srid()}), %s, %s, %s)",  # noqa: S608 - our own names, values apart
            [bytes(zone.wkb), edition, wanted, verified],
        )
        return [ClassArea(str(code), float(area), int(count), bool(ok)) for code, area, count, ok in cursor.fetchall()]


def once_m2(rows: Iterable[Fact], *, verified: bool) -> float | None:
    """Return the m² that the pieces of *rows* cover together, each counted once; None when it cannot be computed.

    The database is asked only when two of the pieces may share ground and every overlay is to be tested; while somebody
    draws, the few corridors of a rule are united here, which is quicker than sending them back.
    """
    import shapely

    held = sorted(
        (row for row in rows if row.piece), key=lambda row: (row.hash or "", row.source or "", row.name or "")
    )
    if len(held) < 2:
        return math.fsum(row.area_m2 or 0.0 for row in held)
    pieces = shapely.from_wkb([bytes(row.piece or b"") for row in held])
    boxes = shapely.bounds(pieces).tolist()
    if not any(_meet(one, other) for one, other in itertools.combinations(boxes, 2)):
        return math.fsum(row.area_m2 or 0.0 for row in held)
    if not verified:
        with contextlib.suppress(shapely.errors.GEOSException):
            return float(shapely.union_all(pieces).area)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT fresh_m2, sound FROM check_once(ARRAY(SELECT ST_GeomFromWKB(piece, %s)"
            " FROM unnest(%s) WITH ORDINALITY AS given(piece, at) ORDER BY at), %s)",
            [storage_srid(), shapely.to_wkb(pieces).tolist(), verified],
        )
        added = cursor.fetchall()
    return math.fsum(area for area, _sound in added) if all(sound for _area, sound in added) else None


def _meet(one: Sequence[float], other: Sequence[float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


# The stamp of the basis comes with the facts, in the same moment: no round trip of its own.
_QUESTION = """
    SELECT fact.*, CASE WHEN fact.ask = 'register_state' THEN check_basis_stamp() END
    FROM check_facts(ST_GeomFromWKB(%s, %s), %s::jsonb, ST_GeomFromWKB(%s, %s), %s::double precision, %s::boolean) fact
"""
_AROUND = """
    SELECT fact.*, NULL FROM check_around(ST_GeomFromWKB(%s, %s), %s::jsonb, %s::boolean) fact
"""


def _rows(parameters: list[Any], *, verified: bool) -> Rows:
    with connection.cursor() as cursor:
        cursor.execute(_QUESTION, [*parameters, verified])
        return list(cursor.fetchall())


def _savepoint() -> Any:
    """Guard an enclosing transaction from the failed question; outside one there is nothing to guard."""
    if connection.in_atomic_block:
        return transaction.atomic()
    return _NOTHING


class _Nothing:
    def __enter__(self) -> None: ...

    def __exit__(self, *args: object) -> None: ...


_NOTHING = _Nothing()


def _sorted(rows: Iterable[Any], asked: Asked, *, verified: bool = False) -> Facts:
    facts = Facts(verified=verified, short=asked.looked.short)
    facts.add(rows)
    return facts
