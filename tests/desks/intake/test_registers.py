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
