"""Which work of the steward's desk runs in the worker? Reading and staging a file; started by the desk, safe to repeat.

A job that was killed leaves its row as it was: starting it again reads the same stored file again.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from django.core.files.storage import default_storage
from django.utils import translation
from django.utils.translation import gettext as _
from django_tasks import task

from layers.errors import DatNgheError, InputRefused
from layers.intake import LAYER
from layers.models.layer import GeometryKind
from mapping.desks.steward.models import LayerLoad, LoadState
from mapping.glass.geojson import to_geojson
from planning.proposals.services.stage_edition import stage_file

logger = logging.getLogger(__name__)


def is_raster(filename: str) -> bool:
    """Tell by its name whether a file is a raster."""
    return Path(filename).suffix.lower() in {".tif", ".tiff"}


@task()
def load_file(load_id: int, language: str) -> str:
    """Read the file of a loading and stage it, or stop at a question or a refusal; return the state reached."""
    load = LayerLoad.objects.select_related("layer", "loaded_by").get(pk=load_id)
    if load.state in {LoadState.DONE, LoadState.FAILED}:
        return load.state
    with translation.override(language):
        try:
            _run(load)
        except DatNgheError as problem:
            _fail(load, problem)
        except Exception:
            logger.exception("loading %s failed", load.pk)
            _fail(
                load,
                InputRefused(
                    _("Loading failed on our side."),
                    code="SERVER_ERROR",
                    todo=_("Try again; tell the administrator if it happens twice."),
                ),
            )
            raise
    return load.state


def _run(load: LayerLoad) -> None:
    from layers.intake.read import to_rows

    load.move(LoadState.READING)
    options = load.options
    with local_copy(load.stored) as path:
        intake = _raster(load, path) if is_raster(load.filename) else _vector(load, path)
        if intake is None:
            return
        chosen = options.get("candidate", "")
        if not chosen and intake.question:
            load.move(LoadState.ASKING_CRS, question=_question(intake))
            return
        candidate = intake.candidate(chosen) if chosen else intake.candidates[0]
        load.move(LoadState.STAGING)
        edition = stage_file(
            load.loaded_by,
            load.layer,
            intake,
            candidate,
            to_rows(intake, candidate, load.layer),
            effective_from=date.fromisoformat(options["effective_from"]),
            looked_on=date.fromisoformat(options["looked_on"]) if options.get("looked_on") else None,
            source=options["source"],
            licence=options.get("licence", ""),
            coverage=_coverage(options, intake, candidate),
            schematic=bool(options.get("schematic")),
            note=options.get("note", ""),
        )
    load.move(LoadState.DONE, edition=edition, question={}, problem={})
    _forget_files(load)


def _vector(load: LayerLoad, path: Path) -> Any:
    """Read a vector file; None when the person must first say which of its layers is meant."""
    from layers.intake.read import read_vector_file

    layer, kind = load.options.get("file_layer", ""), load.layer.geometry_kind
    try:
        return read_vector_file(path, load.filename, layer=layer, kind=kind, limits=LAYER)
    except InputRefused as problem:
        if problem.code != "MULTIPLE_LAYERS":
            raise
        load.move(LoadState.ASKING_LAYER, question={"layers": problem.detail.get("layers", [])})
        return None


def _raster(load: LayerLoad, path: Path) -> Any:
    """Read a GeoTIFF as areas; None when the person must first confirm the classes."""
    from layers.intake.raster import DEFAULT_BREAKS, UNITS, Classes, raster_facts, read_raster_file

    if load.layer.geometry_kind != GeometryKind.POLYGON:
        raise InputRefused(
            _("A raster becomes areas; this layer holds something else."),
            code="GEOM_TYPE",
            where=str(load.layer),
            todo=_("Choose a layer of areas."),
        )
    if "classes" in load.options:
        return read_raster_file(path, load.filename, load.layer, Classes.of_data(load.options["classes"]))
    facts = raster_facts(path, load.filename)
    usual = DEFAULT_BREAKS.get(load.layer.code, ())
    question = {**facts, "breaks": "; ".join(f"{item:g}" for item in usual), "unit": UNITS.get(load.layer.code, "")}
    load.move(LoadState.ASKING_CLASSES, question=question)
    return None


def _coverage(options: dict[str, Any], intake: Any, candidate: Any) -> GEOSGeometry | None:
    """Return where the publisher looked: as the steward said, for a raster else where it has data."""
    from layers.intake.coverage import coverage_named, coverage_of_data, coverage_of_file

    name = options.get("coverage", "")
    if name == "file":
        with local_copy(options["coverage_stored"]) as path:
            return coverage_of_file(path, options["coverage_filename"])
    if not name and intake.raster:
        return coverage_of_data(intake, candidate)
    return coverage_named(name, intake, candidate)


def _question(intake: Any) -> dict[str, Any]:
    """Return the candidates with outlines in WGS 84, for the page that asks."""
    candidates = []
    for candidate in intake.candidates:
        ghost = intake.ghost(candidate)
        candidates.append(
            {
                "key": candidate.key,
                "label": candidate.label,
                "declared": candidate.declared,
                "share": candidate.share_in_province,
                "accuracy": candidate.accuracy,
                "geometry": to_geojson(ghost) if ghost is not None else None,
            }
        )
    return {
        "code": intake.question,
        "text": intake.question_text,
        "todo": intake.question_todo,
        "candidates": candidates,
    }


def _fail(load: LayerLoad, problem: DatNgheError) -> None:
    refused = problem.detail.get("refused")
    load.move(
        LoadState.FAILED,
        problem={
            "code": problem.code,
            "message": str(problem.message),
            "where": str(problem.where),
            "todo": str(problem.todo),
            "refused": refused[:200] if isinstance(refused, list) else [],
        },
    )
    _forget_files(load)


def _forget_files(load: LayerLoad) -> None:
    for name in (load.stored, load.options.get("coverage_stored", "")):
        if name:
            default_storage.delete(name)


@contextmanager
def local_copy(stored_name: str) -> Iterator[Path]:
    """Give a stored file as a local path, whatever the storage is."""
    with default_storage.open(stored_name, "rb") as stored, NamedTemporaryFile(prefix="datnghe-load-") as copy:
        while block := stored.read(1 << 20):
            copy.write(block)
        copy.flush()
        yield Path(copy.name)
