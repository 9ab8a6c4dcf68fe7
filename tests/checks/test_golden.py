"""Does the engine answer about two hundred zones as when the golden set was kept? Guards upgrades of GEOS and PROJ."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from planning.checks.engine import check_report
from planning.checks.models import Question
from planning.checks.types import Level, Outcome, Verdict
from tests.checks.golden.answers import FILE, answers, load, moved, other_hashes
from tests.checks.golden.province import RULES, make_province
from tests.checks.golden.shapes import dressed
from tests.checks.golden.zones import COUNT, golden_zones


@pytest.mark.django_db
def test_the_golden_zones_answer_the_same_whatever_their_rings_look_like() -> None:
    """Ask about each of them with rings that begin elsewhere and run the other way, pieces in another order."""
    land, against = make_province()
    for number, golden in enumerate(golden_zones(land)):
        level = Level.STORED if number % 2 else Level.LIVE
        drawn = golden.subject.zone
        other = replace(golden.subject, zone=dressed(drawn, 1 + number % 7, reverse=number % 3 > 0, backwards=True))
        expected, found = (check_report(subject, against, level=level) for subject in (golden.subject, other))
        assert found.canonical_bytes() == expected.canonical_bytes(), golden.name
        assert found.geom_hash == expected.geom_hash, golden.name


@pytest.mark.django_db
def test_the_golden_zones_answer_as_kept(capsys: pytest.CaptureFixture[str]) -> None:
    """Compare figures within tolerance, and the hashes too when the libraries are those the set was kept with."""
    kept, found = load(), answers(*make_province())
    changes, hashes = moved(kept, found), other_hashes(kept, found)
    same_libraries = kept["engine"] == found["engine"]
    versions = "same versions" if same_libraries else f"kept with {kept['engine']}, now {found['engine']}"
    with capsys.disabled():
        print(
            f"\n  golden set: {len(found['zones'])} zones, {len(hashes)} other hashes, {len(changes)} figures moved;"
            f" {versions}"
        )
    assert changes == []
    if same_libraries:
        assert hashes == []


def test_the_golden_set_is_worth_keeping() -> None:
    """Ask every kind of question and meet every outcome and verdict that the province can give."""
    kept = load()
    assert len(kept["zones"]) == COUNT == 200
    assert FILE.stat().st_size < 300_000
    assert {rule["question"] for rule in RULES} == set(Question.values)
    outcomes = Counter(row[1] for zone in kept["zones"].values() for row in zone["findings"])
    assert set(outcomes) == set(Outcome.values)
    assert {row[0] for zone in kept["zones"].values() for row in zone["findings"]} >= {
        rule["code"] for rule in RULES
    } - {"dense", "size", "list", "occupancy"}
    assert Counter(zone["verdict"] for zone in kept["zones"].values())[Verdict.PROHIBITED.value] < 190


def test_a_moved_figure_is_named() -> None:
    kept = load()
    other: dict[str, Any] = load()
    name, zone = next((n, z) for n, z in other["zones"].items() if z["totals"])
    rule = next(iter(zone["totals"]))
    zone["totals"][rule] += 0.05
    assert moved(kept, other) == []
    zone["totals"][rule] += 1
    zone["verdict"] = "clear"
    lines = moved(kept, other)
    assert len(lines) == 2
    assert all(line.startswith(name) for line in lines)
    assert rule in lines[1]
