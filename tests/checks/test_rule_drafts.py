"""Do rules become a new version only through a draft, by the right person, without losing anybody's words?"""

from __future__ import annotations

from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from layers.errors import Conflict, InputRefused, NotAllowed, NotFound, TransitionRefused
from planning.checks.basis import basis_with
from planning.checks.content import FIELDS, contents_hash, contents_of, rule_content
from planning.checks.models import Rule, RuleSet
from planning.checks.rule_sets import draft_of, history_of, newest_published
from planning.checks.services import (
    discard_draft,
    load_catalogue,
    open_draft,
    publish_rules,
    rebase_draft,
    remove_rule,
    restore_rule,
    write_rule,
)
from planning.checks.wording import CATALOGUE
from planning.people.models import Event
from tests.cast import Cast
from tests.checks.ground import basis

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(rules: RuleSet, cast: Cast) -> RuleSet:
    """Give an open draft of the catalogue."""
    return open_draft(cast.administrator)


def write(cast: Cast, draft: RuleSet, code: str, **changes: Any) -> Rule:
    """Change some fields of a rule of the draft."""
    rule = draft.rules.select_related("instrument").get(code=code)
    return write_rule(cast.administrator, draft, {**rule_content(rule), **changes}, row_version=rule.row_version)


def publish(cast: Cast, draft: RuleSet, note: str = "Rộng hơn") -> RuleSet:
    draft.refresh_from_db()
    return publish_rules(cast.administrator, draft, note, row_version=draft.row_version)


def catalogue_with(tmp_path: Path, old: str, new: str) -> Path:
    folder = copytree(CATALOGUE, tmp_path / "catalogue")
    text = (folder / "rules.toml").read_text(encoding="utf-8")
    assert old in text
    (folder / "rules.toml").write_text(text.replace(old, new), encoding="utf-8")
    return folder


def test_a_draft_says_what_its_base_says(rules: RuleSet, draft: RuleSet) -> None:
    assert (draft.version, draft.base, draft.published_at) == (rules.version + 1, rules, None)
    assert contents_of(draft) == contents_of(rules)
    assert basis().rule_set_id == rules.pk


def test_a_published_draft_is_asked_from_then_on_and_the_old_one_reads_as_before(
    rules: RuleSet, draft: RuleSet, cast: Cast
) -> None:
    before = contents_of(rules)
    write(cast, draft, "slope", severity="conditional", title_en="Steepness")
    assert "Steepness" not in {str(rule.title.en) for rule in basis().rules}
    published = publish(cast, draft)
    assert (published.note, published.published_by) == ("Rộng hơn", cast.administrator)
    assert published.content_sha256 == contents_hash(contents_of(published).values())
    slope = next(rule for rule in basis().rules if rule.code == "slope")
    assert (slope.severity, slope.title.en) == ("conditional", "Steepness")
    assert contents_of(rules) == before
    step = history_of("slope")[0]
    assert (step.rule_set, set(step.fields)) == (published, {"severity", "title_en"})


def test_every_act_is_on_record_with_before_and_after(draft: RuleSet, cast: Cast) -> None:
    write(cast, draft, "slope", title_en="Steepness")
    remove_rule(cast.administrator, draft, "rice", row_version=1)
    publish(cast, draft)
    assert list(Event.objects.order_by("id").values_list("verb", flat=True)) == [
        "open_rules",
        "write_rule",
        "remove_rule",
        "publish_rules",
    ]
    written = Event.objects.get(verb="write_rule").data
    assert (written["before"]["title_en"], written["after"]["title_en"]) == ("Slope", "Steepness")
    changes = Event.objects.get(verb="publish_rules").data["changes"]
    assert [(change["code"], change["after"] is None) for change in changes] == [("slope", False), ("rice", True)]


@pytest.mark.parametrize(
    "name", ["planner", "appraiser", "leader", "recorder", "steward", "inspector", "commune_officer", "nobody"]
)
def test_nobody_else_writes_or_publishes(draft: RuleSet, cast: Cast, name: str) -> None:
    person = cast.everyone()[name]
    content = rule_content(draft.rules.get(code="slope"))
    for act in (
        lambda: open_draft(person),
        lambda: write_rule(person, draft, content, row_version=1),
        lambda: remove_rule(person, draft, "slope", row_version=1),
        lambda: restore_rule(person, draft, "slope"),
        lambda: rebase_draft(person, draft),
        lambda: publish_rules(person, draft, "x", row_version=draft.row_version),
        lambda: discard_draft(person, draft),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert contents_of(draft) == contents_of(draft.base) and draft_of() == draft


def test_there_is_one_draft_at_a_time(draft: RuleSet, cast: Cast) -> None:
    with pytest.raises(Conflict) as refused:
        open_draft(cast.administrator)
    assert refused.value.code == "DRAFT_OPEN"
    with pytest.raises(DatabaseError), transaction.atomic():
        RuleSet.objects.create(version=99, base=draft.base)


def test_without_a_published_version_there_is_nothing_to_draft_from(cast: Cast) -> None:
    with pytest.raises(NotFound):
        open_draft(cast.administrator)


def test_the_second_of_two_administrators_is_told_and_nothing_is_overwritten(draft: RuleSet, cast: Cast) -> None:
    seen = rule_content(draft.rules.get(code="slope"))
    write(cast, draft, "slope", title_en="Hers")
    with pytest.raises(Conflict) as refused:
        write_rule(cast.administrator, draft, {**seen, "title_en": "His"}, row_version=1)
    assert refused.value.code == "RULE_STALE"
    assert refused.value.detail["theirs"]["title_en"] == "Hers"
    assert draft.rules.get(code="slope").title_en == "Hers"
    write_rule(
        cast.administrator, draft, {**seen, "title_en": "His"}, row_version=int(refused.value.detail["row_version"])
    )
    assert draft.rules.get(code="slope").title_en == "His"


def test_a_rule_left_out_meanwhile_is_a_conflict_too(draft: RuleSet, cast: Cast) -> None:
    seen = rule_content(draft.rules.get(code="slope"))
    remove_rule(cast.administrator, draft, "slope", row_version=1)
    with pytest.raises(Conflict) as refused:
        write_rule(cast.administrator, draft, seen, row_version=1)
    assert refused.value.code == "RULE_GONE"
    write_rule(cast.administrator, draft, seen, row_version=0)
    assert contents_of(draft) == contents_of(draft.base)


def test_writing_what_is_there_does_nothing(draft: RuleSet, cast: Cast) -> None:
    for code in contents_of(draft):
        write(cast, draft, code)
    draft.refresh_from_db()
    assert draft.row_version == 1
    assert not Event.objects.filter(verb="write_rule").exists()


def test_a_new_rule_must_not_take_a_code(draft: RuleSet, cast: Cast) -> None:
    with pytest.raises(InputRefused) as refused:
        write_rule(cast.administrator, draft, rule_content(draft.rules.get(code="slope")), row_version=0)
    assert refused.value.code == "RULE_CODE_TAKEN"


def test_a_rule_has_its_fields_and_no_other(draft: RuleSet, cast: Cast) -> None:
    content = rule_content(draft.rules.get(code="slope"))
    for wrong in ({**content, "rule_set_id": 1}, {name: content[name] for name in FIELDS[:-1]}):
        with pytest.raises(ValueError):
            write_rule(cast.administrator, draft, wrong, row_version=1)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title_vi": "  "}, "title_vi"),
        ({"text_en": ""}, "text_en"),
        ({"text_vi": "x" * 10_000}, "text_vi"),
        ({"text_vi": "{no_such} ha"}, "text_vi"),
        ({"text_en": "half a brace {"}, "text_en"),
        ({"next_step_en": ""}, "next_step_en"),
        ({"severity": "perhaps"}, "severity"),
        ({"question": "smell"}, "question"),
        ({"layer_code": ""}, "layer_code"),
        ({"instrument": "no such law"}, "instrument"),
        ({"valid_from": ""}, "valid_from"),
        ({"valid_to": "1999-01-01"}, "valid_to"),
        ({"order": -1}, "order"),
        ({"classes": ["x" * 61]}, "classes"),
        ({"classes": ["a\x00b"]}, "classes"),
        ({"settings": {"parameters": {"limit": "no_such"}}}, "limit"),
        ({"settings": {"parameters": {"limit": float("nan")}}}, "limit"),
        ({"settings": {"parameters": {"limit": -1}}}, "limit"),
        ({"settings": {"parameters": {}}}, "limit"),
        ({"distance_m": 10}, "distance_by_class"),
    ],
)
def test_an_incomplete_rule_is_refused_at_its_field(
    draft: RuleSet, cast: Cast, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(InputRefused) as refused:
        write(cast, draft, "slope", **changes)
    assert field in {fault.field for fault in refused.value.detail["faults"]}
    assert contents_of(draft) == contents_of(draft.base)


@pytest.mark.parametrize("metres", [float("nan"), float("inf"), -1, 20_001, True, "no_such"])
def test_a_distance_is_metres_or_a_parameter(draft: RuleSet, cast: Cast, metres: Any) -> None:
    with pytest.raises(InputRefused):
        write(cast, draft, "road_corridor", distance_by_class={"I": metres})


def test_class_codes_may_hold_quotes_and_brackets(draft: RuleSet, cast: Cast) -> None:
    odd = "a\"b'c<d>{e}"
    write(cast, draft, "road_corridor", distance_by_class={odd: 12.5}, classes=[odd])
    road = draft.rules.get(code="road_corridor")
    assert (road.distance_by_class, road.classes) == ({odd: 12.5}, [odd])


def test_a_stale_draft_is_not_published_but_brought_up_to_date(
    rules: RuleSet, draft: RuleSet, cast: Cast, tmp_path: Path
) -> None:
    write(cast, draft, "rice", title_en="Paddy")
    newer = load_catalogue(catalogue_with(tmp_path, 'title_en = "Slope"', 'title_en = "Steepness"')).rule_set
    draft.refresh_from_db()
    assert (newer.version, draft.version) == (2, 3)
    with pytest.raises(Conflict) as refused:
        publish(cast, draft)
    assert refused.value.code == "DRAFT_STALE"
    rebased = rebase_draft(cast.administrator, draft)
    assert (rebased.taken, rebased.both) == (("slope",), ())
    contents = contents_of(draft)
    assert (contents["slope"]["title_en"], contents["rice"]["title_en"]) == ("Steepness", "Paddy")
    assert rebase_draft(cast.administrator, draft).taken == ()
    assert publish(cast, draft).version == 3


def test_a_rule_changed_on_both_sides_keeps_the_drafts_words_and_is_named(
    draft: RuleSet, cast: Cast, tmp_path: Path
) -> None:
    write(cast, draft, "slope", title_en="Mine")
    load_catalogue(catalogue_with(tmp_path, 'title_en = "Slope"', 'title_en = "Steepness"'))
    assert rebase_draft(cast.administrator, draft).both == ("slope",)
    assert draft.rules.get(code="slope").title_en == "Mine"


def test_the_houses_next_catalogue_leaves_what_an_administrator_decided(
    draft: RuleSet, cast: Cast, tmp_path: Path
) -> None:
    write(cast, draft, "slope", title_en="Mine")
    remove_rule(cast.administrator, draft, "economic_zone", row_version=1)
    content = rule_content(draft.rules.get(code="industrial_park"))
    write_rule(cast.administrator, draft, {**content, "code": "own_rule"}, row_version=0)
    published = publish(cast, draft)
    again = load_catalogue()
    assert (again.published, again.rule_set) == (False, published)
    assert set(again.rules_kept) == {"slope", "economic_zone", "own_rule"}
    folder = catalogue_with(tmp_path, 'title_en = "Slope"', 'title_en = "Steepness"')
    text = (folder / "rules.toml").read_text(encoding="utf-8")
    (folder / "rules.toml").write_text(text.replace('title_en = "Rice land"', 'title_en = "Paddy"'), encoding="utf-8")
    loaded = load_catalogue(folder)
    contents = contents_of(loaded.rule_set)
    assert loaded.published and "slope" in loaded.rules_kept
    assert (contents["slope"]["title_en"], contents["rice"]["title_en"]) == ("Mine", "Paddy")
    assert "own_rule" in contents and "economic_zone" not in contents


def test_publication_needs_a_note_a_change_and_the_draft_as_it_was_seen(draft: RuleSet, cast: Cast) -> None:
    for note, error in (("  ", InputRefused), ("x" * 401, InputRefused), ("ok", Conflict)):
        with pytest.raises(error):
            publish_rules(cast.administrator, draft, note, row_version=draft.row_version)
    write(cast, draft, "slope", title_en="Mine")
    with pytest.raises(Conflict) as refused:
        publish_rules(cast.administrator, draft, "ok", row_version=1)
    assert refused.value.code == "DRAFT_CHANGED"
    assert newest_published() == draft.base


def test_publishing_twice_publishes_once(draft: RuleSet, cast: Cast) -> None:
    write(cast, draft, "slope", title_en="Mine")
    publish(cast, draft)
    draft.refresh_from_db()
    for act in (
        lambda: publish_rules(cast.administrator, draft, "x", row_version=draft.row_version),
        lambda: remove_rule(cast.administrator, draft, "slope", row_version=2),
        lambda: rebase_draft(cast.administrator, draft),
        lambda: discard_draft(cast.administrator, draft),
    ):
        with pytest.raises(TransitionRefused):
            act()


def test_a_discarded_draft_is_gone_and_its_number_free(draft: RuleSet, cast: Cast) -> None:
    write(cast, draft, "slope", title_en="Mine")
    discard_draft(cast.administrator, draft)
    assert draft_of() is None
    with pytest.raises(NotFound):
        discard_draft(cast.administrator, draft)
    assert Event.objects.get(verb="discard_rules").data["changes"][0]["code"] == "slope"
    assert open_draft(cast.administrator).version == draft.version


def test_a_rule_can_be_put_back(draft: RuleSet, cast: Cast) -> None:
    write(cast, draft, "slope", title_en="Mine")
    remove_rule(cast.administrator, draft, "rice", row_version=1)
    for code in ("slope", "rice"):
        restore_rule(cast.administrator, draft, code)
    assert contents_of(draft) == contents_of(draft.base)
    with pytest.raises(NotFound):
        restore_rule(cast.administrator, draft, "no_such")


def test_a_draft_can_be_asked_before_it_is_published(draft: RuleSet, cast: Cast) -> None:
    write(cast, draft, "slope", severity="conditional")
    asked = basis_with(basis(), rule_set_id=draft.pk)
    assert next(rule for rule in asked.rules if rule.code == "slope").severity == "conditional"


STATEMENTS = (
    "UPDATE checks_ruleset SET note = 'x' WHERE id = %(set)s",
    "UPDATE checks_ruleset SET published_at = NULL WHERE id = %(set)s",
    "DELETE FROM checks_ruleset WHERE id = %(set)s",
    "UPDATE checks_rule SET severity = 'advisory' WHERE rule_set_id = %(set)s",
    "DELETE FROM checks_rule WHERE rule_set_id = %(set)s",
    "UPDATE checks_rule SET rule_set_id = %(set)s WHERE rule_set_id = %(draft)s AND code = 'slope'",
    "UPDATE checks_rule SET rule_set_id = %(draft)s WHERE rule_set_id = %(set)s",
    'INSERT INTO checks_rule SELECT (r).* FROM (SELECT json_populate_record(rule, \'{"id": 999999, "code": "x"}\')'
    " AS r FROM checks_rule rule WHERE rule_set_id = %(set)s AND code = 'slope') AS one",
)


@pytest.mark.parametrize("statement", STATEMENTS)
def test_published_rules_are_closed_to_raw_sql(rules: RuleSet, draft: RuleSet, statement: str) -> None:
    before = contents_of(rules)
    with connection.cursor() as cursor, pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        cursor.execute(statement.replace('{"', '{"'), {"set": rules.pk, "draft": draft.pk})
    assert contents_of(rules) == before


def test_the_application_cannot_empty_the_rules(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT grantee FROM information_schema.role_table_grants WHERE table_name = 'checks_rule'"
        )
        others = {row[0] for row in cursor.fetchall()} - {connection.settings_dict["USER"]}
        for role in others:
            cursor.execute("SELECT has_table_privilege(%s, 'checks_rule', 'TRUNCATE')", [role])
            assert cursor.fetchone()[0] is False
