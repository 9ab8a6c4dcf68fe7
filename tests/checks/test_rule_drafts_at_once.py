"""What happens when two administrators press at the same moment? Real threads: one act each time, nothing lost."""

from __future__ import annotations

import pytest

from layers.errors import Conflict, DatNgheError
from planning.checks.content import contents_of, rule_content
from planning.checks.models import RuleSet
from planning.checks.rule_sets import draft_of, newest_published
from planning.checks.services import load_catalogue, open_draft, publish_rules, write_rule
from planning.people.models import Event
from tests.cast import Cast, make_cast, make_land
from tests.registers.books import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def admin(transactional_db: None) -> Cast:
    cast = make_cast(make_land())
    load_catalogue()
    return cast


def worked(answers: list[object]) -> int:
    strange = [answer for answer in answers if isinstance(answer, Exception) and not isinstance(answer, DatNgheError)]
    assert strange == []
    return sum(not isinstance(answer, Exception) for answer in answers)


def test_eight_openings_are_one_draft(admin: Cast) -> None:
    assert worked(at_once(8, lambda _number: open_draft(admin.administrator).pk)) == 1
    assert RuleSet.objects.filter(published_at=None).count() == 1


def test_of_two_writings_of_one_rule_one_stands(admin: Cast) -> None:
    draft = open_draft(admin.administrator)
    content = rule_content(draft.rules.get(code="slope"))

    def write(number: int) -> int:
        return write_rule(admin.administrator, draft, {**content, "title_en": f"Nr {number}"}, row_version=1).pk

    answers = at_once(6, write)
    assert worked(answers) == 1
    assert {answer.code for answer in answers if isinstance(answer, Conflict)} == {"RULE_STALE"}
    assert draft.rules.get(code="slope").row_version == 2
    assert Event.objects.filter(verb="write_rule").count() == 1


def test_a_writing_beside_a_publication_is_in_it_or_refused(admin: Cast) -> None:
    draft = open_draft(admin.administrator)
    slope, rice = (rule_content(draft.rules.get(code=code)) for code in ("slope", "rice"))
    write_rule(admin.administrator, draft, {**slope, "title_en": "First"}, row_version=1)

    def act(number: int) -> object:
        if number == 0:
            return publish_rules(admin.administrator, draft, "note", row_version=2).pk
        return write_rule(admin.administrator, draft, {**rice, "title_en": "Late"}, row_version=1).pk

    answers = at_once(2, act)
    assert worked(answers) == 1  # whoever came second was told
    newest = newest_published()
    assert newest is not None
    published = not isinstance(answers[0], Exception)
    assert newest.version == (2 if published else 1)
    assert (contents_of(newest)["rice"]["title_en"] == "Late") is False
    if not published:
        assert draft.rules.get(code="rice").title_en == "Late"


def test_a_publication_beside_the_houses_catalogue_keeps_both(admin: Cast) -> None:
    draft = open_draft(admin.administrator)
    slope = rule_content(draft.rules.get(code="slope"))
    write_rule(admin.administrator, draft, {**slope, "title_en": "Mine"}, row_version=1)

    def act(number: int) -> object:
        if number == 0:
            return publish_rules(admin.administrator, draft, "note", row_version=2).version
        return load_catalogue().rule_set.version

    assert worked(at_once(2, act)) == 2
    newest = newest_published()
    assert newest is not None and newest.version == 2
    assert contents_of(newest)["slope"]["title_en"] == "Mine"
    assert draft_of() is None
