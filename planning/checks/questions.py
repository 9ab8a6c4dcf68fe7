"""What may a rule of each question carry? Parameters, settings and column names with their titles: the one table.

Forms are generated from it and the guards refuse what it does not list. It deliberately holds no value of any rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from layers.models.layer import GeometryKind
from planning.checks.models import Question

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Title = str | _StrPromise


class Shape(Enum):
    """The shape of a setting's value in JSON."""

    FLAG = "flag"  # true or absent
    TEXT = "text"  # one of ``choices``
    NUMBER = "number"
    COLUMN = "column"  # the name of an attribute of the layer's features
    CODES = "codes"  # a list of texts: classes, land uses, kinds of proposal
    NUMBERS = "numbers"  # {class: metres}
    PARAMETERS = "parameters"  # {class: parameter code or number}
    DECIDERS = "deciders"  # [{"body": code, "from": parameter code or absent}], in growing order


@dataclass(frozen=True)
class Entry:
    """Describe one parameter or setting of a rule; *choices* are value and title."""

    name: str
    title: Title
    shape: Shape = Shape.NUMBER
    required: bool = False
    unit: str = ""
    choices: tuple[tuple[str, Title], ...] = ()
    help: Title = ""


EVERY_KIND = frozenset(GeometryKind.values)
AREAS = frozenset({GeometryKind.POLYGON.value})
POINTS = frozenset({GeometryKind.POINT.value})


@dataclass(frozen=True)
class Form:
    """Describe the rules of one question.

    *layer*: it reads a layer. *judges*: the kinds of geometry it can judge; what it measures of any other is nothing,
    and nothing reads as clear. *classes*: it may be limited to some classes. *distances*: it takes ``distance_m`` and
    ``distance_by_class``. *parameters* go under ``settings["parameters"]``, *settings* beside them. *one_of*: of these
    parameters at least one is named.
    """

    question: Question
    help: Title
    layer: bool = False
    judges: frozenset[str] = EVERY_KIND
    classes: bool = False
    distances: bool = False
    parameters: tuple[Entry, ...] = ()
    settings: tuple[Entry, ...] = ()
    one_of: frozenset[str] = frozenset()

    @property
    def required(self) -> frozenset[str]:
        """Return the names of the parameters that every rule of the question names."""
        return frozenset(entry.name for entry in self.parameters if entry.required)


def _share(name: str, title: Title, *, required: bool = False) -> Entry:
    return Entry(name, title, required=required, unit="share")


def _hectares(name: str, title: Title, *, required: bool = False) -> Entry:
    return Entry(name, title, required=required, unit="ha")


KINDS = Entry(
    "kinds",
    _("kinds of proposal"),
    Shape.CODES,
    help=_("Only proposals of these kinds are asked; empty = all."),
)
MERGE = Entry("merge", _("one finding for all features"), Shape.FLAG, help=_("For parcels and dwellings."))
USES = Entry("uses", _("land uses"), Shape.CODES, required=True)
DECIDERS = Entry(
    "deciders",
    _("who decides, by the area taken"),
    Shape.DECIDERS,
    help=_("Bodies in growing order; each from the hectares of a parameter. A parameter without a value drops out."),
)

# Figures a planner declares; the values of the choices stand in `planning.checks.declared`.
DECLARED_FIGURES: tuple[tuple[str, Title], ...] = (
    ("plot_density", _("net plot density")),
    ("infrastructure_in_use", _("essential shared infrastructure in use")),
)

FORMS: dict[str, Form] = {
    form.question.value: form
    for form in (
        Form(
            Question.OVERLAP,
            _("Fires for features of the layer that overlap the zone."),
            layer=True,
            judges=AREAS,
            classes=True,
            parameters=(
                _hectares("min_feature_ha", _("smallest feature that counts")),
                _hectares("min_feature_urban_ha", _("smallest feature that counts in urban and residential land")),
            ),
            settings=(
                MERGE,
                DECIDERS,
                Entry(
                    "urban_attribute",
                    _("column that marks urban and residential land"),
                    Shape.COLUMN,
                    help=_("True in the features for which the urban value holds."),
                ),
                Entry(
                    "always_attribute",
                    _("column that marks features of any size"),
                    Shape.COLUMN,
                    help=_("True in the features that count however small they are."),
                ),
            ),
        ),
        Form(
            Question.SETBACK,
            _("Fires for features of the layer that are nearer to the zone than the distance of their class."),
            layer=True,
            classes=True,
            distances=True,
            parameters=(
                Entry("distance", _("distance for classes without one of their own"), unit="m"),
                Entry("downstream", _("distance downstream for classes without one of their own"), unit="m"),
            ),
            settings=(
                Entry(
                    "class_attribute",
                    _("column of the class that sets the distance"),
                    Shape.COLUMN,
                    help=_("Wins over the class of the feature when it holds a class with a distance."),
                ),
                Entry(
                    "half_width_attribute",
                    _("column of half the width, m"),
                    Shape.COLUMN,
                    help=_("Added to the distance: road land, the outermost conductor."),
                ),
                Entry("half_widths", _("half the width by class, m"), Shape.NUMBERS),
                Entry("max_half_width_m", _("largest half width, m"), unit="m"),
                Entry("look_m", _("how far to look beyond the distance, m"), unit="m"),
                Entry(
                    "flow_attribute",
                    _("column of the bearing the water flows to, degrees"),
                    Shape.COLUMN,
                    help=_("With it the distances by class hold upstream, the downstream ones behind the point."),
                ),
                Entry("downstream_by_class", _("distance downstream by class, m"), Shape.PARAMETERS),
                Entry(
                    "distance_by_trade",
                    _("distance by the trade class the planner declares, m"),
                    Shape.PARAMETERS,
                    help=_("Classes I–V; without a declared class the general distance holds."),
                ),
            ),
        ),
        Form(
            Question.CONTAINMENT,
            _("Fires when the zone leaves the unit of the proposal."),
        ),
        Form(
            Question.SHARE,
            _("Fires when the share of the zone in these classes is above the limit or below the least share."),
            layer=True,
            judges=AREAS,
            classes=True,
            parameters=(_share("limit", _("largest share")), _share("min", _("least share"))),
            one_of=frozenset({"limit", "min"}),
        ),
        Form(
            Question.SIZE,
            _("Fires when the area is outside the limits of the kind of cluster and of the place."),
            parameters=(
                _hectares("min", _("smallest area"), required=True),
                _hectares("max", _("largest area"), required=True),
                _hectares("min_mountain", _("smallest area in a mountainous unit")),
                _hectares("min_craft", _("smallest area of a craft-village cluster")),
            ),
        ),
        Form(
            Question.LAND_USE_RATIO,
            _("Fires when drawn parts of these uses are a smaller or larger share than allowed."),
            parameters=(_share("min", _("least share")), _share("max", _("largest share"))),
            settings=(
                USES,
                Entry("of", _("share of these uses"), Shape.CODES, help=_("Empty = of the whole zone.")),
            ),
            one_of=frozenset({"min", "max"}),
        ),
        Form(
            Question.PLAN_LIST,
            _("Fires when no valid entry of the approved list stands behind the proposal."),
            parameters=(_share("area_tolerance", _("accepted excess over the listed area")),),
        ),
        Form(
            Question.REGISTER_OVERLAP,
            _("Fires when the zone overlaps a cluster of the register or an approved zone."),
        ),
        Form(
            Question.OCCUPANCY,
            _("Fires when existing clusters are not full enough."),
            parameters=(
                _share("min_share", _("least occupancy"), required=True),
                _hectares("max_unleased_ha", _("largest unleased area that is accepted instead")),
            ),
            settings=(
                Entry(
                    "scope",
                    _("which clusters count"),
                    Shape.TEXT,
                    choices=(
                        ("unit", _("of the unit")),
                        ("former_district", _("of the former district")),
                        ("province", _("of the province")),
                    ),
                ),
                Entry("of_expanded", _("only the cluster that is expanded"), Shape.FLAG),
                Entry("or_demand", _("declared demand above the land left is accepted instead"), Shape.FLAG),
            ),
        ),
        Form(
            Question.GREEN_BUFFER,
            _("Fires when the strip inside the perimeter is not green."),
            parameters=(
                Entry("width", _("width of the strip"), required=True, unit="m"),
                _share("min_share", _("part of the perimeter that must have it")),
            ),
        ),
        Form(
            Question.COUNT_INSIDE,
            _("Fires when features of the layer lie in the zone; counts them."),
            layer=True,
            classes=True,
            settings=(MERGE,),
        ),
        Form(
            Question.PART_SETBACK,
            _("Fires when drawn parts of these uses are too near to the layer, by declared capacity and technology."),
            layer=True,
            classes=True,
            distances=True,
            parameters=(
                Entry("band_1", _("capacity up to which the first column holds"), required=True, unit="m³/day"),
                Entry("band_2", _("capacity up to which the second column holds"), required=True, unit="m³/day"),
                Entry("band_3", _("capacity up to which the third column holds"), required=True, unit="m³/day"),
            ),
            settings=(
                USES,
                Entry("look_m", _("how far to look beyond the distance, m"), unit="m"),
            ),
        ),
        Form(
            Question.DECLARED,
            _("Fires when a figure the planner declares is outside its limit; undeclared is not checked."),
            parameters=(
                _share("max", _("largest value")),
                _share("max_tall", _("largest value for tall buildings")),
                Entry("tall_floors", _("floors above which a building is tall"), unit="floors"),
            ),
            settings=(
                Entry("figure", _("declared figure"), Shape.TEXT, required=True, choices=DECLARED_FIGURES),
                Entry("must", _("must be declared as yes"), Shape.FLAG),
            ),
        ),
    )
}


def form_of(question: str) -> Form | None:
    """Return the table row of a question; None for a question that does not exist."""
    return FORMS.get(question)


def kinds_judged(question: str, settings: Mapping[str, object]) -> frozenset[str]:
    """Return the kinds of geometry that a rule of *question* with these *settings* can judge.

    Overlaps and shares are areas; what looks up and down a flow stands at a point.
    """
    form = FORMS.get(question)
    if form is None or not form.layer:
        return EVERY_KIND
    return POINTS if settings.get("flow_attribute") else form.judges


def questions_for(kind: str) -> tuple[Question, ...]:
    """Return the questions that can be asked of a layer with this kind of geometry."""
    return tuple(form.question for form in FORMS.values() if form.layer and kind in form.judges)


def setting_problems(question: str, settings: object) -> list[str]:
    """Return what is wrong with the keys and shapes of a rule's *settings*; values are the rule's own affair."""
    form = FORMS.get(question)
    if form is None or not isinstance(settings, dict):
        return [] if form is None else ["settings are not a table"]
    entries = {entry.name: entry for entry in (KINDS, *form.settings)}
    problems = [f"setting {name!r} is not known to the question" for name in _strangers(settings, entries)]
    for name, entry in entries.items():
        if name not in settings:
            if entry.required:
                problems.append(f"setting {name!r} is missing")
        elif not _fits(entry, settings[name]):
            problems.append(f"setting {name!r} is not {entry.shape.value}")
    named = settings.get("parameters", {})
    known = {entry.name for entry in form.parameters}
    problems += [f"parameter name {name!r} is not known to the question" for name in sorted(set(named) - known)]
    return problems


def _strangers(settings: dict[str, object], entries: Iterable[str]) -> list[str]:
    return sorted(set(settings) - set(entries) - {"parameters"})


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_table(value: object, *, of_codes: bool) -> bool:
    return isinstance(value, dict) and all(
        _is_number(item) or (of_codes and isinstance(item, str)) for item in value.values()
    )


def _is_tiers(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(item, dict) and "body" in item and set(item) <= {"body", "from"} for item in value
    )


_TESTS: dict[Shape, Callable[[object], bool]] = {
    Shape.FLAG: lambda value: isinstance(value, bool),
    Shape.TEXT: lambda value: isinstance(value, str),
    Shape.COLUMN: lambda value: isinstance(value, str) and bool(value.strip()),
    Shape.NUMBER: _is_number,
    Shape.CODES: lambda value: isinstance(value, list) and all(isinstance(item, str) for item in value),
    Shape.NUMBERS: lambda value: _is_table(value, of_codes=False),
    Shape.PARAMETERS: lambda value: _is_table(value, of_codes=True),
    Shape.DECIDERS: _is_tiers,
}


def _fits(entry: Entry, value: object) -> bool:
    return _TESTS[entry.shape](value) and (not entry.choices or value in dict(entry.choices))


__all__ = ["FORMS", "KINDS", "Entry", "Form", "Shape", "form_of", "kinds_judged", "questions_for", "setting_problems"]
