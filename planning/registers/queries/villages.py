"""Does a village meet the criteria of Decree 52/2018/NĐ-CP, art. 5, and why? Computed from sent figures, never decided.

Recognition itself is a decision of the provincial committee; this only prepares it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext as _

from planning.registers.models import CraftVillage, VillageKind, VillageYear

MIN_HOUSEHOLD_SHARE = Decimal("0.20")
MIN_STABLE_YEARS = 2
MIN_CRAFT_YEARS = 50


class CriterionState(StrEnum):
    """Whether a criterion is met; unknown is neither."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Criterion:
    """One criterion with the reason in a sentence and the provision it comes from."""

    code: str
    title: str
    state: CriterionState
    reason: str
    citation: str


@dataclass(frozen=True)
class VillageCriteria:
    """All criteria of a village and the kind of recognition that they would support (None: none yet)."""

    village: tuple[Criterion, ...]
    traditional: tuple[Criterion, ...]
    supports: VillageKind | None

    @property
    def all(self) -> tuple[Criterion, ...]:
        """Return the criteria of both groups."""
        return self.village + self.traditional


def village_criteria(village: CraftVillage, on: date) -> VillageCriteria:
    """Judge a village by the figures sent for years up to *on* (Decree 52/2018/NĐ-CP, art. 5)."""
    years = list(
        VillageYear.objects.filter(village=village, sent_at__isnull=False, year__lte=on.year).order_by("-year")
    )
    as_village = (_households(years), _stable(years), _environment(village))
    as_tradition = (_age(village, on), _identity(village))
    is_village = all(criterion.state is CriterionState.MET for criterion in as_village)
    is_tradition = all(criterion.state is CriterionState.MET for criterion in as_tradition)
    supports: VillageKind | None = None
    if is_village and is_tradition:
        supports = VillageKind.TRADITIONAL_VILLAGE
    elif is_village:
        supports = VillageKind.CRAFT_VILLAGE
    elif is_tradition:
        supports = VillageKind.TRADITIONAL_CRAFT
    return VillageCriteria(as_village, as_tradition, supports)


def _households(years: list[VillageYear]) -> Criterion:
    title = _("One household in five takes part")
    citation = _("Decree 52/2018/NĐ-CP, art. 5, cl. 2, pt. a")
    for year in years:
        if year.households_total and year.households_engaged is not None:
            share = Decimal(year.households_engaged) / Decimal(year.households_total)
            reason = _("%(engaged)s of %(total)s households (%(share)s %%) in %(year)s.") % {
                "engaged": year.households_engaged,
                "total": year.households_total,
                "share": f"{share * 100:.1f}".replace(".", ","),
                "year": year.year,
            }
            state = CriterionState.MET if share >= MIN_HOUSEHOLD_SHARE else CriterionState.NOT_MET
            return Criterion("households", title, state, reason, citation)
    return Criterion("households", title, CriterionState.UNKNOWN, _("No figures were sent yet."), citation)


def _stable(years: list[VillageYear]) -> Criterion:
    title = _("Stable production for 2 consecutive years")
    citation = _("Decree 52/2018/NĐ-CP, art. 5, cl. 2, pt. b")
    told = {year.year: year.stable for year in years if year.stable is not None}
    if not told:
        return Criterion("stable", title, CriterionState.UNKNOWN, _("No figures were sent yet."), citation)
    last = max(told)
    wanted = [last - step for step in range(MIN_STABLE_YEARS)]
    if all(told.get(year) for year in wanted):
        reason = _("Stable in %(first)s and %(last)s.") % {"first": wanted[-1], "last": last}
        return Criterion("stable", title, CriterionState.MET, reason, citation)
    if any(told.get(year) is False for year in wanted):
        broken = next(year for year in wanted if told.get(year) is False)
        reason = _("Production was not stable in %(year)s.") % {"year": broken}
        return Criterion("stable", title, CriterionState.NOT_MET, reason, citation)
    missing = next(year for year in wanted if year not in told)
    reason = _("Nothing is known about %(year)s.") % {"year": missing}
    return Criterion("stable", title, CriterionState.UNKNOWN, reason, citation)


def _environment(village: CraftVillage) -> Criterion:
    return _yes_or_no(
        "environment",
        _("Environmental conditions are met"),
        village.environment_plan,
        yes=_("An environmental plan is in place."),
        no=_("There is no environmental plan."),
        citation=_("Decree 52/2018/NĐ-CP, art. 5, cl. 2, pt. c; Law 72/2020/QH14, art. 56"),
    )


def _identity(village: CraftVillage) -> Criterion:
    return _yes_or_no(
        "identity",
        _("Products carry the cultural identity of a people"),
        village.cultural_identity,
        yes=_("The products carry cultural identity."),
        no=_("The products carry no particular cultural identity."),
        citation=_("Decree 52/2018/NĐ-CP, art. 5, cl. 1, pt. b"),
    )


def _age(village: CraftVillage, on: date) -> Criterion:
    title = _("The craft has existed here for more than 50 years")
    citation = _("Decree 52/2018/NĐ-CP, art. 5, cl. 1, pt. a")
    if village.since_year is None:
        reason = _("It is not recorded since when the craft exists.")
        return Criterion("age", title, CriterionState.UNKNOWN, reason, citation)
    years = on.year - village.since_year
    state = CriterionState.MET if years > MIN_CRAFT_YEARS else CriterionState.NOT_MET
    reason = _("Since %(since)s: %(years)s years.") % {"since": village.since_year, "years": years}
    return Criterion("age", title, state, reason, citation)


def _yes_or_no(code: str, title: str, answer: bool | None, *, yes: str, no: str, citation: str) -> Criterion:
    if answer is None:
        return Criterion(code, title, CriterionState.UNKNOWN, _("Nothing is recorded."), citation)
    state = CriterionState.MET if answer else CriterionState.NOT_MET
    return Criterion(code, title, state, yes if answer else no, citation)
