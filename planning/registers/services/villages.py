"""How does a village's year get into the books? The commune officer enters figures and sends them once."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from layers.errors import Conflict, InputRefused
from layers.said import gettext as _
from planning.people.capabilities import Capability
from planning.people.models import User
from planning.people.queries import require
from planning.people.services import record_event
from planning.registers.models import CraftVillage, VillageYear
from planning.registers.money import whole_dong


@dataclass(frozen=True)
class VillageFigures:
    """What a village did in one year; None means "not known", which is not zero."""

    households_total: int | None = None
    households_engaged: int | None = None
    workers: int | None = None
    artisans: int | None = None
    revenue_vnd: Decimal | int | None = None
    output_text: str = ""
    stable: bool | None = None


def save_village_year(actor: User, village: CraftVillage, year: int, figures: VillageFigures) -> VillageYear:
    """Keep the figures of one year until they are sent.

    Raises NotAllowed outside the officer's scope, InputRefused for figures that contradict one another or a year not
    over yet plausible, Conflict once the year was sent.
    """
    require(actor, Capability.KEEP_VILLAGE, village.unit)
    _check(figures, year)
    with transaction.atomic():
        row = _locked(village, year)
        if row is not None and row.sent_at is not None:
            raise Conflict(
                _("The figures of %(year)s were sent already.") % {"year": year},
                code="ALREADY_SENT",
                where=village.name,
                todo=_("Ask the department to correct them."),
            )
        row, _created = VillageYear.objects.update_or_create(village=village, year=year, defaults=asdict(figures))
        record_event(actor, "save_village_year", village, {"year": year, **asdict(figures)})
    return row


def send_village_year(actor: User, village: CraftVillage, year: int) -> VillageYear:
    """Send the figures of one year; from then on they count in lists, criteria and the public page.

    Raises NotAllowed outside the officer's scope, InputRefused while households are missing, Conflict when sent before.
    """
    require(actor, Capability.KEEP_VILLAGE, village.unit)
    with transaction.atomic():
        row = _locked(village, year)
        if row is None or row.households_total is None or row.households_engaged is None:
            raise InputRefused(
                _("Enter the number of households first, all of them and those in the trade."), code="FIGURES_MISSING"
            )
        if row.sent_at is not None:
            raise Conflict(_("The figures of %(year)s were sent already.") % {"year": year}, code="ALREADY_SENT")
        row.sent_at = timezone.now()
        row.save(update_fields=["sent_at"])
        record_event(actor, "send_village_year", village, {"year": year})
    return row


def _locked(village: CraftVillage, year: int) -> VillageYear | None:
    CraftVillage.objects.select_for_update().get(pk=village.pk)
    return VillageYear.objects.filter(village=village, year=year).first()


def _check(figures: VillageFigures, year: int) -> None:
    if not 1990 <= year <= timezone.localdate().year:
        raise InputRefused(_("The year is not plausible."), code="YEAR_IMPLAUSIBLE", where=str(year))
    counts = (figures.households_total, figures.households_engaged, figures.workers, figures.artisans)
    if any(count is not None and not 0 <= count <= 1_000_000 for count in counts):
        raise InputRefused(_("A number is not plausible."), code="NUMBER_IMPLAUSIBLE")
    total, engaged = figures.households_total, figures.households_engaged
    if total is not None and engaged is not None and engaged > total:
        raise InputRefused(
            _("More households are in the trade than there are in the area."), code="ENGAGED_ABOVE_TOTAL"
        )
    if figures.revenue_vnd is not None:
        whole_dong(figures.revenue_vnd, zero_allowed=True)
