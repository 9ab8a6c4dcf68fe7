"""In which order is the demo province put together, and how long does each step take? The steps are in their own files.

Idempotent: a second run refreshes rows and publishes nothing that has not changed.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from planning.checks.services import load_catalogue
from planning.proposals.services import load_procedure_catalogue
from planning.registers.services import load_register_catalogue
from project.demo.books import load_clusters, load_plan_lists, load_villages
from project.demo.elsewhere import load_elsewhere
from project.demo.fund import load_fund
from project.demo.ground import (
    generated_boundaries,
    load_bodies,
    load_holidays,
    load_instruments,
    load_units,
)
from project.demo.moment import at_moment
from project.demo.people import load_people
from project.demo.publish import load_layers, publish_sheets
from project.demo.stories import load_proposals

Step = TypeVar("Step")
Say = Callable[[str], object]


def load_demo(*, units: Path | None = None, say: Say = print) -> float:
    """Load the whole demo province; return the seconds it took. *units* names a file of real commune boundaries."""
    begin = time.perf_counter()

    def step(name: str, work: Callable[[], Step]) -> Step:
        started = time.perf_counter()
        result = work()
        say(f"{name:<46} {time.perf_counter() - started:6.2f} s")
        return result

    if units is None:
        boundaries = step("generate boundaries", generated_boundaries)
    else:
        from project.demo.real_units import boundaries_from_file

        boundaries = step(f"read boundaries from {units.name}", lambda: boundaries_from_file(units))
    with at_moment(2026, 1, 5, 8):
        step("instruments", load_instruments)
        places = step("units and their succession", lambda: load_units(boundaries))
        step("bodies and holidays", lambda: (load_bodies(places.province), load_holidays()))
        step("rule catalogue", load_catalogue)
        step("time limits and dossier requirements", load_procedure_catalogue)
        step("figures for villages and the fund", load_register_catalogue)
        people = step("people", lambda: load_people(places))
        layers = load_layers()
        made, features = step("layers: stage and promote", lambda: publish_sheets(layers, boundaries))
        say(f"  {made} editions, {features} features")
        entries = step("plan lists", lambda: load_plan_lists(places))
        clusters = step("clusters", lambda: load_clusters(places, entries))
        villages = step("craft villages", lambda: load_villages(places))
        projects = step("funded projects", lambda: load_fund(places, people, villages, clusters))
    states = step("proposals", lambda: load_proposals(places, people, entries, clusters, projects))
    say(f"  {states}")
    found = step("site search; screening for the worker", lambda: load_elsewhere(places, people))
    say(f"  {found}")
    took = time.perf_counter() - begin
    say(f"{'total':<46} {took:6.2f} s")
    return took
