"""Do the guards that ask once a statement refuse what a foreign key would refuse row by row?"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date

import pytest
from django.contrib.gis.geos import GEOSGeometry
from django.db import IntegrityError, close_old_connections, connection, transaction

from layers.models import Edition, Feature, FeaturePart
from layers.services import discard_staged
from mapping.glass.models import TileFeature
from tests.cast import square
from tests.layers.make import current, make_layer, stage

NOBODY = 999_999_999


def part_of(feature: Feature, edition: int) -> FeaturePart:
    return FeaturePart(feature=feature, edition_id=edition, geom=feature.geom)


def delete_rows(table: str, edition: Edition) -> None:
    """Delete without Django, which takes away what belongs to a row before the row."""
    column = "id" if table == "layers_edition" else "edition_id"
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE {column} = %s", [edition.pk])


@pytest.mark.django_db
@pytest.mark.parametrize(
    "act",
    [
        lambda edition: Feature.objects.create(edition_id=NOBODY, geom=square(0, 0, 1)),
        lambda edition: Feature.objects.bulk_create(
            [Feature(edition_id=pk, geom=square(0, 0, 1)) for pk in (edition.pk, edition.pk, NOBODY)]
        ),
        lambda edition: part_of(edition.features.get(), NOBODY).save(),
        lambda edition: part_of(Feature(pk=NOBODY, geom=square(0, 0, 1)), edition.pk).save(),
        lambda edition: part_of(edition.features.get(), stage(make_layer("b"), [square(0, 0, 9)]).pk).save(),
        lambda edition: FeaturePart.objects.filter(edition=edition).update(feature_id=NOBODY),
        lambda edition: FeaturePart.objects.filter(edition=edition).update(edition_id=NOBODY),
        lambda edition: delete_rows("layers_feature", edition),
        lambda edition: delete_rows("layers_edition", edition),
        lambda edition: Edition.objects.filter(pk=edition.pk).update(id=NOBODY),
        lambda edition: TileFeature.objects.filter(edition=edition).update(edition_id=NOBODY),
        lambda edition: TileFeature(
            edition_id=NOBODY, feature_id_at=1, min_zoom=0, max_zoom=1, geom=GEOSGeometry("POINT(0 0)", srid=3857)
        ).save(),
        lambda edition: [delete_rows(f"layers_{table}", edition) for table in ("featurepart", "feature", "edition")],
    ],
    ids=[
        "a feature without an edition", "one of many without", "a part without an edition", "a part without a feature",
        "a part in the edition of others", "a part loses its feature", "a part loses its edition",
        "a feature goes before its parts", "an edition goes before its features", "an edition takes another id",
        "a display row loses its edition", "a display row without an edition",
        "an edition goes before its display rows",
    ],
)  # fmt: skip
def test_nothing_is_without_what_it_belongs_to(act: Callable[[Edition], object]) -> None:
    edition = stage(make_layer(), [square(0, 0, 100)])
    with pytest.raises(IntegrityError), transaction.atomic():
        act(edition)
    assert edition.features.count() == edition.parts.count() == 1


@pytest.mark.django_db
def test_what_belongs_together_goes_together() -> None:
    edition = stage(make_layer(), [square(0, 0, 100), square(200, 0, 100)])
    edition.delete()
    assert not Feature.objects.exists() and not FeaturePart.objects.exists() and not TileFeature.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_edition_cannot_go_while_features_come() -> None:
    """The edition is locked by the statement that adds a feature; who deletes it waits, and is refused then."""
    edition = stage(make_layer(), [square(0, 0, 100)], effective_from=date(2026, 1, 1))
    delete_rows("layers_featurepart", edition)
    delete_rows("layers_feature", edition)
    told: list[str] = []

    def delete() -> None:
        try:
            delete_rows("mapping_tilefeature", edition)
            delete_rows("layers_edition", edition)
            told.append("deleted")
        except IntegrityError as error:
            told.append(str(error))
        finally:
            close_old_connections()
            connection.close()

    with transaction.atomic():
        Feature.objects.create(edition=edition, geom=square(0, 0, 100))
        other = threading.Thread(target=delete)
        other.start()
        other.join(0.5)
        assert not told
    other.join(10)
    assert "still has its features" in told[0] and edition.features.count() == 1
    discard_staged(edition)


@pytest.mark.django_db
def test_a_promoted_edition_stays_closed_to_rows() -> None:
    edition = current(make_layer(), [square(0, 0, 100)])
    with pytest.raises(IntegrityError, match="promoted and closed"), transaction.atomic():
        Feature.objects.create(edition=edition, geom=square(0, 0, 1))
