"""What is built from an edition while it is staged? Parts here, and what upper floors register (the glass: tiles).

The ground does not know who registers; a builder must be able to drop and rebuild everything it makes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection, transaction

from layers.models import Edition, FeaturePart

ANALYZE_FROM = 2_000


@dataclass(frozen=True)
class Builder:
    """Build and drop one kind of derived data of an edition; *build* returns the number of rows made."""

    name: str
    build: Callable[[Edition], int]
    drop: Callable[[Edition], None]


_builders: dict[str, Builder] = {}


def register_builder(builder: Builder) -> None:
    """Register a builder; the last one with a name wins, so that registering twice is harmless."""
    _builders[builder.name] = builder


def build_derived(edition: Edition, *, only: str = "") -> dict[str, int]:
    """Build everything derived from an edition anew, or the kind named *only*; return rows per builder."""
    wanted = [builder for builder in list(_builders.values()) if only in {"", builder.name}]
    return {builder.name: builder.build(edition) for builder in wanted}


def drop_derived(edition: Edition) -> None:
    """Drop everything derived from an edition; its features stay."""
    for builder in list(_builders.values()):
        builder.drop(edition)


def refresh_statistics() -> None:
    """Tell the planner about a bulk load at once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT layers_analyze()")


def build_parts(edition: Edition) -> int:
    """Fill the parts of an edition by one statement, and mark whether its features lie apart; return their number."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT layers_build_parts(%s)", [edition.pk])
        count = int(cursor.fetchone()[0])
        if count > ANALYZE_FROM:  # without knowing of these rows, comparing them takes 5 s of 100,000 instead of 2
            refresh_statistics()
        cursor.execute("SELECT layers_features_apart(%s)", [edition.pk])
        edition.parts_built, edition.features_apart = True, bool(cursor.fetchone()[0])
        Edition.objects.filter(pk=edition.pk).update(parts_built=True, features_apart=edition.features_apart)
    return count


def drop_parts(edition: Edition) -> None:
    """Drop the parts of an edition."""
    with transaction.atomic():
        FeaturePart.objects.filter(feature__edition=edition).delete()
        Edition.objects.filter(pk=edition.pk).update(parts_built=False, features_apart=None)
    edition.parts_built, edition.features_apart = False, None


register_builder(Builder("parts", build_parts, drop_parts))
