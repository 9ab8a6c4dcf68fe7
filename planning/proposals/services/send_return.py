"""How do measurements come back? By the holder of the survey link, as one more row of an inbox that nothing leaves.

The file was read and the boundary chosen by a desk (`layers.intake`); nothing is judged here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import PurePath

from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from django.core.files.base import File
from django.utils import timezone
from django.utils.translation import gettext as _

from layers.errors import Gone, InputRefused, LimitExceeded
from layers.grid import geometry_hash
from layers.intake.limits import UPLOAD_BYTES
from layers.vetting import Notice
from planning.people.services import record_event
from planning.proposals.models import Proposal, SurveyOrder, SurveyReturn, UseKind, ZoneVersion
from planning.proposals.services._files import removed_on_failure
from planning.proposals.services._frame import locked, write
from planning.proposals.services._vetting import vetted_zone
from planning.proposals.services.use_survey_link import record_survey_use
from planning.proposals.survey_links import DEAD, require_alive
from planning.proposals.workflow import Verb, check_by_link

RETURNS_PER_ORDER = 20


@dataclass(frozen=True)
class Measured:
    """How the boundary was measured; every field but *note* must be given."""

    instrument: str
    base_points: str
    measured_on: date
    signer: str
    note: str = ""


def send_return(
    order: SurveyOrder,
    *,
    geom: GEOSGeometry,
    file: File[bytes],
    how: Measured,
    reading: str = "",
    notices: Sequence[Notice] = (),
) -> SurveyReturn:
    """Put the measured boundary *geom* (storage CRS) into the inbox of the proposal, with the *file* it was read from.

    *reading* says in words how the file was read (coordinate system); *notices* what reading and repair remarked. An
    unanswered older return counts as replaced. There is no actor: the link is the key. Raises Gone for a dead link
    (recorded), TransitionRefused when nothing is being surveyed, InputRefused for missing facts, a boundary that cannot
    be kept or that lies elsewhere, LimitExceeded for too large a file or too many returns.
    """
    _check_facts(how)
    zone = vetted_zone(geom)
    sha256 = _hash_of(file)
    try:
        with removed_on_failure() as stored, locked(order.proposal) as row:
            check_by_link(row, Verb.SEND_RETURN)
            fresh = SurveyOrder.objects.select_for_update(of=("self",)).select_related("version").get(pk=order.pk)
            require_alive(fresh)
            _require_room(fresh)
            _require_same_place(zone, fresh.version)
            returned = _return_of(row, fresh, zone, how)
            returned.reading, returned.notices = reading, [_as_data(notice) for notice in notices]
            returned.filename, returned.file_sha256 = PurePath(file.name or "").name[:200], sha256
            suffix = PurePath(returned.filename).suffix.lower()[:10]
            returned.file.save(f"{row.code}-{returned.number}{suffix}", file, save=False)
            stored.append(returned.file)
            returned.save(force_insert=True)
            write(row)
            record_survey_use(fresh, UseKind.RETURNED, what=returned.filename, sha256=sha256)
            _record(row, fresh, returned)
    except Gone as gone:
        record_survey_use(order, DEAD[gone.code], what=_("sending measurements"))
        raise
    return returned


def _return_of(proposal: Proposal, order: SurveyOrder, zone: MultiPolygon, how: Measured) -> SurveyReturn:
    newest = SurveyReturn.objects.filter(proposal=proposal).order_by("-number").first()
    return SurveyReturn(
        order=order,
        proposal=proposal,
        version=order.version,
        number=newest.number + 1 if newest is not None else 1,
        instrument=how.instrument.strip()[:120],
        base_points=how.base_points.strip()[:240],
        measured_on=how.measured_on,
        signer=how.signer.strip()[:120],
        note=how.note.strip(),
        geom=zone,
        geom_hash=geometry_hash(zone),
        area_m2=zone.area,
    )


def _as_data(notice: Notice) -> dict[str, object]:
    return {
        "code": notice.code,
        "message": notice.message,
        "before_m2": notice.before_m2,
        "after_m2": notice.after_m2,
        "at": list(notice.at) if notice.at is not None else None,
    }


def _record(proposal: Proposal, order: SurveyOrder, returned: SurveyReturn) -> None:
    how = {"instrument": returned.instrument, "measured_on": returned.measured_on, "signer": returned.signer}
    record_event(
        None,
        Verb.SEND_RETURN,
        proposal,
        {
            "actor_name": order.team,
            "code": proposal.code,
            "state": str(proposal.state),
            "round": proposal.round,
            "order": order.pk,
            "return": returned.number,
            "geom_hash": returned.geom_hash,
            "file_sha256": returned.file_sha256,
            **how,
        },
    )


def _check_facts(how: Measured) -> None:
    titles = {
        "instrument": _("instrument"),
        "base_points": _("base points"),
        "signer": _("signed by"),
    }
    missing = [str(titles[name]) for name, value in asdict(how).items() if name in titles and not str(value).strip()]
    if missing:
        raise InputRefused(
            _("It is not said how the boundary was measured."),
            code="RETURN_FACTS_MISSING",
            where=", ".join(missing),
            todo=_("Fill in instrument, base points and who signs."),
        )
    if how.measured_on > timezone.localdate():
        raise InputRefused(
            _("The day of measuring lies in the future."),
            code="MEASURED_ON",
            where=f"{how.measured_on:%d/%m/%Y}",
            todo=_("Check the date."),
        )


def _hash_of(file: File[bytes]) -> str:
    """Hash the file once and rewind it. Raises LimitExceeded above the size every upload may have."""
    digest, size = hashlib.sha256(), 0
    file.seek(0)
    for chunk in file.chunks():
        size += len(chunk)
        if size > UPLOAD_BYTES:
            raise LimitExceeded(_("The file is over 50 MB."), code="UPLOAD_TOO_LARGE", todo=_("Split or simplify it."))
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def _require_room(order: SurveyOrder) -> None:
    if order.returns.count() >= RETURNS_PER_ORDER:
        raise LimitExceeded(
            _("By this link measurements were sent %(count)d times already.") % {"count": RETURNS_PER_ORDER},
            code="TOO_MANY_RETURNS",
            todo=_("Ask the department for a new link."),
        )


def _require_same_place(zone: MultiPolygon, approved: ZoneVersion) -> None:
    """Refuse a boundary that shares no land with the approved one: no tolerance is meant for that."""
    if zone.intersects(approved.geom):
        return
    raise InputRefused(
        _("The measured boundary shares no land with the approved one: it lies %(km)s km away.")
        % {"km": f"{zone.distance(approved.geom) / 1000:.1f}".replace(".", ",")},
        code="RETURN_ELSEWHERE",
        todo=_("Check the coordinate system and the zone (central meridian), and whether X and Y are swapped."),
    )
