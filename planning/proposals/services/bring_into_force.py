"""When is a staked-out boundary in force? When it was handed over, by signed minutes; a second person records it."""

from __future__ import annotations

from datetime import date

from django.core.files.base import File
from django.utils import timezone
from django.utils.translation import gettext as _

from layers.errors import InputRefused
from planning.people.models import User
from planning.proposals.models import Handover, Proposal, ReturnOutcome, SurveyRuling
from planning.proposals.services._files import receive, removed_on_failure
from planning.proposals.services._frame import act, move, record
from planning.proposals.workflow import Verb


def bring_into_force(actor: User, proposal: Proposal, *, on: date, file: File[bytes], note: str = "") -> Handover:
    """Record that the boundary was handed over *on* a day, with the signed minutes (*file*).

    Raises InputRefused for a day in the future or before the measurements were accepted, and for a file that is none
    of the accepted kinds.
    """
    received = receive(file)
    if on > timezone.localdate():
        raise _wrong_day(on, _("The hand-over is dated in the future."))
    with removed_on_failure() as stored, act(actor, proposal, Verb.BRING_INTO_FORCE) as (row, step):
        ruling = SurveyRuling.objects.select_related("version", "survey_return").get(
            survey_return__proposal=row, outcome=ReturnOutcome.ACCEPTED
        )
        if on < ruling.survey_return.measured_on:
            raise _wrong_day(on, _("The hand-over is dated before the boundary was measured."))
        handover = Handover(
            proposal=row,
            round=row.round,
            version=ruling.version,
            by=actor,
            on=on,
            file_sha256=received.sha256,
            note=note.strip(),
        )
        handover.file.save(f"{row.code}{received.suffix}", file, save=False)
        stored.append(handover.file)
        handover.save(force_insert=True)
        move(row, step)
        record(
            actor,
            Verb.BRING_INTO_FORCE,
            row,
            {"on": on, "version": handover.version.number, "file_sha256": handover.file_sha256},
        )
    return handover


def _wrong_day(on: date, text: str) -> InputRefused:
    return InputRefused(text, code="HANDOVER_DATE", where=f"{on:%d/%m/%Y}", todo=_("Check the date on the minutes."))
