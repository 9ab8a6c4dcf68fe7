"""How much may wait, how long, and does nothing stay behind?"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mapping.desks.intake import kept
from mapping.desks.intake.jobs import clear_temporary, clear_up
from mapping.desks.intake.models import Arrival
from planning.people.models import User
from tests.cast import Cast, Land
from tests.desks.intake.hands import say, send, take, upload
from tests.layers import files
from tests.layers.files import home
from tests.proposals.plans import Plans

pytestmark = pytest.mark.django_db
SignedIn = Callable[[User], Client]


def sent(client: Client, plans: Plans, folder: Path, east: float = 4_000) -> Arrival:
    path = files.shapefile_zip(folder / f"{east}", [home(500, east, 4_000)])
    return send(client, f"zone/{plans.draft().code}", upload(path))


def test_too_many_waiting_files_are_refused_until_one_is_given_up(
    signed_in: SignedIn, plans: Plans, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "OPEN_FILES", 1)
    client = signed_in(plans.cast.planner)
    first = sent(client, plans, tmp_path)
    address = f"/tep-vao/moi/zone/{first.target}/"
    before = sorted(default_storage.listdir("arrivals")[1])
    more = {"file": SimpleUploadedFile("b.geojson", b"{}")}
    assert client.post(address, more).status_code == 507
    assert sorted(default_storage.listdir("arrivals")[1]) == before and Arrival.objects.count() == 1
    client.post(f"/tep-vao/{first.pk}/bo/")
    assert client.post(address, {"file": SimpleUploadedFile("b.geojson", b"{}")}).status_code == 422


def test_a_minute_takes_ten_files(signed_in: SignedIn, plans: Plans) -> None:
    client, code = signed_in(plans.cast.planner), plans.draft().code
    answers = [
        client.post(f"/tep-vao/moi/zone/{code}/", {"file": SimpleUploadedFile("a.exe", b"MZ")}).status_code
        for _number in range(11)
    ]
    assert answers == [415] * 10 + [429]


def test_abandoned_and_stray_files_are_forgotten_and_taken_ones_kept(
    signed_in: SignedIn, plans: Plans, tmp_path: Path
) -> None:
    client = signed_in(plans.cast.planner)
    old, young, taken = (sent(client, plans, tmp_path, east) for east in (4_000, 5_000, 6_000))
    say(client, taken, "crs", candidate="9218")
    take(client, taken, 1)
    long_ago = timezone.now() - kept.ABANDONED_AFTER - timedelta(days=1)
    Arrival.objects.filter(pk__in=[old.pk, taken.pk]).update(changed_at=long_ago)
    stray = default_storage.save("arrivals/stray", ContentFile(b"x"))
    os.utime(default_storage.path(stray), (time.time() - 7_200,) * 2)
    clear_up.call()
    for arrival in (old, young, taken):
        arrival.refresh_from_db()
    assert (old.state, old.stored) == ("dropped", "") and old.lines.filter(code="ABANDONED").exists()
    assert young.state == "asking" and default_storage.exists(young.stored)
    assert default_storage.exists(taken.stored) and not default_storage.exists(stray)


def test_a_file_that_was_forgotten_is_said_to_be_gone(signed_in: SignedIn, plans: Plans, tmp_path: Path) -> None:
    client = signed_in(plans.cast.planner)
    arrival = sent(client, plans, tmp_path)
    default_storage.delete(arrival.stored)
    say(client, arrival, "crs", candidate="9218")
    assert (arrival.state, arrival.problem["code"]) == ("refused", "FILE_GONE")


@pytest.mark.parametrize("room", ["intake", "arrival", "export", "survey"])
def test_temporary_folders_of_an_ended_process_go_after_ten_minutes(tmp_path: Path, room: str) -> None:
    old, young, used = (tmp_path / f"datnghe-{room}-{which}" for which in ("old", "young", "used"))
    foreign, outside = tmp_path / "other", tmp_path / "outside"
    for folder in (old, young, used, foreign, outside):
        folder.mkdir()
        (folder / "x").write_text("x")
    (tmp_path / f"datnghe-{room}-link").symlink_to(outside)
    for path in (old, old / "x", used, foreign, outside):
        os.utime(path, (time.time() - 700,) * 2)
    assert clear_temporary(tmp_path) == 1
    assert not old.exists() and young.exists() and used.exists() and foreign.exists() and (outside / "x").exists()


@pytest.mark.parametrize("name", ["../../etc/passwd", "..\\..\\a.zip", "/abs/a.zip", "a" * 300 + ".zip", ""])
def test_a_name_never_leads_anywhere(name: str, settings: Any) -> None:
    file = SimpleUploadedFile("a.zip", b"PK")
    file._name = name  # past the framework's own cleaning, as another front door might let it through
    for sent_together in ([file], [file, SimpleUploadedFile("b.dbf", b"x")]):
        stored, shown, size, _digest = kept.keep(sent_together)
        assert "/" not in shown and "\\" not in shown and 0 < len(shown) <= 200
        assert size == len(default_storage.open(stored).read()) > 0
    inside = {str(path.relative_to(settings.MEDIA_ROOT).parent) for path in Path(settings.MEDIA_ROOT).rglob("*")}
    assert inside == {".", "arrivals"}


def test_an_empty_list_leads_to_where_the_files_of_this_person_begin(
    signed_in: SignedIn, cast: Cast, land: Land
) -> None:
    ways = {"draw:home", "steward:home", "books:home"}
    for person, expected in (
        (cast.planner, {"draw:home", "books:home"}),
        (cast.steward, {"steward:home", "books:home"}),
        (cast.commune_officer, {"books:home"}),
    ):
        page = signed_in(person).get("/tep-vao/").content.decode()
        empty = page[page.index('class="empty"') :].partition("</div>")[0]
        assert {way for way in ways if f'href="{reverse(way)}"' in empty} == expected
