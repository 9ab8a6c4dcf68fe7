"""How does a drawing become a version of the dossier? Vetted, cut into parts, checked, kept for ever."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from layers.errors import Conflict, InputRefused
from layers.grid import geometry_hash
from planning.checks.basis import basis_on
from planning.checks.cutting import cut_into_parts
from planning.checks.types import Part
from planning.people.models import User
from planning.proposals.freshness import freshness_of, identical, latest_run
from planning.proposals.models import Draft, Proposal, ZonePart, ZoneVersion
from planning.proposals.services._check_run import write_run
from planning.proposals.services._frame import act, record, write
from planning.proposals.services._vetting import vetted_zone
from planning.proposals.workflow import Verb


def keep_version(actor: User, proposal: Proposal, *, reason: str = "", row_version: int | None = None) -> ZoneVersion:
    """Keep what is drawn as the next version, with its parts, its check run and the run's findings.

    When the newest version already keeps exactly this, no second one is made: it is checked again if its report went
    out of date. With *row_version* (of the draft) a draft changed meanwhile raises Conflict DRAFT_STALE. Raises
    InputRefused for a boundary that cannot be kept, NotComputable when the check cannot be answered at all.
    """
    with act(actor, proposal, Verb.KEEP_VERSION) as (row, _step):
        draft = Draft.objects.select_for_update().get(proposal=row)
        if row_version is not None and row_version != draft.row_version:
            raise Conflict(
                _("The draft was changed after you opened it. No version was kept."),
                code="DRAFT_STALE",
                where=row.code,
                todo=_("Open the draft again and look at it before you keep a version."),
                detail={"theirs": draft.geom, "row_version": draft.row_version, "saved_at": draft.saved_at},
            )
        _vet(draft)
        against = basis_on(timezone.localdate())
        version = row.current_version
        if version is None or not identical(draft, version):
            version = _cut_version(actor, row, draft, reason)
            run = write_run(actor, row, version, against)
            write(row, current_version=version)
        else:
            newest = latest_run(version)
            if newest is not None and freshness_of(newest, against).fresh:
                return version
            run = write_run(actor, row, version, against)
        record(
            actor,
            Verb.KEEP_VERSION,
            row,
            {
                "version": version.number,
                "reason": reason.strip(),
                "geom_hash": version.geom_hash,
                "verdict": run.verdict,
                "run": run.pk,
            },
        )
    return version


def _vet(draft: Draft) -> None:
    """Put the vetted boundary back into the draft, so that draft and version are the same bytes."""
    if draft.geom is None:
        raise InputRefused(_("No boundary is drawn."), code="NO_BOUNDARY", todo=_("Draw or upload the boundary."))
    zone = vetted_zone(draft.geom)
    if bytes(zone.wkb) != bytes(draft.geom.wkb):
        draft.geom = zone
        draft.row_version += 1
        draft.save(update_fields=["geom", "row_version"])


def _cut_version(actor: User, proposal: Proposal, draft: Draft, reason: str) -> ZoneVersion:
    newest = ZoneVersion.objects.filter(proposal=proposal).order_by("-number").first()
    version = ZoneVersion.objects.create(
        proposal=proposal,
        number=newest.number + 1 if newest is not None else 1,
        geom=draft.geom,
        geom_hash=geometry_hash(draft.geom),
        area_m2=draft.geom.area,
        cuts=draft.cuts,
        uses=draft.uses,
        reason=reason.strip()[:240],
        author=actor,
    )
    ZonePart.objects.bulk_create(
        ZonePart(version=version, number=number, use=part.use, geom=part.geom, area_m2=part.area_m2)
        for number, part in enumerate(_parts(draft), start=1)
    )
    return version


def _parts(draft: Draft) -> Sequence[Part]:
    if draft.cuts is None and not draft.uses:
        return ()
    return cut_into_parts(draft.geom, draft.cuts, draft.uses)
