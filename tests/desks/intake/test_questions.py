"""Are drawings, old texts and corner tables asked about, and does the answer change what is read?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import ezdxf
import pytest
import shapely
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from layers.models import Edition
from planning.people.models import User
from planning.proposals.models import Draft
from tests.cast import EAST0, NORTH0, Cast, Land
from tests.desks.intake.hands import say, send, take, upload
from tests.layers import files
from tests.layers.encoders import ENCODERS
from tests.layers.files import home
from tests.layers.make import make_layer
from tests.proposals.plans import Plans

pytestmark = pytest.mark.django_db
SignedIn = Callable[[User], Client]


def drawing(path: Path, scale: float = 1.0, gap: float = 0.0, more: bool = True) -> Path:
    """Write a drawing with a boundary of 25 ha on its own layer, and a house on another."""
    document = ezdxf.new("R2010")
    space = document.modelspace()
    west, south = EAST0 + 4_000, NORTH0 + 4_000
    ring = [(west, south), (west + 500, south), (west + 500, south + 500), (west, south + 500)]
    ends = [*ring, (west, south + gap)]
    space.add_lwpolyline([(x * scale, y * scale) for x, y in ends], dxfattribs={"layer": "RANH_GIOI"})
    if more:
        house = [(west + 900, south), (west + 950, south), (west + 950, south + 40), (west + 900, south + 40)]
        space.add_lwpolyline([(x * scale, y * scale) for x, y in house], close=True, dxfattribs={"layer": "NHA"})
    document.saveas(path)
    return path


def test_the_layers_of_a_drawing_are_chosen_and_can_be_chosen_again(
    signed_in: SignedIn, plans: Plans, tmp_path: Path
) -> None:
    proposal = plans.draft()
    client = signed_in(plans.cast.planner)
    arrival = send(client, f"zone/{proposal.code}", upload(drawing(tmp_path / "ranh.dxf")))
    assert arrival.facts["step"] == "cad", (arrival.state, arrival.problem)
    assert {one["name"] for one in arrival.facts["cad"]["layers"]} == {"RANH_GIOI", "NHA"}
    assert "RANH_GIOI" in client.get(f"/tep-vao/{arrival.pk}/").content.decode()
    assert say(client, arrival, "cad", cad_layer="không có").status_code == 422
    say(client, arrival, "cad", cad_layer=["RANH_GIOI", "NHA"])
    say(client, arrival, "crs", candidate="9218")
    assert len(arrival.facts["verdicts"]["lines"]) == 2
    say(client, arrival, "cad", cad_layer="RANH_GIOI")
    assert (arrival.facts["step"], "crs" in arrival.answers) == ("crs", False), "other layers may lie elsewhere"
    say(client, arrival, "crs", candidate="9218")
    take(client, arrival, 1)
    assert Draft.objects.get(proposal=proposal).geom.area == pytest.approx(250_000, abs=1)


def test_a_drawing_in_millimetres_and_with_a_gap_is_asked_about_one_thing_after_the_other(
    signed_in: SignedIn, plans: Plans, tmp_path: Path
) -> None:
    proposal = plans.draft()
    client = signed_in(plans.cast.planner)
    path = drawing(tmp_path / "mm.dxf", scale=1000.0, gap=0.05, more=False)
    arrival = send(client, f"zone/{proposal.code}", upload(path))
    asked = []
    while arrival.facts.get("step") == "offer":
        asked.append(arrival.facts["offer"]["code"].split(".")[0])
        assert arrival.facts["offer"]["offers"][0]["text"] in client.get(f"/tep-vao/{arrival.pk}/").content.decode()
        assert say(client, arrival, "offer", offer="9").status_code == 422
        say(client, arrival, "offer", offer="0")
    assert asked == ["UNITS_SUSPECT", "LINE_NOT_CLOSED"], (arrival.state, arrival.problem)
    say(client, arrival, "crs", candidate="9218")
    take(client, arrival, 1)
    assert Draft.objects.get(proposal=proposal).geom.area == pytest.approx(250_000, abs=100)


def test_old_texts_are_shown_side_by_side_and_read_as_chosen(
    signed_in: SignedIn, cast: Cast, land: Land, tmp_path: Path
) -> None:
    client, layer = signed_in(cast.steward), make_layer()
    names = ["Buôn Đồng Lợi", "Xã Cư M'gar", "Thị trấn Phước An"]
    shapes = [home(100, 12_000 + step * 200) for step in range(3)]
    old = [ENCODERS["tcvn3"](name).decode("latin-1") for name in names]
    shp = files.shapefile(tmp_path / "cu", shapes, names=old, encoding="ISO-8859-1")
    shp.with_suffix(".cpg").unlink(missing_ok=True)
    parts = [upload(part) for part in sorted(shp.parent.iterdir())]
    arrival = send(client, "edition", *parts, layer=layer.pk, effective_from="01/02/2026", source="Sở Thử", coverage="")
    readings = {one["key"]: one["samples"] for one in arrival.facts["texts"]["readings"]}
    assert "Buôn Đồng Lợi" in " ".join(readings["tcvn3"])
    page = client.get(f"/tep-vao/{arrival.pk}/?buoc=texts").content.decode()
    assert "Buôn Đồng Lợi" in page and 'value="tcvn3"' in page
    assert say(client, arrival, "texts", encoding="utf-7").status_code == 422
    say(client, arrival, "texts", encoding="tcvn3")
    if arrival.facts["step"] == "columns":
        say(client, arrival, "columns", column_name="ten")
    take(client, arrival, 1, 2, 3)
    assert sorted(Edition.objects.get().features.values_list("name", flat=True)) == sorted(names)


def test_a_corner_table_comes_in_with_its_remarks(signed_in: SignedIn, plans: Plans) -> None:
    proposal = plans.draft()
    client = signed_in(plans.cast.planner)
    north, east = NORTH0 + 4_000, EAST0 + 4_000
    rows = [("1", north + 500, east, 500), ("2", north + 500, east + 500, 500), ("3", north, east + 500, 499.5)]
    rows.append(("4", north, east, 500))
    lines = ["Điểm;X;Y;Cạnh", *(f"{n};{x:.2f};{y:.2f};{side:.2f}".replace(".", ",") for n, x, y, side in rows)]
    sent = SimpleUploadedFile("toa_do.csv", "\n".join(lines).encode())
    arrival = send(client, f"zone/{proposal.code}", sent)
    assert arrival.facts["step"] == "crs", (arrival.state, arrival.problem)
    assert arrival.facts["read"]["remarks"], "a side does not agree"
    say(client, arrival, "crs", candidate=arrival.facts["crs"]["candidates"][0]["key"])
    take(client, arrival, 1)
    assert Draft.objects.get(proposal=proposal).geom.area == pytest.approx(250_000, abs=1)


def test_an_ambiguous_area_is_taken_only_in_the_way_that_was_chosen(
    signed_in: SignedIn, plans: Plans, tmp_path: Path
) -> None:
    proposal = plans.draft()
    client = signed_in(plans.cast.planner)
    e, n = EAST0 + 4_000, NORTH0 + 4_000
    ring = [(0, 0), (400, 0), (400, 300), (100, 300), (100, -100), (300, -100), (300, 400), (0, 400)]
    twice = shapely.Polygon([(e + x, n + y) for x, y in ring])
    arrival = send(client, f"zone/{proposal.code}", upload(files.geojson(tmp_path / "a.geojson", [twice])))
    say(client, arrival, "crs", candidate=arrival.facts["crs"]["candidates"][0]["key"])
    line: dict[str, Any] = arrival.facts["verdicts"]["lines"][0]
    assert line["outcome"] == "ask" and {one["key"] for one in line["variants"]} == {"structure", "linework"}
    refused = take(client, arrival, 1)
    assert refused.status_code == 422 and refused.context["problem"]["code"] == "REPAIR_AMBIGUOUS"
    assert take(client, arrival, 1, variant_1="nonsense").status_code == 422
    areas = []
    for key in ("structure", "linework"):
        found = next(one for one in client.get(f"/tep-vao/{arrival.pk}/ban-do.json").json()["features"]
                     if one["properties"]["variant"] == key)  # fmt: skip
        areas.append(found["geometry"]["type"])
    assert take(client, arrival, 1, variant_1="linework").status_code == 302
    assert Draft.objects.get(proposal=proposal).geom.area == pytest.approx(110_000, abs=1)
