"""What may anybody read of the books? Rows of the public views (``sql/public.sql``), filtered, searched, in order.

It reads nothing but the views: what is not a column there cannot reach an open page, a list or open data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.gis.geos import GEOSGeometry, Point
from django.db import connection

from planning.registers.queries.search import search

VILLAGE = "village"
CLUSTER = "cluster"
MANY = 1000


@dataclass(frozen=True)
class PlaceFilter:
    """What the reader narrows the list by; empty means everything. *funded*: ``any`` or a year."""

    typed: str = ""
    kind: str = ""
    unit: int | None = None
    district: int | None = None
    trade: str = ""
    funded: str = ""


@dataclass(frozen=True)
class Place:
    """One line of the public list; *location* in the storage CRS. *level* says how a search found it (0: none)."""

    kind: str
    id: int
    slug: str
    name: str
    sub_kind: str
    trade: str
    trade_vi: str
    trade_en: str
    unit_id: int
    unit_name: str
    district_id: int | None
    district_name: str | None
    funded_projects: int
    funded_vnd: Decimal
    funded_last_year: int | None
    illustrative: bool
    location: Point
    level: int = 0


@dataclass(frozen=True)
class Choice:
    """One value a filter offers, with the number of places behind it."""

    value: str
    name: str
    name_en: str
    places: int


@dataclass(frozen=True)
class PublicProject:
    """One funded project as anybody may read it: households are named by their place."""

    id: int
    code: str
    title: str
    activity: str
    level: str
    state: str
    year: int
    source_name: str
    implementer: str
    beneficiary: str
    unit_name: str
    village_id: int | None
    cluster_id: int | None
    granted_vnd: Decimal
    counterpart_vnd: Decimal
    paid_vnd: Decimal
    settled_vnd: Decimal | None
    accepted_on: date | None
    settled_on: date | None
    illustrative: bool


_PLACES = """
    SELECT 'village' AS kind, v.id, v.slug::text, v.name::text, v.kind::text AS sub_kind, v.trade::text,
           v.trade_name_vi::text AS trade_vi, v.trade_name_en::text AS trade_en, v.unit_id, v.unit_name,
           v.former_district_id AS district_id, v.former_district_name AS district_name,
           v.funded_projects, v.funded_vnd, v.funded_last_year, v.illustrative, v.location
    FROM public_village v
    UNION ALL
    SELECT 'cluster', c.id, c.slug::text, c.name::text, c.lifecycle::text, '', c.trades::text, c.trades::text,
           c.unit_id, c.unit_name, c.former_district_id, c.former_district_name,
           c.funded_projects, c.funded_vnd, c.funded_last_year, c.illustrative, c.location
    FROM public_cluster c
"""


def places(narrow: PlaceFilter) -> tuple[Place, ...]:
    """Return the public villages and clusters that pass *narrow*: in order of the search, else by name."""
    ranks: dict[tuple[str, int], tuple[int, int]] = {}
    if narrow.typed.strip():
        hits = search(narrow.typed, MANY)
        ranks = {(hit.kind, hit.id): (order, hit.level) for order, hit in enumerate(hits)}
        if not ranks:
            return ()
    where, values = _conditions(narrow)
    rows = _rows(f"SELECT * FROM ({_PLACES}) AS p WHERE {where} ORDER BY p.name, p.kind, p.id", values)  # noqa: S608 - our own names, values apart
    found = [Place(**{**row, "location": GEOSGeometry(row["location"])}) for row in rows]
    if not ranks:
        return tuple(found)
    ranked = [
        Place(**{**place.__dict__, "level": ranks[place.kind, place.id][1]})
        for place in found
        if (place.kind, place.id) in ranks
    ]
    return tuple(sorted(ranked, key=lambda place: ranks[place.kind, place.id][0]))


def place_choices() -> dict[str, tuple[Choice, ...]]:
    """Return what the filters offer: ``units``, ``districts``, ``trades``, ``years``, with their numbers of places."""
    unit = f"SELECT p.unit_id::text, p.unit_name, p.unit_name, count(*) FROM ({_PLACES}) AS p GROUP BY 1, 2 ORDER BY 2"  # noqa: S608 - our own names, values apart
    district = f"""
        SELECT p.district_id::text, p.district_name, p.district_name, count(*) FROM ({_PLACES}) AS p
        WHERE p.district_id IS NOT NULL GROUP BY 1, 2 ORDER BY 2
    """  # noqa: S608 - our own names, values apart
    trade = """
        SELECT trade::text, min(trade_name_vi), min(trade_name_en), count(*) FROM public_village GROUP BY 1 ORDER BY 2
    """
    year = """
        SELECT year::text, year::text, year::text, count(DISTINCT (village_id, cluster_id)) FROM public_funded_project
        WHERE village_id IS NOT NULL OR cluster_id IS NOT NULL GROUP BY year ORDER BY year DESC
    """
    asked = {"units": unit, "districts": district, "trades": trade, "years": year}
    with connection.cursor() as cursor:
        offered = {}
        for name, sql in asked.items():
            cursor.execute(sql)
            offered[name] = tuple(Choice(*row) for row in cursor.fetchall())
    return offered


def village_row(slug: str) -> dict[str, Any] | None:
    """Return the public row of a village by its address name; geometry in the storage CRS."""
    return _one("SELECT * FROM public_village WHERE slug = %s", [slug])


def cluster_row(slug: str) -> dict[str, Any] | None:
    """Return the public row of a cluster by its address name; geometry in the storage CRS."""
    return _one("SELECT * FROM public_cluster WHERE slug = %s", [slug])


def products_of(village_id: int) -> list[dict[str, Any]]:
    """Return the public products of a village, most stars first."""
    return _rows(
        "SELECT * FROM public_product WHERE village_id = %s ORDER BY ocop_stars DESC NULLS LAST, name", [village_id]
    )


def projects_of(*, village: int | None = None, cluster: int | None = None) -> tuple[PublicProject, ...]:
    """Return the funded projects of a village or of a cluster, newest first."""
    column, value = ("village_id", village) if village is not None else ("cluster_id", cluster)
    names = ", ".join(PublicProject.__dataclass_fields__)
    rows = _rows(
        f"SELECT {names} FROM public_funded_project WHERE {column} = %s ORDER BY year DESC, code",  # noqa: S608 - our own names, values apart
        [value],
    )
    return tuple(PublicProject(**row) for row in rows)


def clusters_with_room(near: Point, how_many: int = 3) -> list[dict[str, Any]]:
    """Return the nearest working clusters that still have leasable land: name, slug, unit, free hectares, metres."""
    return _rows(
        """
        SELECT slug, name, unit_name, leasable_ha - leased_ha AS free_ha,
               ST_Distance(location, %s::geometry) AS distance_m
        FROM public_cluster
        WHERE leasable_ha > leased_ha AND lifecycle IN ('established', 'building', 'operating', 'expanding')
        ORDER BY distance_m, slug LIMIT %s
        """,
        [near.hexewkb.decode(), how_many],
    )


def count_view(view: str) -> int:
    """Return how many rows a public view has. Raises KeyError for any other name."""
    known = {name: name for name in ("public_village", "public_cluster", "public_funded_project", "public_product")}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {known[view]}")  # noqa: S608 - our own names, values apart
        return int(cursor.fetchone()[0])


def _conditions(narrow: PlaceFilter) -> tuple[str, list[Any]]:
    where: list[str] = ["true"]
    values: list[Any] = []
    if narrow.kind in (VILLAGE, CLUSTER):
        where.append("p.kind = %s")
        values.append(narrow.kind)
    if narrow.unit is not None:
        where.append("p.unit_id = %s")
        values.append(narrow.unit)
    if narrow.district is not None:
        where.append("p.district_id = %s")
        values.append(narrow.district)
    if narrow.trade:
        where.append("p.trade = %s")
        values.append(narrow.trade)
    if narrow.funded == "any":
        where.append("p.funded_projects > 0")
    elif narrow.funded:
        where.append(
            "EXISTS (SELECT 1 FROM public_funded_project f WHERE f.year = %s"
            " AND CASE p.kind WHEN 'village' THEN f.village_id ELSE f.cluster_id END = p.id)"
        )
        values.append(int(narrow.funded))
    return " AND ".join(where), values


def _one(sql: str, values: Sequence[Any]) -> dict[str, Any] | None:
    rows = _rows(sql, values)
    return rows[0] if rows else None


def _rows(sql: str, values: Sequence[Any]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
