"""What would a draft of the rules have said about what was submitted? Old verdict beside new, for every past proposal.

It stores nothing but its own figures in the chunks of its batch: no kept run, no proposal and no rule is touched.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from layers.batches.services import start_batch
from layers.errors import Conflict
from layers.models import Batch, ChunkState
from planning.checks.basis import basis_on, basis_with
from planning.checks.content import contents_hash, contents_of
from planning.checks.engine import check_report
from planning.checks.models import RuleSet
from planning.checks.report import Report
from planning.checks.types import Basis, Level, Outcome, Subject
from planning.people.capabilities import Capability
from planning.people.models import User
from planning.people.queries import require
from planning.people.services import record_event
from planning.proposals.answer_changes import rule_changes
from planning.proposals.freshness import latest_run, parts_of, subject_for
from planning.proposals.models import Proposal, ProposalKind, Submission, ZoneVersion
from planning.registers.models import ClusterBoundary, ClusterKind

KIND = "rules_dry_run"
TOGETHER = 5  # zones in a chunk: each is asked twice with every overlay verified


def start_dry_run(actor: User, draft: RuleSet) -> Batch:
    """Ask the worker to try the draft on every proposal that was ever submitted and on every cluster's boundary.

    Raises NotAllowed; Conflict (RULES_PUBLISHED) for a version that is no draft.
    """
    require(actor, Capability.WRITE_RULES)
    if draft.published_at is not None or draft.base_id is None:
        raise Conflict(_("Only a draft can be tried out."), code="RULES_PUBLISHED", todo=_("Open a draft first."))
    versions = [version.pk for version in past_versions().order_by("pk")]
    clusters = list(valid_boundaries(timezone.localdate()).order_by("pk").values_list("pk", flat=True))
    chunks = [
        *({"versions": versions[at : at + TOGETHER]} for at in range(0, len(versions), TOGETHER)),
        *({"boundaries": clusters[at : at + TOGETHER]} for at in range(0, len(clusters), TOGETHER)),
    ]
    params = {
        "rule_set": draft.pk,
        "version": draft.version,
        "against": draft.base_id,
        "sha256": contents_hash(contents_of(draft).values()),
        "day": timezone.localdate().isoformat(),
        "by": actor.get_full_name(),
    }
    with transaction.atomic():
        batch = start_batch(KIND, params, chunks, title=_("Trial of the rules, version %s") % draft.version)
        record_event(
            actor, "dry_run_rules", draft, {"version": draft.version, "batch": batch.pk, "sha256": params["sha256"]}
        )
    return batch


def past_versions() -> QuerySet[ZoneVersion]:
    """Return of every proposal that was ever submitted the boundary it was submitted with last.

    What a planner only draws is left out: it is nobody else's business and is checked anyway when it is submitted.
    """
    newest = Submission.objects.filter(proposal=OuterRef("pk")).order_by("-round").values("version_id")[:1]
    submitted = Proposal.objects.annotate(last=Subquery(newest)).filter(last__isnull=False)
    return ZoneVersion.objects.filter(pk__in=submitted.values("last")).select_related("proposal", "proposal__unit")


def valid_boundaries(day: date) -> QuerySet[ClusterBoundary]:
    """Return the boundaries of clusters that are valid on *day* and not those of a past proposal anyway."""
    valid = ClusterBoundary.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)
    return valid.exclude(geom_hash__in=past_versions().values("geom_hash"))


def work(params: dict[str, Any], chunk: dict[str, Any]) -> dict[str, Any]:
    """Ask the rules in force and the draft about the zones of one chunk; both today, so that only the rules differ.

    When the draft was changed or dropped since the trial began, the chunk answers ``{"stale": true}``.
    """
    draft = RuleSet.objects.filter(pk=params["rule_set"]).first()
    if draft is None or contents_hash(contents_of(draft).values()) != params["sha256"]:
        return {"stale": True, "rows": []}
    today = basis_on(date.fromisoformat(params["day"]))
    before, after = basis_with(today, rule_set_id=params["against"]), basis_with(today, rule_set_id=draft.pk)
    rows = [_of_version(version, before, after) for version in past_versions().filter(pk__in=chunk.get("versions", ()))]
    boundaries = ClusterBoundary.objects.filter(pk__in=chunk.get("boundaries", ())).select_related("cluster__unit")
    rows += [_of_boundary(boundary, before, after) for boundary in boundaries.order_by("pk")]
    return {"stale": False, "rows": rows}


def _of_version(version: ZoneVersion, before: Basis, after: Basis) -> dict[str, Any]:
    proposal = version.proposal
    run = latest_run(version)
    subject = subject_for(proposal, version.geom, parts_of(version), own_cluster=True)
    return {
        "what": "proposal",
        "id": version.pk,
        "code": proposal.code,
        "name": proposal.name,
        "unit": proposal.unit.full_name,
        "state": proposal.state,
        "area_ha": round(version.area_m2 / 10_000, 2),
        "stored": run.verdict if run is not None else "",
        "stored_rules": run.basis.get("ruleset") if run is not None else None,
        **_both(subject, before, after),
    }


def _of_boundary(boundary: ClusterBoundary, before: Basis, after: Basis) -> dict[str, Any]:
    cluster = boundary.cluster
    craft = cluster.kind == ClusterKind.CRAFT_VILLAGE_CLUSTER
    subject = Subject(
        boundary.geom,
        kind=ProposalKind.CRAFT_VILLAGE_CLUSTER if craft else ProposalKind.NEW_CLUSTER,
        unit_id=cluster.unit_id,
        plan_entry_id=cluster.plan_entry_id,
        ignore_cluster_ids=(cluster.pk,),
        ignore_proposal_codes=(boundary.proposal_code,) if boundary.proposal_code else (),
    )
    return {
        "what": "cluster",
        "id": boundary.pk,
        "code": cluster.slug,
        "name": cluster.name,
        "unit": cluster.unit.full_name,
        "state": "",
        "area_ha": round(boundary.area_m2 / 10_000, 2),
        "stored": "",
        "stored_rules": None,
        **_both(subject, before, after),
    }


def _both(subject: Subject, before: Basis, after: Basis) -> dict[str, Any]:
    old, new = (_asked(subject, basis) for basis in (before, after))
    return {
        "old": old.verdict.value,
        "new": new.verdict.value,
        "rules": [change for change in rule_changes(old.findings, new.findings) if _matters(change)],
    }


def _matters(change: Mapping[str, Any]) -> bool:
    """Tell whether the zone is answered otherwise: not when a rule was clear and is clear, or is not asked any more."""
    before, after = change["outcome"]
    if {before, after} <= {Outcome.CLEAR.value, ""}:
        return False
    return before != after or any(
        change[name][0] != change[name][1] for name in ("overlap_ha", "distance_m", "unchecked")
    )


def _asked(subject: Subject, basis: Basis) -> Report:
    return check_report(subject, basis, level=Level.STORED)


@dataclass(frozen=True)
class RuleCount:
    """Count the zones that one rule answers otherwise."""

    rule: str
    title_vi: str
    title_en: str
    zones: int


@dataclass(frozen=True)
class DryRun:
    """Hold what a trial found so far. *rows*: zones, changed verdicts first. *moves*: old and new verdict → zones."""

    rows: tuple[Mapping[str, Any], ...]
    moves: tuple[tuple[str, str, int], ...]
    rules: tuple[RuleCount, ...]
    stale: bool
    flipped: int = field(default=0)
    touched: int = field(default=0)


def result_of(batch: Batch) -> DryRun:
    """Read what the chunks of a trial found, whatever is done of it."""
    results = list(batch.chunks.filter(state=ChunkState.DONE).order_by("number").values_list("result", flat=True))
    rows = sorted((row for result in results for row in result.get("rows", ())), key=_changed_first)
    moves = Counter((row["old"], row["new"]) for row in rows if row["old"] != row["new"])
    titles = {change["rule"]: change for row in rows for change in row["rules"]}
    zones = Counter(change["rule"] for row in rows for change in row["rules"])
    return DryRun(
        rows=tuple(rows),
        moves=tuple((old, new, count) for (old, new), count in sorted(moves.items())),
        rules=tuple(
            RuleCount(rule, titles[rule]["title_vi"], titles[rule]["title_en"], count)
            for rule, count in zones.most_common()
        ),
        stale=any(result.get("stale") for result in results),
        flipped=sum(moves.values()),
        touched=sum(bool(row["rules"]) for row in rows),
    )


def trials_of(draft: RuleSet) -> QuerySet[Batch]:
    """Return the trials of a draft, newest first."""
    return Batch.objects.filter(kind=KIND, params__rule_set=draft.pk).order_by("-pk")


def still_holds(batch: Batch, draft: RuleSet) -> bool:
    """Tell whether a trial was of exactly what the draft says now."""
    return bool(batch.params.get("sha256") == contents_hash(contents_of(draft).values()))


def _changed_first(row: Mapping[str, Any]) -> tuple[bool, bool, str, str]:
    return (row["old"] == row["new"], not row["rules"], str(row["what"] != "proposal"), str(row["code"]))


def zones_of(rows: tuple[Mapping[str, Any], ...]) -> Iterator[tuple[Mapping[str, Any], Any]]:
    """Give each row of a trial with its boundary in the storage CRS."""
    wanted = {what: [row["id"] for row in rows if row["what"] == what] for what in ("proposal", "cluster")}
    found = {
        "proposal": dict(ZoneVersion.objects.filter(pk__in=wanted["proposal"]).values_list("pk", "geom")),
        "cluster": dict(ClusterBoundary.objects.filter(pk__in=wanted["cluster"]).values_list("pk", "geom")),
    }
    for row in rows:
        if row["id"] in found[row["what"]]:
            yield row, found[row["what"]][row["id"]]
