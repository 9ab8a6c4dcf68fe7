"""Can an administrator write, try and publish a rule by page, and does nobody else, whatever is sent?"""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from layers.batches.services import run_batch
from layers.models import Batch
from planning.checks.basis import forget_basis
from planning.checks.content import contents_of
from planning.checks.models import Parameter, Rule, RuleSet
from planning.checks.rule_sets import draft_of, newest_published
from planning.checks.services import load_catalogue, open_draft, publish_rules
from planning.people.models import Event
from planning.proposals.dry_run import start_dry_run
from tests.cast import Cast, square
from tests.desks.rules.forms import sent, shown
from tests.proposals.plans import FOREST, Plans, load_forest, zone

pytestmark = pytest.mark.django_db

PAGES = ("home", "versions", "parameters")
DRAFT_PAGES = ("draft", "publish", "new")
ACTS = ("open", "rebase", "discard", "start_trial")


@pytest.fixture
def rules(cast: Cast) -> RuleSet:
    forget_basis()
    return load_catalogue().rule_set


@pytest.fixture
def draft(rules: RuleSet, cast: Cast) -> RuleSet:
    return open_draft(cast.administrator)


@pytest.fixture
def admin(client: Client, cast: Cast) -> Client:
    client.force_login(cast.administrator)
    return client


def save(client: Client, rule: str, **changes: Any) -> Any:
    return client.post(reverse("rules:edit", args=[rule]), {**shown(client, rule), **changes})


def test_the_figures_of_the_law_are_found_by_words_without_tones(client: Client, rules: RuleSet) -> None:
    def found(**asked: str) -> list[str]:
        return [figure.code for figure, _users in client.get(reverse("rules:parameters"), asked).context["figures"]]

    everything = found()
    assert len(everything) == len(set(everything)) > 100
    assert "green_buffer_width_m" in found(chu="DAI CAY xanh")
    assert set(found(chu="qcvn 01:2021 cay")) < set(found(chu="QCVN 01:2021")) < set(everything)
    assert "green_buffer_width_m" in found(chu="green_buffer")
    assert found(chu="không có chữ này") == [] and found(chu="<script>%_'") == []
    unread = set(found(chua="on"))
    assert unread < set(everything) and set(found(chu="ray", chua="on")) <= unread
    assert (
        "<script>"
        not in client.get(reverse("rules:parameters"), {"chu": '"><script>'}).content.decode().split("<main")[1]
    )


def test_the_rules_in_force_are_open_to_everybody(client: Client, rules: RuleSet) -> None:
    for name in PAGES:
        assert client.get(reverse(f"rules:{name}")).status_code == 200
    page = client.get(reverse("rules:rule", args=["slope"])).content.decode()
    assert "Độ dốc" in page and "QCVN 01:2021/BXD" in page
    assert client.get(reverse("rules:version", args=[1])).status_code == 200
    assert client.get(reverse("rules:rule", args=["no-such"])).status_code == 404
    assert client.get(reverse("rules:version", args=[9])).status_code == 404


def test_who_published_is_named_to_colleagues_only(client: Client, cast: Cast, draft: RuleSet) -> None:
    cast.administrator.full_name = "Người Ban Hành"  # the demo's cards name the cast
    cast.administrator.save()
    Rule.objects.filter(rule_set=draft, code="slope").update(severity="conditional")
    publish_rules(cast.administrator, draft, "ghi chú", row_version=draft.row_version)
    pages = [reverse("rules:versions"), reverse("rules:version", args=[2]), reverse("rules:rule", args=["slope"])]
    for address in pages:
        assert "Người Ban Hành" not in client.get(address).content.decode()
    client.force_login(cast.planner)
    assert "Người Ban Hành" in client.get(pages[0]).content.decode()


@pytest.mark.parametrize("name", ["planner", "appraiser", "leader", "recorder", "steward", "commune_officer", "nobody"])
def test_drafts_are_their_writers(client: Client, cast: Cast, draft: RuleSet, name: str) -> None:
    client.force_login(cast.everyone()[name])
    for page in DRAFT_PAGES:
        assert client.get(reverse(f"rules:{page}")).status_code == 403
    for act in (*ACTS, "publish", "new", "preview"):
        assert client.post(reverse(f"rules:{act}")).status_code == 403
    for act in ("edit", "remove", "restore"):
        assert client.post(reverse(f"rules:{act}", args=["slope"])).status_code == 403
    assert client.post(reverse("rules:value", args=["slope_share_max"])).status_code == 403
    assert contents_of(draft) == contents_of(draft.base)
    page = client.get(reverse("rules:home")).content.decode()
    assert reverse("rules:draft") not in page and reverse("rules:open") not in page


def test_the_inspector_reads_a_draft_and_changes_nothing(client: Client, cast: Cast, draft: RuleSet) -> None:
    client.force_login(cast.inspector)
    page = client.get(reverse("rules:draft"))
    assert page.status_code == 200
    assert reverse("rules:edit", args=["slope"]) not in page.content.decode()
    for act in ACTS:
        assert client.post(reverse(f"rules:{act}")).status_code == 403


def test_a_visitor_is_led_to_sign_in(client: Client, draft: RuleSet) -> None:
    for page in DRAFT_PAGES:
        assert client.get(reverse(f"rules:{page}")).status_code == 302


def test_acts_are_not_done_by_reading(admin: Client, draft: RuleSet) -> None:
    for act in (*ACTS, "preview"):
        assert admin.get(reverse(f"rules:{act}")).status_code == 405


def test_from_draft_to_a_version_in_force(admin: Client, rules: RuleSet) -> None:
    assert admin.post(reverse("rules:open"))["Location"] == reverse("rules:draft")
    assert admin.post(reverse("rules:open"))["Location"] == reverse("rules:draft")  # twice opens one
    answer = save(admin, "slope", severity="conditional", title_en="Steepness")
    assert answer.status_code == 302
    page = admin.get(reverse("rules:draft")).content.decode()
    assert "Steepness" in page
    publish = sent(admin.get(reverse("rules:publish")).content.decode(), "publish-form")
    assert admin.post(reverse("rules:publish"), {**publish, "note": " "}).status_code == 422
    answer = admin.post(reverse("rules:publish"), {**publish, "note": "Dốc là điều kiện"})
    assert answer["Location"] == reverse("rules:version", args=[2])
    page = admin.get(answer["Location"]).content.decode()
    assert "Dốc là điều kiện" in page and "Steepness" in page
    assert newest_published().version == 2  # type: ignore[union-attr]
    assert "Dốc là điều kiện" in admin.get(reverse("rules:rule", args=["slope"])).content.decode()
    assert admin.get(reverse("rules:draft")).status_code == 404


def test_a_new_rule_is_written_from_a_blank_form(admin: Client, draft: RuleSet) -> None:
    blank = sent(admin.get(reverse("rules:new")).content.decode())
    redrawn = admin.post(reverse("rules:new"), {**blank, "question": "land_use_ratio", "redraw": "1"})
    assert redrawn.status_code == 200 and not draft.rules.filter(code="").exists()
    form = sent(redrawn.content.decode())
    assert "p_min-figure" in form and "s_uses" not in form  # nothing is ticked yet
    answer = admin.post(reverse("rules:new"), form)
    assert answer.status_code == 422
    wrong = set(answer.context["form"].errors)
    assert {"code", "severity", "title_vi", "text_en", "s_uses"} <= wrong
    form |= {
        "code": ["own_ratio"], "severity": ["advisory"], "title_vi": ["Tỷ lệ kho"], "title_en": ["Stores"],
        "text_vi": ["Kho {value_share}."], "text_en": ["Stores {value_share}."], "s_uses": ["factory"],
        "p_max-figure": ["0,7"], "instrument": ["32/2024/NĐ-CP"], "article": ["Điều 2"],
    }  # fmt: skip
    assert admin.post(reverse("rules:new"), form).status_code == 302
    rule = draft.rules.get(code="own_ratio")
    assert rule.settings == {"uses": ["factory"], "parameters": {"max": 0.7}}
    assert admin.post(reverse("rules:new"), form).status_code == 422  # the code is taken


def test_the_second_administrator_sees_both_texts_and_decides(admin: Client, draft: RuleSet) -> None:
    opened = shown(admin, "slope")
    assert save(admin, "slope", title_en="Hers").status_code == 302
    address = reverse("rules:edit", args=["slope"])
    answer = admin.post(address, {**opened, "title_en": "His"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Hers" in page and "His" in page
    assert draft.rules.get(code="slope").title_en == "Hers"
    assert admin.post(address, sent(page)).status_code == 302
    assert draft.rules.get(code="slope").title_en == "His"


def test_extra_fields_change_nothing(admin: Client, draft: RuleSet, rules: RuleSet) -> None:
    names = (
        "rule_set rule_set_id id pk published_at version content_sha256 code catalogue_sha256 base settings opened_by"
        " distance_by_class s_parameters s_unknown p_unknown p_unknown-figure is_staff classes_ valid order_ row"
    )
    extra = dict.fromkeys(names.split(), "1")
    before = contents_of(draft)
    assert save(admin, "slope", **extra).status_code == 302
    assert contents_of(draft) == before
    assert Rule.objects.filter(rule_set=rules).count() == len(before)
    assert draft_of() == draft


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text_vi": "x" * 10_000}, "text_vi"),
        ({"text_en": "{no_such}"}, "text_en"),
        ({"text_en": "{"}, "text_en"),
        ({"title_vi": "  "}, "title_vi"),
        ({"p_limit": "", "p_limit-figure": "NaN"}, "p_limit"),
        ({"p_limit": "", "p_limit-figure": "-1"}, "p_limit"),
        ({"p_limit": "", "p_limit-figure": "1e3"}, "p_limit"),
        ({"p_limit": "", "p_limit-figure": "9" * 30}, "p_limit"),
        ({"p_limit": "no_such"}, "p_limit"),
        ({"p_limit-figure": "0,1"}, "p_limit"),  # both: the parameter is chosen already
        ({"severity": "perhaps"}, "severity"),
        ({"instrument": "no such law"}, "instrument"),
        ({"body_code": "<script>"}, "body_code"),
        ({"layer_code": "../../etc"}, None),
        ({"valid_from": "32/13/2026"}, "valid_from"),
        ({"valid_to": "01/01/1999"}, "valid_to"),
        ({"order": "99999"}, "order"),
        ({"more_classes": "x" * 61}, None),
        ({"question": "smell"}, "question"),
    ],
)
def test_hostile_input_is_refused_beside_its_field(
    admin: Client, draft: RuleSet, changes: dict[str, str], field: str | None
) -> None:
    before = contents_of(draft)
    answer = save(admin, "slope", **changes)
    assert answer.status_code == 422
    errors = answer.context["form"].errors
    assert errors and (field is None or field in errors), errors
    assert contents_of(draft) == before


@pytest.mark.parametrize("metres", ["NaN", "-5", "inf", "20001", "1e9", "12..5", "no_such"])
def test_a_distance_by_class_is_metres(admin: Client, draft: RuleSet, metres: str) -> None:
    changes = {"distance_by_class-0-parameter": "", "distance_by_class-0-figure": metres}
    answer = save(admin, "road_corridor", **changes)
    assert answer.status_code == 422
    assert "distance_by_class" in answer.context["form"].errors


def test_a_class_twice_or_half_a_row_is_refused(admin: Client, draft: RuleSet) -> None:
    form = shown(admin, "road_corridor")
    twice = form["distance_by_class-0-class"][0]
    for name, value in (("class", twice), ("figure", "")):
        answer = save(
            admin, "road_corridor", **{f"distance_by_class-1-{name}": value, "distance_by_class-1-parameter": ""}
        )
        assert answer.status_code == 422


def test_scripts_in_texts_are_words(admin: Client, draft: RuleSet, cast: Cast) -> None:
    bad = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    assert save(admin, "slope", text_vi=bad, text_en=bad, title_vi=bad, title_en=bad, article=bad).status_code == 302
    draft.refresh_from_db()
    publish_rules(cast.administrator, draft, bad, row_version=draft.row_version)
    for address in (
        reverse("rules:home"),
        reverse("rules:rule", args=["slope"]),
        reverse("rules:version", args=[2]),
        reverse("rules:versions"),
    ):
        page = admin.get(address).content.decode()
        assert "<script>alert" not in page and "<img src=x" not in page
        assert "&lt;script&gt;" in page


def test_the_preview_fills_examples_in_both_languages(admin: Client, draft: RuleSet) -> None:
    texts = {"question": "setback", "text_vi": "Cách {feature} {distance_m} m", "text_en": "{distance_m} m {oops} <b>"}
    page = admin.post(reverse("rules:preview"), texts).content.decode()
    assert "12,5 m" in page and "12.5 m" in page and "{oops}" in page
    assert "&lt;b&gt;" in page
    assert admin.post(reverse("rules:preview"), {"question": "smell", "text_vi": "x" * 50_000}).status_code == 200


def test_a_rule_is_left_out_and_put_back(admin: Client, draft: RuleSet) -> None:
    assert admin.post(reverse("rules:remove", args=["slope"]), {"row_version": "1"}).status_code == 302
    assert not draft.rules.filter(code="slope").exists()
    assert admin.post(reverse("rules:remove", args=["slope"]), {"row_version": "1"}).status_code == 404
    assert admin.post(reverse("rules:restore", args=["slope"])).status_code == 302
    assert contents_of(draft) == contents_of(draft.base)


def test_a_draft_that_changed_under_the_publisher_is_not_published(admin: Client, draft: RuleSet) -> None:
    save(admin, "slope", title_en="One")
    seen = sent(admin.get(reverse("rules:publish")).content.decode(), "publish-form")
    save(admin, "slope", title_en="Two")
    answer = admin.post(reverse("rules:publish"), {**seen, "note": "ok"})
    assert answer.status_code == 409
    assert draft_of() == draft
    again = sent(answer.content.decode(), "publish-form")
    assert admin.post(reverse("rules:publish"), again).status_code == 302


def test_a_new_value_of_a_parameter_stands_beside_the_old_one(admin: Client, rules: RuleSet) -> None:
    old = Parameter.objects.get(code="slope_share_max")
    address = reverse("rules:value", args=["slope_share_max"])
    data = {"value": "0,25", "valid_from": "01/12/2026", "instrument": "QCVN 01:2021/BXD", "article": "Bảng 2"}
    assert admin.post(address, data).status_code == 302
    assert admin.post(address, data).status_code == 409
    for wrong in ({"value": "NaN"}, {"value": "-1"}, {"valid_from": ""}, {"instrument": "x"}):
        assert admin.post(address, {**data, **wrong}).status_code == 422
    values = list(Parameter.objects.filter(code="slope_share_max").order_by("valid_from"))
    assert [float(row.value) for row in values] == [float(old.value), 0.25]
    assert values[0].valid_to is None and not values[1].verified
    assert Event.objects.get(verb="add_parameter_value").data["value"] == "0.25"


class TestTrial:
    """The page of a trial."""

    def test_it_shows_old_and_new_verdict_and_a_map(self, client: Client, plans: Plans) -> None:
        load_forest(square(40_000, 5_000, 1_000), number=2)
        proposal = plans.submitted(zone(5_500, 5_500))
        load_forest(square(*FOREST), number=3)
        forget_basis()
        draft = open_draft(plans.cast.administrator)
        client.force_login(plans.cast.administrator)
        rule = draft.rules.get(code="forest")
        Rule.objects.filter(pk=rule.pk).update(severity="advisory", title_vi="<script>x</script>")
        batch = run_batch(start_dry_run(plans.cast.administrator, draft).pk)
        page = client.get(reverse("rules:trial", args=[batch.pk]))
        assert page.status_code == 200
        text = page.content.decode()
        assert proposal.code in text and "<script>x" not in text
        found = page.context["found"]
        assert (found.flipped, found.touched, len(found.rows)) == (1, 1, 1)
        (zone_on_map,) = page.context["map_data"]["features"]
        assert zone_on_map["properties"]["changed"] and zone_on_map["geometry"]["type"].endswith("Polygon")
        moving = client.get(reverse("rules:trial", args=[batch.pk]), headers={"hx-request": "true"})
        assert moving.headers.get("HX-Refresh") == "true"
        client.force_login(plans.cast.appraiser)
        assert client.get(reverse("rules:trial", args=[batch.pk])).status_code == 403

    def test_it_can_be_stopped_and_gone_on_with(self, client: Client, plans: Plans) -> None:
        draft = open_draft(plans.cast.administrator)
        plans.submitted()
        batch = start_dry_run(plans.cast.administrator, draft)
        client.force_login(plans.cast.planner)
        for act in ("cancel_trial", "resume_trial"):
            assert client.post(reverse(f"rules:{act}", args=[batch.pk])).status_code == 403
        client.force_login(plans.cast.administrator)
        for act in ("cancel_trial", "resume_trial"):
            assert client.post(reverse(f"rules:{act}", args=[batch.pk])).status_code == 302
        assert client.get(reverse("rules:trial", args=[999_999])).status_code == 404

    def test_no_change_is_claimed_before_it_is_finished(self, client: Client, plans: Plans) -> None:
        """While a trial runs, or after it was stopped, nobody knows how many past verdicts would change."""
        draft = open_draft(plans.cast.administrator)
        Rule.objects.filter(rule_set=draft, code="forest").update(severity="advisory")
        plans.submitted()
        batch = start_dry_run(plans.cast.administrator, draft)
        client.force_login(plans.cast.administrator)
        for state, told in (("running", "Lượt chạy thử chưa xong"), ("cancelled", "bị dừng giữa chừng")):
            Batch.objects.filter(pk=batch.pk).update(state=state)
            publish = client.get(reverse("rules:publish")).content.decode()
            assert told in publish and "kết luận cũ sẽ thay đổi" not in publish
            assert "kết luận thay đổi" not in client.get(reverse("rules:draft")).content.decode()
        Batch.objects.filter(pk=batch.pk).update(state="running")
        run_batch(batch.pk)
        assert "kết luận cũ sẽ thay đổi" in client.get(reverse("rules:publish")).content.decode()


def test_earlier_values_of_a_figure_read_as_the_one_of_today(admin: Client, rules: RuleSet) -> None:
    metres = admin.get(reverse("rules:value", args=["airport_height_m"])).content.decode()
    assert "15.000\u00a0m" in metres and "15.000,0000" not in metres
    share = Parameter.objects.filter(unit="share").order_by("code").values_list("code", flat=True)[0]
    assert ",0000" not in admin.get(reverse("rules:value", args=[share])).content.decode()
