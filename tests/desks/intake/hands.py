"""What do hands do with a file from outside? Send it, answer, tick, take: shared by the tests of the desk."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import shapely
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from layers.models import Edition, Layer
from mapping.desks.intake.models import Arrival


def upload(path: Path) -> SimpleUploadedFile:
    return SimpleUploadedFile(path.name, path.read_bytes())


def send(client: Client, address: str, *files: Any, **said: Any) -> Arrival:
    """Send files and return the arrival; fails when they were not kept, or a refusal was answered as success."""
    answer = client.post(f"/tep-vao/moi/{address}/", {"file": list(files), **said})
    arrival = Arrival.objects.latest("pk")
    assert answer.status_code == status_of(arrival), answer.content.decode()[-3000:]
    return arrival


def status_of(arrival: Arrival) -> int:
    """Return what the act that brought a file here must have answered: go and look, or the refusal's own status."""
    return int(arrival.problem["status"]) if arrival.state == "refused" else 302


def geojson(path: Path, features: list[tuple[Any, dict[str, Any]]], srid: int = 9218) -> Path:
    """Write features with attributes in the storage CRS, named the old way."""
    collection = {
        "type": "FeatureCollection",
        "crs": {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{srid}"}},
        "features": [
            {"type": "Feature", "properties": told, "geometry": json.loads(shapely.to_geojson(shape))}
            for shape, told in features
        ],
    }
    path.write_text(json.dumps(collection, ensure_ascii=False))
    return path


def say(client: Client, arrival: Arrival, step: str, **told: Any) -> Any:
    answer = client.post(f"/tep-vao/{arrival.pk}/tra-loi/", {"step": step, **told})
    arrival.refresh_from_db()
    return answer


def take(client: Client, arrival: Arrival, *numbers: int, **told: Any) -> Any:
    page = client.get(f"/tep-vao/{arrival.pk}/")
    seen = page.context["seen"] if page.context and "seen" in page.context else {}
    answer = client.post(f"/tep-vao/{arrival.pk}/nhan/", {"feature": numbers, **seen, **told})
    arrival.refresh_from_db()
    return answer


def send_edition(client: Client, path: Path, layer: Layer, **said: Any) -> Arrival:
    told = {"layer": layer.pk, "effective_from": "01/02/2026", "source": "Sở Thử", "coverage": "", **said}
    return send(client, "edition", upload(path), **told)


def staged_by_page(client: Client, path: Path, layer: Layer, **said: Any) -> Edition:
    """Bring a file with a known coordinate system in as an edition and return it."""
    arrival = send_edition(client, path, layer, **said)
    if arrival.facts.get("step") == "columns":
        proposed = arrival.facts["columns"]["proposed"]
        say(client, arrival, "columns", **{f"column_{key}": name for key, name in proposed.items()})
    assert arrival.state == "ready", (arrival.state, arrival.problem)
    numbers = [line["number"] for line in arrival.facts["verdicts"]["lines"]]
    answer = take(client, arrival, *numbers)
    assert answer.status_code == 302, answer.content.decode()[:500]
    return Edition.objects.latest("pk")
