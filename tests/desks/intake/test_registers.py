"""Do villages and clusters of a file enter the register by its own verbs, each refused row with its reason?"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shapely
from django.test import Client

from planning.people.models import Event, User
from planning.registers.models import BoundaryKind, ClusterBoundary, CraftVillage, IndustrialCluster
from tests.cast import Cast, Land
from tests.desks.intake.hands import geojson, say, send, take, upload
from tests.layers.files import home

pytestmark = pytest.mark.django_db
SignedIn = Callable[[User], Client]
WEST, EAST, FAR = (484_000, 1_404_000), (494_000, 1_404_000), (514_000, 1_404_000)


def point(place: tuple[float, float], step: int = 0) -> Any:
    return shapely.Point(place[0] + step, place[1])


def village(name: str, **more: Any) -> dict[str, Any]:
    return {"Tên làng": name, "Nghề": "Dệt thổ cẩm", "Nhóm nghề": "handicraft", **more}


def columns(arrival: Any, **more: str) -> dict[str, str]:
    proposed = {**arrival.facts["columns"]["proposed"], **more}
    return {f"column_{key}": name for key, name in proposed.items()}


def test_villages_enter_row_by_row_and_refused_rows_go_home(
    signed_in: SignedIn, cast: Cast, land: Land, tmp_path: Path
) -> None:
    client = signed_in(cast.commune_officer)  # answers for Xã Tây only
    rows = [
        (point(WEST), village("Buôn Tơng Jú", **{"Từ năm": 1950})),
        (point(WEST, 50), village("Buôn Kmrơng", **{"Từ năm": "không rõ"})),
        (point(EAST), village("Buôn Đông")),
        (point(WEST, 90), village("buôn tơng jú")),
        (point(WEST, 120), village("Buôn Xa", **{"Nhóm nghề": "không có"})),
    ]
    arrival = send(client, "villages", upload(geojson(tmp_path / "lang.geojson", rows)), sender="UBND xã Tây")
    assert arrival.facts["step"] == "columns", (arrival.state, arrival.problem)
    assert say(client, arrival, "columns", column_name="Tên làng").status_code == 422, "the trade is required"
    say(client, arrival, "columns", **columns(arrival, since_year="Từ năm"))
    assert arrival.facts["step"] == "words", arrival.facts["steps"]
    say(client, arrival, "words", word_0="")
    assert arrival.state == "ready", arrival.problem
    found = {line["number"]: (line["refused"] or {}).get("code") for line in arrival.facts["verdicts"]["lines"]}
    assert found == {1: None, 2: "CELL_UNREADABLE", 3: "PLACE_OUTSIDE_SCOPE", 4: "NAME_EXISTS", 5: "CELL_UNREADABLE"}
    assert not CraftVillage.objects.exists() and not Event.objects.exists(), "trying leaves nothing"
    answer = take(client, arrival, 1, 2, 3, 4, 5)
    assert answer["Location"] == f"/tep-vao/{arrival.pk}/"
    entered = CraftVillage.objects.get()
    assert (entered.name, entered.unit, entered.since_year) == ("Buôn Tơng Jú", land.west, 1950)
    assert entered.source == "UBND xã Tây · lang.geojson"
    assert Event.objects.filter(verb="register_village").count() == 1
    table = client.get(f"/tep-vao/{arrival.pk}/khong-nhan.csv").content.decode("utf-8-sig")
    assert table.count("CELL_UNREADABLE") == 2 and "Buôn Kmrơng" in table
    reasons = [row["Lý do"] for row in csv.DictReader(io.StringIO(table))]
    assert reasons[0] == "Đây không phải là năm. Từ năm: không rõ."
    assert all(".." not in said and said.endswith(".") for said in reasons)


def test_a_village_entered_meanwhile_is_refused_at_the_end(
    signed_in: SignedIn, cast: Cast, land: Land, tmp_path: Path
) -> None:
    client = signed_in(cast.commune_officer)
    both = [(point(WEST), village("Một")), (point(WEST, 50), village("Hai"))]
    first = send(client, "villages", upload(geojson(tmp_path / "a.geojson", both)))
    say(client, first, "columns", **columns(first))
    second = send(client, "villages", upload(geojson(tmp_path / "b.geojson", both[:1])))
    say(client, second, "columns", **columns(second))
    take(client, second, 1)
    take(client, first, 1, 2)
    assert sorted(CraftVillage.objects.values_list("name", flat=True)) == ["Hai", "Một"]
    assert "NAME_EXISTS" in client.get(f"/tep-vao/{first.pk}/khong-nhan.csv").content.decode("utf-8-sig")


def table(path: Path, rows: list[list[Any]], head: str = "Tên làng;Nghề;Nhóm nghề;X;Y;Từ năm") -> Path:
    path.write_text("\r\n".join([head, *(";".join(map(str, row)) for row in rows)]), encoding="utf-8")
    return path


def test_a_table_of_villages_is_a_place_in_each_row(
    signed_in: SignedIn, cast: Cast, land: Land, tmp_path: Path
) -> None:
    client = signed_in(cast.commune_officer)
    rows = [
        ["Buôn Tơng Jú", "Dệt thổ cẩm", "handicraft", "1.404.000,50", "484.000,25", 1950],
        ["Buôn Kmrơng", "Dệt thổ cẩm", "handicraft", "1404100", "484100", "không rõ"],
        ["Buôn Xa", "Dệt thổ cẩm", "handicraft", "", "", ""],
    ]
    arrival = send(client, "villages", upload(table(tmp_path / "lang.csv", rows)), sender="UBND xã Tây")
    if arrival.facts["step"] == "crs":
        say(client, arrival, "crs", candidate=arrival.facts["crs"]["candidates"][0]["key"])
    assert arrival.facts["step"] == "columns", (arrival.state, arrival.problem)
    proposed = arrival.facts["columns"]["proposed"]
    assert (proposed["north"], proposed["east"]) == ("X", "Y")
    assert "X (phía bắc)" in client.get(f"/tep-vao/{arrival.pk}/").content.decode()
    say(client, arrival, "columns", **columns(arrival, since_year="Từ năm"))
    found = {line["number"]: (line["refused"] or {}).get("code") for line in arrival.facts["verdicts"]["lines"]}
    assert found == {2: None, 3: "CELL_UNREADABLE"}, "numbers are the rows of the file"
    assert any("4" in notice["message"] for notice in arrival.facts["read"]["notices"]), "the row without a place"
    take(client, arrival, 2)
    village = CraftVillage.objects.get()
    assert village.location is not None
    assert (village.name, village.unit) == ("Buôn Tơng Jú", land.west)
    assert (village.location.y, village.location.x) == (1_404_000.5, 484_000.25)
    rejected = client.get(f"/tep-vao/{arrival.pk}/khong-nhan.csv").content.decode("utf-8-sig")
    assert "1404100" in rejected, "the coordinates go home with the row"
    home = list(csv.DictReader(io.StringIO(rejected)))
    assert [(row["Dòng"], row["Mã"], row["Tên làng"]) for row in home] == [
        ("3", "CELL_UNREADABLE", "Buôn Kmrơng"),
        ("4", "FEATURE_SKIPPED", "Buôn Xa"),
    ]
    features = client.get(f"/tep-vao/{arrival.pk}/khong-nhan.geojson").json()["features"]
    assert [one["geometry"] is None for one in features] == [False, True]


def test_columns_of_places_that_could_be_any_are_asked_and_remembered(
    signed_in: SignedIn, cast: Cast, land: Land, tmp_path: Path
) -> None:
    client = signed_in(cast.commune_officer)
    head = "Tên làng;Nghề;Nhóm nghề;X cũ;Y cũ;X mới;Y mới"
    row = ["Buôn Một", "Dệt", "handicraft", 1_404_000, 484_000, 1_404_007, 484_007]
    arrival = send(client, "villages", upload(table(tmp_path / "a.csv", [row], head)), sender="UBND xã Tây")
    assert (arrival.state, arrival.facts["step"]) == ("asking", "columns"), arrival.problem
    page = client.get(f"/tep-vao/{arrival.pk}/").content.decode()
    assert "X cũ: 1404000" in page and "column_north" in page
    told = columns(arrival)
    say(client, arrival, "columns", **{**told, "column_north": "Tên làng", "column_east": "Y mới"})
    assert (arrival.state, arrival.facts["step"]) == ("asking", "columns"), "a wrong answer is asked again"
    say(client, arrival, "columns", **{**told, "column_north": "X mới", "column_east": "Y mới"})
    if arrival.facts["step"] == "crs":
        say(client, arrival, "crs", candidate=arrival.facts["crs"]["candidates"][0]["key"])
    assert arrival.state == "ready", (arrival.facts["step"], arrival.problem)
    take(client, arrival, *(line["number"] for line in arrival.facts["verdicts"]["lines"]))
    village = CraftVillage.objects.get()
    assert village.location is not None
    assert village.location.y == 1_404_007
    row[0] = "Buôn Hai"
    again = send(client, "villages", upload(table(tmp_path / "b.csv", [row], head)), sender="ubnd XÃ TÂY")
    assert again.facts["columns"]["remembered"] and again.facts["columns"]["proposed"]["north"] == "X mới"


def test_columns_of_places_are_not_asked_of_a_map_file(
    signed_in: SignedIn, cast: Cast, land: Land, tmp_path: Path
) -> None:
    client = signed_in(cast.commune_officer)
    path = geojson(tmp_path / "lang.geojson", [(point(WEST), village("Một", X=1, Y=2))])
    arrival = send(client, "villages", upload(path))
    assert "column_north" not in client.get(f"/tep-vao/{arrival.pk}/").content.decode()


def test_a_table_of_clusters_gives_their_places(signed_in: SignedIn, cast: Cast, land: Land, tmp_path: Path) -> None:
    client = signed_in(cast.appraiser)
    path = table(tmp_path / "ccn.csv", [["CCN Tây", "đang hoạt động", 1_404_000, 484_000]], "Tên CCN;Trạng thái;X;Y")
    arrival = send(client, "clusters", upload(path), boundary="")
    if arrival.facts["step"] == "crs":
        say(client, arrival, "crs", candidate=arrival.facts["crs"]["candidates"][0]["key"])
    say(client, arrival, "columns", **columns(arrival))
    take(client, arrival, 2)
    cluster = IndustrialCluster.objects.get()
    assert cluster.location is not None
    assert (cluster.name, cluster.location.x) == ("CCN Tây", 484_000)
    assert not ClusterBoundary.objects.exists()


def test_clusters_enter_with_areas_and_the_boundary_as_told(
    signed_in: SignedIn, cast: Cast, land: Land, tmp_path: Path
) -> None:
    client = signed_in(cast.appraiser)
    rows = [
        (
            home(500, 4_000, 4_000),
            {
                "TEN": "CCN Tây",
                "TRANG_THAI": "đang hoạt động",
                "SO_QD": "12/QĐ-UBND",
                "NGAY_QD": "01/02/2015",
                "DIEN_TICH": "25,00",
                "DAT_CN": "18.5",
                "NGAY_SO_LIEU": "2025-12-31",
                "XA": "Xã Tây",
            },
        ),
        (home(300, 12_000, 5_000), {"TEN": "CCN Đông", "TRANG_THAI": "operating", "XA": "Đông"}),
        (home(300, 14_000, 5_000), {"TEN": "CCN Lạ", "TRANG_THAI": "operating", "XA": "Xã Không Có"}),
    ]
    path = geojson(tmp_path / "ccn.geojson", rows)
    arrival = send(client, "clusters", upload(path), boundary=BoundaryKind.DECIDED.value)
    say(client, arrival, "columns", **columns(arrival))
    found = {line["number"]: (line["refused"] or {}).get("code") for line in arrival.facts["verdicts"]["lines"]}
    assert found == {1: None, 2: "BOUNDARY_UNSOURCED", 3: "UNIT_UNKNOWN"}, arrival.facts["verdicts"]["lines"]
    take(client, arrival, 1)
    cluster = IndustrialCluster.objects.get()
    assert (cluster.name, cluster.lifecycle, cluster.unit) == ("CCN Tây", "operating", land.west)
    boundary = ClusterBoundary.objects.get()
    assert (boundary.kind, boundary.decision) == (BoundaryKind.DECIDED, "12/QĐ-UBND")
    assert boundary.area_m2 == pytest.approx(250_000, abs=1)
    assert {str(area.area_ha) for area in cluster.areas.all()} == {"25.00", "18.50"}


def test_only_keepers_bring_registers(signed_in: SignedIn, cast: Cast, land: Land) -> None:
    for name, user in cast.everyone().items():
        client = signed_in(user)
        assert client.get("/tep-vao/moi/villages/").status_code == (200 if name == "commune_officer" else 403), name
        assert client.get("/tep-vao/moi/clusters/").status_code == (200 if name == "appraiser" else 403), name
