"""How does an edition of a layer leave the house? Every feature as published, its attributes as columns.

A restricted layer leaves too, for those who may see it, and that it left is on record.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from django.db import connection, transaction
from django.http import FileResponse, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from layers.models import Edition
from layers.models.layer import GeometryKind
from mapping.desks.steward.pages import door, edition_named, person
from mapping.downloads import Downloads, downloads, given
from mapping.papers.export import TYPES, Column, Kind, Query, checked
from mapping.papers.export.columns import SHORT_LENGTH, SHORT_LETTERS, TAKEN
from planning.people.services.events import record_event

MOST_ATTRIBUTES = 100
TIMEOUT = "60s"
GEOMETRY = {GeometryKind.POINT: "point", GeometryKind.LINE: "line", GeometryKind.POLYGON: "polygon"}
FIXED = (
    Column("source_id", "ma_nguon", _("Identifier at the source"), width=20),
    Column("name", "ten", _("Name"), width=34),
    Column("class_code", "loai", _("Class"), width=14),
    Column("area_m2", "dt_m2", _("Area, m²"), Kind.NUMBER, "#,##0.00", 16),
)


@require_safe
def download(request: HttpRequest, pk: int, kind: str) -> FileResponse:
    """Give an edition as a file; a restricted layer's leaving is an event."""
    door(request)
    edition = edition_named(pk)
    query, columns = edition_query(edition)
    name = f"{edition.layer.code}-{edition.number}"
    response = given(request, query, columns, kind, name=name, title=edition.layer.name_vi)
    if not edition.layer.is_public:
        record_event(person(request), "edition_downloaded", edition, {"layer": edition.layer.code, "format": kind})
    return response


def offered(edition: Edition) -> Downloads:
    """Return the download control of an edition's page; its map may narrow the file."""
    return downloads(
        lambda kind: reverse("steward:download", args=[edition.pk, kind]), {}, tuple(TYPES),
        count=edition.feature_count, by_map=True,
    )  # fmt: skip


def edition_query(edition: Edition) -> tuple[Query, tuple[Column, ...]]:
    """Return the features of an edition in the order they were loaded, and their columns.

    Attributes follow the fixed columns by name, at most a hundred; one that holds numbers only is a number.
    """
    attributes = _attributes(edition)
    columns = [*FIXED, *(column for column, _key in attributes)]
    listed = ["feature.id", "feature.geom", *(f"feature.{column.name}" for column in FIXED)]
    values: list[object] = []
    for column, key in attributes:
        text = "feature.attributes ->> %s"
        listed.append(f'({text}){"::float8" if column.kind == Kind.NUMBER else ""} AS "{column.name}"')
        values.append(key)
    sql = f"SELECT {', '.join(listed)} FROM layers_feature feature WHERE feature.edition_id = %s"  # noqa: S608 - our own names, values apart
    geometry = GEOMETRY[GeometryKind(edition.layer.geometry_kind)]
    return Query(sql, (*values, edition.pk), geometry), checked(columns)


def _attributes(edition: Edition) -> list[tuple[Column, str]]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [TIMEOUT])
        cursor.execute(
            """
            SELECT one.key, bool_and(jsonb_typeof(one.value) IN ('number', 'null')) AND bool_or(one.value <> 'null')
            FROM layers_feature feature CROSS JOIN LATERAL jsonb_each(feature.attributes) AS one
            WHERE feature.edition_id = %s GROUP BY one.key ORDER BY one.key LIMIT %s
            """,
            [edition.pk, MOST_ATTRIBUTES],
        )
        found = cursor.fetchall()
    names = plain_names([key for key, _numeric in found], {"id", *(column.name for column in FIXED)}, 60)
    shorts = plain_names(names, {column.short for column in FIXED}, SHORT_LENGTH)
    return [
        (Column(name, short, key, Kind.NUMBER if numeric else Kind.TEXT), key)
        for (key, numeric), name, short in zip(found, names, shorts, strict=True)
    ]


def plain_names(texts: Iterable[str], taken: Iterable[str], length: int) -> list[str]:
    """Return a name of a–z, 0–9 and _ for each text, at most *length* long, none twice and none of *taken*."""
    used = {*taken, *TAKEN}
    names = []
    for text in texts:
        bare = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
        bare = "".join(char if char in SHORT_LETTERS else "_" for char in bare if not unicodedata.combining(char))
        bare = bare.strip("_") or "cot"
        name, number = bare[:length], 1
        while name in used:
            number += 1
            name = f"{bare[: length - len(str(number))]}{number}"
        used.add(name)
        names.append(name)
    return names
