"""Are rows that come side by side the same as rows that come one by one, and does nothing stay of what is refused?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import shapely
from django.db import DatabaseError, connection, transaction
from django.utils import translation

from layers.errors import InputRefused
from layers.models import Edition, Feature
from layers.services import LayerRow, copy_lines, stage_rows
from layers.services.rows import BATCH, RowBatch, batches_of, clean_text, clean_texts, json_objects, json_of
from layers.vetting import FEATURES, vet_ahead, vet_features
from tests.cast import point, square
from tests.layers.make import make_layer, stage

COLUMNS: dict[str, list[Any]] = {
    "text": ["Đất lúa", " 'a' ", "x\ty", "\x07z", "e\u0302\u0301", 'quote " and \\ back'],
    "some text": ["a", None, "b", None, "ế", ""],
    "whole": [1, 2, 3, -4, 5, 10**15],
    "some whole": [None, 2, None, 4, 5, 6],
    "number": [0.1, 1e20, -0.0, 1 / 3, 2.5, 1e-7],
    "no number": [0.1, None, float("nan"), float("inf"), 2.5, 1e-7],
    "yes": [True, False, True, None, False, True],
    "only yes": [True, False, True, True, False, True],
    "mixed": [1, "a", None, 2.5, True, [1, {"b\x00": None}]],
    "nothing": [None] * 6,
    "100 %s": list("abcdef"),
    'na"me\\': list("abcdef"),
}


def test_columns_make_the_attributes_that_rows_make() -> None:
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in zip(*COLUMNS.values(), strict=True)]
    made = json_objects(list(COLUMNS), list(COLUMNS.values()), 6)
    assert [json.loads(one) for one in made] == [json.loads(json_of(row)) for row in rows]
    assert json_objects([], [], 3) == ["{}"] * 3


@pytest.mark.parametrize("odd", ["x", " x ", "\x07x", "e\u0301", "\u0301", "a\tb", "\u00a0a", "x" * 50, None, 7])
def test_many_texts_are_cleaned_as_one_is(odd: object) -> None:
    texts = ["Đắk Lắk", odd, "", "plain"]
    assert clean_texts(texts, 40) == [clean_text(text, 40) for text in texts]


def test_rows_are_judged_in_parts_of_bounded_size(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [LayerRow(square(100 * i, 0, 90)) for i in range(5)]
    assert [len(part) for part in batches_of(rows)] == [5]
    monkeypatch.setattr("layers.services.rows.BATCH", 2)
    assert [len(part) for part in batches_of(rows)] == [2, 2, 1]
    monkeypatch.setattr("layers.services.rows.BATCH", BATCH)
    monkeypatch.setattr("layers.services.rows.BATCH_BYTES", 150)
    assert [len(part) for part in RowBatch.of_rows(rows).parts()] == [2, 2, 1]


def test_features_vetted_ahead_are_those_vetted_one_after_the_other() -> None:
    from tests.layers.test_editions import bow_tie
    from tests.layers.test_vetting import star

    shapes = [square(0, 0, 100), bow_tie(), square(0, 0, 0.2), star(5), square(200, 0, 50), point(1, 1)]
    blobs = [*(bytes(shape.wkb) for shape in shapes), b"\x01broken"]
    plain = list(vet_features(blobs, "polygon", FEATURES))
    halves = [(blobs[:3], "first"), (blobs[3:], "second")]
    found = list(vet_ahead(halves, "polygon", FEATURES))
    assert [whose for _batch, whose in found] == ["first", "second"]
    features = [feature for batch, _whose in found for feature in batch.features()]
    assert [(one.wkb, one.area_m2, one.notices) for one in features] == [
        (one.wkb, one.area_m2, one.notices) for one in plain
    ]
    assert [getattr(one.refused, "code", "") for one in features] == [getattr(one.refused, "code", "") for one in plain]
    assert [bool(one.refused) for one in features] == [False, False, True, True, False, True, True]
    whole = found[0][0] + found[1][0]
    assert list(whole.features()) == features and whole.bounds is not None
    assert whole.bounds[0] == shapely.from_wkb(plain[0].wkb).bounds[0]


@pytest.mark.django_db
def test_signs_of_the_copy_format_arrive_as_they_are() -> None:
    texts = {"a": "back\\slash", "b": "line\nbreak", "c": "tab\there", "d": "\\N", "e": 'say "x"'}
    edition = stage(make_layer(), [LayerRow(square(0, 0, 100), "a\\b\nc", "L\tC", texts, "\\."), square(200, 0, 100)])
    feature = edition.features.order_by("id")[0]
    assert (feature.name, feature.class_code, feature.source_id) == ("a\\b\nc", "L\tC", "\\.")
    assert feature.attributes == texts


@pytest.mark.django_db
def test_a_batch_of_which_nothing_is_kept_does_not_end_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("layers.services.rows.BATCH", 1)
    edition = stage(make_layer(), [square(0, 0, 100), square(0, 0, 0.2), square(200, 0, 100), square(0, 0, 0.2)])
    assert edition.report["skipped"] == [2, 4]
    assert edition.features.count() == edition.feature_count == 2


@pytest.mark.django_db
def test_too_many_features_leave_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copy_lines, "MAX_FEATURES", 3)
    monkeypatch.setattr("layers.services.rows.BATCH", 2)
    with pytest.raises(InputRefused) as caught:
        stage(make_layer(), [square(200 * i, 0, 100) for i in range(5)])
    assert caught.value.code == "TOO_MANY_FEATURES"
    assert not Feature.objects.exists() and not Edition.objects.exists()


@pytest.mark.django_db
def test_one_refused_row_takes_back_those_copied_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("layers.services.rows.BATCH", 2)
    with pytest.raises(InputRefused) as caught:
        stage(make_layer(), [*(square(200 * i, 0, 100) for i in range(4)), LayerRow(point(0, 0), "điểm")])
    assert caught.value.code == "EDITION_REFUSED" and caught.value.detail["refused"][0]["row"] == 5
    assert not Feature.objects.exists() and not Edition.objects.exists()


@pytest.mark.django_db
def test_an_error_in_the_rows_is_told_as_it_is() -> None:
    def rows() -> Iterator[LayerRow]:
        yield LayerRow(square(0, 0, 100))
        raise InputRefused("Bad", code="COORD_RANGE")

    with pytest.raises(InputRefused) as caught:
        stage_rows(make_layer(), rows(), effective_from=date(2026, 1, 1), source="x")
    assert caught.value.code == "COORD_RANGE" and not Feature.objects.exists()


@pytest.mark.django_db
def test_the_usual_limit_of_a_statement_holds_again_after_the_copy() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', '43210', true)")
        stage(make_layer(), [square(0, 0, 100)])
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone()[0] == "43210ms"


@pytest.mark.django_db
def test_what_the_database_refuses_is_told_and_ends_the_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("layers.services.rows.BATCH", 1)
    sizes = [(11).to_bytes(4, "big")]
    monkeypatch.setattr(copy_lines, "_ewkb", lambda blobs: (sizes, [b"no geometry"], [b""]))
    layer = make_layer()
    with pytest.raises(DatabaseError, match="endian flag"), transaction.atomic():
        stage(layer, [square(200 * i, 0, 100) for i in range(20)])
    assert not Feature.objects.exists() and not Edition.objects.exists()


@pytest.mark.django_db
def test_a_driver_that_gives_up_does_not_keep_the_rows_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_feed: object, _size: int = -1) -> str:
        raise OSError("gone")

    monkeypatch.setattr("layers.services.rows.BATCH", 1)
    monkeypatch.setattr(copy_lines._Feed, "read", broken)
    layer = make_layer()
    with pytest.raises(DatabaseError), transaction.atomic():
        stage(layer, [square(200 * i, 0, 100) for i in range(20)])
    assert not Feature.objects.exists()


@pytest.mark.django_db
def test_refusals_speak_the_language_of_who_loads(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused() -> str:
        with pytest.raises(InputRefused) as caught:
            stage(make_layer(), [square(0, 0, 100), point(0, 0)])
        return str(caught.value.detail["refused"][0]["message"])

    with translation.override("en"):
        english = refused()
    with translation.override("vi"):
        assert refused() != english
