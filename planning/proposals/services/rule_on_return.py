"""What becomes of returned measurements? Accepted as the boundary that is staked out, or sent back with marks.

Either ruling is one append-only row with the figures it was made on. The approved version and its decision stay.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from math import isfinite

from django.utils import timezone
from django.utils.translation import gettext as _

from layers.errors import InputRefused, NotComputable
from planning.checks.basis import basis_on
from planning.people.models import User
from planning.proposals.measured_parts import measured_parts
from planning.proposals.models import (
    Proposal,
    ReturnOutcome,
    ReturnState,
    SurveyOrder,
    SurveyReturn,
    SurveyRuling,
    VersionKind,
    ZonePart,
    ZoneVersion,
)
from planning.proposals.reasons import Reason, Topic, refusal
from planning.proposals.services._check_run import report_as_data, write_run
from planning.proposals.services._frame import act, move, record, write
from planning.proposals.services._register import enter_measured_boundary
from planning.proposals.services.order_survey import longest_days
from planning.proposals.survey_comparison import ReturnComparison, comparison_of_return, report_of_return
from planning.proposals.workflow import Verb

MAX_MARKS = 500
# How many downloads a link gets again at least, when measurements are sent back.
DOWNLOADS_AGAIN = 3


def accept_return(
    actor: User, proposal: Proposal, *, returned: SurveyReturn, geom_hash: str, note: str = ""
) -> SurveyRuling:
    """Accept *returned*, seen with *geom_hash*: the measured version, its check run, the cluster's measured boundary.

    The boundary of the register holds from today on, or from the day after the decided one began. Raises
    TransitionRefused when it is not the newest unanswered return or not what was looked at, InputRefused without a note
    when corners are outside the tolerance (or no tolerance is known).
    """
    with act(actor, proposal, Verb.ACCEPT_RETURN) as (row, step):
        fresh = _waiting(row, returned, geom_hash)
        comparison = comparison_of_return(fresh)
        _require_reason(comparison, note)
        version = _measured_version(actor, row, fresh)
        run = write_run(actor, row, version, basis_on(timezone.localdate()))
        boundary = enter_measured_boundary(actor, row, version, fresh.version)
        ruling = SurveyRuling.objects.create(
            survey_return=fresh,
            outcome=ReturnOutcome.ACCEPTED,
            note=note.strip(),
            summary=comparison.summary(),
            version=version,
            run=run,
            valid_from=boundary.valid_from if boundary is not None else timezone.localdate(),
            by=actor,
        )
        move(row, step, current_version=version)
        record(
            actor,
            Verb.ACCEPT_RETURN,
            row,
            {
                "return": fresh.number,
                "version": version.number,
                "geom_hash": version.geom_hash,
                "verdict": run.verdict,
                "run": run.pk,
                "within": comparison.corners.within,
                "largest_m": ruling.summary["largest_m"],
                "valid_from": ruling.valid_from,
            },
        )
    return ruling


def return_survey(
    actor: User, proposal: Proposal, *, returned: SurveyReturn, note: str, marks: Sequence[Mapping[str, object]] = ()
) -> SurveyRuling:
    """Send *returned* back to the team; its link works again for as long as a new one would.

    What the check says of the measured boundary is kept with the ruling.
    *note* says why; *marks* is a list of ``{"corner": number, "of": "approved" or "measured", "at": [easting,
    northing], "text": …}`` in the storage CRS. A revoked link stays revoked: issue a new one. Raises InputRefused
    without a note or for a mark without words.
    """
    if not note.strip():
        raise InputRefused(
            _("Nothing is said about what to measure again."),
            code="RETURN_TEXT_MISSING",
            todo=_("Write what must be measured again."),
        )
    kept = _marks(marks)
    with act(actor, proposal, Verb.RETURN_SURVEY) as (row, _step):
        fresh = _waiting(row, returned, returned.geom_hash)
        ruling = SurveyRuling.objects.create(
            survey_return=fresh,
            outcome=ReturnOutcome.SENT_BACK,
            note=note.strip(),
            marks=kept,
            summary=comparison_of_return(fresh).summary(),
            checked=_checked(fresh),
            by=actor,
        )
        until = _reopen(fresh.order)
        write(row)
        record(
            actor,
            Verb.RETURN_SURVEY,
            row,
            {
                "return": fresh.number,
                "note": note.strip(),
                "marks": len(kept),
                "link_until": until,
                "verdict": ruling.checked.get("verdict", ""),
                "findings_hash": ruling.checked.get("findings_hash", ""),
            },
        )
    return ruling


def _checked(returned: SurveyReturn) -> dict[str, object]:
    """Return what the check says of *returned*, for keeping; what cannot be computed keeps nobody from sending back."""
    try:
        return report_as_data(report_of_return(returned))
    except NotComputable as problem:
        return {"refused": {"code": problem.code, "where": problem.where}}


def _waiting(proposal: Proposal, returned: SurveyReturn, geom_hash: str) -> SurveyReturn:
    """Return the row of *returned*, fresh, when it is the one to be answered and what was looked at."""
    fresh = SurveyReturn.objects.select_related("order", "version").filter(pk=returned.pk, proposal=proposal).first()
    if fresh is not None and fresh.state == ReturnState.SENT and fresh.geom_hash == geom_hash:
        return fresh
    raise refusal(
        [
            Reason(
                "RETURN_ANSWERED",
                Topic.STATE,
                _("These measurements are not the ones that wait for an answer: they were answered or replaced."),
                where=f"{proposal.code} #{returned.number}",
                todo=_("Open the newest measurements of the proposal."),
            )
        ]
    )


def _require_reason(comparison: ReturnComparison, note: str) -> None:
    if comparison.corners.within or note.strip():
        return
    raise InputRefused(
        _("The measured boundary is outside the tolerance, or no tolerance is known for its scale."),
        code="OUTSIDE_TOLERANCE",
        where="" if comparison.corners.largest_m is None else f"{comparison.corners.largest_m:.3f} m".replace(".", ","),
        todo=_("Write why it is accepted all the same, or send it back."),
    )


def _measured_version(actor: User, proposal: Proposal, returned: SurveyReturn) -> ZoneVersion:
    newest = ZoneVersion.objects.filter(proposal=proposal).order_by("-number").first()
    version = ZoneVersion.objects.create(
        proposal=proposal,
        number=newest.number + 1 if newest is not None else 1,
        kind=VersionKind.MEASURED,
        geom=returned.geom,
        geom_hash=returned.geom_hash,
        area_m2=returned.area_m2,
        cuts=returned.version.cuts,
        uses=returned.version.uses,
        reason=_("measured on %(day)s") % {"day": f"{returned.measured_on:%d/%m/%Y}"},
        author=actor,
    )
    ZonePart.objects.bulk_create(
        ZonePart(version=version, number=number, use=part.use, geom=part.geom, area_m2=part.area_m2)
        for number, part in enumerate(measured_parts(returned.version, returned.geom), start=1)
    )
    return version


def _marks(marks: Sequence[Mapping[str, object]]) -> list[dict[str, object]]:
    if len(marks) > MAX_MARKS:
        raise InputRefused(_("Too many marks."), code="TOO_MANY_MARKS", where=str(len(marks)))
    return [_mark(mark) for mark in marks]


def _mark(mark: Mapping[str, object]) -> dict[str, object]:
    number, at, text = mark.get("corner"), mark.get("at"), str(mark.get("text") or "").strip()
    place = [round(float(value), 3) for value in at if _finite(value)] if isinstance(at, list | tuple) else []
    if len(place) != 2 or not isinstance(number, int) or not text:
        raise InputRefused(
            _("A mark names a corner and says what to measure again."), code="MARK_INVALID", where=str(number)[:20]
        )
    of = "measured" if mark.get("of") == "measured" else "approved"
    return {"corner": number, "of": of, "at": place, "text": text[:400]}


def _finite(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def _reopen(order: SurveyOrder) -> date | None:
    """Let the link of *order* work again for the longest life of a link; None when it was revoked."""
    if order.revoked_at is not None:
        return None
    locked = SurveyOrder.objects.select_for_update().get(pk=order.pk)
    locked.expires_at = max(locked.expires_at, timezone.now() + timedelta(days=longest_days()))
    locked.max_downloads = max(locked.max_downloads, locked.downloads.count() + DOWNLOADS_AGAIN)
    locked.save(update_fields=["expires_at", "max_downloads"])
    return timezone.localdate(locked.expires_at)
