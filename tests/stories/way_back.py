"""How does the staked-out boundary come back? The team sends what it measured, appraiser and leader do the rest."""

from __future__ import annotations

from pathlib import Path

import pyogrio
import shapely
from django.utils import timezone
from playwright.sync_api import expect

from planning.proposals.models import Proposal, State, VersionKind, ZoneVersion
from planning.registers.models import BoundaryKind, IndustrialCluster
from tests.stories.hands import Visitor, enter_as, paper, picture
from tests.stories.review import act, done, today

MOVED_M = 0.02


def measured_file(version: ZoneVersion, folder: Path) -> Path:
    """Write what a team measured: every corner 2 cm further east, the ring begun elsewhere and run the other way."""
    import numpy as np

    polygon = shapely.from_wkb(bytes(version.geom.wkb)).geoms[0]
    ring = np.add(shapely.get_coordinates(polygon.exterior)[:-1], [MOVED_M, 0.0])
    measured = shapely.Polygon(np.roll(ring, 2, axis=0)[::-1])
    path = folder / "hoan-cong.gpkg"
    pyogrio.raw.write(
        path,
        np.array([shapely.to_wkb(measured)], dtype=object),
        [np.array(["Ranh giới đo"], dtype=object)],
        ["ten"],
        geometry_type="Polygon",
        crs="EPSG:9218",
        driver="GPKG",
    )
    return path


def send(visitor: Visitor, link: str, file: Path) -> None:
    """By the link, without an account, send the file with how it was measured; keep the receipt."""
    page = visitor("/" + link.split("/", 3)[3])
    page.click("a[href$='tra-ket-qua/']")
    page.set_input_files("input[type=file]", file)
    page.fill("[name=instrument]", "GNSS RTK")
    page.fill("[name=base_points]", "ĐC-12, ĐC-15")
    page.fill("[name=measured_on]", today())
    page.fill("[name=signer]", "Người đo minh hoạ")
    page.click("form button.button-primary")
    expect(page.locator("input[name=candidate]:checked ~ span")).to_contain_text("0,020")
    page.click("button[form=answer]")
    page.click("button[form=take]")
    page.wait_for_url("**/da-nhan/1/")
    expect(page.locator("h1")).to_be_visible()


def accept(visitor: Visitor, code: str) -> None:
    """As the appraiser, be told that measurements wait, read that every corner is within, accept."""
    page = enter_as(visitor, "lan.appraiser", f"/ho-so/{code}/")
    page.click(".notice a[href*='/do-dac/']")
    expect(page.locator(".verdict")).to_have_attribute("data-sev", "clear")
    expect(page.locator("html[data-board=ready]")).to_be_attached()
    picture(page, "14-doi-chieu-do-dac")
    act(page, "accept_return")
    done(page, "accept_return")
    expect(page.locator(".review-title .chip")).to_contain_text("đã chấp nhận")


def hand_over(visitor: Visitor, code: str) -> None:
    """As the leader, record the hand-over with its minutes."""
    page = enter_as(visitor, "hung.leader", f"/ho-so/{code}/")
    act(page, "bring_into_force")
    dialog = page.locator("#act-bring_into_force")
    dialog.locator("[name=on]").fill(today())
    dialog.locator("[name=file]").set_input_files(paper("bien-ban-ban-giao"))  # type: ignore[arg-type]
    done(page, "bring_into_force")
    expect(page.locator(".review-title .chip")).to_contain_text("có hiệu lực")


def is_in_force(code: str, name: str, decided: ZoneVersion) -> None:
    """Ask the rows: the measured version is the current one, the decided one untouched, the register follows."""
    proposal = Proposal.objects.get(code=code)
    version = proposal.current_version
    assert version is not None
    assert (proposal.state, version.kind) == (State.IN_FORCE, VersionKind.MEASURED)
    assert ZoneVersion.objects.get(pk=decided.pk).geom_hash == decided.geom_hash
    assert version.parts.count() == decided.parts.count()
    boundary = IndustrialCluster.objects.get(name=name).boundaries.latest("valid_from")
    assert (boundary.kind, boundary.geom_hash) == (BoundaryKind.MEASURED, version.geom_hash)
    assert boundary.valid_from > timezone.localdate()  # decided and measured on one day: a boundary holds whole days
