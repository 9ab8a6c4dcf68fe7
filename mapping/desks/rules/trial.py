"""What does a trial of the draft show? Progress, then old verdict beside new for every zone, as a list and a map.

The trial itself is `planning.proposals.dry_run`, run by the worker.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from layers.batches.queries import progress
from layers.batches.services import cancel_batch, resume_batch
from layers.errors import NotFound
from layers.models import Batch
from mapping.desks.rules.door import open_one, reader, writer
from mapping.glass.geojson import feature, feature_collection
from mapping.severity import verdict_severity
from planning.checks.models import RuleSet
from planning.checks.types import Outcome, Verdict
from planning.people.capabilities import Capability
from planning.proposals.dry_run import KIND, DryRun, result_of, start_dry_run, still_holds, zones_of
from planning.proposals.models import State

SHOWN = 500
SIMPLER_M = 2.0


@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Start a trial of the draft."""
    return redirect("rules:trial", pk=start_dry_run(writer(request), open_one()).pk)


@require_safe
def trial_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a trial; htmx asks for the same address while it runs and gets the moving part only."""
    held = reader(request)
    batch = _trial(pk)
    now = progress(batch)
    moving = {
        "batch": batch,
        "progress": now,
        "poll_url": reverse("rules:trial", args=[pk]),
        "cancel_url": reverse("rules:cancel_trial", args=[pk]) if Capability.WRITE_RULES in held else "",
        "resume_url": reverse("rules:resume_trial", args=[pk]) if Capability.WRITE_RULES in held else "",
    }
    if getattr(request, "htmx", False):
        if not now.is_running:
            return HttpResponse(headers={"HX-Refresh": "true"})
        return render(request, "components/batch.html", moving)
    found = result_of(batch)
    rule_set = RuleSet.objects.filter(pk=batch.params.get("rule_set")).first()
    context = {
        **moving,
        "found": found,
        "moves": [(_verdict(old), _verdict(new), count) for old, new, count in found.moves],
        "rules": [
            {"code": rule.rule, "title": _in_language(rule.title_vi, rule.title_en), "zones": rule.zones}
            for rule in found.rules
        ],
        "rows": [_row(row) for row in found.rows[:SHOWN]],
        "more": max(0, len(found.rows) - SHOWN),
        "rule_set": rule_set,
        "holds": rule_set is not None and still_holds(batch, rule_set),
        "may_write": Capability.WRITE_RULES in held,
        "map_data": _map(found),
    }
    return render(request, "rules/trial.html", context)


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a trial; what it found so far stays readable."""
    writer(request)
    cancel_batch(_trial(pk))
    return redirect("rules:trial", pk=pk)


@require_POST
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on with a trial that was stopped."""
    writer(request)
    resume_batch(_trial(pk))
    return redirect("rules:trial", pk=pk)


def _trial(pk: int) -> Batch:
    batch = Batch.objects.filter(pk=pk, kind=KIND).first()
    if batch is None:
        raise NotFound(_("There is no such trial."))
    return batch


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    """Write one zone for the list."""
    differs = row["stored"] and row["stored"] != row["old"]
    return {
        "key": f"{row['what']}-{row['id']}",
        "what": row["what"],
        "code": row["code"],
        "name": row["name"],
        "unit": row["unit"],
        "state": str(dict(State.choices).get(row["state"], "")),
        "area_ha": row["area_ha"],
        "stored": _verdict(row["stored"]) if differs else None,
        "old": _verdict(row["old"]),
        "new": _verdict(row["new"]),
        "changed": row["old"] != row["new"],
        "rules": [
            {
                "title": _in_language(change["title_vi"], change["title_en"]),
                "before": _outcome(change["outcome"][0]),
                "after": _outcome(change["outcome"][1]),
            }
            for change in row["rules"]
        ],
    }


def _verdict(value: str) -> dict[str, str]:
    return {"sev": verdict_severity(value), "text": str(Verdict(value).label) if value in Verdict.values else value}


def _outcome(value: str) -> str:
    return str(Outcome(value).label) if value in Outcome.values else _("not asked")


def _in_language(vi: str, en: str) -> str:
    return en if (translation.get_language() or "vi").startswith("en") else vi


def _map(found: DryRun) -> dict[str, Any]:
    features = [
        feature(
            geom.simplify(SIMPLER_M, preserve_topology=True),
            {
                "key": f"{row['what']}-{row['id']}",
                "title": f"{row['name']} · {row['code']}",
                "old": _verdict(row["old"])["text"],
                "new": _verdict(row["new"])["text"],
                "sev": verdict_severity(row["new"]),
                "changed": row["old"] != row["new"],
            },
        )
        for row, geom in zones_of(found.rows[:SHOWN])
    ]
    return feature_collection(features)
