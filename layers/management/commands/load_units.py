"""How do real administrative units get in? ``load_units FILE --level commune --valid-from 2025-07-01``.

Layers come in by `load_layer`; names, dates and flags of loaded units are kept on the administration pages.
"""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from layers.crs import storage_srid
from layers.errors import DatNgheError
from layers.grid import GRID_M
from layers.intake import LAYER, read_vector_file, to_rows
from layers.models import AdminUnit, Layer
from layers.services.units import UnitRow, level_of, load_units


class Command(BaseCommand):
    """Load the units of one level from a vector file."""

    help = "Load administrative units with their boundaries: the province first, then former districts, then communes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Describe the arguments."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--level", required=True, help="province, district or commune")
        parser.add_argument("--valid-from", required=True, type=date.fromisoformat, help="YYYY-MM-DD")
        parser.add_argument("--valid-to", type=date.fromisoformat, help="last day of units that ended")
        parser.add_argument("--parent", default="", help="code of the wider unit they all lie in")
        parser.add_argument("--code-field", default="code")
        parser.add_argument("--name-field", default="name")
        parser.add_argument("--kind", default="", help="kind of every unit, for example Xã")
        parser.add_argument("--kind-field", default="", help="column with the kind instead")
        parser.add_argument("--area-field", default="", help="column with the official area in km2")
        parser.add_argument("--source", default="", help="who published the boundaries, in which document")
        parser.add_argument("--crs", default="", help="key of a coordinate system, when the file leaves it open")
        parser.add_argument("--file-layer", default="", help="which layer of the file, when it holds several")
        parser.add_argument("--schematic", action="store_true", help="illustrative, not official")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, load, say how many."""
        path: Path = options["file"]
        parent = AdminUnit.objects.filter(code=options["parent"]).order_by("level__rank", "-valid_from").first()
        if not path.is_file():
            raise CommandError(f"{path} is not a file")
        if options["parent"] and parent is None:
            raise CommandError(f"there is no unit with the code {options['parent']}")
        try:
            with translation.override("en"):
                loaded = load_units(
                    level_of(options["level"]),
                    _rows(path, options),
                    valid_from=options["valid_from"],
                    valid_to=options["valid_to"],
                    parent=parent,
                    source=options["source"],
                    schematic=options["schematic"],
                )
        except DatNgheError as problem:
            lines = [f"{problem.code}: {problem.message}", str(problem.where), str(problem.todo)]
            raise CommandError("\n".join(line for line in lines if line)) from problem
        self.stdout.write(
            f"{loaded.made} units new, {loaded.refreshed} refreshed, {loaded.successions} successions from older units"
        )


def _rows(path: Path, options: dict[str, Any]) -> Iterator[UnitRow]:
    intake = read_vector_file(path, path.name, layer=options["file_layer"], kind="polygon", limits=LAYER)
    if intake.question and not options["crs"]:
        known = "\n".join(f"  --crs {one.key:<8} {one.label}" for one in intake.candidates)
        raise CommandError(f"{intake.question}: {intake.question_text} {intake.question_todo}\n{known}")
    candidate = intake.candidate(options["crs"]) if options["crs"] else intake.candidates[0]
    columns = {name.casefold(): name for name in intake.fields}
    for wanted in filter(
        None, (options["code_field"], options["name_field"], options["kind_field"], options["area_field"])
    ):
        if wanted.casefold() not in columns:
            raise CommandError(f"{path}: there is no column {wanted}; there are: {', '.join(intake.fields)}")
    as_layer = Layer(
        name_field=options["name_field"], class_field=options["kind_field"]
    )  # never saved: names the columns
    for row in to_rows(intake, candidate, as_layer, id_field=options["code_field"]):
        shape = shapely.make_valid(shapely.set_precision(shapely.from_wkb(row.geom), GRID_M))
        areas = [part for part in shapely.get_parts(shapely.get_parts(shape)) if part.geom_type == "Polygon"]
        area = row.attributes.get(columns[options["area_field"].casefold()]) if options["area_field"] else None
        yield UnitRow(
            code=row.source_id,
            name=row.name,
            kind_name=row.class_code or options["kind"],
            geom=GEOSGeometry(memoryview(shapely.to_wkb(shapely.multipolygons(areas))), srid=storage_srid()),
            official_area_km2=None if area is None else Decimal(str(area)).quantize(Decimal("0.01")),
        )
