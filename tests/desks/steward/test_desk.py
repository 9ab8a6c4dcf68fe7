"""Can a steward load by page and by command, and only another person confirm?"""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
import shapely
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from layers.batches.run import run_batch
from layers.errors import NotAllowed, TransitionRefused
from layers.models import Batch, Edition
from mapping.desks.steward.acts import discard
from planning.people.models import Event
from planning.proposals.sweep_state import latest_sweep
from tests.cast import Cast, Land, square
from tests.desks.intake.hands import staged_by_page
from tests.layers import files
from tests.layers.files import home
from tests.layers.make import current, make_layer, stage
from tests.proposals.sweeping import confirm, swept

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _media(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def test_the_door_is_closed_for_others(client: Client, cast: Cast) -> None:
    assert client.get(reverse("steward:home")).status_code == 302  # to the sign-in page
    client.force_login(cast.planner)
    assert client.get(reverse("steward:home")).status_code == 403
    client.force_login(cast.appraiser)
    assert client.get(reverse("steward:home")).status_code == 200


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
    path = files.shapefile_zip(tmp_path, [home()])
    with django_capture_on_commit_callbacks(execute=True):
        edition = staged_by_page(client, path, layer)
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


def test_an_edition_says_whether_its_features_share_ground(client: Client, cast: Cast, land: Land) -> None:
    client.force_login(cast.steward)
    said = []
    for code, geoms in (("apart", [square(0, 0, 100), square(100, 0, 100)]), ("mixed", [square(0, 0, 100)] * 2)):
        edition = stage(make_layer(code), [*geoms])
        page = client.get(reverse("steward:edition", args=[edition.pk])).content.decode()
        said.append(("không chồng lên nhau" in page, "có chồng lên nhau" in page))
    assert said == [(True, False), (False, True)]


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
    file = reverse("steward:lines_table", args=[edition.pk, "csv"])
    table = b"".join(client.get(file).streaming_content).decode("utf-8-sig")
    assert len(table.splitlines()) == 1 + 6
    assert "12996" in table, "the size after, as on the page"
    moved = b"".join(client.get(f"{file}?loai=moved").streaming_content)
    assert len(moved.splitlines()) == 1 + 5
    for kind in ("xlsx", "geojson", "gpkg", "shp"):
        assert client.get(reverse("steward:lines_table", args=[edition.pk, kind])).status_code == 200
    assert client.get(address, {"loai": "nonsense", "page": "99"}).status_code == 200
    client.force_login(cast.planner)
    assert client.get(address).status_code == 403
    assert client.get(file).status_code == 403


def test_the_sweep_is_started_followed_and_taken_home(client: Client, cast: Cast, land: Land) -> None:
    edition = stage(make_layer(), [square(0, 0, 100)])
    addresses = {
        name: reverse(f"steward:{name}", args=[edition.pk])
        for name in ("sweep", "sweep_start", "sweep_cancel", "sweep_resume")
    }
    addresses["sweep_table"] = reverse("steward:sweep_table", args=[edition.pk, "csv"])
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
    for kind in ("csv", "xlsx", "geojson", "gpkg", "shp"):
        assert client.get(reverse("steward:sweep_table", args=[edition.pk, kind])).status_code == 200
    client.force_login(cast.appraiser)
    batch.refresh_from_db()
    client.post(reverse("steward:promote", args=[edition.pk]), {"sweep": batch.pk, "seal": batch.params["seal"]})
    assert client.post(addresses["sweep_start"]).status_code == 409  # promoted: nothing to sweep any more
