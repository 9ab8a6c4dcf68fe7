"""Can a steward load by page and by command, and only another person confirm?"""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
import shapely
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from layers.batches.run import run_batch
from layers.errors import NotAllowed, TransitionRefused
from layers.models import Batch, Edition, Layer
from mapping.desks.steward.acts import discard
from mapping.desks.steward.models import LayerLoad, LoadState
from planning.people.models import Event
from planning.proposals.sweep_state import latest_sweep
from tests.cast import Cast, Land, square
from tests.layers import files
from tests.layers.files import home
from tests.layers.make import current, make_layer, stage
from tests.layers.rasters import geotiff
from tests.proposals.sweeping import confirm, swept

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _media(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def send(client: Client, path: Path, layer: Layer, **changes: object):
    data = {
        "layer": layer.pk,
        "file": SimpleUploadedFile(path.name, path.read_bytes()),
        "effective_from": "01/02/2026",
        "source": "Sở Thử",
        "coverage": "",
        **changes,
    }
    return client.post(reverse("steward:upload"), data)


def load_by_page(client: Client, path: Path, layer: Layer, capture, **changes: object) -> LayerLoad:
    with capture(execute=True):
        answer = send(client, path, layer, **changes)
    assert answer.status_code == 302
    return LayerLoad.objects.latest("pk")


def test_the_door_is_closed_for_others(client: Client, cast: Cast) -> None:
    assert client.get(reverse("steward:home")).status_code == 302  # to the sign-in page
    client.force_login(cast.planner)
    assert client.get(reverse("steward:home")).status_code == 403
    assert client.get(reverse("steward:upload")).status_code == 403
    client.force_login(cast.appraiser)
    assert client.get(reverse("steward:home")).status_code == 200
    assert client.get(reverse("steward:upload")).status_code == 403


def test_home_names_age_coverage_and_what_is_missing(client: Client, cast: Cast, land: Land) -> None:
    current(make_layer("rice", review_after_days=10), [square(0, 0, 500)])
    make_layer("forest", theme="forest")
    stage(make_layer("roads"), [square(0, 0, 500)])
    client.force_login(cast.steward)
    page = client.get(reverse("steward:home")).content.decode()
    assert "Lớp rice" in page and "Lớp forest" in page and "Sở Thử" in page
    assert page.count("chip-bad") >= 2


def test_a_file_becomes_a_staged_edition_and_another_person_confirms(
    client: Client, cast: Cast, land: Land, tmp_path: Path, django_capture_on_commit_callbacks
) -> None:
    layer = make_layer("rice", name_field="ten")
    old = current(layer, [square(12_000, 5_000, 400)])
    client.force_login(cast.steward)
    load = load_by_page(client, files.shapefile_zip(tmp_path, [home()]), layer, django_capture_on_commit_callbacks)
    assert load.state == LoadState.DONE, load.problem
    page = client.get(reverse("steward:load", args=[load.pk]))
    assert page.status_code == 302 and page["Location"] == reverse("steward:edition", args=[load.edition_id])
    edition = load.edition
    assert edition.status == "staged" and edition.features.get().name == "Khu 0"
    assert edition.report["changes"]["changed_ha"] == pytest.approx(9.0, abs=0.01)
    assert Event.objects.get(verb="edition_staged").actor == cast.steward
    address = reverse("steward:edition", args=[edition.pk])
    shown = client.get(address).content.decode()
    assert "9,00\xa0ha" in shown and reverse("steward:promote", args=[edition.pk]) not in shown
    batch = latest_sweep(edition)  # staging started it
    assert batch is not None and batch.state == "done"
    assert client.post(reverse("steward:promote", args=[edition.pk])).status_code == 403
    client.force_login(cast.appraiser)
    assert reverse("steward:promote", args=[edition.pk]) in client.get(address).content.decode()
    assert client.post(reverse("steward:promote", args=[edition.pk])).status_code == 409  # which sweep was seen?
    seen = {"sweep": batch.pk, "seal": batch.params["seal"]}
    assert client.post(reverse("steward:promote", args=[edition.pk]), seen).status_code == 302
    edition.refresh_from_db()
    old.refresh_from_db()
    assert (edition.status, old.status) == ("current", "retired")
    assert Event.objects.get(verb="edition_promoted").actor == cast.appraiser
    assert client.post(reverse("steward:promote", args=[edition.pk]), seen).status_code == 409


def test_a_refused_file_says_what_where_and_what_to_do(
    client: Client, cast: Cast, land: Land, tmp_path: Path, django_capture_on_commit_callbacks
) -> None:
    client.force_login(cast.steward)
    path = tmp_path / "a.geojson"
    path.write_text('{"type":"Polygon","coordinates":[[[null,1],[2,3],[4,5],[6,7]]]}')
    load = load_by_page(client, path, make_layer(), django_capture_on_commit_callbacks)
    assert load.state == LoadState.FAILED and load.problem["code"] == "JSON_INVALID"
    page = client.get(reverse("steward:load", args=[load.pk])).content.decode()
    assert load.problem["message"] in page and load.problem["todo"] in page
    assert not Edition.objects.exists()


def test_an_open_coordinate_system_is_asked_and_answered(
    client: Client, cast: Cast, land: Land, tmp_path: Path, django_capture_on_commit_callbacks
) -> None:
    client.force_login(cast.steward)
    path = files.shapefile_zip(tmp_path, [home()], without=(".prj",))
    load = load_by_page(client, path, make_layer(), django_capture_on_commit_callbacks)
    assert load.state == LoadState.ASKING_CRS and load.question["candidates"][0]["key"] == "9218"
    assert "108°30′" in client.get(reverse("steward:load", args=[load.pk])).content.decode()
    answer = reverse("steward:answer", args=[load.pk])
    with django_capture_on_commit_callbacks(execute=True):
        client.post(answer, {"candidate": "1234"})
    load.refresh_from_db()
    assert load.state == LoadState.ASKING_CRS
    with django_capture_on_commit_callbacks(execute=True):
        client.post(answer, {"candidate": "9218"})
    load.refresh_from_db()
    assert load.state == LoadState.DONE and load.edition.features.get().area_m2 == pytest.approx(250_000)


def test_progress_is_a_fragment_for_htmx(client: Client, cast: Cast, land: Land) -> None:
    client.force_login(cast.steward)
    load = LayerLoad.objects.create(
        layer=make_layer(), filename="a.zip", stored="x", loaded_by=cast.steward, state=LoadState.STAGING
    )
    address = reverse("steward:load", args=[load.pk])
    page = client.get(address).content.decode()
    fragment = client.get(address, headers={"hx-request": "true"}).content.decode()
    assert "hx-get" in page and "<html" not in fragment and "hx-get" in fragment
    load.move(LoadState.FAILED, problem={"message": "x"})
    assert client.get(address, headers={"hx-request": "true"})["HX-Refresh"] == "true"


def test_form_refuses_without_file_or_date(client: Client, cast: Cast, land: Land) -> None:
    client.force_login(cast.steward)
    answer = client.post(
        reverse("steward:upload"), {"layer": make_layer().pk, "effective_from": "32/13/2026", "source": ""}
    )
    assert answer.status_code == 422 and not LayerLoad.objects.exists()


def test_who_loaded_cannot_confirm_and_discards_are_on_record(cast: Cast, land: Land) -> None:
    edition = stage(make_layer(), [square(0, 0, 500)])
    from planning.people.services import record_event

    record_event(cast.appraiser, "edition_staged", edition)
    with pytest.raises(NotAllowed) as refused:
        confirm(cast.appraiser, edition, swept(edition))
    assert refused.value.code == "FOUR_EYES"
    with pytest.raises(NotAllowed):
        discard(cast.appraiser, edition)
    discard(cast.steward, edition)
    assert Event.objects.filter(verb="edition_discarded").exists() and not Edition.objects.exists()
    with pytest.raises(TransitionRefused):
        discard(cast.steward, current(make_layer(), [square(0, 0, 500)]))


def test_commands_stage_and_promote(cast: Cast, land: Land, tmp_path: Path) -> None:
    path = files.geojson(tmp_path / "ruong.geojson", [home(), shapely.box(490_000, 1_400_000, 490_050, 1_400_050)])
    out = StringIO()
    arguments = ["load_layer", str(path), "--layer", "rice", "--source", "Sở Thử"]
    with pytest.raises(CommandError, match="--create"):
        call_command(*arguments, stdout=out)
    call_command(*arguments, "--create", "--name-field", "ten", "--effective-from", "2026-01-01", stdout=out)
    assert "2 features, 0 repairs" in out.getvalue()
    with pytest.raises(CommandError, match="SWEEP_MISSING"):
        call_command("promote_edition", "rice", "--confirmed-by", cast.appraiser.username)
    seal = swept(Edition.objects.get()).params["seal"]
    call_command("promote_edition", "rice", "--confirmed-by", cast.appraiser.username, stdout=out)
    assert Edition.objects.get().status == "staged"
    said = out.getvalue().strip().rpartition("--sweep ")[2]
    assert said.endswith(f":{seal[:8]}")
    with pytest.raises(CommandError, match="NOT_ALLOWED"):
        call_command("promote_edition", "rice", "--confirmed-by", cast.planner.username, "--sweep", said)
    with pytest.raises(CommandError, match="SWEEP_CHANGED"):
        call_command("promote_edition", "rice", "--confirmed-by", cast.appraiser.username, "--sweep", said[:-3])
    call_command("promote_edition", "rice", "--confirmed-by", cast.appraiser.username, "--sweep", said, stdout=out)
    assert Edition.objects.get().status == "current"
    with pytest.raises(CommandError, match="no such staged"):
        call_command("promote_edition", "rice", "--confirmed-by", cast.appraiser.username)


def test_command_lists_the_systems_when_the_file_leaves_it_open(land: Land, tmp_path: Path) -> None:
    path = files.shapefile_zip(tmp_path, [home()], without=(".prj",))
    make_layer()
    with pytest.raises(CommandError, match="--crs 9218"):
        call_command("load_layer", str(path), "--layer", "rice", "--source", "x")
    call_command(
        "load_layer",
        str(path),
        "--layer",
        "rice",
        "--source",
        "x",
        "--crs",
        "9218",
        "--coverage",
        "box",
        stdout=StringIO(),
    )
    assert Edition.objects.get().coverage.area < 300_000


def test_a_loading_whose_worker_was_ended_can_be_started_again(
    client: Client, cast: Cast, land: Land, tmp_path: Path, django_capture_on_commit_callbacks
) -> None:
    client.force_login(cast.steward)
    answer = send(client, files.geojson(tmp_path / "a.geojson", [home()]), make_layer())  # no worker: not committed
    load = LayerLoad.objects.get()
    assert answer.status_code == 302 and load.state == LoadState.QUEUED and not load.is_stuck
    LayerLoad.objects.filter(pk=load.pk).update(
        changed_at=timezone.now() - timedelta(minutes=6), state=LoadState.READING
    )
    address = reverse("steward:restart", args=[load.pk])
    assert address in client.get(reverse("steward:load", args=[load.pk])).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address)
    load.refresh_from_db()
    assert load.state == LoadState.DONE


def test_a_raster_waits_for_its_classes_and_becomes_areas(
    client: Client, cast: Cast, land: Land, tmp_path: Path, django_capture_on_commit_callbacks
) -> None:
    heights = np.tile(np.arange(40, dtype=np.float32) * 10, (40, 1))
    heights[:5, :5] = -9999
    path = geotiff(tmp_path / "cao.tif", heights, nodata=-9999)
    layer = make_layer("slope", theme="relief", class_field="class")
    client.force_login(cast.steward)
    load = load_by_page(client, path, layer, django_capture_on_commit_callbacks, looked_on="05/01/2026")
    assert load.state == LoadState.ASKING_CLASSES, load.problem
    page = client.get(reverse("steward:load", args=[load.pk])).content.decode()
    assert "8; 15; 25" in page and "checked" in page  # 390 m is no slope: the values are heights
    address = reverse("steward:classes", args=[load.pk])
    assert client.post(address, {"breaks": "15; 8", "min_area_ha": "1"}).status_code == 422
    client.force_login(cast.appraiser)
    assert client.post(address, {"breaks": "8", "min_area_ha": "1"}).status_code == 403
    client.force_login(cast.steward)
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(address, {"breaks": "8; 15", "slope": "on", "min_area_ha": "0"}).status_code == 302
    load.refresh_from_db()
    assert load.state == LoadState.DONE, load.problem
    edition = load.edition
    assert {feature.class_code for feature in edition.features.all()} == {"0-8", "8-15"}
    assert edition.coverage.area == pytest.approx((1600 - 25) * 10_000)
    assert str(edition.looked_on) == "2026-01-05"
    assert edition.report["raster"]["breaks"] == [8, 15]
    shown = client.get(reverse("steward:edition", args=[edition.pk])).content.decode()
    assert "8-15 %" in shown and "05/01/2026" in shown


def test_a_coverage_of_its_own_comes_along(
    client: Client, cast: Cast, land: Land, tmp_path: Path, django_capture_on_commit_callbacks
) -> None:
    client.force_login(cast.steward)
    layer = make_layer()
    data, cover = files.geojson(tmp_path / "a.geojson", [home()]), files.geojson(tmp_path / "b.geojson", [home(900)])
    assert send(client, data, layer, coverage="file").status_code == 422
    assert send(client, data, layer, coverage="unit").status_code == 422
    assert send(client, data, layer, looked_on="01/03/2026").status_code == 422  # later than the day of effect
    upload = SimpleUploadedFile(cover.name, cover.read_bytes())
    load = load_by_page(client, data, layer, django_capture_on_commit_callbacks, coverage="file", coverage_file=upload)
    assert load.edition.coverage.area == pytest.approx(810_000, abs=1)
    load = load_by_page(
        client, data, layer, django_capture_on_commit_callbacks, coverage="unit", coverage_unit=land.east.pk
    )
    assert load.edition.coverage.area == pytest.approx(land.east.geom.area)
    assert load.edition.report["changes"] == {}


def test_the_lists_of_an_edition_are_paged_and_downloaded(
    client: Client, cast: Cast, land: Land, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mapping.desks.steward.lines.ON_A_PAGE", 2)
    layer = make_layer()
    current(layer, [square(place * 200, 0, 100) for place in range(5)])
    edition = stage(layer, [square(place * 200, 0, 110 + place) for place in range(5)] + [square(3_000, 0, 50)])
    client.force_login(cast.appraiser)
    address = reverse("steward:lines", args=[edition.pk])
    page = client.get(address, {"loai": "moved"})
    assert page.status_code == 200 and len(page.context["page_obj"]) == 2
    assert page.context["page_obj"].object_list[0].size_after == 114**2  # the largest change first
    table = client.get(reverse("steward:lines_table", args=[edition.pk])).content.decode("utf-8-sig")
    assert len(table.splitlines()) == 1 + 6
    assert client.get(address, {"loai": "nonsense", "page": "99"}).status_code == 200
    client.force_login(cast.planner)
    assert client.get(address).status_code == 403
    assert client.get(reverse("steward:lines_table", args=[edition.pk])).status_code == 403


def test_the_sweep_is_started_followed_and_taken_home(client: Client, cast: Cast, land: Land) -> None:
    edition = stage(make_layer(), [square(0, 0, 100)])
    addresses = {
        name: reverse(f"steward:{name}", args=[edition.pk])
        for name in ("sweep", "sweep_start", "sweep_cancel", "sweep_resume", "sweep_table")
    }
    client.force_login(cast.planner)
    assert (
        client.get(addresses["sweep"]).status_code == 403 and client.post(addresses["sweep_start"]).status_code == 403
    )
    client.force_login(cast.inspector)
    assert client.post(addresses["sweep_start"]).status_code == 403
    client.force_login(cast.steward)
    assert client.get(addresses["sweep_table"]).status_code == 404
    assert client.post(addresses["sweep_cancel"]).status_code == 404
    assert client.post(addresses["sweep_start"]).status_code == 302
    assert client.post(addresses["sweep_start"]).status_code == 302  # one under way goes on
    batch = latest_sweep(edition)
    assert batch is not None and Batch.objects.count() == 1
    assert b"hx-get" in client.get(addresses["sweep"], headers={"hx-request": "true"}).content
    client.post(addresses["sweep_cancel"])
    assert client.get(addresses["sweep"], headers={"hx-request": "true"})["HX-Refresh"] == "true"
    client.post(addresses["sweep_resume"])
    run_batch(batch.pk)
    assert client.get(addresses["sweep_table"]).status_code == 200
    client.force_login(cast.appraiser)
    batch.refresh_from_db()
    client.post(reverse("steward:promote", args=[edition.pk]), {"sweep": batch.pk, "seal": batch.params["seal"]})
    assert client.post(addresses["sweep_start"]).status_code == 409  # promoted: nothing to sweep any more
