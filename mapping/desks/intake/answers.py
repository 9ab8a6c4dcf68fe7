"""What did the person say at a step? Checked against what was asked, kept, and everything that followed from it undone.

No posted value is believed: keys must be among those the page offered.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import QueryDict

from layers.errors import InputRefused
from layers.said import gettext as _
from layers.said import join
from mapping.desks.intake.columns import SAME, remember, remember_words
from mapping.desks.intake.flow import STEPS
from mapping.desks.intake.forms import ClassesForm
from mapping.desks.intake.models import Arrival
from mapping.desks.intake.purposes.registry import purpose_of


def record(arrival: Arrival, step: str, posted: QueryDict) -> None:
    """Keep the answer to *step* on *arrival* (not saved); raises InputRefused for what was not offered."""
    readers: dict[str, Callable[[Arrival, QueryDict], Any]] = {
        "again": _again,
        "layer": _layer,
        "cad": _cad,
        "offer": _offer,
        "points": _points,
        "texts": _texts,
        "classes": _classes,
        "crs": _crs,
        "columns": _columns,
        "words": _words,
        "verdicts": _verdicts,
    }
    reader = readers.get(step)
    if reader is None or step not in arrival.facts.get("steps", ()):
        raise _not_offered(step)
    value = reader(arrival, posted)
    if step == "verdicts":
        arrival.answers = {**arrival.answers, **value}
        return
    later = set(STEPS[STEPS.index(step) + 1 :])
    if step in {"texts", "crs", "columns"}:
        later &= {"words"}  # none of them changes what the others are about
    gone = {*later, "left_out", "variants"} | ({"same"} if "columns" in later else set())
    kept = {key: told for key, told in arrival.answers.items() if key not in gone}
    arrival.answers = {**kept, step: value}
    facts = {key: told for key, told in arrival.facts.items() if key not in {*later, "verdicts"}}
    facts["steps"] = [one for one in facts.get("steps", ()) if one not in later and one != "verdicts"]
    arrival.facts = facts
    arrival.picture = None
    arrival.note(f"ANSWER_{step.upper()}", _said(arrival, step, value), arrival.person)


def _again(arrival: Arrival, posted: QueryDict) -> bool:
    return True


def _layer(arrival: Arrival, posted: QueryDict) -> str:
    return _one_of(posted.get("layer", ""), arrival.facts["layer"]["layers"], "layer")


def _cad(arrival: Arrival, posted: QueryDict) -> list[str]:
    known = {one["name"] for one in arrival.facts["cad"]["layers"]}
    layers = [name for name in posted.getlist("cad_layer") if name in known]
    if not layers:
        raise InputRefused(_("No layer is ticked."), code="NOTHING_CHOSEN", todo=_("Tick at least one."))
    return layers


def _offer(arrival: Arrival, posted: QueryDict) -> dict[str, Any]:
    offers = arrival.facts["offer"]["offers"]
    place = _one_of(posted.get("offer", ""), [str(place) for place in range(len(offers))], "offer")
    offer = offers[int(place)]
    return {**arrival.answers.get("offer", {}), offer["option"]: offer["value"]}


def _points(arrival: Arrival, posted: QueryDict) -> str:
    usable = [one["key"] for one in arrival.facts["points"]["orders"] if not one["crossing"]]
    return _one_of(posted.get("order", ""), usable, "points")


def _texts(arrival: Arrival, posted: QueryDict) -> str:
    return _one_of(posted.get("encoding", ""), [one["key"] for one in arrival.facts["texts"]["readings"]], "texts")


def _classes(arrival: Arrival, posted: QueryDict) -> dict[str, Any]:
    form = ClassesForm(posted)
    if not form.is_valid():
        raise InputRefused(
            " ".join(str(text) for texts in form.errors.values() for text in texts), code="RASTER_BREAKS"
        )
    given = form.cleaned_data
    return {
        "breaks": list(given["breaks"]),
        "derive": "slope" if given["slope"] else "",
        "min_area_m2": float(given["min_area_ha"]) * 10_000,
    }


def _crs(arrival: Arrival, posted: QueryDict) -> str:
    return _one_of(posted.get("candidate", ""), [one["key"] for one in arrival.facts["crs"]["candidates"]], "crs")


def _columns(arrival: Arrival, posted: QueryDict) -> dict[str, str]:
    fields = {one["name"] for one in arrival.facts["columns"]["fields"]}
    wanted = purpose_of(arrival.purpose).columns(arrival.target)
    mapping, same = {}, {}
    for column in wanted:
        name = posted.get(f"column_{column.key}", "")
        if name in fields:
            mapping[column.key] = name
        elif name.startswith(SAME) and name.removeprefix(SAME) in dict(column.words):
            same[column.key] = name.removeprefix(SAME)
        elif name:
            raise _not_offered(name)
        elif column.required:
            raise InputRefused(
                _("A column must be chosen for “%(meaning)s”.") % {"meaning": column.label}, code="COLUMN_MISSING"
            )
    remember(arrival, mapping, same)
    arrival.answers = {**arrival.answers, "same": same}
    return mapping


def _words(arrival: Arrival, posted: QueryDict) -> dict[str, dict[str, str]]:
    """Read what words of the file stand for; rows with a word that is given nothing are left out with their reason."""
    wanted = {column.key: dict(column.words) for column in purpose_of(arrival.purpose).columns(arrival.target)}
    meant: dict[str, dict[str, str]] = {}
    for place, one in enumerate(arrival.facts["words"]["unknown"]):
        value = posted.get(f"word_{place}", "")
        if value and value not in wanted.get(one["column"], {}):
            raise _not_offered(value)
        if value:
            meant.setdefault(one["column"], {})[one["word"]] = value
    remember_words(arrival, meant)
    return meant


def _verdicts(arrival: Arrival, posted: QueryDict) -> dict[str, Any]:
    """Read which rows are left out and which way each ambiguous one goes; refused rows are always left out."""
    lines = arrival.facts["verdicts"]["lines"]
    ticked = {int(text) for text in posted.getlist("feature") if text.isascii() and text.isdigit() and len(text) < 8}
    must = purpose_of(arrival.purpose).must_choose
    left_out, variants = [], {}
    for line in lines:
        number = int(line["number"])
        if line["outcome"] == "refused" or number not in ticked:
            left_out.append(number)
            continue
        if line["outcome"] == "ask":
            chosen = posted.get(f"variant_{number}", "")
            if chosen in {one["key"] for one in line["variants"]}:
                variants[str(number)] = chosen
            elif must:
                raise InputRefused(
                    _("Feature %(number)s can be read in two ways.") % {"number": number},
                    code="REPAIR_AMBIGUOUS",
                    where=str(line["label"]),
                    todo=_("Choose one of the two, or leave it out."),
                )
    if len(left_out) >= arrival.facts["verdicts"]["total"]:
        raise InputRefused(_("Nothing of the file is ticked."), code="NO_FEATURES", todo=_("Tick at least one."))
    return {"left_out": left_out, "variants": variants}


def _one_of(value: str, offered: list[str], what: str) -> str:
    if value not in offered:
        raise _not_offered(value or what)
    return value


def _not_offered(what: str) -> InputRefused:
    return InputRefused(
        _("This answer was not offered."),
        code="NOT_OFFERED",
        where=what[:80],
        todo=_("Choose one of the answers shown."),
    )


def _said_of_columns(arrival: Arrival, step: str, value: Any) -> str:
    columns = {column.key: column for column in purpose_of(arrival.purpose).columns(arrival.target)}
    if step == "words":
        pairs = [(word, dict(columns[key].words)[told]) for key, meant in value.items() for word, told in meant.items()]
    else:
        pairs = [(columns[key].label, name) for key, name in value.items()]
        same = arrival.answers.get("same", {})
        pairs += [(columns[key].label, dict(columns[key].words)[told]) for key, told in same.items()]
    return join("; ", [join(": ", pair) for pair in pairs])


def _said(arrival: Arrival, step: str, value: Any) -> str:
    """Return the answer in words for the log; what was chosen by its name on the page, not by its key."""
    facts = arrival.facts
    if step == "classes":
        return "; ".join(f"{limit:g}" for limit in value["breaks"])
    if step in {"columns", "words"}:
        return _said_of_columns(arrival, step, value)
    words: dict[str, Callable[[], list[Any]]] = {
        "cad": lambda: value,
        "offer": lambda: [one["text"] for one in facts["offer"]["offers"] if value.get(one["option"]) == one["value"]],
        "points": lambda: [one["label"] for one in facts["points"]["orders"] if one["key"] == value],
        "texts": lambda: [one["name"] for one in facts["texts"]["readings"] if one["key"] == value],
        "crs": lambda: [one["label"] for one in facts["crs"]["candidates"] if one["key"] == value],
        "layer": lambda: [value],
    }
    return join(", ", words[step]()) if step in words else ""
