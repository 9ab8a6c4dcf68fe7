"""How does the whole catalogue read on one page? Markdown tables: rules, their dated figures, the layers they read.

It reads the files of the catalogue, not a database: what a province changed afterwards is in its own rule set.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from planning.checks.models import Question
from planning.checks.wording import CATALOGUE

HEAD = """# The rules that come with the house

Made by `script/manage rule_table`; do not edit. A province edits its own rules and figures in the house; what is in
force there is shown beside every finding. *Checked* means that somebody compared the figure with the printed text or a
stored copy of it; the report marks every finding that rests on a figure nobody has compared yet.
"""
RULES_HEAD = """## Rules

| Code | Rule | Asks | Severity | Of | Figures | Since | Cites | Ask | Checked |
|---|---|---|---|---|---|---|---|---|---|"""
FIGURES_HEAD = """## Figures

| Code | Figure | Value | Unit | From | To | Printed in | Checked |
|---|---|---|---|---|---|---|---|"""
LAYERS_HEAD = """## Layers

What a steward loads under which code. A class without a figure of its own takes the general one; columns are optional.

| Layer | Read by | Classes with a meaning | Columns |
|---|---|---|---|"""


def rule_table() -> str:
    """Return the page: every rule in the order it is asked, then every figure by code and date, then every layer."""
    rules = _read("rules")["rule"]
    figures = sorted(_read("parameters")["parameter"], key=lambda entry: (entry["code"], entry["valid_from"]))
    bodies = _read("bodies")
    parts = [
        HEAD + f"\n{len(rules)} rules, {len({entry['code'] for entry in figures})} figures.\n",
        RULES_HEAD,
        *(_line(_rule_cells(rule, bodies)) for rule in rules),
        "\n" + FIGURES_HEAD,
        *(_line(_figure_cells(entry)) for entry in figures),
        "\n" + LAYERS_HEAD,
        *(_line(_layer_cells(layer, rules)) for layer in sorted({rule["layer"] for rule in rules if "layer" in rule})),
    ]
    return "\n".join(parts) + "\n"


def _rule_cells(rule: Mapping[str, Any], bodies: Mapping[str, Any]) -> Iterator[str]:
    settings = rule.get("settings", {})
    classes = ", ".join(rule.get("classes", ()))
    layer = rule.get("layer", "")
    yield f"`{rule['code']}`"
    yield f"{rule['title_vi']} – {rule['title_en']}"
    yield str(dict(Question.choices)[rule["question"]])
    yield str(rule["severity"])
    yield f"`{layer}`" + (f": {classes}" if classes else "") if layer else "–"
    yield "<br>".join(_figures_of(rule, settings)) or "–"
    until = rule.get("valid_to")
    yield f"{rule['valid_from']}" + (f" – {until}" if until else "")
    yield ", ".join(piece for piece in (rule["instrument"], rule.get("article", "")) if piece)
    yield str(bodies[rule["body"]]["name_en"])
    yield "yes" if rule["verified"] else "**not yet**"


def _figures_of(rule: Mapping[str, Any], settings: Mapping[str, Any]) -> Iterator[str]:
    for name, value in settings.get("parameters", {}).items():
        yield f"{name}: `{value}`"
    tables = {"": rule.get("distance_by_class", {})}
    tables |= {
        title: settings.get(name, {})
        for name, title in (("downstream_by_class", "downstream "), ("distance_by_trade", "trade "))
    }
    for title, table in tables.items():
        for code, value in table.items():
            yield f"{title}{code}: `{value}`"
    for tier in settings.get("deciders", ()):
        since = f" from `{tier['from']}`" if "from" in tier else ""
        yield f"decides{since}: {tier['body']}"


def _figure_cells(entry: Mapping[str, Any]) -> Iterator[str]:
    yield f"`{entry['code']}`"
    yield f"{entry['title_vi']} – {entry['title_en']}"
    yield f"{entry['value']:g}"
    yield str(entry["unit"])
    yield str(entry["valid_from"])
    yield str(entry.get("valid_to", "–"))
    yield ", ".join(piece for piece in (entry.get("instrument", ""), entry.get("article", "")) if piece)
    yield "yes" if entry["verified"] else "**not yet**"


def _layer_cells(layer: str, rules: list[dict[str, Any]]) -> Iterator[str]:
    readers = [rule for rule in rules if rule.get("layer") == layer]
    classes: dict[str, None] = {}
    columns: dict[str, None] = {}
    for rule in readers:
        tables = (rule.get("distance_by_class", {}), rule.get("settings", {}).get("half_widths", {}))
        named = rule.get("classes", ()) if rule["question"] != Question.PART_SETBACK else ()
        own = [] if rule["question"] == Question.PART_SETBACK else [code for table in tables for code in table]
        classes |= dict.fromkeys((*named, *own))
        columns |= {name: None for key, name in rule.get("settings", {}).items() if key.endswith("_attribute")}
    yield f"`{layer}`"
    yield ", ".join(f"`{rule['code']}`" for rule in readers)
    yield ", ".join(f"`{code}`" for code in classes) or "–"
    yield ", ".join(f"`{name}`" for name in columns) or "–"


def _line(cells: Iterator[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |"


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((CATALOGUE / f"{name}.toml").read_text(encoding="utf-8"))
