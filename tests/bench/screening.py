"""How long does the whole province take in cells, in how much memory, how far from the engine; what do workers add?

The raster pass is what a person starts: batch, chunks, local processes, cells and sums kept. Its baseline is the exact
engine on a sample of the same cells in the same run. The exact pass runs on a real Dask cluster.
"""

from __future__ import annotations

import os
import resource
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.db import connection

from layers.batches.services import run_batch
from layers.models import BatchState, ChunkState
from planning.checks.screening.area import forget_areas
from planning.checks.screening.exact import Errors, exact
from planning.checks.screening.grid import Grid
from planning.checks.screening.question import asked_by
from planning.people.models import User
from planning.proposals.models import Screening, ScreeningCell, ScreeningSum
from planning.proposals.screening.start import answer_cells, start_screening
from tests.bench.figure import Figure
from tests.bench.province import bench_province
from tests.layers.batches.cluster import dask_cluster

# shape, hectares, seconds allowed on two cores
PASSES = (("hexagon", 1.0, 60.0), ("square", 1.0, 60.0), ("hexagon", 10.0, 15.0))
MEMORY_GIB = 2.0
SAMPLE = 200
# Cells of the exact pass on the cluster: four chunks for each of two workers.
CLUSTER_CELLS = 3_200
TWO_BESIDE_ONE = 1 / 1.5


def figures() -> Iterable[Figure]:
    """Yield the figures of screening."""
    os.environ.setdefault("PGOPTIONS", "-c statement_timeout=120s")  # as `script/serve batches` gives its processes
    with bench_province().entered():
        actor = User.objects.get(username="lan.appraiser")
        last: Screening | None = None
        for shape, hectares, allowed in PASSES:
            _forget()
            yield from _whole_province(actor, shape, hectares, allowed)
            last = Screening.objects.latest("pk")
        assert last is not None
        yield from _cluster(actor, last)
        _forget()


def _whole_province(actor: User, shape: str, hectares: float, allowed: float) -> Iterable[Figure]:
    begun = time.perf_counter()
    screening = start_screening(actor, shape=shape, cell_ha=hectares)
    assert screening.batch_id is not None
    batch = run_batch(screening.batch_id)
    took = time.perf_counter() - begun
    if batch.state != BatchState.DONE:
        raise RuntimeError(batch.chunks.exclude(error="").values_list("error", flat=True)[:1])
    screening.refresh_from_db()
    cells = sum(screening.counts.values())
    name = f"{hectares:g} ha {shape}s"
    yield Figure(f"{name}, {cells:,} cells, {len(screening.rules)} rules", took, None, "seconds allowed", allowed, "s")
    each = _engine_seconds(screening)
    yield Figure(f"{name}: a million cells", took / cells * 1e6, each * 1e6, "the exact engine, one process", None, "s")
    yield Figure(f"{name}: memory of all workers", _memory_gib(), None, "GiB allowed", MEMORY_GIB, "GiB")
    errors = Errors()
    for result in batch.chunks.filter(state=ChunkState.DONE).values_list("result", flat=True):
        if "errors" in result:
            errors.add(result["errors"])
    yield Figure(f"{name}: cells compared", float(errors.cells), None, "", None, "")
    yield Figure(f"{name}: engine finds worse", float(errors.worse + errors.missed), None, "none allowed", 0.0, "")
    yield Figure(f"{name}: warned for nothing", float(errors.better), None, "", None, "")
    mean = max((errors.mean(code) for code in errors.total), default=0.0)
    largest = max(errors.largest.items(), key=lambda item: item[1], default=("", 0.0))
    yield Figure(f"{name}: mean difference, worst rule", 100 * mean, None, "of a cell", 0.5, "%")
    yield Figure(f"{name}: largest difference", 100 * largest[1], None, largest[0], None, "%")


def _engine_seconds(screening: Screening) -> float:
    """Return the seconds the exact engine takes for one cell of a sample spread over the province."""
    grid, asked = Grid(screening.shape, screening.cell_ha * 10_000), asked_by(screening.asked)
    total = ScreeningCell.objects.filter(screening=screening).count()
    with connection.cursor() as cursor:
        cursor.execute(
            # by a mixed number instead of by place: sorting a million rows meets the statement time-out
            "SELECT i, j FROM proposals_screeningcell"
            " WHERE screening_id = %s AND (i::bigint * 7919 + j * 104729) %% %s = 0 LIMIT %s",
            [screening.pk, max(1, total // SAMPLE), SAMPLE],
        )
        cells = [(int(i), int(j)) for i, j in cursor.fetchall()]
    exact(grid, cells[:5], asked)
    begun = time.perf_counter()
    exact(grid, cells, asked)
    return (time.perf_counter() - begun) / len(cells)


def _memory_gib() -> float:
    """Return the largest worker's peak for every worker; the bench itself holds the parcels it made and is left out."""
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return float(settings.BATCH_WORKERS * child) / 2**20


def _cluster(actor: User, screening: Screening) -> Iterable[Figure]:
    """Compare two Dask workers with one on the exact pass over as many cells, half by half in turns."""
    cells = list(
        ScreeningCell.objects.filter(screening=screening, exact=False).order_by("i", "j").values_list("i", "j")
    )
    step = max(1, len(cells) // (2 * CLUSTER_CELLS))
    chosen = cells[::step]
    took = {1: 0.0, 2: 0.0}
    for workers in (1, 2):
        part = chosen[workers - 1 :: 2][:CLUSTER_CELLS]
        with tempfile.TemporaryDirectory() as folder, dask_cluster(Path(folder), workers) as cluster:
            settings.DASK_SCHEDULER = cluster.address
            warm = answer_cells(actor, screening, cells[workers * 7 : workers * 7 + 4])
            if warm is not None:
                run_batch(warm.pk)
            batch = answer_cells(actor, screening, part)
            assert batch is not None
            begun = time.perf_counter()
            run_batch(batch.pk)
            took[workers] = time.perf_counter() - begun
            settings.DASK_SCHEDULER = ""
    yield Figure(
        f"exact pass, {CLUSTER_CELLS:,} cells, 2 Dask workers", took[2], took[1], "1 worker", TWO_BESIDE_ONE, "s"
    )


def _forget() -> None:
    """Drop earlier screenings, so that the question is asked and not found."""
    forget_areas()
    for screening in Screening.objects.all():
        ScreeningCell.objects.filter(screening=screening).delete()
        ScreeningSum.objects.filter(screening=screening).delete()
        screening.delete()
