"""How is a vector file read for a purpose? With the answers given so far; what can be answered becomes a question.

It knows no purpose; each names the kind of geometry it wants, its limits and its unit.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from layers.errors import InputRefused
from layers.intake.limits import IntakeLimits
from layers.models import AdminUnit
from layers.said import gettext as _
from layers.said import join
from mapping.desks.intake.figures import number
from mapping.desks.intake.models import Arrival
from mapping.desks.intake.purposes.base import Asked

if TYPE_CHECKING:
    from layers.intake.read import Intake

OPTIONS = ("units", "close_m")
"""What a refusal may offer as an answer: the names of `CadOptions`."""


def read_vector(
    arrival: Arrival,
    path: Path,
    answers: Mapping[str, Any],
    *,
    kind: str,
    limits: IntakeLimits,
    unit: AdminUnit | None = None,
    places: tuple[str, str] = ("", ""),
) -> Intake:
    """Read the kept file; raises `Asked` for what can be answered, and the refusals of reading."""
    from layers.intake.cad.options import CadOptions
    from layers.intake.read import read_vector_file

    offered = answers.get("offer", {})
    cad = CadOptions(layers=tuple(answers.get("cad", ())), **{key: offered[key] for key in OPTIONS if key in offered})
    try:
        return read_vector_file(
            path,
            arrival.filename,
            declared_unit=unit,
            layer=str(answers.get("layer", "")),
            kind=kind,
            limits=limits,
            encoding=str(answers.get("texts", "")),
            cad=cad,
            places=places,
        )
    except InputRefused as problem:
        question = question_of(problem)
        if question is None:
            raise
        raise question from problem


def question_of(problem: InputRefused) -> Asked | None:
    """Return the question a refusal of reading stands for; None when nothing can be answered."""
    layers, cad, offers = (problem.detail.get(name) for name in ("layers", "cad", "offers"))
    if problem.code == "MULTIPLE_LAYERS" and isinstance(cad, Mapping):
        return Asked("cad", cad_facts(cad))
    if problem.code == "MULTIPLE_LAYERS" and isinstance(layers, list) and layers:
        return Asked("layer", {"layers": [str(name) for name in layers]})
    if isinstance(offers, list) and offers and all(offer.get("option") in OPTIONS for offer in offers):
        told = {"text": str(problem.message), "where": str(problem.where), "todo": str(problem.todo)}
        return Asked("offer", {**told, "code": problem.code, "offers": offers})
    return None


def cad_facts(cad: Mapping[str, Any]) -> dict[str, Any]:
    """Return the layers of a drawing that hold lines, as the page offers them; ticked are shown ones that fit."""
    names = {"closed": _("closed lines"), "open": _("open lines"), "hatch": _("hatches"), "text": _("texts")}
    why = {
        None: _("Too many open lines to try whether they meet."),
        False: _("No closed boundary: its lines end in the open."),
    }
    chosen = set(cad.get("chosen", ()))
    layers = []
    for one in cad["layers"]:
        counts = one["counts"]
        if not any(counts.get(kind) for kind in ("closed", "open", "hatch")):
            continue
        held = [join(" ", [number(counts[kind]), name]) for kind, name in names.items() if counts.get(kind)]
        ticked = one["name"] in chosen if chosen else bool(one["visible"] and one.get("fits"))
        layers.append(
            {
                "name": one["name"],
                "counts": join(", ", held),
                "hidden": not one["visible"],
                "ticked": ticked,
                "why": "" if chosen else why.get(one.get("fits"), ""),
            }
        )
    return {"layers": layers}
