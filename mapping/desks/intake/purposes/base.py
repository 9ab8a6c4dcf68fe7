"""What does a purpose answer for? Its door, its unit, what it wants of a file, and how the file is taken.

A purpose judges no geometry and reads no posted field: the steps and the vetting do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _

from layers.errors import NotAllowed
from layers.intake.limits import IntakeLimits
from layers.models import AdminUnit
from mapping.desks.intake.models import Arrival
from planning.people.models import User

if TYPE_CHECKING:
    from layers.intake.candidates import CrsCandidate
    from layers.intake.read import Intake


KEY = "-"
"""Stands in an address of a purpose where the key of the link belongs: it is kept nowhere, the holder puts it in."""


@dataclass(frozen=True)
class Column:
    """One thing a column of the file can mean; *names* are usual headings, compared without accents and case.

    *of_tables*: it is asked of tables only, which say by it where their rows lie. *words*: the values it may have, each
    with its label; one of them may be given to every row, and words of the file that are none of them are asked about.
    """

    key: str
    label: str
    required: bool = False
    names: tuple[str, ...] = ()
    help: str = ""
    of_tables: bool = False
    words: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True)
class Chosen:
    """What the person decided about the read file: reading, rows left out, variant by feature number, columns.

    *same*: by column the value that every row has; *words*: by column what words of the file stand for.
    """

    candidate: CrsCandidate
    left_out: frozenset[int] = frozenset()
    variants: Mapping[int, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    same: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    told: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Line:
    """What became of one feature, ready for page and download; areas in m², *box* and *at* in the storage CRS."""

    number: int
    label: str
    outcome: str
    notices: tuple[Mapping[str, Any], ...] = ()
    refused: Mapping[str, Any] | None = None
    before_m2: float | None = None
    after_m2: float | None = None
    variants: tuple[Mapping[str, Any], ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return the line as JSON."""
        return {
            "number": self.number,
            "label": self.label,
            "outcome": self.outcome,
            "notices": list(self.notices),
            "refused": self.refused,
            "before_m2": self.before_m2,
            "after_m2": self.after_m2,
            "variants": list(self.variants),
        }


@dataclass(frozen=True)
class Taken:
    """What the file became: its address, a sentence, remarks, and rows that could not be taken in the end."""

    address: str
    message: str
    remarks: tuple[str, ...] = ()
    refused: tuple[Line, ...] = ()


class Asked(Exception):
    """Stop reading at a question only the person can answer; *facts* are what the page of *step* needs."""

    def __init__(self, step: str, facts: Mapping[str, Any]) -> None:
        super().__init__(step)
        self.step = step
        self.facts = dict(facts)


def signed_in(person: User | None) -> User:
    """Return the person; raises NotAllowed (401) for nobody."""
    if person is None:
        refused = NotAllowed(_("You are not signed in."), code="NOT_SIGNED_IN", todo=_("Sign in and try again."))
        refused.status = 401
        raise refused
    return person


class Purpose(Protocol):
    """What a file from outside can be for."""

    key: str
    kind: str
    limits: IntakeLimits
    confirms_crs: bool
    """Whether a person confirms the coordinate system even when the file states it and it fits."""
    must_choose: bool
    """Whether a person must choose between the two ways of an ambiguous boundary."""
    in_province: bool
    """Whether what lies outside the province is asked about: a publisher's layer may reach beyond it."""

    def title(self, target: str) -> str:
        """Name in a sentence what the file is for."""

    def door(self, person: User | None, target: str) -> None:
        """Let the person in or raise NotSignedIn, NotAllowed, NotFound, TransitionRefused."""

    def unit(self, target: str) -> AdminUnit | None:
        """Return the unit the data should lie in."""

    def back(self, target: str) -> str:
        """Return the address the person came from."""

    def about_form(self, request: HttpRequest, target: str) -> forms.Form | None:
        """Return the form of what must be said beside the file, bound on POST; None for nothing."""

    def about(self, form: forms.Form) -> tuple[str, dict[str, Any]]:
        """Return target and answers of a valid form; files in it are kept by the caller under ``coverage_file``."""

    def columns(self, target: str) -> tuple[Column, ...]:
        """Return what columns may mean; empty when columns do not matter."""

    def read(self, arrival: Arrival, path: Path, options: Mapping[str, Any]) -> Intake:
        """Read the kept file; raises `Asked` and the refusals of reading."""

    def judge(self, arrival: Arrival, intake: Intake, chosen: Chosen, lines: Sequence[Line]) -> Sequence[Line]:
        """Add what the purpose itself has to say to the verdicts of the geometry."""

    def seen(self, target: str) -> dict[str, str]:
        """Return what the person must have seen when taking (row versions), posted back by the page."""

    def warning(self, target: str) -> str:
        """Return what is replaced by taking, or an empty text."""

    def take(self, person: User | None, arrival: Arrival, intake: Intake, chosen: Chosen) -> Taken:
        """Make the file what it is for; raises what the verb raises. Runs inside a transaction."""


@runtime_checkable
class Comparing(Protocol):
    """A purpose whose file is held against a boundary that stands already."""

    def stands(self, target: str) -> dict[str, Any]:
        """Return that boundary as GeoJSON (WGS 84), to be drawn under what the file holds."""

    def compare(
        self, arrival: Arrival, intake: Intake, chosen: Chosen, lines: Sequence[Line] | None = None
    ) -> list[dict[str, Any]]:
        """Say what taking the file so would come to: one comparison for each way that can be chosen, as plain data.

        Without *lines* the file was not judged yet; a reading that shares no land with what stands has none.
        """
