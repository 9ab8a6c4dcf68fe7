"""Is a sentence that was kept in one language said again in the other, with its figures?"""

from __future__ import annotations

import copy
import json
import pickle
from typing import Any

import pytest
from django.utils import translation

from layers.messages import sentence
from layers.numbers import number_format
from layers.said import Said, gettext, join, kept, ngettext, say_again

CODE, FIGURES = "PARTLY_OUTSIDE", {"outside_m2": 12_345_678.9, "beyond": 1234.5}


def through_json(data: object) -> Any:
    return json.loads(json.dumps(kept(data), ensure_ascii=False))


@pytest.mark.parametrize(("first", "then"), [("vi", "en"), ("en", "vi")])
def test_a_kept_message_is_said_in_the_readers_language(first: str, then: str) -> None:
    with translation.override(first):
        data = through_json({"lines": [{"message": sentence(CODE, FIGURES)[0]}]})
    with translation.override(then):
        assert say_again(data) == {"lines": [{"message": sentence(CODE, FIGURES)[0]}]}
        assert data["lines"][0]["message"] != sentence(CODE, FIGURES)[0]
        assert through_json(say_again(data)) == data  # keeping it once more loses nothing


def test_messages_inside_messages_and_numbers_are_said_again_too() -> None:
    with translation.override("vi"):
        inner = gettext("feature %(number)s") % {"number": number_format(1234, 0, force_grouping=True)}
        text = join(" · ", [inner, "Xã Ea Kar", "", ngettext("%(n)s ring", "%(n)s rings", 2) % {"n": 2}])
        assert text.startswith("đối tượng 1.234 · Xã Ea Kar"), text
        told = through_json(text)
    with translation.override("en"):
        assert str(say_again(told)) == "feature 1,234 · Xã Ea Kar · 2 rings"


def test_plain_texts_of_older_rows_stay_as_they_are() -> None:
    old = {"problem": {"message": "Tệp rỗng.", "n": 3, "offers": [{"text": "100 %"}]}}
    with translation.override("en"):
        assert say_again(old) == old


def test_what_a_message_misses_and_what_nobody_can_say_any_more_is_no_error() -> None:
    assert gettext("A text is longer than %(limit)s characters.") % {} == gettext(
        "A text is longer than %(limit)s characters."
    ) % {"limit": "…"}
    assert str(say_again({"§": "figure", "name": "furlongs", "args": [1], "more": {}})) == "…"
    assert str(say_again({"§": "say", "text": "%(n)d areas", "with": {"n": "many"}})) == "%(n)d areas"


def test_copies_and_caches_keep_what_a_text_was_made_of() -> None:
    text = gettext("The file is empty.")
    for twin in (copy.deepcopy(text), pickle.loads(pickle.dumps(text))):
        assert isinstance(twin, Said) and twin == text and twin.made == text.made
    assert isinstance(str(text), Said) and f"{text}" == text
