"""Does a steward's file become a staged edition: columns named and remembered, rasters classed, in the worker?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
import shapely
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from layers.intake import limits
from layers.models import Edition
from mapping.desks.intake import flow
from mapping.desks.intake.models import Arrival, ArrivalState, SenderMapping
from planning.people.models import Event, User
from tests.cast import Cast, Land
from tests.desks.intake.hands import geojson, say, send_edition, staged_by_page, take, upload
from tests.layers import files
from tests.layers.files import home
from tests.layers.make import make_layer
from tests.layers.rasters import geotiff

pytestmark = pytest.mark.django_db
SignedIn = Callable[[User], Client]
BOW = "POLYGON ((490000 1400000, 490400 1400400, 490400 1400000, 490000 1400400, 490000 1400000))"


def test_the_columns_are_named_once_and_remembered_for_the_sender(
    signed_in: SignedIn, cast: Cast, land: Land, tmp_path: Path
) -> None:
    layer = make_layer("rice", name_field="name", class_field="code")
    client = signed_in(cast.steward)
    rows = [(home(), {"MA_LOAI": "LUC", "TEN_GOI": "Đồng Ea Kar", "ghi_chu": "x", "SO": 7})]
    arrival = send_edition(client, geojson(tmp_path / "a.geojson", rows), layer, sender="Sở Nông nghiệp")
    assert arrival.facts["step"] == "columns"
    proposed = arrival.facts["columns"]["proposed"]
    assert proposed == {"name": "TEN_GOI", "class": "MA_LOAI"}
    assert say(client, arrival, "columns", column_name="không có").status_code == 422
    say(client, arrival, "columns", column_name="TEN_GOI", column_class="MA_LOAI", column_id="SO")
    take(client, arrival, 1)
    feature = Edition.objects.get().features.get()
    assert (feature.name, feature.class_code, feature.source_id) == ("Đồng Ea Kar", "LUC", "7")
    assert Event.objects.get(verb="edition_staged").actor == cast.steward
    assert SenderMapping.objects.get().mapping == {"name": "TEN_GOI", "class": "MA_LOAI", "id": "SO"}
    again = send_edition(client, geojson(tmp_path / "b.geojson", rows * 2), layer, sender="  so nong NGHIEP")
    assert again.facts["columns"]["remembered"] and again.facts["columns"]["proposed"]["id"] == "SO"


@pytest.mark.parametrize("names", [("source_id", "name", "class_code"), ("ma_nguon", "ten", "loai")])
def test_the_columns_of_our_own_downloads_are_known_again(
    signed_in: SignedIn, cast: Cast, land: Land, tmp_path: Path, names: tuple[str, ...]
) -> None:
    layer = make_layer("forest_special", name_field="name", class_field="class")
    told = dict(zip(names, ("R1", "Ea Sô", "special"), strict=True)) | {"area_m2": 1.0}
    client = signed_in(cast.steward)
    arrival = send_edition(client, geojson(tmp_path / "a.geojson", [(home(), told)]), layer)
    proposed = arrival.facts["columns"]["proposed"]
    assert tuple(proposed[key] for key in ("id", "name", "class")) == names


def test_an_open_coordinate_system_is_asked_and_a_stated_one_is_not(
    signed_in: SignedIn, cast: Cast, land: Land, tmp_path: Path
) -> None:
    client, layer = signed_in(cast.steward), make_layer()
    open_ = send_edition(client, files.shapefile_zip(tmp_path / "a", [home()], without=(".prj",)), layer)
    assert (open_.facts["step"], open_.facts["crs"]["candidates"][0]["key"]) == ("crs", "9218")
    assert say(client, open_, "crs", candidate="1234").status_code == 422
    say(client, open_, "crs", candidate="9218")
    assert open_.facts["step"] == "columns"
    beyond = [home(600), shapely.box(560_000, 1_400_000, 560_100, 1_400_100)]
    stated = send_edition(client, files.shapefile_zip(tmp_path / "b", beyond), layer)
    assert stated.facts["step"] == "columns", "a layer may reach beyond the province"


def test_refused_features_are_left_out_and_the_others_staged(
    signed_in: SignedIn, cast: Cast, land: Land, tmp_path: Path
) -> None:
    client, layer = signed_in(cast.steward), make_layer()
    holed = shapely.Polygon(shapely.get_coordinates(home(300)), [shapely.get_coordinates(home(50, 14_000))])
    rows = [(home(), {"name": "A"}), (holed, {"name": "B"}), (shapely.from_wkt(BOW), {"name": "C"})]
    arrival = send_edition(client, geojson(tmp_path / "a.geojson", rows), layer)
    say(client, arrival, "columns", column_name="name")
    outcomes = {line["number"]: line["outcome"] for line in arrival.facts["verdicts"]["lines"]}
    assert outcomes == {1: "ok", 2: "refused", 3: "repaired"}
    mended = arrival.facts["verdicts"]["lines"][2]
    assert mended["before_m2"] is not None and mended["after_m2"] == pytest.approx(80_000, abs=1)
    take(client, arrival, 1, 3)
    edition = Edition.objects.get()
    assert sorted(edition.features.values_list("name", flat=True)) == ["A", "C"]
    assert edition.report["left_out"] == 1 and edition.report["repair_count"] == 1
    assert "HOLE_OUTSIDE" in client.get(f"/tep-vao/{arrival.pk}/khong-nhan.csv").content.decode("utf-8-sig")


def test_rows_of_a_large_file_that_have_no_place_go_home_with_their_attributes(
    signed_in: SignedIn, cast: Cast, land: Land, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "FEATURES", 2)
    client, layer = signed_in(cast.steward), make_layer()
    shapes = [home(100, 1_000), None, home(100, 2_000), home(100, 3_000)]
    path = files.shapefile_zip(tmp_path, shapes, names=["Một", "Hai", "Ba", "Bốn"], encoding="UTF-8")
    edition = staged_by_page(client, path, layer)
    assert sorted(edition.features.values_list("name", flat=True)) == ["Ba", "Bốn", "Một"]
    arrival = Arrival.objects.get()
    home_again = client.get(f"/tep-vao/{arrival.pk}/khong-nhan.geojson").json()["features"]
    assert [(one["geometry"], one["properties"]["_row"], one["properties"]["ten"]) for one in home_again] == [
        (None, 2, "Hai")
    ]


def test_a_large_file_is_read_and_taken_by_the_worker(
    signed_in: SignedIn,
    cast: Cast,
    land: Land,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks,
) -> None:
    monkeypatch.setattr(flow, "INLINE_BYTES", 100)
    client, layer = signed_in(cast.steward), make_layer()
    with django_capture_on_commit_callbacks() as queued:
        arrival = send_edition(client, files.geojson(tmp_path / "a.geojson", [home()]), layer)
        assert arrival.state == "queued"
        page = client.get(f"/tep-vao/{arrival.pk}/").content.decode()
        part = client.get(f"/tep-vao/{arrival.pk}/", headers={"hx-request": "true"}).content.decode()
        assert "hx-get" in page and "hx-get" in part and "<html" not in part
    for job in queued:
        job()
    arrival.refresh_from_db()
    assert arrival.facts["step"] == "columns", arrival.problem
    assert client.get(f"/tep-vao/{arrival.pk}/", headers={"hx-request": "true"})["HX-Refresh"] == "true"
    with django_capture_on_commit_callbacks(execute=True):
        say(client, arrival, "columns", column_name="ten")
    arrival.refresh_from_db()
    assert arrival.state == "ready"
    with django_capture_on_commit_callbacks() as queued:
        assert take(client, arrival, 1).status_code == 302
        assert arrival.state == "taking" and not Edition.objects.exists()
        assert take(client, arrival, 1).status_code == 409
    for job in queued:
        job()
        job()  # a job that is run twice takes once
    arrival.refresh_from_db()
    assert arrival.state == "taken" and Edition.objects.count() == 1
    assert arrival.became == f"/lop-du-lieu/phien-ban/{Edition.objects.get().pk}/"


def test_a_reading_whose_worker_was_ended_can_be_started_again(
    signed_in: SignedIn, cast: Cast, land: Land, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flow, "INLINE_BYTES", 100)
    client = signed_in(cast.steward)
    arrival = send_edition(client, files.geojson(tmp_path / "a.geojson", [home()]), make_layer())  # never committed
    client.post(f"/tep-vao/{arrival.pk}/lam-lai/")
    arrival.refresh_from_db()
    assert arrival.state == "queued" and not arrival.lines.filter(code="RESTARTED").exists()
    monkeypatch.setattr(flow, "INLINE_BYTES", 1 << 30)
    Arrival.objects.filter(pk=arrival.pk).update(
        changed_at=timezone.now() - timedelta(minutes=6), state=ArrivalState.READING
    )
    assert "lam-lai" in client.get(f"/tep-vao/{arrival.pk}/").content.decode()
    client.post(f"/tep-vao/{arrival.pk}/lam-lai/")
    arrival.refresh_from_db()
    assert arrival.state == "asking" and arrival.lines.filter(code="RESTARTED").exists()


def test_a_raster_waits_for_its_classes_and_becomes_areas(
    signed_in: SignedIn, cast: Cast, land: Land, tmp_path: Path
) -> None:
    heights = np.tile(np.arange(40, dtype=np.float32) * 10, (40, 1))
    heights[:5, :5] = -9999
    layer = make_layer("slope", theme="relief", class_field="class")
    client = signed_in(cast.steward)
    arrival = send_edition(client, geotiff(tmp_path / "cao.tif", heights, nodata=-9999), layer, looked_on="05/01/2026")
    assert arrival.facts["step"] == "classes", arrival.problem
    page = client.get(f"/tep-vao/{arrival.pk}/").content.decode()
    assert "8; 15; 25" in page and "checked" in page  # 390 m is no slope: the values are heights
    assert say(client, arrival, "classes", breaks="15; 8", min_area_ha="1").status_code == 422
    say(client, arrival, "classes", breaks="8; 15", slope="on", min_area_ha="0")
    assert arrival.state == "ready", arrival.problem
    take(client, arrival, *(line["number"] for line in arrival.facts["verdicts"]["lines"]))
    edition = Edition.objects.get()
    assert {feature.class_code for feature in edition.features.all()} == {"0-8", "8-15"}
    assert edition.coverage.area == pytest.approx((1600 - 25) * 10_000)
    assert str(edition.looked_on) == "2026-01-05"
    assert edition.report["raster"]["breaks"] == [8, 15]
    shown = client.get(f"/lop-du-lieu/phien-ban/{edition.pk}/").content.decode()
    assert "8-15 %" in shown and "05/01/2026" in shown


def test_a_coverage_of_its_own_comes_along(signed_in: SignedIn, cast: Cast, land: Land, tmp_path: Path) -> None:
    client, layer = signed_in(cast.steward), make_layer()
    data, cover = files.geojson(tmp_path / "a.geojson", [home()]), files.geojson(tmp_path / "b.geojson", [home(900)])
    told = {"layer": layer.pk, "effective_from": "01/02/2026", "source": "Sở Thử"}
    for bad in ({"coverage": "file"}, {"coverage": "unit"}, {"looked_on": "01/03/2026"}, {"source": ""}):
        answer = client.post("/tep-vao/moi/edition/", {**told, "file": upload(data), **bad})
        assert answer.status_code == 422 and not Arrival.objects.exists()
    own = SimpleUploadedFile(cover.name, cover.read_bytes())
    edition = staged_by_page(client, data, layer, coverage="file", coverage_file=own)
    assert edition.coverage.area == pytest.approx(810_000, abs=1)


def test_the_ghost_of_many_features_stays_light(signed_in: SignedIn, cast: Cast, land: Land, tmp_path: Path) -> None:
    squares = [home(20, 12_000 + step % 30 * 40, 5_000 + step // 30 * 40) for step in range(900)]
    path = files.shapefile_zip(tmp_path, squares, without=(".prj",))
    arrival = send_edition(signed_in(cast.steward), path, make_layer())
    ghost = arrival.facts["crs"]["candidates"][0]["geometry"]
    assert 100 < len(ghost["geometries"]) <= 300  # kept once per reading; 20,000 parts each took two minutes


def test_only_stewards_bring_editions(signed_in: SignedIn, client: Client, cast: Cast, land: Land) -> None:
    for name, user in cast.everyone().items():
        wanted = 200 if name == "steward" else 403
        assert signed_in(user).get("/tep-vao/moi/edition/").status_code == wanted, name
    assert client.get("/tep-vao/moi/edition/").status_code == 302


def test_columns_are_not_asked_where_the_file_has_none(
    signed_in: SignedIn, cast: Cast, land: Land, tmp_path: Path
) -> None:
    path = tmp_path / "goc.csv"
    rows = [(1_404_000, 484_000), (1_404_000, 484_300), (1_403_700, 484_300), (1_403_700, 484_000)]
    path.write_text("X;Y\r\n" + "\r\n".join(f"{x};{y}" for x, y in rows), encoding="utf-8")
    client = signed_in(cast.steward)
    arrival = send_edition(client, path, make_layer("rice"))
    if arrival.facts["step"] == "crs":
        say(client, arrival, "crs", candidate=arrival.facts["crs"]["candidates"][0]["key"])
    assert arrival.state == "ready", arrival.facts.get("columns")
    take(client, arrival, 1)
    assert arrival.state == "taken", arrival.problem
