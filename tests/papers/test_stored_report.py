"""Which pieces of a kept report does the map get, and which of them would hide the others?"""

from __future__ import annotations

import pytest

from mapping.papers.stored_report import finding_pieces
from planning.checks.types import Outcome
from tests.cast import Cast, Land, multi, square
from tests.papers.report_runs import add_finding, make_run

pytestmark = pytest.mark.django_db


def test_a_piece_that_is_all_of_the_zone_is_marked_and_clear_ones_stay_away(land: Land, cast: Cast) -> None:
    zone = square(1_000, 1_000, 500)
    run = make_run(land, cast, multi(zone))
    add_finding(run, Outcome.CONDITION, zone, share_of_zone=1.0)
    add_finding(run, Outcome.CONFLICT, square(1_000, 1_000, 100), share_of_zone=0.04)
    add_finding(run, Outcome.CLEAR, zone, share_of_zone=0.0)
    pieces = finding_pieces(run)["features"]
    assert [(piece["properties"]["finding"], piece["properties"]["whole"]) for piece in pieces] == [
        (1, True),
        (2, False),
    ]
