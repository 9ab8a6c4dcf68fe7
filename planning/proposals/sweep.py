"""Whose verdict would change if a staged edition were current? Every live proposal and approved cluster is asked.

A batch of `layers.batches`; reading and mending it is in `sweep_state`. It keeps no run and tells no owner: nothing has
changed yet.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import F, Window
from django.db.models.functions import RowNumber

from layers.batches.services import start_batch
from layers.errors import Conflict, NotFound
from layers.models import Batch, ChunkState, Edition
from planning.checks.basis import basis_on, basis_with, fingerprint
from planning.checks.engine import check_report
from planning.checks.types import Basis, Finding, Level, Outcome, Part, Subject, Verdict
from planning.checks.verdict import Answered, verdict_of
from planning.proposals.answer_changes import rule_changes
from planning.proposals.freshness import freshness_between, subject_for
from planning.proposals.models import CheckRun, Proposal, ProposalKind, ZoneVersion
from planning.proposals.services.recheck import LIVE_STATES
from planning.proposals.untouched import touched
from planning.registers.models import BoundaryKind, ClusterBoundary, ClusterKind

KIND = "edition_sweep"
# About a second of work: a killed worker loses little, and the page moves.
CHUNK = 40
# What a chunk's kept error begins with when it stopped for this reason; the page has the sentence for people.
BASIS_CHANGED = "SWEEP_BASIS"
APPROVED = (BoundaryKind.DECIDED, BoundaryKind.MEASURED)


@dataclass(frozen=True)
class Asked:
    """One thing a sweep asks about: what it is called on the page, and the subject of the check.

    *kept*: its newest run, when that run asked today's question of today's basis.
    """

    head: Mapping[str, Any]
    subject: Subject
    basis: Basis
    staged: Basis
    kept: CheckRun | None = None


def start_sweep(edition: Edition, day: date) -> Batch:
    """Start a sweep of everything live against a staged edition, as of *day*; return its batch.

    Raises what `basis_with` raises when the edition cannot be asked.
    """
    stamps = stamps_now(day)
    return start_batch(
        KIND,
        {
            "edition": edition.pk,
            "day": day.isoformat(),
            "basis": basis_stamp(day),
            "register": register_stamp(day),
            "stamps": stamps,
        },
        [{"subjects": names} for names in in_chunks(stamps)],
        title=f"{edition.layer.code} {edition.number}",
    )


def in_chunks(names: Iterable[str]) -> list[list[str]]:
    """Cut names of subjects into chunks."""
    whole = list(names)
    return [whole[start : start + CHUNK] for start in range(0, len(whole), CHUNK)]


def work(params: dict[str, Any], chunk: dict[str, Any]) -> dict[str, Any]:
    """Ask about the subjects of one chunk on both bases; the work function of the batch.

    Raises Conflict (SWEEP_BASIS) when the rules or another edition changed since the sweep began: its rows would not
    fit together.
    """
    day = date.fromisoformat(params["day"])
    if basis_stamp(day) != params["basis"]:
        raise Conflict(f"{BASIS_CHANGED}: rules or another layer changed since this sweep began", code=BASIS_CHANGED)
    return {"rows": sweep_rows(int(params["edition"]), day, chunk["subjects"])}


def seal(batch: Batch) -> None:
    """Seal the rows of a finished sweep, so that who confirms can name what was seen; the batch's finish function."""
    batch.params = {**batch.params, "seal": seal_of(rows_of(batch))}
    batch.save(update_fields=["params"])


def rows_of(batch: Batch) -> list[dict[str, Any]]:
    """Return the rows of a sweep as far as it is; a subject asked again later is there once, as answered last."""
    rows: dict[str, dict[str, Any]] = {}
    asked = batch.params["stamps"]
    for result in batch.chunks.filter(state=ChunkState.DONE).order_by("number").values_list("result", flat=True):
        for row in result.get("rows", []):
            if row["subject"] in asked:
                rows[row["subject"]] = row
    return list(rows.values())


def seal_of(rows: Iterable[Mapping[str, Any]]) -> str:
    """Return the SHA-256 of what a person confirms: verdicts before and after, and which rules answer otherwise."""
    seen = sorted(
        [row["subject"], row["before"], row["after"], [[rule["rule"], *rule["outcome"]] for rule in row["rules"]]]
        for row in rows
        if row["differs"]
    )
    return hashlib.sha256(json.dumps(seen).encode()).hexdigest()


def sweep_rows(edition: int, day: date, names: Iterable[str], *, whole: bool = False) -> list[dict[str, Any]]:
    """Return one row per subject that still exists: verdict on both bases, and the rules that answer otherwise.

    A proposal near which the editions say the same is not asked: its answers are those of its kept run, if that is of
    this basis. *whole* asks all the same, for books that changed since.
    """
    basis = basis_on(day)
    staged = basis_with(basis, editions=[edition])
    (layer,) = [code for code, ref in staged.editions.items() if ref.id == edition]
    return [_row(asked, layer, whole=whole) for asked in _subjects(list(names), basis, staged)]


def _row(asked: Asked, layer: str, *, whole: bool) -> dict[str, Any]:
    """Answer one subject; the old basis is asked for this layer only, because nothing else differs."""
    if asked.kept is not None and not whole:
        if not touched(asked.subject, layer, asked.basis, asked.staged):
            verdict = Verdict(asked.kept.verdict)
            return _written(asked, verdict, verdict, [])
        return _beside_kept(asked, layer, asked.kept)
    after = check_report(asked.subject, asked.staged, level=Level.STORED)
    mine = tuple(rule for rule in asked.basis.rules if rule.layer_code == layer)
    rest = [finding for finding in after.findings if finding.layer_code != layer]
    old: tuple[Finding, ...] = ()
    if mine:
        old = check_report(asked.subject, replace(asked.basis, rules=mine), level=Level.STORED).findings
    before = verdict_of([*rest, *old])
    rules = rule_changes(old, [finding for finding in after.findings if finding.layer_code == layer])
    return _written(asked, before, after.verdict, rules)


@dataclass(frozen=True)
class _Kept:
    """One finding of a kept run, as far as the cascade looks at it."""

    severity: str
    outcome: Outcome


def _beside_kept(asked: Asked, layer: str, run: CheckRun) -> dict[str, Any]:
    """Answer this layer on both bases, and the books; other layers answered the kept run, and none of them changed."""
    after = _answers(asked.subject, asked.staged, {layer, ""}, layer)
    old = _answers(asked.subject, asked.basis, {layer}, layer)
    books = [finding for finding in after if not finding.layer_code]
    mine = [finding for finding in after if finding.layer_code]
    others = run.findings.exclude(layer_code__in=["", layer]).values_list("severity", "outcome")
    rest: list[Answered] = [*books, *(_Kept(severity, Outcome(outcome)) for severity, outcome in others)]
    return _written(asked, verdict_of([*rest, *old]), verdict_of([*rest, *mine]), rule_changes(old, mine))


def _answers(subject: Subject, basis: Basis, layers: set[str], layer: str) -> tuple[Finding, ...]:
    """Ask the rules of *layers* (empty: of no layer) and read no other edition than that of *layer*."""
    editions = {code: edition for code, edition in basis.editions.items() if code == layer}
    rules = tuple(rule for rule in basis.rules if rule.layer_code in layers)
    return check_report(subject, replace(basis, rules=rules, editions=editions), level=Level.STORED).findings


def _written(asked: Asked, before: Verdict, after: Verdict, rules: list[dict[str, Any]]) -> dict[str, Any]:
    middle = asked.subject.zone.point_on_surface
    return {
        **asked.head,
        "at": [round(middle.x, 3), round(middle.y, 3)],
        "before": before.value,
        "after": after.value,
        "changed": before != after,
        "differs": bool(rules),
        "rules": rules,
    }


def _subjects(names: list[str], basis: Basis, staged: Basis) -> list[Asked]:
    wanted: dict[str, list[int]] = defaultdict(list)
    for name in names:
        kind, _colon, key = name.partition(":")
        wanted[kind].append(int(key))
    found = {asked.head["subject"]: asked for asked in _proposals(wanted["proposal"], basis, staged)}
    found |= {asked.head["subject"]: asked for asked in _clusters(wanted["cluster"], basis, staged)}
    return [found[name] for name in names if name in found]


def _proposals(keys: list[int], basis: Basis, staged: Basis) -> list[Asked]:
    rows = Proposal.objects.filter(pk__in=keys, current_version__isnull=False, state__in=LIVE_STATES)
    found = list(rows.select_related("current_version", "unit").prefetch_related("current_version__parts"))
    rivals: dict[int, list[str]] = defaultdict(list)
    codes = Proposal.objects.filter(need__in=[row.need_id for row in found]).order_by("code")
    for need, code in codes.values_list("need_id", "code"):
        rivals[need].append(code)
    runs = CheckRun.objects.filter(version__in=[row.current_version_id for row in found])
    newest = {run.version_id: run for run in runs.order_by("at", "id").defer("land_use", "ratios", "totals")}
    return [
        _proposal(row, version, rivals[row.need_id], newest.get(version.pk), basis=basis, staged=staged)
        for row in found
        if (version := row.current_version) is not None
    ]


def _proposal(
    row: Proposal, version: ZoneVersion, rivals: list[str], run: CheckRun | None, *, basis: Basis, staged: Basis
) -> Asked:
    head = {
        "subject": f"proposal:{row.pk}",
        "code": row.code,
        "name": row.name,
        "state": row.state,
        "round": row.round,
        "unit": str(row.unit),
        "version": version.number,
        "geom_hash": version.geom_hash,
    }
    parts = sorted(version.parts.all(), key=lambda part: part.number)
    planned = [Part(use=part.use, geom=part.geom, area_m2=part.area_m2) for part in parts]
    subject = subject_for(row, version.geom, planned, rivals)
    fresh = run is not None and freshness_between(run, version, subject, basis).fresh
    return Asked(head, subject, basis, staged, run if fresh else None)


def _clusters(keys: list[int], basis: Basis, staged: Basis) -> list[Asked]:
    rows = ClusterBoundary.objects.filter(pk__in=keys).select_related("cluster__unit")
    return [_cluster(row, basis, staged) for row in rows]


def _cluster(row: ClusterBoundary, basis: Basis, staged: Basis) -> Asked:
    """Ask about an approved cluster what concerns land: whether it may be founded was settled by its decision."""
    cluster = row.cluster
    kind = ProposalKind.NEW_CLUSTER
    if cluster.kind == ClusterKind.CRAFT_VILLAGE_CLUSTER:
        kind = ProposalKind.CRAFT_VILLAGE_CLUSTER
    subject = Subject(
        zone=row.geom,
        kind=kind,
        unit_id=cluster.unit_id,
        plan_entry_id=cluster.plan_entry_id,
        ignore_cluster_ids=(cluster.pk,),
        ignore_proposal_codes=(row.proposal_code,) if row.proposal_code else (),
    )
    head = {
        "subject": f"cluster:{row.pk}",
        "code": cluster.slug,
        "name": cluster.name,
        "state": row.kind,
        "unit": str(cluster.unit),
        "geom_hash": row.geom_hash,
    }
    return Asked(head, subject, _on_land(basis), _on_land(staged))


def _on_land(basis: Basis) -> Basis:
    return replace(basis, rules=tuple(rule for rule in basis.rules if rule.layer_code))


def stamps_now(day: date) -> dict[str, str]:
    """Return every subject of a sweep with a stamp that changes when it does, proposals first.

    The stamp of a proposal follows its row, its current version and the alternatives of its need. While no rules are
    published there is nothing to ask about.
    """
    if not basis_stamp(day):
        return {}
    rows = Proposal.objects.filter(current_version__isnull=False, state__in=LIVE_STATES).order_by("pk")
    alternatives: dict[int, list[str]] = defaultdict(list)
    for need, code in Proposal.objects.order_by("code").values_list("need_id", "code"):
        alternatives[need].append(code)
    stamps = {
        f"proposal:{key}": f"{row_version}/{version}/{'+'.join(alternatives[need])}"
        for key, row_version, version, need in rows.values_list("pk", "row_version", "current_version_id", "need_id")
    }
    latest = (
        ClusterBoundary.objects.filter(valid_from__lte=day, kind__in=APPROVED)
        .exclude(valid_to__lt=day)
        .exclude(cluster__lifecycle="removed")
        .annotate(
            place=Window(RowNumber(), partition_by=F("cluster_id"), order_by=[F("valid_from").desc(), F("id").desc()])
        )
        .filter(place=1)
        .order_by("pk")
    )
    stamps |= {f"cluster:{key}": str(cluster) for key, cluster in latest.values_list("pk", "cluster_id")}
    return stamps


def basis_stamp(day: date) -> str:
    """Return the fingerprint of the basis of *day*; empty while no rules are published and nothing can be asked."""
    try:
        return fingerprint(basis_on(day))
    except NotFound:
        return ""


def register_stamp(day: date) -> str:
    """Return a text that differs after any write to the books that the check reads."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT proposals_register_stamp(%s)", [day])
        return str(cursor.fetchone()[0])
