"""Does a file of the bad-input catalogue, sent through the door, leave nothing behind but its line in the log?

One file of every row that is refused; what is asked and mended the ground's own tests tell (tests/layers/catalogue).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client

from mapping.desks.intake.models import Arrival
from planning.people.models import User
from tests.desks.intake.hands import say, send, status_of, upload
from tests.layers import files
from tests.layers.catalogue import (
    test_archives,
    test_cad,
    test_crs,
    test_documents,
    test_geometry,
    test_shapefiles,
    test_texts,
)
from tests.layers.catalogue.harness import Case, fingerprint
from tests.proposals.plans import Plans

pytestmark = pytest.mark.django_db
SignedIn = Callable[[User], Client]
THEMES = (test_archives, test_cad, test_crs, test_documents, test_geometry, test_shapefiles, test_texts)
# The file's own row and its log, the counter of requests, the queue of the job that clears up.
WRITTEN = ("mapping_arrival", "mapping_arrivalline", "draw_request_count", "django_tasks_database_dbtaskresult")


def one_a_row() -> list[Case]:
    """Return the first file of every row that is refused as a whole, as a proposal's boundary."""
    first: dict[int, Case] = {}
    for theme in THEMES:
        for case in theme.CASES:
            if case.outcome == "reject" and not case.read:
                first.setdefault(case.row, case)
    return [first[row] for row in sorted(first)]


@pytest.mark.parametrize("case", one_a_row(), ids=str)
def test_a_refused_file_leaves_its_log_line_and_nothing_else(
    case: Case, signed_in: SignedIn, plans: Plans, tmp_path: Path
) -> None:
    code = plans.draft().code
    client = signed_in(plans.cast.planner)
    client.get("/")
    path = case.make(tmp_path)
    before = fingerprint(*WRITTEN)
    arrival = send(client, f"zone/{code}", upload(path))
    cache.clear()
    if arrival.facts.get("step") == "crs":  # the place is asked before the boundary is looked at
        answer = say(client, arrival, "crs", candidate=arrival.facts["crs"]["candidates"][0]["key"])
        assert answer.status_code == status_of(arrival)
    if arrival.state == "ready":  # refused feature by feature: nothing can be taken
        (line,) = arrival.facts["verdicts"]["lines"]
        assert line["outcome"] == "refused" and line["refused"]["code"] in case.codes, line
        return
    assert arrival.state == "refused", (arrival.state, arrival.facts)
    assert (arrival.problem["code"],) == case.codes and arrival.problem["status"] == case.status
    assert arrival.problem["message"] and arrival.problem["todo"]
    assert list(arrival.lines.order_by("pk").values_list("code", flat=True)) == ["SENT", case.codes[0]]
    assert (arrival.stored, arrival.facts, arrival.answers, arrival.picture) == ("", {}, {}, None)
    assert fingerprint(*WRITTEN) == before and Arrival.objects.count() == 1


@pytest.mark.parametrize("times", [pytest.param(2, id="r112 the same file twice")])
def test_the_same_file_twice_is_asked_about_by_its_code(
    times: int, signed_in: SignedIn, plans: Plans, tmp_path: Path
) -> None:
    code = plans.draft().code
    client = signed_in(plans.cast.planner)
    path = files.shapefile_zip(tmp_path, [files.home()])
    first, second = (send(client, f"zone/{code}", upload(path)) for _time in range(times))
    assert first.sha256 == second.sha256 and second.facts["step"] == "again"
    line = second.lines.get(code="DUPLICATE_UPLOAD")
    assert line.text and not first.lines.filter(code="DUPLICATE_UPLOAD").exists()
