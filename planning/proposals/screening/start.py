"""How is the province screened? Start a screening, answer some of its cells exactly, stop it: verbs with their events.

The same question is not asked twice: who asks again on an unchanged basis gets the screening that is there.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from layers.batches.services import cancel_batch, resume_batch, start_batch
from layers.errors import Conflict, InputRefused, LimitExceeded, NotAllowed
from layers.models import Batch, BatchState, Layer
from planning.checks.basis import basis_on, engine_versions, fingerprint
from planning.checks.rules import CompiledRule
from planning.people.capabilities import Capability
from planning.people.models import User
from planning.people.queries import capabilities_of, require
from planning.people.services import record_event
from planning.proposals.models import CellShape, Screening, ScreeningCell
from planning.proposals.screening.visibility import DEPARTMENT

SCREENING, EXACT = "screening", "screening_exact"
MIN_HA, MAX_HA = 1.0, 25.0
# More cells than that are not looked at one by one on a screen.
MAX_EXACT = 4_000


def start_screening(actor: User, *, shape: str, cell_ha: float) -> Screening:
    """Screen the whole province in cells of *cell_ha* hectares against today's basis; return the screening.

    A screening of the same cells against the same rules and editions that runs or is done is returned instead of a new
    one. Raises NotAllowed, InputRefused (CELL_SHAPE, CELL_SIZE), Conflict (SCREENING_RUNS) while another one runs.
    """
    from planning.checks.screening.area import area_of, blocks_of
    from planning.checks.screening.grid import Grid
    from planning.checks.screening.question import asked_of, basis_data

    require(actor, Capability.DRAW_PROPOSAL if _draws(actor) else Capability.APPRAISE)
    if shape not in CellShape.values:
        raise InputRefused(_("Cells are squares or hexagons."), code="CELL_SHAPE", where=shape[:20])
    if not MIN_HA <= cell_ha <= MAX_HA:
        raise InputRefused(_("A cell has 1 to 25 hectares."), code="CELL_SIZE", where=str(cell_ha)[:20])
    asked = asked_of(basis_on(timezone.localdate()))
    data = {**basis_data(asked.basis), "fingerprint": fingerprint(asked.basis)}
    grid = Grid(shape, cell_ha * 10_000)
    blocks = blocks_of(grid, area_of(data["date"]))
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('proposals.screening'))")
        known = same_question(shape, cell_ha, data)
        if known is not None:
            return known
        if Batch.objects.filter(kind=SCREENING, state=BatchState.RUNNING).exists():
            raise Conflict(
                _("Another screening of the province is under way."),
                code="SCREENING_RUNS",
                todo=_("Wait until it is finished, or cancel it."),
            )
        restricted = frozenset(Layer.objects.filter(is_public=False).values_list("code", flat=True))
        screening = Screening.objects.create(
            shape=shape,
            cell_ha=cell_ha,
            basis=asked.basis.as_data(),
            asked=data,
            rules=[_rule(rule, restricted) for rule in asked.rules],
            unused=[_rule(rule, restricted) for rule in asked.unused],
            engine=engine_versions(str(connection.settings_dict["NAME"])),
            created_by=actor,
        )
        chunks = [{"number": number, "block": block.as_data()} for number, block in enumerate(blocks, start=1)]
        screening.batch = start_batch(
            SCREENING, params_of(screening), chunks, title=_("Province screening, %(ha)g ha") % {"ha": cell_ha}
        )
        screening.save(update_fields=["batch"])
        record_event(actor, "start_screening", screening, {"shape": shape, "cell_ha": cell_ha, "blocks": len(chunks)})
    return screening


def same_question(shape: str, cell_ha: float, asked: dict[str, object]) -> Screening | None:
    """Return the newest screening that asked the same of the same cells on the same day and was not given up."""
    found = Screening.objects.filter(
        shape=shape,
        cell_ha=cell_ha,
        asked__fingerprint=asked["fingerprint"],
        asked__date=asked["date"],
        cleared_at=None,
    )
    return found.filter(batch__state__in=(BatchState.RUNNING, BatchState.DONE)).first()


def params_of(screening: Screening) -> dict[str, object]:
    """Return what every chunk of a screening needs, ready for JSON."""
    return {
        "screening": screening.pk,
        "asked": screening.asked,
        "shape": screening.shape,
        "area_m2": screening.cell_ha * 10_000,
    }


def answer_cells(actor: User, screening: Screening, cells: Iterable[tuple[int, int]]) -> Batch | None:
    """Have the exact engine answer those of *cells* that it did not answer yet; return the batch, None for none left.

    Raises NotAllowed, LimitExceeded above `MAX_EXACT` cells, Conflict (SCREENING_UNFINISHED) before it is done.
    """
    from planning.proposals.screening.work import EXACT_CHUNK

    require(actor, Capability.DRAW_PROPOSAL if _draws(actor) else Capability.APPRAISE)
    wanted = sorted(set(cells))
    if len(wanted) > MAX_EXACT:
        raise LimitExceeded(
            _("Too many cells to check one by one."),
            where=str(len(wanted)),
            todo=_("Zoom in until at most %(limit)d cells are seen.") % {"limit": MAX_EXACT},
        )
    if screening.batch is None or screening.batch.state != BatchState.DONE or screening.cleared_at is not None:
        raise Conflict(_("The screening is not finished."), code="SCREENING_UNFINISHED", todo=_("Wait until it is."))
    with transaction.atomic():
        left = open_cells(screening, wanted)
        if not left:
            return None
        chunks = [{"cells": left[start : start + EXACT_CHUNK]} for start in range(0, len(left), EXACT_CHUNK)]
        return start_batch(
            EXACT, params_of(screening), chunks, title=_("Exact check of %(n)d cells") % {"n": len(left)}
        )


def open_cells(screening: Screening, cells: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return those of *cells* that belong to the screening and have only the raster's answer."""
    if not cells:
        return []
    columns, rows = [i for i, _j in cells], [j for _i, j in cells]
    known = ScreeningCell.objects.filter(
        screening=screening, exact=False, i__range=(min(columns), max(columns)), j__range=(min(rows), max(rows))
    )
    return sorted(set(known.values_list("i", "j")) & set(cells))


def stop_screening(actor: User, screening: Screening) -> Batch:
    """Cancel a running screening; who started it or the department may. What is screened stays. Raises NotAllowed."""
    batch = cancel_batch(_own_batch(actor, screening))
    record_event(actor, "cancel_screening", screening)
    return batch


def continue_screening(actor: User, screening: Screening) -> Batch:
    """Resume a cancelled or failed screening where it stopped. Raises NotAllowed."""
    batch = resume_batch(_own_batch(actor, screening))
    record_event(actor, "resume_screening", screening)
    return batch


def _own_batch(actor: User, screening: Screening) -> Batch:
    if screening.cleared_at is not None:
        raise Conflict(
            _("The cells of this screening were cleared away."), code="SCREENING_CLEARED", todo=_("Screen again.")
        )
    if screening.batch is None or (screening.created_by_id != actor.pk and not capabilities_of(actor) & DEPARTMENT):
        raise NotAllowed(_("Only who started it or the department may stop or resume it."))
    return screening.batch


def _draws(actor: User) -> bool:
    return Capability.DRAW_PROPOSAL in capabilities_of(actor)


def _rule(rule: CompiledRule, restricted: frozenset[str]) -> dict[str, object]:
    return {
        "code": rule.code,
        "question": rule.question,
        "severity": rule.severity,
        "title_vi": rule.title.vi,
        "title_en": rule.title.en,
        "layer": rule.layer_code,
        "restricted": rule.layer_code in restricted,
    }
