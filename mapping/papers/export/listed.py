"""How does a list that a page has already worked out leave the house? Its rows go back into one query, with places.

The page's own reckoning (occupancy, hectares left, verdicts) is thus exported as shown and not written a second time.
It is for lists a page can hold; a layer is queried where it lies.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from mapping.papers.export.columns import SQL_TYPE, Column
from mapping.papers.export.query import Query


def listed(
    rows: Iterable[Mapping[str, Any]],
    columns: Sequence[Column],
    *,
    place: str = "",
    places: str = "",
    geometry: str = "",
    point: str = "",
    more: Sequence[str] = (),
) -> Query:
    """Return a query over *rows* (an ``id`` and the values of *columns*, by name) in their order.

    *places* is a JOIN onto ``line.id``, *place* the expression it gives for the geometry in the storage CRS; neither is
    needed when *geometry* is empty. *point* is `Query.place`; *more* declares values of the rows that only *place*
    needs. Words of choices are put in here already said in the reader's tongue.
    """
    numbered = [{**row, "row_number": number} for number, row in enumerate(rows)]
    typed = ", ".join([*(f'"{column.name}" {SQL_TYPE[column.kind]}' for column in columns), *more])
    sql = (
        f"SELECT line.*{f', {place} AS geom' if geometry else ''}"  # noqa: S608 - columns and joins of our own tables
        f" FROM jsonb_to_recordset(%s::jsonb) AS line(id bigint, row_number bigint, {typed}) {places}"
    )
    return Query(sql, (json.dumps(numbered, cls=DjangoJSONEncoder),), geometry, order="q.row_number", place=point)
