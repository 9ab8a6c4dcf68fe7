"""How does a layer file get in by command? ``load_layer FILE --layer CODE …``: read, stage, print counts and changes.

It never promotes: `promote_edition` does, by the name of the person who confirms.
"""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from layers.errors import DatNgheError
from layers.intake import LAYER, read_vector_file, to_rows
from layers.models import Layer
from layers.models.layer import GeometryKind, LayerTheme
from planning.people.models import User
from planning.proposals.services.stage_edition import stage_file


class Command(BaseCommand):
    """Stage a file as a new edition of a layer."""

    help = "Read a vector file and stage it as a new edition of a layer; nothing is published by it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Describe the arguments."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--layer", required=True, help="code of the layer")
        parser.add_argument("--source", required=True, help="who published it, in which document")
        parser.add_argument("--effective-from", default="", help="YYYY-MM-DD, today when absent")
        parser.add_argument("--looked-on", default="", help="YYYY-MM-DD, when the publisher last looked, if earlier")
        parser.add_argument("--licence", default="")
        parser.add_argument("--note", default="")
        parser.add_argument("--coverage", default="", help="'' = the province, 'box' = around the data, 'unit:<id>'")
        parser.add_argument(
            "--crs", default="", help="key of a coordinate system, as listed when the file leaves it open"
        )
        parser.add_argument("--file-layer", default="", help="which layer of the file, when it holds several")
        parser.add_argument("--id-field", default="", help="column with the identifier at the source")
        parser.add_argument("--schematic", action="store_true", help="illustrative, not official")
        parser.add_argument("--by", default="", help="username of the steward on record")
        parser.add_argument("--create", action="store_true", help="create the layer when there is none of that code")
        parser.add_argument("--name-vi", default="")
        parser.add_argument("--name-en", default="")
        parser.add_argument("--theme", default="land", choices=LayerTheme.values)
        parser.add_argument("--kind", default="polygon", choices=GeometryKind.values)
        parser.add_argument("--name-field", default="name")
        parser.add_argument("--class-field", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, stage, report."""
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"{path} is not a file")
        layer = self._layer(options)
        actor = self._actor(options["by"])
        try:
            with translation.override("en"):
                self._stage(path, layer, actor, options)
        except DatNgheError as problem:
            lines = [f"{problem.code}: {problem.message}", str(problem.where), str(problem.todo)]
            raise CommandError("\n".join(line for line in lines if line)) from problem

    def _stage(self, path: Path, layer: Layer, actor: User | None, options: dict[str, Any]) -> None:
        intake = read_vector_file(path, path.name, layer=options["file_layer"], kind=layer.geometry_kind, limits=LAYER)
        if intake.question and not options["crs"]:
            known = "\n".join(
                f"  --crs {one.key:<8} {one.label} ({one.share_in_province:.0%} inside the province)"
                for one in intake.candidates
            )
            raise CommandError(f"{intake.question}: {intake.question_text} {intake.question_todo}\n{known}")
        from layers.intake.coverage import coverage_named  # imports numpy and shapely: not at start-up

        candidate = intake.candidate(options["crs"]) if options["crs"] else intake.candidates[0]
        edition = stage_file(
            actor,
            layer,
            intake,
            candidate,
            to_rows(intake, candidate, layer, id_field=options["id_field"]),
            effective_from=date.fromisoformat(options["effective_from"])
            if options["effective_from"]
            else timezone.localdate(),
            source=options["source"],
            looked_on=date.fromisoformat(options["looked_on"]) if options["looked_on"] else None,
            licence=options["licence"],
            coverage=coverage_named(options["coverage"], intake, candidate),
            schematic=options["schematic"],
            note=options["note"],
        )
        report = edition.report
        self.stdout.write(f"{layer.code}: edition {edition.number} staged from {path.name}, read as {candidate.label}")
        for notice in intake.notices:
            self.stdout.write(f"  {notice.code}: {notice.message}")
        self.stdout.write(
            f"  {edition.feature_count} features, {report['repair_count']} repairs"
            f" ({report['repaired_change_m2']} m2 changed, {report['to_confirm']} to look at),"
            f" {report['skipped_count']} skipped"
        )
        for repair in report["repairs"][:20]:
            self.stdout.write(
                f"    feature {repair['row']} {repair['name']}: {repair['code']}"
                f" {repair['before_m2']} -> {repair['after_m2']} m2"
            )
        changes = report["changes"]
        if changes:
            self.stdout.write("  " + ", ".join(f"{key} {value}" for key, value in changes.items() if key != "coverage"))
            coverage = changes["coverage"]
            self.stdout.write(f"  coverage: {coverage['gained_ha']} ha more, {coverage['lost_ha']} ha less")
        self.stdout.write(
            f"  look at the sweep with: promote_edition {layer.code} --number {edition.number} --confirmed-by USERNAME"
        )

    def _layer(self, options: dict[str, Any]) -> Layer:
        layer = Layer.objects.filter(code=options["layer"]).first()
        if layer is not None:
            return layer
        if not options["create"]:
            codes = ", ".join(Layer.objects.values_list("code", flat=True)) or "none yet"
            raise CommandError(f"there is no layer {options['layer']!r} (there are: {codes}); --create makes one")
        name = options["name_vi"] or options["layer"]
        return Layer.objects.create(
            code=options["layer"],
            name_vi=name,
            name_en=options["name_en"] or name,
            theme=options["theme"],
            geometry_kind=options["kind"],
            name_field=options["name_field"],
            class_field=options["class_field"],
        )

    def _actor(self, username: str) -> User | None:
        if not username:
            return None
        actor = User.objects.filter(username=username).first()
        if actor is None:
            raise CommandError(f"there is no user {username!r}")
        return actor
