"""Does a file that holds points only, or rows out of order, become the measured boundary as a person confirms it?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas
import pytest
import shapely
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client

from mapping.desks.intake.models import Arrival
from planning.proposals import services
from planning.proposals.models import SurveyReturn
from planning.proposals.services import IssuedLink
from tests.cast import EAST0, NORTH0
from tests.desks.survey.files import upload
from tests.desks.survey.hands import confirmed, page, post, read, say
from tests.layers import files
from tests.layers.encoders import ENCODERS
from tests.proposals.plans import Plans

CORNERS = [(0.0, 500.0), (250.0, 500.0), (500.0, 500.0), (500.0, 0.0), (0.0, 0.0)]
OUT_OF_ORDER = [3, 0, 4, 1, 2]


@pytest.fixture
def link(plans: Plans) -> IssuedLink:
    return services.order_survey(plans.cast.appraiser, plans.approved(), team="Đội đo đạc số 1")


def stakes(names: list[str], order: list[int]) -> Any:
    """Return corners 3 cm east and 2 cm north of the approved ones, as points in the order they were taken."""
    places = [shapely.Point(EAST0 + 2_000.03 + x, NORTH0 + 2_000.02 + y) for x, y in CORNERS]
    return geopandas.GeoDataFrame(
        {"name": [names[at] for at in order]}, geometry=[places[at] for at in order], crs="EPSG:9218"
    )


def sent(frame: Any, folder: Path, suffix: str) -> SimpleUploadedFile:
    """Write points as a total station or a receiver gives them."""
    path = folder / f"diem-do.{suffix}"
    if suffix == "gpx":
        frame.to_crs(4326).to_file(path, driver="GPX", layer="waypoints")
    elif suffix == "csv":
        rows = [
            f"{name};{point.y:.3f};{point.x:.3f}" for name, point in zip(frame["name"], frame.geometry, strict=True)
        ]
        path.write_text("\n".join(["Điểm;X;Y", *rows]).replace(".", ","))
    else:
        frame.to_file(path)
    return upload(path)


@pytest.mark.parametrize("suffix", ["gpx", "gpkg", "csv"])
def test_points_out_of_order_are_joined_by_their_numbers_once_a_person_says_so(
    client: Client, link: IssuedLink, tmp_path: Path, suffix: str
) -> None:
    names = ["M1", "M2", "M10", "M11", "M12"]
    arrival = read(client, link, sent(stakes(names, OUT_OF_ORDER), tmp_path, suffix))
    assert arrival.facts["step"] == "points", (arrival.state, arrival.facts.keys())
    shown = page(client, link, arrival)
    text = shown.content.decode()
    assert "M1 – M2 – M10 – M11 – M12" in text and shown.context["ghosts"][0]["geometry"]
    assert shown.context["stands"]["type"] == "MultiPolygon"
    crossing = next(one for one in arrival.facts["points"]["orders"] if one["crossing"])
    for wrong in ("", "x|", crossing["key"]):
        assert say(client, link, arrival, "points", order=wrong).status_code == 422
    assert not SurveyReturn.objects.exists()
    say(client, link, arrival, "points", order=shown.context["chosen"])
    assert confirmed(client, link, arrival).status_code == 302
    returned = SurveyReturn.objects.get()
    assert returned.area_m2 == pytest.approx(250_000, abs=20 if suffix == "gpx" else 0.5)
    assert all(notice["code"] != "CORNER_REMARKS" for notice in returned.notices), "no side crosses in this order"
    with returned.file.open() as kept:
        assert kept.read(20), "the points themselves are what is kept"


def test_points_in_order_are_confirmed_too_and_can_be_looked_at_again(
    client: Client, link: IssuedLink, tmp_path: Path
) -> None:
    arrival = read(client, link, sent(stakes(["1", "2", "3", "4", "5"], [0, 1, 2, 3, 4]), tmp_path, "gpkg"))
    (order,) = arrival.facts["points"]["orders"]
    say(client, link, arrival, "points", order=order["key"])
    assert arrival.facts["step"] == "crs"
    again = client.get(f"/do-dac/{link.token}/tra-ket-qua/{arrival.pk}/?buoc=points")
    assert again.context["step"] == "points" and "1 – 2 – 3 – 4 – 5" in again.content.decode()
    assert confirmed(client, link, arrival).status_code == 302


def test_points_whose_numbers_cross_are_refused_with_the_place(
    client: Client, link: IssuedLink, tmp_path: Path
) -> None:
    names = ["1", "3", "2", "4", "5"]
    answer = post(client, link, sent(stakes(names, [0, 2, 1, 3, 4]), tmp_path, "gpkg"))
    arrival = Arrival.objects.get()
    assert (answer.status_code, arrival.problem["code"]) == (422, "POINTS_CROSS")
    assert "X " in arrival.problem["where"] and "Y " in arrival.problem["where"]
    assert arrival.problem["where"] in answer.content.decode() and arrival.stored == ""


@pytest.mark.parametrize("count", [1, 2])
def test_fewer_points_than_an_area_has_are_refused(
    client: Client, link: IssuedLink, tmp_path: Path, count: int
) -> None:
    names = ["1", "2", "3", "4", "5"]
    answer = post(client, link, sent(stakes(names, [0, 1, 2, 3, 4][:count]), tmp_path, "gpkg"))
    assert (answer.status_code, Arrival.objects.get().problem["code"]) == (422, "POINTS_TOO_FEW")


def test_names_of_points_are_shown_as_text(client: Client, link: IssuedLink, tmp_path: Path) -> None:
    names = ["<script>alert(1)</script>", "<b>2", "3", "4", "5"]
    arrival = read(client, link, sent(stakes(names, [0, 1, 2, 3, 4]), tmp_path, "gpkg"))
    text = page(client, link, arrival).content.decode()
    assert "<script>alert(1)" not in text and "&lt;script&gt;alert(1)" in text


def test_old_texts_can_be_read_otherwise(client: Client, link: IssuedLink, tmp_path: Path) -> None:
    name = ENCODERS["tcvn3"]("Ranh giới đo đạc phía Đông").decode("latin-1")
    square = shapely.Polygon([(EAST0 + 2_000 + x, NORTH0 + 2_000 + y) for x, y in CORNERS])
    shp = files.shapefile(tmp_path / "cu", [square], names=[name], encoding="ISO-8859-1")
    shp.with_suffix(".cpg").unlink(missing_ok=True)
    arrival = read(client, link, *[upload(part) for part in sorted(shp.parent.iterdir())])
    shown = client.get(f"/do-dac/{link.token}/tra-ket-qua/{arrival.pk}/?buoc=texts").content.decode()
    assert "Ranh giới đo đạc phía Đông" in shown and 'value="tcvn3"' in shown
    assert say(client, link, arrival, "texts", encoding="utf-7").status_code == 422
    say(client, link, arrival, "texts", encoding="tcvn3")
    assert confirmed(client, link, arrival).status_code == 302


def test_a_file_belongs_to_a_person_or_to_a_link_and_never_to_both_or_nobody(plans: Plans, link: IssuedLink) -> None:
    told: dict[str, Any] = {"purpose": "measured", "filename": "a", "size": 1, "sha256": "0"}
    for holders in ({}, {"person": plans.cast.planner, "order": link.order}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Arrival.objects.create(**told, **holders)
    assert Arrival.objects.create(**told, order=link.order).pk
