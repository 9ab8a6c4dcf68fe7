"""Which villages have sent their year, which have begun, which are missing? The board of the yearly campaign."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from planning.registers.models import CraftVillage, VillageYear

OUTLIER = Decimal("0.5")


class ReturnState(StrEnum):
    """How far a village's return of one year is."""

    SENT = "sent"
    BEGUN = "begun"
    MISSING = "missing"


@dataclass(frozen=True)
class VillageReturn:
    """One village in one year: its figures, those of the year before, and whether they differ by more than half."""

    village: CraftVillage
    year: int
    state: ReturnState
    figures: VillageYear | None
    before: VillageYear | None

    @property
    def is_outlier(self) -> bool:
        """Tell whether households, workers or revenue moved by more than 50 % within a year."""
        if self.figures is None or self.before is None:
            return False
        for name in ("households_engaged", "workers", "revenue_vnd"):
            now, then = getattr(self.figures, name), getattr(self.before, name)
            if now is not None and then and abs(Decimal(now) - Decimal(then)) > OUTLIER * Decimal(then):
                return True
        return False


def village_returns(year: int, unit_ids: Collection[int] | None = None) -> tuple[VillageReturn, ...]:
    """Return every village's return of *year*, by name of commune and village; *unit_ids* narrows to those communes."""
    villages = CraftVillage.objects.select_related("unit").order_by("unit__name", "name")
    if unit_ids is not None:
        villages = villages.filter(unit_id__in=unit_ids)
    figures = {(row.village_id, row.year): row for row in VillageYear.objects.filter(year__in=[year, year - 1])}
    rows = []
    for village in villages:
        now = figures.get((village.pk, year))
        state = ReturnState.MISSING if now is None else ReturnState.SENT if now.sent_at else ReturnState.BEGUN
        rows.append(VillageReturn(village, year, state, now, figures.get((village.pk, year - 1))))
    return tuple(rows)
