"""How fast are 1,000 stored proposals asked again about a staged edition, beside the bare SQL of the same questions?

On the bench province. The batch runs as in service: chunks in processes of their own, each chunk one transaction with
its mark. The bare side asks the same ``check_facts`` about the same zones at the same level, once, on one connection.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from datetime import date
from functools import partial

from django.conf import settings
from django.contrib.gis.geos import GEOSGeometry
from django.db import connection, transaction
from django.utils import timezone

from layers.batches.run import run_batch
from layers.grid import geometry_hash
from layers.models import AdminUnit, Batch, Edition, EditionStatus, Layer
from layers.services import LayerRow, discard_staged, stage_rows
from planning.checks.basis import basis_on, basis_with
from planning.checks.facts import gather, rules_for
from planning.checks.types import Basis, Subject
from planning.people.models import User
from planning.proposals import after_promotion, sweep
from planning.proposals.freshness import latest_run
from planning.proposals.models import Need, Proposal, ProposalKind, ZoneVersion
from planning.proposals.services._check_run import write_run
from planning.registers.models import ClusterBoundary
from tests.bench.figure import Figure, interleaved
from tests.bench.province import bench_province
from tests.bench.zones import zones

COUNT = 1_000
GOAL_MS = 1_000 / 150
LAYER = "residential"
MARK = "bench sweep"
SAMPLE = 60


def figures() -> Iterable[Figure]:
    """Yield the figures of the sweep."""
    os.environ.setdefault("PGOPTIONS", "-c statement_timeout=120s")  # as `script/serve batches` gives its processes
    province = bench_province()
    with province.entered():
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = '2min'")  # as commands and jobs have it
        _clean()
        yield Figure("stored proposals", float(_stored(zones(COUNT, 30, within=province.land))), None, "", None, "")
        try:
            yield from _sweep(_staged(20), "5 % of its features", GOAL_MS)
            _clean()
            yield from _sweep(_staged(1), "all its features", None)
            yield from _promotion(timezone.localdate())
        finally:
            _clean()


def _sweep(edition: Edition, changed: str, goal: float | None) -> Iterable[Figure]:
    day = timezone.localdate()
    batch = sweep.start_sweep(edition, day)
    begun = time.perf_counter()
    done = run_batch(batch.pk)
    spent = (time.perf_counter() - begun) * 1_000
    rows = sweep.rows_of(done)
    if done.state != "done":
        raise RuntimeError(f"the sweep ended {done.state}: {done.chunks.exclude(error='').first()}")
    workers = settings.BATCH_WORKERS or 1
    basis = basis_with(basis_on(day), editions=[edition.pk])
    asked = [_subject(row["subject"]) for row in rows[:SAMPLE]]
    sides: dict[str, list[Callable[[], object]]] = {
        "bare": [partial(_bare, subject, basis) for subject in asked],
        "work": [partial(sweep.sweep_rows, edition.pk, day, [row["subject"]]) for row in rows[:SAMPLE]],
        "kept again": [partial(_rechecked, [row["subject"]]) for row in rows[:SAMPLE]],
    }
    times = interleaved(sides, rounds=2)
    mean = {name: sum(timing.times) / len(timing.times) for name, timing in times.items()}
    bare = mean["bare"]
    yield Figure("asked", float(len(rows)), float(sum(row["differs"] for row in rows)), "answered otherwise", None, "")
    each = spent / max(1, len(rows))
    yield Figure(f"sweep, {changed} changed, each", each, None, f"{workers} processes", goal)
    yield Figure("  a second", 1_000 / each, 150.0, "goal", None, "")
    yield Figure("  beside bare SQL, one connection", each, bare, "bare verified SQL", None)
    yield Figure("  work of one, one process", mean["work"], bare, "bare verified SQL", None)
    yield Figure("  asked again after promotion, one process", mean["kept again"], bare, "bare verified SQL", None)


def _promotion(day: date) -> Iterable[Figure]:
    """Yield how long the lock of a promotion is held for telling that nothing moved."""
    sides: dict[str, list[Callable[[], object]]] = {
        "stamps": [partial(sweep.stamps_now, day)],
        "books": [partial(sweep.register_stamp, day)],
        "basis": [partial(sweep.basis_stamp, day)],
    }
    times = interleaved(sides, rounds=7)
    yield Figure("what a promotion asks under its lock", sum(timing.p50 for timing in times.values()), None, "", 500.0)


def _stored(shapes: list[GEOSGeometry]) -> int:
    """Keep proposals with a version and its run, once for a province."""
    author = User.objects.get(username="hbia.planner")
    unit = AdminUnit.objects.valid_on(timezone.localdate()).of_level("commune").values_list("pk", flat=True)[0]
    have = Proposal.objects.filter(name=MARK).count()
    basis = basis_on(timezone.localdate())
    for number in range(have, COUNT):
        with transaction.atomic():
            shape = shapes[number]
            need = Need.objects.create(unit_id=unit, created_by=author, statement=MARK)
            proposal = Proposal.objects.create(
                code=f"BENCH-{number:04d}",
                kind=ProposalKind.NEW_CLUSTER,
                need=need,
                name=MARK,
                unit_id=unit,
                created_by=author,
            )
            version = ZoneVersion.objects.create(
                proposal=proposal,
                number=1,
                geom=shape,
                geom_hash=geometry_hash(shape),
                area_m2=shape.area,
                author=author,
            )
            write_run(None, proposal, version, basis)
            Proposal.objects.filter(pk=proposal.pk).update(current_version=version)
    _refresh(basis)
    return Proposal.objects.filter(name=MARK).count()


def _refresh(basis: Basis) -> None:
    """Keep the runs again that asked older rules or editions: in service the recheck of the last change did so."""
    for proposal in Proposal.objects.filter(name=MARK).select_related("current_version").order_by("pk"):
        version = proposal.current_version
        run = latest_run(version) if version is not None else None
        if version is not None and (run is None or not basis.same_as(run.basis)):
            write_run(None, proposal, version, basis)


def _staged(grown: int) -> Edition:
    """Stage the settlements once more, every *grown*-th of them larger by 20 m."""
    layer = Layer.objects.get(code=LAYER)
    current = Edition.objects.get(layer=layer, status=EditionStatus.CURRENT)
    rows = [  # all of them: while rows are copied the database listens and cannot be asked
        LayerRow(
            feature.geom.buffer(20, 2) if place % grown == 0 else feature.geom,
            feature.name,
            feature.class_code,
            feature.attributes,
            feature.source_id,
        )
        for place, feature in enumerate(current.features.order_by("pk").iterator())
    ]
    return stage_rows(
        layer, rows, effective_from=timezone.localdate(), source=MARK, note=MARK, coverage=current.coverage
    )


def _clean() -> None:
    """Take away what an earlier run staged; kept proposals stay for the next one."""
    Batch.objects.filter(kind=sweep.KIND).delete()
    for edition in Edition.objects.filter(note=MARK, status=EditionStatus.STAGED):
        discard_staged(edition)


def _subject(name: str) -> Subject:
    kind, _colon, key = name.partition(":")
    if kind == "cluster":
        return Subject(ClusterBoundary.objects.get(pk=key).geom)
    proposal = Proposal.objects.select_related("current_version").get(pk=key)
    assert proposal.current_version is not None
    return Subject(proposal.current_version.geom, kind=proposal.kind, unit_id=proposal.unit_id)


def _bare(subject: Subject, basis: Basis) -> None:
    gather(subject, subject.zone, rules_for(subject, basis), basis, verified=True)


def _rechecked(names: list[str]) -> None:
    """Ask again and keep what differs, then take it back: the tables of runs are append-only."""
    keys = [int(name.partition(":")[2]) for name in names if name.startswith("proposal:")]
    with transaction.atomic():
        after_promotion.work({"before": None}, {"proposals": keys})
        transaction.set_rollback(True)
    connection.close_if_unusable_or_obsolete()
