"""Does the catalogue hold every constraint test of the field, with all it needs, and say what is unverified?"""

from __future__ import annotations

import tomllib
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from django.conf import settings
from django.utils import translation

from planning.checks.models import Parameter, Question, RuleSet
from planning.checks.printed import report_lines
from planning.checks.questions import FORMS
from planning.checks.rule_table import rule_table
from planning.checks.rules import CompiledRule
from planning.checks.wording import CATALOGUE
from tests.cast import TODAY, square
from tests.checks.ground import basis, check, of, publish, row

pytestmark = pytest.mark.django_db

# The numbered constraint tests for a proposed cluster, what was added to them, and the conditions of the decree.
ROWS: dict[str, set[str]] = {
    "1 dwellings inside the boundary": {"dwellings"},
    "2 list of clusters, land-use plan": {"plan_list", "land_use_plan"},
    "3 special-use forest, who decides": {"forest_special"},
    "4 natural forest of any class": {"forest_natural"},
    "5 protection forest": {"forest_protection"},
    "6 planted production forest": {"forest_production"},
    "7 rice land": {"rice", "rice_topsoil", "rice_share"},
    "8 water-source corridor": {"water_corridor", "lake_corridor", "water_corridor_declared"},
    "9 lakes and ponds not to be filled": {"lake_no_fill"},
    "10 drinking-water intake": {"intake_zone", "intake_distance"},
    "11 irrigation works": {"reservoir_no_go", "reservoir_vicinity", "canal_vicinity"},
    "12 residential separation by trade": {"residential_separation"},
    "13 wastewater plant to housing": {"wastewater_separation"},
    "14 green buffer": {"green_buffer"},
    "15 road corridor and access": {"road_corridor", "road_access"},
    "16 power-line corridor": {"power_corridor"},
    "17 heritage zones and their surroundings": {"heritage_zone_1", "heritage_zone_2", "heritage_near"},
    "18 military: ask, show nothing": {"military"},
    "19 airport height and noise": {"airport_height", "airport_noise"},
    "20 border belt": {"border_belt"},
    "21 flood, landslide, slope": {"flood", "landslide", "slope"},
    "22 projects, minerals, clusters, parcels": {"active_project", "mineral", "cluster_overlap", "parcels"},
    "economic zone and industrial parks": {"economic_zone", "industrial_park"},
    "railway": {"railway_corridor"},
    "coast": {"coastal_corridor"},
    "cemetery and landfill": {"cemetery_separation", "landfill_separation"},
    "species and habitat reserves": {"forest_special", "forest_buffer"},
    "sizes": {"size"},
    "occupancy and infrastructure": {"occupancy_establish", "occupancy_expand", "expansion_infrastructure"},
    "craft-village share": {"ratio_craft"},
    "land-use ratios": {"ratio_road", "ratio_green", "ratio_technical"},
    "net plot density": {"plot_density"},
    "inside the unit of the proposal": {"unit"},
}


def table(name: str) -> Any:
    """Return one file of the catalogue."""
    return tomllib.loads((CATALOGUE / f"{name}.toml").read_text(encoding="utf-8"))


RULES: list[dict[str, Any]] = table("rules")["rule"]


def test_every_row_has_its_rules_and_every_rule_its_row() -> None:
    assert {code for codes in ROWS.values() for code in codes} == {rule["code"] for rule in RULES}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["code"])
def test_a_rule_has_all_a_planner_needs(rule: dict[str, Any]) -> None:
    for name in ("title", "text", "next_step"):
        assert rule[f"{name}_vi"].strip()
        assert rule[f"{name}_en"].strip()
        assert rule[f"{name}_vi"] != rule[f"{name}_en"]
    assert rule["body"] in table("bodies")
    assert rule["instrument"] in table("instruments")
    assert rule["severity"] in {"prohibited", "conditional", "advisory"}
    assert isinstance(rule["valid_from"], date)
    assert rule["question"] in FORMS


def test_every_question_is_described_for_the_form() -> None:
    assert set(FORMS) == set(Question.values)
    for form in FORMS.values():
        names = [entry.name for entry in (*form.parameters, *form.settings)]
        assert len(names) == len(set(names))


def test_nothing_names_a_province() -> None:
    for name in ("rules", "parameters", "bodies", "sentences"):
        text = (CATALOGUE / f"{name}.toml").read_text(encoding="utf-8")
        assert not [word for word in ("Đắk Lắk", "Buôn Ma Thuột", "Phú Yên", "Tuy Hòa", "Yok Đôn") if word in text]


def test_parameters_of_one_code_do_not_overlap_in_time() -> None:
    by_code: dict[str, list[tuple[date, date]]] = {}
    for entry in table("parameters")["parameter"]:
        by_code.setdefault(entry["code"], []).append((entry["valid_from"], entry.get("valid_to", date.max)))
    for code, spans in by_code.items():
        spans.sort()
        assert all(end < start for (_a, end), (start, _b) in pairwise(spans)), code


def compiled(day: date) -> dict[str, CompiledRule]:
    """Return the rules in force on a day by code."""
    return {rule.code: rule for rule in basis(day).rules}


def test_every_rule_in_force_has_all_its_figures(rules: RuleSet) -> None:
    for day in (date(2021, 8, 1), date(2023, 1, 1), date(2024, 9, 30), date(2025, 7, 1), TODAY):
        assert {rule.code: rule.unresolved for rule in basis(day).rules if rule.unresolved} == {}, day


@pytest.mark.parametrize(
    ("code", "before", "after", "old_citation", "new_citation"),
    [
        ("water_corridor", date(2024, 6, 30), date(2024, 7, 1), "43/2015/NĐ-CP, Điều 9", "53/2024/NĐ-CP"),
        ("lake_corridor", date(2024, 6, 30), date(2024, 7, 1), "43/2015/NĐ-CP, Điều 10", "53/2024/NĐ-CP"),
        ("road_corridor", date(2024, 12, 31), date(2025, 1, 1), "100/2013/NĐ-CP", "165/2024/NĐ-CP"),
        ("power_corridor", date(2025, 3, 3), date(2025, 3, 4), "14/2014/NĐ-CP, Điều 11", "62/2025/NĐ-CP"),
        ("intake_distance", date(2024, 6, 30), date(2024, 7, 1), "24/2016/TT-BTNMT, Điều 5", "03/2024/TT-BTNMT"),
    ],
)
def test_the_text_of_the_day_is_cited(
    rules: RuleSet, code: str, before: date, after: date, old_citation: str, new_citation: str
) -> None:
    assert compiled(before)[code].citation.startswith(old_citation)
    assert compiled(after)[code].citation.startswith(new_citation)
    assert not compiled(after)[code].verified


def test_a_changed_figure_holds_from_its_day(rules: RuleSet) -> None:
    Parameter.objects.filter(code="water_corridor_bank_m", valid_to=None).update(value=12)
    assert compiled(date(2024, 6, 30))["water_corridor"].distances["bank"] == 10
    assert compiled(date(2024, 7, 1))["water_corridor"].distances["bank"] == 12


def test_who_decides_on_forest_follows_the_day_and_the_area(rules: RuleSet) -> None:
    forest = row(square(1_000, 1_000, 500), "Phòng hộ", "watershed")
    publish("forest_protection", [forest], effective_from=date(2019, 1, 1))
    zone = square(1_000, 1_000, 500)  # 25 ha
    (before,) = of(check(zone, day=date(2024, 7, 31)), "forest_protection")
    (after,) = of(check(zone, day=date(2024, 8, 1)), "forest_protection")
    assert "Thủ tướng Chính phủ" in before.text.vi
    assert "Hội đồng nhân dân tỉnh" in after.text.vi
    (small,) = of(check(square(1_000, 1_000, 400), day=date(2024, 7, 31)), "forest_protection")  # 16 ha
    assert "Hội đồng nhân dân tỉnh" in small.text.vi


UNVERIFIED = {
    *("forest_natural", "forest_buffer", "rice_topsoil", "rice_share", "water_corridor", "lake_corridor", "mineral"),
    *("intake_zone", "intake_distance", "reservoir_no_go", "reservoir_vicinity", "residential_separation", "flood"),
    *("wastewater_separation", "cemetery_separation", "landfill_separation", "road_corridor", "road_access", "slope"),
    *("railway_corridor", "airport_height", "airport_noise", "power_corridor", "heritage_near", "border_belt"),
    *("coastal_corridor", "landslide", "ratio_road", "ratio_green", "ratio_technical", "land_use_plan"),
    "canal_vicinity",
}


def test_what_nobody_compared_with_the_text_says_so_in_the_report(rules: RuleSet) -> None:
    today = compiled(TODAY)
    assert {code for code in UNVERIFIED if today[code].verified} == set()
    publish("cemetery", [row(square(1_550, 1_000, 100), "Nghĩa trang Thử", "burial")])
    report = check(square(1_000, 1_000, 500))
    with translation.override("en"):
        lines = list(report_lines(report))
    (at,) = [place for place, text in enumerate(lines) if "Nghĩa trang Thử" in text]
    assert "figures not yet compared with the text" in "\n".join(lines[at : at + 3])
    assert "QCVN 01:2021/BXD" in "\n".join(lines[at : at + 3])


def test_the_page_of_all_rules_is_the_catalogue() -> None:
    with translation.override("en"):
        assert (settings.BASE_DIR / "docs" / "rules.md").read_text(encoding="utf-8") == rule_table(), (
            "run script/manage rule_table"
        )
