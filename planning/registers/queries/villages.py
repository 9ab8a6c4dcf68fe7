"""Does a village meet the criteria of Decree 52/2018/NĐ-CP, art. 5, and why? Computed from sent figures, never decided.

The figures are dated parameters; a criterion without one is unknown. Recognition itself is a decision of the provincial
committee; this only prepares it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from planning.registers.models import CraftVillage, RegisterParameter, RegisterParameterName, VillageKind, VillageYear
from planning.registers.queries.parameters import parameter_row_on


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
    """Judge a village by the figures sent for years up to *on* and the parameters of that day.

    Source: Decree 52/2018/NĐ-CP, art. 5.
    """
    years = list(
        VillageYear.objects.filter(village=village, sent_at__isnull=False, year__lte=on.year).order_by("-year")
    )
    as_village = (_households(years, on), _stable(years, on), _environment(village))
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


def _households(years: list[VillageYear], on: date) -> Criterion:
    row = parameter_row_on(RegisterParameterName.VILLAGE_HOUSEHOLD_SHARE, on)
    if row is None:
        title = _("Enough households take part")
        return _no_figure("households", title, RegisterParameterName.VILLAGE_HOUSEHOLD_SHARE, on)
    title = _("At least %(share)s %% of the households take part") % {"share": _printed(row.value * 100)}
    for year in years:
        if year.households_total and year.households_engaged is not None:
            share = Decimal(year.households_engaged) / Decimal(year.households_total)
            reason = _("%(engaged)s of %(total)s households (%(share)s %%) in %(year)s.") % {
                "engaged": year.households_engaged,
                "total": year.households_total,
                "share": f"{share * 100:.1f}".replace(".", ","),
                "year": year.year,
            }
            state = CriterionState.MET if share >= row.value else CriterionState.NOT_MET
            return Criterion("households", title, state, reason, row.citation)
    return Criterion("households", title, CriterionState.UNKNOWN, _("No figures were sent yet."), row.citation)


def _stable(years: list[VillageYear], on: date) -> Criterion:
    row = parameter_row_on(RegisterParameterName.VILLAGE_STABLE_YEARS, on)
    if row is None:
        title = _("Production has been stable for long enough")
        return _no_figure("stable", title, RegisterParameterName.VILLAGE_STABLE_YEARS, on)
    wanted_years = _whole_years(row)
    title = ngettext(
        "Stable production for %(years)s year", "Stable production for %(years)s consecutive years", wanted_years
    ) % {"years": wanted_years}
    told = {year.year: year.stable for year in years if year.stable is not None}
    if not told:
        return Criterion("stable", title, CriterionState.UNKNOWN, _("No figures were sent yet."), row.citation)
    last = max(told)
    wanted = [last - step for step in range(wanted_years)]
    if all(told.get(year) for year in wanted):
        reason = _("Stable in %(first)s and %(last)s.") % {"first": wanted[-1], "last": last}
        if wanted_years != 2:
            reason = _("Stable from %(first)s to %(last)s.") % {"first": wanted[-1], "last": last}
        return Criterion("stable", title, CriterionState.MET, reason, row.citation)
    if any(told.get(year) is False for year in wanted):
        broken = next(year for year in wanted if told.get(year) is False)
        reason = _("Production was not stable in %(year)s.") % {"year": broken}
        return Criterion("stable", title, CriterionState.NOT_MET, reason, row.citation)
    missing = next(year for year in wanted if year not in told)
    reason = _("Nothing is known about %(year)s.") % {"year": missing}
    return Criterion("stable", title, CriterionState.UNKNOWN, reason, row.citation)


def _environment(village: CraftVillage) -> Criterion:
    return _yes_or_no(
        "environment",
        _("Environmental conditions are met"),
        village.environment_plan,
        yes=_("An environmental plan is in place."),
        no=_("There is no environmental plan."),
        citation=_("Decree 52/2018/NĐ-CP, art. 5; Law 72/2020/QH14, art. 56"),
    )


def _identity(village: CraftVillage) -> Criterion:
    return _yes_or_no(
        "identity",
        _("Products carry the cultural identity of a people"),
        village.cultural_identity,
        yes=_("The products carry cultural identity."),
        no=_("The products carry no particular cultural identity."),
        citation=_("Decree 52/2018/NĐ-CP, art. 5, cl. 2"),
    )


def _age(village: CraftVillage, on: date) -> Criterion:
    row = parameter_row_on(RegisterParameterName.CRAFT_YEARS, on)
    if row is None:
        title = _("The craft has existed here for long enough")
        return _no_figure("age", title, RegisterParameterName.CRAFT_YEARS, on)
    title = _("The craft has existed here for more than %(years)s years") % {"years": _printed(row.value)}
    if village.since_year is None:
        reason = _("It is not recorded since when the craft exists.")
        return Criterion("age", title, CriterionState.UNKNOWN, reason, row.citation)
    years = on.year - village.since_year
    state = CriterionState.MET if years > row.value else CriterionState.NOT_MET
    reason = _("Since %(since)s: %(years)s years.") % {"since": village.since_year, "years": years}
    return Criterion("age", title, state, reason, row.citation)


def _no_figure(code: str, title: str, name: RegisterParameterName, on: date) -> Criterion:
    reason = _("The parameter “%(name)s” has no figure for %(day)s.") % {"name": name.label, "day": f"{on:%d/%m/%Y}"}
    return Criterion(code, title, CriterionState.UNKNOWN, reason, "")


def _printed(value: Decimal) -> str:
    """Print a value without needless zeros, with the comma of Vietnamese figures."""
    return f"{value.normalize():f}".replace(".", ",")


def _whole_years(row: RegisterParameter) -> int:
    """Return the years a row asks for: whole ones, at least one."""
    return max(int(row.value.to_integral_value(rounding=ROUND_CEILING)), 1)


def _yes_or_no(code: str, title: str, answer: bool | None, *, yes: str, no: str, citation: str) -> Criterion:
    if answer is None:
        return Criterion(code, title, CriterionState.UNKNOWN, _("Nothing is recorded."), citation)
    state = CriterionState.MET if answer else CriterionState.NOT_MET
    return Criterion(code, title, state, yes if answer else no, citation)
