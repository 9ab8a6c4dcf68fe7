"""Does an edition leave whole, under names every program bears, and is it on record when a restricted one does?"""

from __future__ import annotations

import json
from pathlib import Path

import pyogrio
import pytest
from django.test import Client
from django.urls import reverse

from layers.models import Edition
from layers.services import LayerRow, stage_rows
from mapping.desks.steward.downloads import edition_query, plain_names
from planning.people.models import Event
from tests.cast import TODAY, Cast, Land, square
from tests.layers.make import make_layer

pytestmark = pytest.mark.django_db
HOSTILE = {
    "Tên chủ sử dụng": "Xã Ea Kar", "ten": "hai", "id": "x", "geom": 1, "a'); DROP TABLE layers_feature; --": 2,
    '"%s"': 3.5, "số": 12, "SỐ": None,
    "Đường kính ống dẫn rất dài": -1, "": "trống", "status": True, "lồng": {"a": [1]},
}  # fmt: skip


def make_edition(*, is_public: bool = True) -> Edition:
    layer = make_layer("rice", is_public=is_public)
    rows = [
        LayerRow(geom=square(0, 0, 500), name="Khu 0", class_code="LUC", attributes=HOSTILE, source_id="A-1"),
        LayerRow(geom=square(600, 0, 500), name="=Khu 1", attributes={"số": 13}),
    ]
    return stage_rows(layer, rows, effective_from=TODAY, source="Sở Thử")


def address(edition: Edition, kind: str) -> str:
    return reverse("steward:download", args=[edition.pk, kind])


def test_every_attribute_is_a_column_under_a_plain_name(client: Client, cast: Cast, land: Land, tmp_path: Path) -> None:
    edition = make_edition()
    client.force_login(cast.steward)
    path = tmp_path / "a.gpkg"
    path.write_bytes(b"".join(client.get(address(edition, "gpkg")).streaming_content))
    frame = pyogrio.read_dataframe(path)
    first = frame.iloc[0]
    assert [first[name] for name in ("source_id", "name", "class_code", "area_m2")] == ["A-1", "Khu 0", "LUC", 250_000]
    assert first["ten_chu_su_dung"] == "Xã Ea Kar"
    assert 12.0 in {frame["so"][0], frame["so2"][0]}
    assert first["duong_kinh_ong_dan_rat_dai"] == -1
    assert json.loads(first["long"]) == {"a": [1]}
    assert all(set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789_") for name in frame.columns[:-1])
    path.with_suffix(".zip").write_bytes(b"".join(client.get(address(edition, "shp")).streaming_content))
    names = pyogrio.read_info(f"/vsizip/{path.with_suffix('.zip')}")["fields"].tolist()
    assert len(set(names)) == len(HOSTILE) + 4 and max(map(len, names)) <= 10


def test_the_map_narrows_an_edition(client: Client, cast: Cast, land: Land) -> None:
    edition = make_edition()
    client.force_login(cast.appraiser)
    whole = json.loads(b"".join(client.get(address(edition, "geojson")).streaming_content))["features"]
    west = min(at[0] for at in whole[0]["geometry"]["coordinates"][0])
    box = f"{west - 0.001},12,{west + 0.002},13"
    part = json.loads(b"".join(client.get(address(edition, "geojson") + f"?bbox={box}").streaming_content))["features"]
    assert [one["properties"]["name"] for one in part] == ["Khu 0"]


def test_a_restricted_layer_leaves_on_record_and_a_public_one_without(client: Client, cast: Cast, land: Land) -> None:
    edition = make_edition(is_public=False)
    client.force_login(cast.steward)
    assert client.get(address(edition, "csv")).status_code == 200
    event = Event.objects.get(verb="edition_downloaded")
    assert (event.actor, event.data["format"]) == (cast.steward, "csv")
    assert client.get(address(edition, "exe")).status_code == 404
    assert Event.objects.filter(verb="edition_downloaded").count() == 1
    Edition.objects.filter(pk=edition.pk).first().layer.__class__.objects.update(is_public=True)
    client.get(address(edition, "csv"))
    assert Event.objects.filter(verb="edition_downloaded").count() == 1


def test_nobody_else_takes_an_edition(client: Client, cast: Cast, land: Land) -> None:
    edition = make_edition()
    assert client.get(address(edition, "csv")).status_code == 302
    for person in (cast.planner, cast.fund_officer, cast.commune_officer, cast.administrator, cast.nobody):
        client.force_login(person)
        assert client.get(address(edition, "csv")).status_code == 403
    client.force_login(cast.inspector)
    assert client.get(reverse("steward:download", args=[10**9, "csv"])).status_code == 404


def test_columns_of_an_edition_without_attributes(land: Land) -> None:
    edition = stage_rows(make_layer("rice"), [LayerRow(geom=square(0, 0, 500))], effective_from=TODAY, source="Sở Thử")
    _query, columns = edition_query(edition)
    assert [column.short for column in columns] == ["ma_nguon", "ten", "loai", "dt_m2"]


def test_plain_names_are_short_single_and_never_taken() -> None:
    found = plain_names(["Đất ở", "Dat o", "dat_o", "", "???", "geom", "x" * 40, "x" * 41], {"dat_o"}, 10)
    assert len(set(found)) == len(found)
    assert not {"dat_o", "geom"} & set(found)
    assert max(map(len, found)) <= 10
