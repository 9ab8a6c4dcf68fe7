"""What does the page of one file show at a step? The facts kept with it, sorted for the template.

It reads no file and decides nothing.
"""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from layers.intake.refusals import ACCEPTED
from mapping.desks.intake.columns import SAME
from mapping.desks.intake.door import Holder
from mapping.desks.intake.forms import ClassesForm
from mapping.desks.intake.models import Arrival, ArrivalState
from mapping.desks.intake.purposes.base import Comparing
from mapping.desks.intake.purposes.registry import purpose_of

LINES_SHOWN = 300
ACTS = ("arrival", "answer", "take", "drop", "restart", "picture", "original")
STEEPEST = 300
"""No ground is steeper, in per cent: a slope layer with larger values holds heights."""
WITH_MAP = frozenset({"points", "crs", "verdicts"})


def log_word(code: str) -> str:
    """Return what a line of the log says in words; empty for a refusal, whose code the department may be told."""
    if code.startswith("ANSWER_"):
        return step_titles().get(code.removeprefix("ANSWER_").lower(), "")
    return {
        "SENT": _("File received"),
        "READ": _("File read"),
        "TAKEN": _("File taken"),
        "DROPPED": _("Given up"),
        "RESTARTED": _("Reading started again"),
        "ABANDONED": _("Cleared away"),
        "DUPLICATE_UPLOAD": _("Sent before"),
        "REPLACED": _("Replaced by the next file"),
    }.get(code, "")


def step_titles() -> dict[str, str]:
    """Return what each step is called."""
    return {
        "file": _("File"),
        "again": _("Sent before"),
        "layer": _("Layer of the file"),
        "cad": _("Drawing"),
        "offer": _("Units and gaps"),
        "points": _("Order of the points"),
        "texts": _("Texts"),
        "classes": _("Classes"),
        "crs": _("Coordinates"),
        "columns": _("Columns"),
        "words": _("Words of the file"),
        "verdicts": _("Look and take"),
    }


def addresses(holder: Holder, arrival: Arrival) -> dict[str, str]:
    """Return where the acts on a file are done, on the way its holder came."""
    told = {name: holder.address(name, arrival.pk) for name in ACTS}
    rows = {kind: holder.address("rejected", arrival.pk, kind) for kind in ("csv", "geojson")}
    return {**told, **rows, "home": holder.home(), "became": holder.whole(arrival.became)}


def page_context(holder: Holder, arrival: Arrival, asked: str = "", posted: QueryDict | None = None) -> dict[str, Any]:
    """Return the context of the page: the step asked for when the file has passed it, else the present one.

    *posted* is what the person just said in vain, so that nothing of it has to be said again.
    """
    purpose = purpose_of(arrival.purpose)
    steps = arrival.facts.get("steps", [])
    step = str(arrival.facts.get("step", ""))
    if not arrival.is_waiting:
        step = ""
    elif asked in steps:
        step = asked
    context: dict[str, Any] = {
        "arrival": arrival,
        "purpose": purpose,
        "title": purpose.title(arrival.target),
        "back": holder.whole(purpose.back(arrival.target)),
        "again": _again(holder, arrival),
        "at": addresses(holder, arrival),
        "by_link": holder.by_link,
        "stands": purpose.stands(arrival.target) if isinstance(purpose, Comparing) and step in WITH_MAP else None,
        "step": step,
        "with_map": step in WITH_MAP,
        "steps": _stepper(arrival, step),
        "facts": arrival.facts.get(step, {}),
        "read": arrival.facts.get("read", {}),
        "problem": arrival.problem,
        "accepted": _(ACCEPTED),
        "lines": [(log_word(line.code), line) for line in arrival.lines.select_related("who")],
    }
    if step == "verdicts":
        return {**context, **_verdicts(arrival, posted)}
    extra = {
        "columns": _columns,
        "words": _words,
        "classes": _classes,
        "points": _points,
        "crs": _crs,
        "texts": _texts,
    }.get(step)
    return {**context, **extra(arrival)} if extra else context


def _again(holder: Holder, arrival: Arrival) -> str:
    if holder.by_link:
        return holder.home()
    named = [arrival.purpose, arrival.target] if arrival.target else [arrival.purpose]
    return holder.address("new", *named)


def _stepper(arrival: Arrival, step: str) -> list[dict[str, Any]]:
    titles = step_titles()
    if arrival.order_id is not None:
        titles["verdicts"] = _("Look and send")
    known = ["file", *arrival.facts.get("steps", [])]
    if arrival.is_open and "verdicts" not in known:
        known.append("verdicts")
    reached = str(arrival.facts.get("step", ""))
    place = known.index(reached) if reached in known else 0
    shown = []
    for index, one in enumerate(known):
        if one == step:
            state = "now"
        elif arrival.state == ArrivalState.REFUSED:
            state = "stopped"
        else:
            state = "done" if index < place or arrival.state == ArrivalState.TAKEN else "todo"
        href = f"?buoc={one}" if arrival.is_waiting and one != step and one in arrival.facts and index <= place else ""
        shown.append({"label": titles[one], "state": state, "href": href})
    return shown


def _columns(arrival: Arrival) -> dict[str, Any]:
    facts = arrival.facts["columns"]
    chosen = arrival.answers.get("columns", facts["proposed"])
    chosen = {**chosen, **{key: SAME + value for key, value in arrival.answers.get("same", {}).items()}}
    purpose = purpose_of(arrival.purpose)
    table = "problem" in facts or arrival.facts.get("read", {}).get("format") == "table"
    columns = [column for column in purpose.columns(arrival.target) if table or not column.of_tables]
    rows = [
        {
            "column": column,
            "chosen": chosen.get(column.key, ""),
            "words": [(SAME + value, label) for value, label in column.words],
            "known": "; ".join(str(label) for _value, label in column.words),
        }
        for column in columns
    ]
    return {"column_rows": rows}


def _words(arrival: Arrival) -> dict[str, Any]:
    columns = {column.key: column for column in purpose_of(arrival.purpose).columns(arrival.target)}
    asked = [
        {**one, "of": columns[one["column"]], "chosen": _meant(one, arrival.answers.get("words"))}
        for one in arrival.facts["words"]["unknown"]
    ]
    return {"asked": asked, "remembered": any(one.get("proposed") for one in arrival.facts["words"]["unknown"])}


def _meant(one: dict[str, Any], answers: dict[str, dict[str, str]] | None) -> str:
    """Return what a word was said to mean; before that, what it meant in the sender's last file."""
    if answers is None:
        return str(one.get("proposed", ""))
    return answers.get(one["column"], {}).get(one["word"], "")


def _classes(arrival: Arrival) -> dict[str, Any]:
    facts = arrival.facts["classes"]
    heights = arrival.target == "slope" and facts.get("max", 0) > STEEPEST
    return {"form": ClassesForm(initial={"breaks": facts.get("breaks", ""), "slope": heights})}


def _points(arrival: Arrival) -> dict[str, Any]:
    orders = arrival.facts["points"]["orders"]
    return {
        "chosen": arrival.answers.get("points") or orders[0]["key"],
        "ghosts": [{"key": one["key"], "geometry": one["geometry"], "labels": one["labels"]} for one in orders],
    }


def _crs(arrival: Arrival) -> dict[str, Any]:
    chosen = arrival.answers.get("crs", "")
    candidates = arrival.facts["crs"]["candidates"]
    best = chosen or arrival.facts["crs"].get("best") or (candidates[0]["key"] if candidates else "")
    return {
        "chosen": best,
        "ghosts": [{"key": one["key"], "geometry": one["geometry"]} for one in candidates],
    }


def _texts(arrival: Arrival) -> dict[str, Any]:
    facts = arrival.facts["texts"]
    return {"chosen": arrival.answers.get("texts") or facts["chosen"]}


def _verdicts(arrival: Arrival, posted: QueryDict | None) -> dict[str, Any]:
    facts = arrival.facts["verdicts"]
    purpose = purpose_of(arrival.purpose)
    left_out = set(arrival.answers.get("left_out", ()))
    variants = arrival.answers.get("variants", {})
    if posted is not None:
        ticked = set(posted.getlist("feature"))
        left_out = {line["number"] for line in facts["lines"] if str(line["number"]) not in ticked}
        variants = {name.removeprefix("variant_"): told for name, told in posted.items() if name.startswith("variant_")}
    order = {"refused": 0, "ask": 1, "repaired": 2, "ok": 3}
    rows = [
        {
            **line,
            "ticked": line["outcome"] != "refused" and line["number"] not in left_out,
            "chosen": variants.get(str(line["number"]), ""),
        }
        for line in sorted(facts["lines"], key=lambda line: (order.get(line["outcome"], 4), line["number"]))
    ]
    words = outcome_words()
    counts = [
        {"outcome": key, "word": words[key], "count": facts["counts"][key]} for key in order if facts["counts"].get(key)
    ]
    return {
        "rows": rows[:LINES_SHOWN],
        "hidden_rows": [row for row in rows[LINES_SHOWN:] if row["ticked"]],
        "listed": len(rows) >= facts["total"],
        "counts": counts,
        "words": words,
        "takes": any(line["outcome"] != "refused" for line in rows) or len(rows) < facts["total"],
        "with_areas": any(row["before_m2"] or row["after_m2"] for row in rows),
        "seen": purpose.seen(arrival.target),
        "warning": purpose.warning(arrival.target),
        "must_choose": purpose.must_choose,
    }


def outcome_words() -> dict[str, str]:
    """Return the word for each outcome of a feature."""
    return {
        "ok": _("sound"),
        "repaired": _("mended"),
        "ask": _("two readings"),
        "refused": _("cannot be used"),
    }
