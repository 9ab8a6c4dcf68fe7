"""How far does a file come on its own? Read with the answers there are, up to the next question, the verdicts or a no.

Nothing is taken here: `taking` does that, when the person says so.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from layers.errors import DatNgheError, InputRefused
from layers.said import gettext as _
from layers.said import join
from mapping.desks.intake import kept
from mapping.desks.intake.columns import best_mapping, meant_before, plain
from mapping.desks.intake.facts import crs_facts, field_facts, read_facts, unknown_words
from mapping.desks.intake.figures import number
from mapping.desks.intake.judging import judge, refusals
from mapping.desks.intake.models import Arrival, ArrivalState
from mapping.desks.intake.purposes.base import Asked, Chosen, Comparing, Line, Purpose
from mapping.desks.intake.purposes.reading import cad_facts
from mapping.desks.intake.purposes.registry import purpose_of
from mapping.desks.intake.rejects import keep_rejected

if TYPE_CHECKING:
    from layers.intake.candidates import CrsCandidate
    from layers.intake.read import Intake

logger = logging.getLogger(__name__)

# A file above either (unpacked) is read by the worker; a page waits for smaller ones (5 MB of GeoJSON: 1.5–2.5 s).
INLINE_BYTES = 5 * 1024 * 1024
INLINE_FEATURES = 2_000
# Each reading that lands in the province is vetted and compared; a file rarely has more than two.
READINGS_COMPARED = 4
STEPS = ("again", "layer", "cad", "offer", "points", "texts", "classes", "crs", "columns", "words", "verdicts")
"""Every step there is, in order; which of them a file needs, reading it tells."""


def is_large(arrival: Arrival) -> bool:
    """Tell whether the worker reads this file."""
    features = int(arrival.facts.get("read", {}).get("features", 0))
    size = max(arrival.size, int(arrival.facts.get("unpacked", 0)))
    return size > INLINE_BYTES or features > INLINE_FEATURES


def advance(arrival: Arrival) -> None:
    """Read the kept file as far as the answers go: to a question, to the verdicts, or to a refusal and its log line."""
    try:
        _advance(arrival)
    except Asked as question:
        facts = {**arrival.facts, "step": question.step, question.step: question.facts}
        facts.pop("progress", None)
        arrival.move(ArrivalState.ASKING, facts=_with_step(facts, question.step))
    except DatNgheError as problem:
        refuse(arrival, problem)
    except Exception:
        logger.exception("reading arrival %s failed", arrival.pk)
        refuse(
            arrival,
            InputRefused(
                _("Reading failed on our side."),
                code="SERVER_ERROR",
                todo=_("Try again; tell the administrator if it happens twice."),
            ),
        )
        raise


def _advance(arrival: Arrival) -> None:
    purpose = purpose_of(arrival.purpose)
    kept.forget_rejected(arrival)
    arrival.move(ArrivalState.READING, rejected="")
    if arrival.facts.get("duplicate") and not arrival.answers.get("again"):
        raise Asked("again", arrival.facts["duplicate"])
    with kept.local_copy(arrival.stored, arrival.filename) as path:
        intake = purpose.read(arrival, path, arrival.answers)
    candidate = _settled(arrival, purpose, intake)
    chosen = chosen_of(arrival, candidate)
    unit = purpose.unit(arrival.target)
    lines, picture, counts = judge(arrival, intake, candidate, unit, in_province=purpose.in_province)
    lines = list(purpose.judge(arrival, intake, chosen, lines))
    outcomes = _outcomes(lines, counts, len(intake.shapes))
    _draw_outcomes(picture, lines)
    facts = _with_step(arrival.facts, "verdicts")
    facts.pop("progress", None)
    facts["step"] = "verdicts"
    facts["verdicts"] = {
        "lines": [line.as_dict() for line in lines],
        "counts": outcomes,
        "total": len(intake.shapes),
        "crs": candidate.label,
    }
    if isinstance(purpose, Comparing):
        facts["verdicts"]["compared"] = purpose.compare(arrival, intake, Chosen(candidate), lines)
    rejected = ""
    if outcomes.get("refused") == len(intake.shapes):  # nothing to take, so nobody would come by its rows otherwise
        reasons = refusals(intake, candidate, unit, lines, in_province=purpose.in_province)
        rejected = keep_rejected(intake, candidate, reasons, reasons)
    arrival.move(ArrivalState.READY, facts=facts, picture=picture, rejected=rejected)
    arrival.note(
        "READ",
        _("Read as %(format)s: %(total)s features, %(refused)s of them cannot be used.")
        % {
            "format": intake.format,
            "total": number(len(intake.shapes)),
            "refused": number(outcomes.get("refused", 0)),
        },
        arrival.person,
    )


def _draw_outcomes(picture: dict[str, Any], lines: list[Line]) -> None:
    """Let the map show a feature as its line does: the purpose may refuse what the geometry allows."""
    found = {line.number: line.outcome for line in lines}
    for feature in picture["features"]:
        told = feature["properties"]
        told["outcome"] = found.get(told["number"], told["outcome"])


def _outcomes(lines: list[Line], counts: Mapping[str, int], total: int) -> dict[str, int]:
    """Count outcomes: over all lines when every feature has one, else as the geometry said."""
    if len(lines) < total:
        return dict(counts)
    found: dict[str, int] = {}
    for line in lines:
        found[line.outcome] = found.get(line.outcome, 0) + 1
    return found


def read_again(arrival: Arrival) -> Intake:
    """Read the kept file with the answers given; for taking it and for what was left out."""
    with kept.local_copy(arrival.stored, arrival.filename) as path:
        return purpose_of(arrival.purpose).read(arrival, path, arrival.answers)


def _settled(arrival: Arrival, purpose: Purpose, intake: Intake) -> CrsCandidate:
    """Ask what the file leaves open, in order; return the reading of the coordinates that is settled."""
    facts = arrival.facts
    facts["read"] = read_facts(intake)
    if intake.cad is not None:
        facts["cad"] = cad_facts(intake.cad.as_json())
        facts.update(_with_step(facts, "cad"))
    _ask_texts(arrival, intake)
    unit = purpose.unit(arrival.target)
    before = {one["key"]: one.get("compared", []) for one in facts.get("crs", {}).get("candidates", ())}
    facts["crs"] = crs_facts(intake, unit)
    if isinstance(purpose, Comparing):
        _compare_readings(arrival, purpose, intake, before)
    facts.update(_with_step(facts, "crs"))
    candidate_key = arrival.answers.get("crs", "")
    known = {one.key for one in intake.candidates}
    if candidate_key not in known:
        if not known:
            raise InputRefused(intake.question_text, code=intake.question or "NOWHERE", todo=intake.question_todo)
        # a publisher's layer may reach beyond the province: how much of it lies inside is no doubt of what it states
        doubtful = intake.must_confirm if purpose.in_province else bool(intake.question)
        if purpose.confirms_crs or doubtful:
            raise Asked("crs", facts["crs"])
        candidate_key = intake.candidates[0].key
    candidate = intake.candidate(candidate_key)
    _ask_columns(arrival, purpose, intake)
    _ask_words(arrival, purpose, intake)
    return candidate


def _compare_readings(
    arrival: Arrival, purpose: Comparing, intake: Intake, before: Mapping[str, list[dict[str, Any]]]
) -> None:
    """Put beside each likely reading what it would come to, and name the first that comes to something.

    *before*: what was found when the file was read last; an answer that changes what is read has thrown it away.
    """
    facts = arrival.facts["crs"]
    for place, one in enumerate(facts["candidates"]):
        if one["key"] in before:
            one["compared"] = before[one["key"]]
        elif place < READINGS_COMPARED:
            one["compared"] = purpose.compare(arrival, intake, Chosen(intake.candidate(one["key"])))
    found = (one["key"] for one in facts["candidates"] if any("refused" not in way for way in one.get("compared", ())))
    facts["best"] = next(found, "")


def _ask_texts(arrival: Arrival, intake: Intake) -> None:
    texts = intake.texts
    if texts is None or len(texts.readings) < 2:
        return
    readings = [{"key": one.key, "name": str(one.name), "samples": list(one.samples)} for one in texts.readings]
    facts = {"chosen": texts.chosen, "certain": texts.certain, "readings": readings}
    arrival.facts["texts"] = facts
    arrival.facts.update(_with_step(arrival.facts, "texts"))
    if not texts.certain and not arrival.answers.get("texts"):
        raise Asked("texts", facts)


def _ask_columns(arrival: Arrival, purpose: Purpose, intake: Intake) -> None:
    wanted = purpose.columns(arrival.target)
    if not wanted or intake.raster:  # the columns of a raster are ours
        return
    fields = field_facts(intake)
    remembered, proposed = best_mapping(arrival, wanted, [one["name"] for one in fields])
    facts = {"fields": fields, "proposed": proposed, "remembered": remembered}
    arrival.facts["columns"] = facts
    if not any(one["samples"] for one in fields) and not any(column.required for column in wanted):
        return  # a corner table without names, lines without attributes: there is nothing to choose from
    arrival.facts.update(_with_step(arrival.facts, "columns"))
    if "columns" not in arrival.answers:
        raise Asked("columns", facts)


def _ask_words(arrival: Arrival, purpose: Purpose, intake: Intake) -> None:
    """Ask what the words of a column stand for that has to hold certain words and holds others."""
    columns = purpose.columns(arrival.target)
    unknown = unknown_words(columns, arrival.answers.get("columns", {}), intake)
    if not unknown:
        return
    before = {column.key: meant_before(arrival, column) for column in columns if column.words}
    for one in unknown:
        one["proposed"] = before[one["column"]].get(plain(one["word"]), "")
    arrival.facts["words"] = {"unknown": unknown}
    arrival.facts.update(_with_step(arrival.facts, "words"))
    if "words" not in arrival.answers:
        raise Asked("words", arrival.facts["words"])


def _with_step(facts: Mapping[str, Any], step: str) -> dict[str, Any]:
    """Return the facts with *step* among the steps this file goes through."""
    known = set(facts.get("steps", ())) | {step}
    return {**facts, "steps": [one for one in STEPS if one in known]}


def chosen_of(arrival: Arrival, candidate: CrsCandidate, told: Mapping[str, str] | None = None) -> Chosen:
    """Return what the person decided, from the answers kept with the arrival."""
    answers = arrival.answers
    return Chosen(
        candidate=candidate,
        left_out=frozenset(int(number) for number in answers.get("left_out", ())),
        variants={int(number): str(key) for number, key in answers.get("variants", {}).items()},
        columns=dict(answers.get("columns", {})),
        same=dict(answers.get("same", {})),
        words=dict(answers.get("words", {})),
        told=dict(told or {}),
    )


def refuse(arrival: Arrival, problem: DatNgheError) -> None:
    """Write down why the file cannot be used and delete it: nothing of a refused file stays but the log."""
    offers = problem.detail.get("offers")
    told = {
        "code": problem.code,
        "message": str(problem.message),
        "where": str(problem.where),
        "todo": str(problem.todo),
        "status": problem.status,
        "offers": offers if isinstance(offers, list) else [],
    }
    kept.forget_files(arrival)
    about = arrival.answers.get("about") if arrival.order_id else None  # a team says it once, whatever file comes next
    answers = {"about": about} if about else {}
    arrival.move(ArrivalState.REFUSED, problem=told, facts={}, picture=None, answers=answers, stored="", rejected="")
    arrival.note(problem.code, join(" ", [problem.message, problem.where]), arrival.person)
