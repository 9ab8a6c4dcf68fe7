"""Does a screening give the same in this process, in local processes and on a Dask cluster?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from layers.batches.services import run_batch
from layers.models import BatchState
from planning.checks.basis import forget_basis
from planning.checks.screening.area import forget_areas
from planning.checks.screening.question import forget_asked
from planning.checks.services import load_catalogue
from planning.checks.types import Verdict
from planning.proposals.models import Screening, ScreeningCell, ScreeningSum
from planning.proposals.screening.start import answer_cells, start_screening
from tests.cast import Cast, make_cast, make_land, square
from tests.checks.ground import publish, row
from tests.layers.batches.cluster import dask_cluster

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast(settings: Any) -> Iterator[Cast]:
    """Give the cast on a land that other processes see, and no job but those the tests run themselves."""
    settings.TASKS = {
        "default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend", "QUEUES": ["default", "batches"]}
    }
    for forget in (forget_basis, forget_asked, forget_areas):
        forget()
    people = make_cast(make_land())
    publish("forest_special", [row(square(1_000, 1_000, 3_333), "Rừng")])
    publish("dwelling", [row(square(9_000, 9_000, 12), "", "house")])
    load_catalogue()
    yield people
    connections.close_all()


def kept(screening: Screening) -> tuple[list[Any], list[Any]]:
    cells = ScreeningCell.objects.filter(screening=screening).order_by("i", "j")
    sums = ScreeningSum.objects.filter(screening=screening).order_by("level", "i", "j", "block")
    return (
        [
            (*values, bytes(shares))
            for *values, shares in cells.values_list("i", "j", "code", "score", "exact", "shares")
        ],
        list(sums.values_list("level", "i", "j", "block", "n0", "n1", "n2", "n3", "n4", "n5", "score")),
    )


def screened(cast: Cast) -> tuple[Any, ...]:
    """Screen, have three cells answered exactly, and return everything that was kept."""
    screening = start_screening(cast.appraiser, shape="hexagon", cell_ha=25)
    assert screening.batch_id is not None
    batch = run_batch(screening.batch_id)
    assert batch.state == BatchState.DONE, list(batch.chunks.values_list("error", flat=True))
    screening.refresh_from_db()
    rough = ScreeningCell.objects.filter(screening=screening, exact=False).order_by("i", "j").values_list("i", "j")
    exact = answer_cells(cast.planner, screening, rough[:3])
    assert exact is not None
    assert run_batch(exact.pk).state == BatchState.DONE
    screening.refresh_from_db()
    answer = kept(screening), screening.counts, screening.errors, screening.exact_round
    # given up, so that the same question is asked anew
    batch.state = BatchState.CANCELLED
    batch.save()
    return answer


def test_inline_pool_and_cluster_keep_the_same_cells(cast: Cast, tmp_path: Path, settings: Any) -> None:
    inline = screened(cast)
    settings.BATCH_WORKERS = 2
    pool = screened(cast)
    with dask_cluster(tmp_path) as started:
        settings.DASK_SCHEDULER = started.address
        cluster = screened(cast)
    settings.DASK_SCHEDULER = ""
    assert inline[1][Verdict.PROHIBITED] > 40
    assert inline[3] == 1
    assert inline == pool
    assert inline == cluster
