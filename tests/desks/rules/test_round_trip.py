"""Does every rule of the catalogue pass through its form unharmed? Load, show, save unchanged: equal content."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from planning.checks.content import content_hash, contents_hash, contents_of
from planning.checks.models import Question, RuleSet
from planning.checks.questions import FORMS
from planning.checks.services import load_catalogue, open_draft
from planning.people.models import Event
from tests.cast import Cast
from tests.checks.ground import line, publish, row
from tests.desks.rules.forms import shown

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(cast: Cast) -> RuleSet:
    publish("road", [row(line((0, 0), (500, 0)), "Đường", "national", technical_class="III", half_width_m=7)])
    load_catalogue()
    return open_draft(cast.administrator)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_rule_of_the_catalogue_survives_its_form(
    client: Client, cast: Cast, draft: RuleSet, language: str
) -> None:
    client.force_login(cast.administrator)
    client.cookies["django_language"] = language
    before = contents_of(draft)
    assert len(before) >= 30
    for code, content in before.items():
        answer = client.post(reverse("rules:edit", args=[code]), shown(client, code))
        assert answer.status_code == 302, (code, answer.context["form"].errors)
        after = contents_of(draft)[code]
        assert after == content
        assert content_hash(after) == content_hash(content), code
    assert contents_hash(contents_of(draft).values()) == contents_hash(before.values())
    assert not Event.objects.filter(verb="write_rule").exists()


def test_the_catalogue_uses_every_question_and_every_setting_shape(draft: RuleSet) -> None:
    used = {content["question"] for content in contents_of(draft).values()}
    assert used == set(FORMS) == set(Question.values)


def test_what_was_written_in_one_language_reads_the_same_in_the_other(
    client: Client, cast: Cast, draft: RuleSet
) -> None:
    client.force_login(cast.administrator)
    sent = shown(client, "road_corridor")
    rows = [name for name, values in sent.items() if name.startswith("distance_by_class-") and values == [""]]
    free = sorted({name.split("-")[1] for name in rows if name.endswith("-class")}, key=int)[0]
    sent[f"distance_by_class-{free}-class"] = ["a\"b'<c>"]
    sent[f"distance_by_class-{free}-figure"] = ["12,5"]
    answer = client.post(reverse("rules:edit", args=["road_corridor"]), sent)
    assert answer.status_code == 302, answer.context["form"].errors
    assert draft.rules.get(code="road_corridor").distance_by_class["a\"b'<c>"] == 12.5
    with translation.override("en"):
        client.cookies["django_language"] = "en"
        again = shown(client, "road_corridor")
    assert ["12.5"] in again.values() and ["a\"b'<c>"] in again.values()
