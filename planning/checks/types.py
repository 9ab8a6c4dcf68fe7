"""Which words does the check speak? Frozen values for what is asked, against what, and what came out.

It deliberately knows neither the database nor a language: texts come in both, numbers carry their unit in the name.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from django.contrib.gis.geos import GEOSGeometry
from django.db.models import TextChoices
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from planning.checks.contact import Contact
from planning.checks.declared import NOTHING_DECLARED, Declared

if TYPE_CHECKING:
    from planning.checks.coverage import Coverage
    from planning.checks.rules import CompiledRule

_T = TypeVar("_T")


class Outcome(TextChoices):
    """What one question came to. The one list; *not checked* and *not computable* are never shown as clear."""

    CONFLICT = "conflict", _("conflict")
    CONDITION = "condition", _("condition")
    ADVICE = "advice", _("advice")
    CONTACT = "contact", _("contact below tolerance")
    CLEAR = "clear", _("clear")
    NOT_CHECKED = "not_checked", _("not checked (no data)")
    NOT_COMPUTABLE = "not_computable", _("not computable")


class Verdict(TextChoices):
    """What the findings come to together; `planning.checks.verdict` is the cascade."""

    PROHIBITED = "prohibited", _("not allowed: prohibited conflicts")
    NOT_COMPUTABLE = "not_computable", _("could not be computed")
    INCOMPLETE = "incomplete", _("incomplete: some questions are not checked")
    CONDITIONAL = "conditional", _("possible with conditions")
    ADVISORY = "advisory", _("possible, with points to note")
    CLEAR = "clear", _("no obstacle found")


class Level(TextChoices):
    """How sure the overlay must be: while drawing, or kept for the record (verified twice over)."""

    LIVE = "live", _("live")
    STORED = "stored", _("stored")


@dataclass(frozen=True, eq=False)
class Words:
    """Say one thing in both languages; ``str()`` gives the active one, Vietnamese when in doubt."""

    vi: str
    en: str

    def __eq__(self, other: object) -> bool:
        """Compare what is said, however it was put together."""
        return isinstance(other, Words) and (self.vi, self.en) == (other.vi, other.en)

    def __hash__(self) -> int:
        """Hash what is said."""
        return hash((self.vi, self.en))

    def __str__(self) -> str:
        return self.said(english=speaks_english())

    def said(self, *, english: bool) -> str:
        """Return the text in one language; Vietnamese where there is no English."""
        return (english and self.en) or self.vi


def speaks_english() -> bool:
    """Tell whether the active language is English; Vietnamese when in doubt."""
    return (get_language() or "vi").startswith("en")


NO_WORDS = Words("", "")


@dataclass(frozen=True)
class Part:
    """Describe one planned land-use part of the zone; *geom* a polygon in the storage CRS, *area_m2* in m²."""

    use: str
    geom: GEOSGeometry
    area_m2: float


@dataclass(frozen=True)
class Subject:
    """Say what is asked about.

    *zone*: MultiPolygon in the storage CRS, valid; `check_report` puts it on the 1 mm grid itself. *kind*: a value of
    ``ProposalKind``. *unit_id*: the administrative unit the zone belongs to (a former district, too). *parts*: planned
    land use. *ignore_cluster_ids*: the cluster being expanded. *ignore_proposal_codes*: the proposal itself and the
    alternatives of the same need. *demand_ha*: documented demand for industrial land, when known. *declared*: what no
    drawing shows (`planning.checks.declared`).
    """

    zone: GEOSGeometry
    kind: str = "new_cluster"
    unit_id: int | None = None
    parts: tuple[Part, ...] = ()
    plan_entry_id: int | None = None
    ignore_cluster_ids: tuple[int, ...] = ()
    ignore_proposal_codes: tuple[str, ...] = ()
    demand_ha: float | None = None
    declared: Declared = NOTHING_DECLARED

    def as_data(self) -> dict[str, Any]:
        """Return the subject without its geometry, ready for JSON; kept with a stored run.

        ``declared`` is left out when empty: runs kept before it existed ask the same question.
        """
        declared = self.declared.as_data()
        return {
            "kind": self.kind,
            "unit": self.unit_id,
            "plan_entry": self.plan_entry_id,
            "ignore_clusters": sorted(self.ignore_cluster_ids),
            "ignore_proposals": sorted(self.ignore_proposal_codes),
            "demand_ha": self.demand_ha,
            "parts": [[part.use, round(part.area_m2, 2)] for part in self.parts],
            **({"declared": declared} if declared else {}),
        }


@dataclass(frozen=True)
class EditionRef:
    """Name one edition that the check is run against."""

    id: int
    layer_code: str
    layer: Words
    number: int
    effective_from: date
    sha256: str
    schematic: bool
    source: str
    coverage_key: str
    overdue_days: int = 0

    @cached_property
    def label(self) -> str:
        """Return layer code, number and first day, as findings name the edition."""
        return f"{self.layer_code} {self.number} ({self.effective_from:%d/%m/%Y})"

    def as_data(self) -> dict[str, Any]:
        """Return the reference ready for JSON."""
        return {
            "id": self.id,
            "layer": self.layer_code,
            "title_vi": self.layer.vi,
            "title_en": self.layer.en,
            "number": self.number,
            "effective_from": self.effective_from.isoformat(),
            "sha256": self.sha256,
            "schematic": self.schematic,
            "source": self.source,
            "overdue_days": self.overdue_days,
        }


@dataclass(frozen=True)
class Basis:
    """Say what is asked against: one version of the rules, one edition per layer, one day.

    Build it with `planning.checks.basis.basis_on`. *rules* are those in force that day with their thresholds; *home*
    is the area of the province, empty when the books know none. *contact*: below what touching is no overlap.
    *stamp* differs whenever something was published. *standing* keeps what was worked out once because it hangs on
    nothing but this basis and what a subject declares (`once`); a basis made out of another one starts with none.
    """

    date: date
    rule_set_id: int
    rule_set_version: int
    editions: Mapping[str, EditionRef]
    rules: tuple[CompiledRule, ...] = ()
    missing_layers: tuple[str, ...] = ()
    coverages: Mapping[str, Coverage] = field(default_factory=dict, compare=False, repr=False)
    home: tuple[Coverage, ...] = field(default=(), compare=False, repr=False)
    contact: Contact = field(default_factory=Contact)
    stamp: str = field(default="", compare=False, repr=False)
    standing: dict[Hashable, Any] = field(default_factory=dict, init=False, compare=False, repr=False)

    def once(self, key: Hashable, work_out: Callable[[], _T]) -> _T:
        """Return what *key* stands for, worked out by the first who asks; two at once work out the same."""
        try:
            found: _T = self.standing[key]
        except KeyError:
            found = self.standing[key] = work_out()
        return found

    def as_data(self) -> dict[str, Any]:
        """Return the basis ready for JSON; kept with a stored run."""
        return {
            "date": self.date.isoformat(),
            "ruleset": self.rule_set_version,
            "editions": [self.editions[code].as_data() for code in sorted(self.editions)],
            "missing_layers": list(self.missing_layers),
            "contact": self.contact.as_data(),
        }

    def same_as(self, stored: Mapping[str, Any]) -> bool:
        """Tell whether a kept basis asks the same questions of the same editions; the day itself may differ."""
        if Contact.of(stored.get("contact")) != self.contact:
            return False
        editions = {edition["layer"]: edition["id"] for edition in stored.get("editions", [])}
        return stored.get("ruleset") == self.rule_set_version and editions == {
            code: edition.id for code, edition in self.editions.items()
        }


@dataclass(frozen=True)
class Finding:
    """Answer one rule about one source row, or about the zone itself.

    *piece* and *nearest_line* (None at distance 0) are WKB in the storage CRS. *share_of_zone*, *unchecked_share*: 0–1.
    *distance_m* runs from the zone's edge, 0 when inside; *required_m* is the distance the rule asks for. *facts* are
    the figures that the text was filled from; *overdue_days*: how long its edition is past its review date.
    *feature_id* and *edition_id* are row numbers of this database and no part of the answer. *standing* is what the
    basis keeps the finding under because it hangs on nothing that was drawn; None for any other.
    """

    key: str
    rule: str
    question: str
    severity: str
    outcome: Outcome
    title: Words
    text: Words
    next_step: Words = NO_WORDS
    citation: str = ""
    verified: bool = True
    body_code: str = ""
    body: Words = NO_WORDS
    layer_code: str = ""
    layer: Words = NO_WORDS
    edition_id: int | None = None
    edition: str = ""
    schematic: bool = False
    overdue_days: int = 0
    source_key: str = ""
    source_hash: str = ""
    feature_id: int | None = None
    feature_name: str = ""
    feature_class: str = ""
    feature_count: int = 0
    overlap_m2: float | None = None
    share_of_zone: float | None = None
    distance_m: float | None = None
    required_m: float | None = None
    unchecked_share: float | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    piece: bytes | None = None
    nearest_line: bytes | None = None
    standing: Hashable = field(default=None, compare=False, repr=False)

    @property
    def overlap_ha(self) -> float | None:
        """Return the overlap in hectares, to 0.01 ha."""
        return None if self.overlap_m2 is None else round(self.overlap_m2 / 10_000, 2)

    def canonical(self) -> dict[str, Any]:
        """Return what the answer is, without row numbers and texts.

        Areas to 0.01 m², distances to 1 cm, shares to 1e-6. The pieces stand for themselves by area; their bytes depend
        on the version of GEOS.
        """
        return {
            "rule": self.rule,
            "severity": self.severity,
            "outcome": self.outcome.value,
            "layer": self.layer_code,
            "source": self.source_key,
            "source_hash": self.source_hash,
            "feature": self.feature_name,
            "class": self.feature_class,
            "count": self.feature_count,
            "overlap_m2": rounded(self.overlap_m2, 2),
            "share": rounded(self.share_of_zone, 6),
            "distance_m": rounded(self.distance_m, 2),
            "required_m": rounded(self.required_m, 3),
            "unchecked": rounded(self.unchecked_share, 6),
            "facts": {name: _plain(value) for name, value in sorted(self.facts.items())},
        }

    def as_data(self) -> dict[str, Any]:
        """Return texts and details for keeping with a run, without geometry."""
        return {
            "key": self.key,
            "question": self.question,
            "title_vi": self.title.vi,
            "title_en": self.title.en,
            "text_vi": self.text.vi,
            "text_en": self.text.en,
            "next_step_vi": self.next_step.vi,
            "next_step_en": self.next_step.en,
            "citation": self.citation,
            "verified": self.verified,
            "body": self.body_code,
            "body_vi": self.body.vi,
            "body_en": self.body.en,
            "layer_vi": self.layer.vi,
            "layer_en": self.layer.en,
            "edition": self.edition,
            "schematic": self.schematic,
            "overdue_days": self.overdue_days,
            "class": self.feature_class,
            "count": self.feature_count,
            "required_m": rounded(self.required_m, 3),
            "facts": {name: _plain(value) for name, value in sorted(self.facts.items())},
        }


def rounded(value: float | None, digits: int) -> float | None:
    """Round *value* to *digits*, never to a negative zero; None stays None."""
    return None if value is None else round(float(value), digits) + 0.0


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return rounded(value, 4)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
