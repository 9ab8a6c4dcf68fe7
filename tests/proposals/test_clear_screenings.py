"""Are the cells of overtaken screenings cleared, what they said kept, and nothing that still holds touched?"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from layers.errors import Conflict
from layers.models import Batch, BatchState
from planning.checks.basis import basis_on, fingerprint, forget_basis
from planning.checks.models import RuleSet
from planning.checks.screening.question import asked_of, forget_asked
from planning.checks.services import load_catalogue
from planning.people.models import Event
from planning.proposals.models import Screening, ScreeningCell, ScreeningSum
from planning.proposals.screening.clearing import clear_screenings
from planning.proposals.screening.start import answer_cells, continue_screening, same_question
from project import wiring
from tests.cast import Cast, Land

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def rules(land: Land) -> RuleSet:
    """Publish the catalogue; drop what the process kept of other tests."""
    forget_basis()
    forget_asked()
    return load_catalogue().rule_set


def screened(
    cast: Cast, *, days: float, cell_ha: float = 10, state: str = BatchState.DONE, asked: str = "old"
) -> Screening:
    """Keep a screening of one cell that is *days* old; *asked*: its fingerprint."""
    batch = Batch.objects.create(kind="screening", state=state)
    screening = Screening.objects.create(
        shape="square",
        cell_ha=cell_ha,
        basis={"ruleset": 1, "editions": []},
        asked={"fingerprint": asked, "date": "x"},
        counts={"clear": 1},
        batch=batch,
        created_by=cast.appraiser,
        created_at=NOW - timedelta(days=days),
    )
    ScreeningCell.objects.create(screening=screening, i=1, j=1, code=0, score=0)
    zeros = dict.fromkeys((f"n{code}" for code in range(6)), 0)
    ScreeningSum.objects.create(screening=screening, level=1, i=1, j=1, block=1, score=0, **zeros)
    return screening


def is_cleared(screening: Screening) -> bool:
    screening.refresh_from_db()
    left = ScreeningCell.objects.filter(screening=screening).exists()
    assert left == ScreeningSum.objects.filter(screening=screening).exists()
    assert left == (screening.cleared_at is None)
    return not left


def test_an_overtaken_screening_is_cleared_and_what_it_said_stays(rules: RuleSet, cast: Cast) -> None:
    old, newer = screened(cast, days=91), screened(cast, days=1)
    assert clear_screenings(NOW) == 1
    assert is_cleared(old) and not is_cleared(newer)
    assert (old.counts, old.cleared_at) == ({"clear": 1}, NOW)
    event = Event.objects.get(verb="clear_screening")
    assert (event.subject_id, event.data["cells"], event.actor) == (str(old.pk), 1, None)
    assert clear_screenings(NOW) == 0


def test_what_still_holds_or_is_the_newest_or_runs_or_is_young_stays(rules: RuleSet, cast: Cast) -> None:
    today = fingerprint(asked_of(basis_on(timezone.localdate())).basis)
    kept = [
        screened(cast, days=200, cell_ha=1),  # the newest of its cells
        screened(cast, days=200, cell_ha=2, asked=today),  # still holds
        screened(cast, days=100, cell_ha=2),
        screened(cast, days=200, cell_ha=3, state=BatchState.RUNNING),
        screened(cast, days=1, cell_ha=3),
        screened(cast, days=89, cell_ha=4),
        screened(cast, days=1, cell_ha=4),
        screened(cast, days=200, cell_ha=5),  # the one after it was given up
        screened(cast, days=1, cell_ha=5, state=BatchState.CANCELLED),
    ]
    assert clear_screenings(NOW) == 0
    assert not any(is_cleared(screening) for screening in kept)


def test_a_screening_given_up_long_ago_is_cleared_too(rules: RuleSet, cast: Cast) -> None:
    old, _newer = screened(cast, days=91, state=BatchState.CANCELLED), screened(cast, days=1)
    assert clear_screenings(NOW) == 1
    assert is_cleared(old)
    with pytest.raises(Conflict) as refused:
        continue_screening(cast.appraiser, old)
    assert refused.value.code == "SCREENING_CLEARED"


def test_a_cleared_screening_answers_nothing_and_says_why(rules: RuleSet, cast: Cast, client: Client) -> None:
    old, newer = screened(cast, days=91), screened(cast, days=1)
    asked = {"fingerprint": "old", "date": "x"}
    clear_screenings(NOW)
    assert same_question("square", 10, asked) == newer
    newer.delete()
    assert same_question("square", 10, asked) is None
    old.refresh_from_db()
    with pytest.raises(Conflict):
        answer_cells(cast.appraiser, old, [(1, 1)])
    client.force_login(cast.appraiser)
    page = client.get(reverse("sites:screening", args=[old.pk]))
    assert page.status_code == 200
    text = page.content.decode()
    assert "đã được dọn ngày" in text and "data-exact>" not in text
    assert client.get(reverse("sites:cell", args=[old.pk]), {"i": 1, "j": 1}).status_code == 404


def test_every_new_screening_is_an_occasion() -> None:
    (job,) = wiring.jobs_for("start_screening")
    assert job.name == "clear_overtaken_screenings"
