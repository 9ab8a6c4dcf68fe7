"""Among what does who writes a rule choose? Layers, their classes and columns today, bodies, legal texts, figures.

It judges no choice; what a rule holds already is always among them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from layers.models import Body, Edition, EditionStatus, Feature, Layer, LegalInstrument
from mapping.desks.rules.figures import Figure, figures_on
from planning.checks.models import Question
from planning.checks.questions import FORMS
from planning.proposals.models import LandUse, ProposalKind

MOST_CLASSES = 80
LOOKED_AT = 300

Option = tuple[str, Any]
_CODES: dict[str, list[Option]] = {
    "kinds": list(ProposalKind.choices),
    "uses": list(LandUse.choices),
    "of": list(LandUse.choices),
}


@dataclass(frozen=True)
class Choices:
    """Hold what may be chosen for one question and layer."""

    question: str
    layer_code: str
    layers: list[Option]
    classes: list[Option]
    columns: list[str]
    bodies: list[Option]
    instruments: list[Option]
    parameters: dict[str, Figure] = field(repr=False)

    @property
    def questions(self) -> list[Option]:
        """Return the questions that have a row in the table."""
        return [(value, title) for value, title in Question.choices if value in FORMS]

    def figures(self, unit: str, *kept: Any) -> list[Option]:
        """Return the parameters of a unit, and those that *kept* names whatever their unit."""
        named = {value for value in kept if isinstance(value, str)}
        options = [
            (code, figure.option)
            for code, figure in self.parameters.items()
            if figure.unit == unit or not unit or code in named
        ]
        return options + [(code, code) for code in sorted(named - self.parameters.keys() - {""})]

    def codes(self, name: str, kept: Any) -> list[Option]:
        """Return the codes of a setting, and those it holds already."""
        options = list(_CODES.get(name, []))
        known = {value for value, _title in options}
        return options + [(value, value) for value in kept or [] if value not in known]

    def bodies_with(self, kept: Iterable[str]) -> list[Option]:
        """Return the bodies, and those named already."""
        known = {value for value, _title in self.bodies}
        return self.bodies + [(code, code) for code in dict.fromkeys(kept) if code and code not in known]


def choices_for(question: str, layer_code: str) -> Choices:
    """Read what may be chosen today for a rule of *question* on *layer_code*."""
    english = (translation.get_language() or "vi").startswith("en")
    today = timezone.localdate()
    edition = Edition.objects.filter(layer__code=layer_code, status=EditionStatus.CURRENT).only("pk").first()
    bodies = Body.objects.filter(valid_from__lte=today).order_by("name", "valid_from")
    names = {body.code: (body.name_en or body.name) if english else body.name for body in bodies}
    layers = [(layer.code, f"{layer} ({layer.get_geometry_kind_display()})") for layer in Layer.objects.all()]
    return Choices(
        question=question,
        layer_code=layer_code,
        layers=[("", _("choose a layer")), *sorted(layers, key=lambda option: str(option[1]))],
        classes=[(code, code) for code in _classes(edition)],
        columns=_columns(edition),
        bodies=list(names.items()),
        instruments=[
            (number, f"{number} – {(title_en if english and title_en else title)[:90]}")
            for number, title, title_en in LegalInstrument.objects.values_list("number", "title", "title_en")
        ],
        parameters=figures_on(today),
    )


def _classes(edition: Edition | None) -> list[str]:
    if edition is None:
        return []
    codes = Feature.objects.filter(edition=edition).exclude(class_code="").order_by("class_code")
    return list(codes.values_list("class_code", flat=True).distinct()[:MOST_CLASSES])


def _columns(edition: Edition | None) -> list[str]:
    """Return the columns that some features of the edition have."""
    if edition is None:
        return []
    rows = Feature.objects.filter(edition=edition).order_by("pk").values_list("attributes", flat=True)[:LOOKED_AT]
    return sorted({str(name) for row in rows if isinstance(row, dict) for name in row})
