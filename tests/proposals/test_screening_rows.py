"""Do cells and sums belong to a screening without a foreign key as they did with one?"""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from planning.proposals.models import Screening, ScreeningCell, ScreeningSum
from tests.cast import Cast

CELL = "INSERT INTO proposals_screeningcell (screening_id, i, j, code, score, shares, exact)"
SUM = "INSERT INTO proposals_screeningsum (screening_id, level, i, j, block, n0, n1, n2, n3, n4, n5, score)"

pytestmark = pytest.mark.django_db


@pytest.fixture
def screening(cast: Cast) -> Screening:
    """Give a screening without cells."""
    return Screening.objects.create(
        shape="square", cell_ha=1, basis={}, asked={}, rules=[], unused=[], engine={}, created_by=cast.appraiser
    )


def refused(statement: str, *values: int) -> bool:
    """Tell whether the database refuses *statement* as it refuses what breaks a key."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
    except IntegrityError:
        return True
    return False


def add(screening: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"{CELL} VALUES (%s, 1, 1, 0, 9, '', false), (%s, 1, 2, 0, 9, '', false)", [screening] * 2)
        cursor.execute(f"{SUM} VALUES (%s, 1, 0, 0, 1, 2, 0, 0, 0, 0, 0, 18)", [screening])


def test_no_cell_and_no_sum_comes_without_its_screening(screening: Screening) -> None:
    cell, total = "(%s, 1, 1, 0, 9, '', false)", "(%s, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0)"
    nobody = screening.pk + 1
    assert refused(f"{CELL} VALUES {cell}", nobody)
    assert refused(f"{CELL} VALUES {cell}, {cell}", screening.pk, nobody)
    assert refused(f"{SUM} VALUES {total}", nobody)
    assert not refused(f"{CELL} VALUES {cell}", screening.pk)
    assert not refused(f"{SUM} VALUES {total}", screening.pk)


@pytest.mark.parametrize("kept", ["proposals_screeningcell", "proposals_screeningsum"])
def test_no_screening_goes_before_what_belongs_to_it(screening: Screening, kept: str) -> None:
    add(screening.pk)
    other = {"proposals_screeningcell", "proposals_screeningsum"} - {kept}
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {other.pop()} WHERE screening_id = %s", [screening.pk])
    assert refused("DELETE FROM proposals_screening WHERE id = %s", screening.pk)
    screening.delete()
    assert not ScreeningCell.objects.exists() and not ScreeningSum.objects.exists()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE proposals_screening SET id = id + 1 WHERE id = %s",
        "UPDATE proposals_screeningcell SET screening_id = screening_id + 1 WHERE screening_id = %s",
        "UPDATE proposals_screeningsum SET screening_id = screening_id + 1 WHERE screening_id = %s",
    ],
)
def test_numbers_stay(screening: Screening, statement: str) -> None:
    add(screening.pk)
    assert refused(statement, screening.pk)
    assert ScreeningCell.objects.filter(screening=screening).update(score=3) == 2
