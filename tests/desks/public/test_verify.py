"""Does the code on a paper tell whether its boundary still counts, and nothing else?"""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from mapping.papers.models import BoundaryCode
from mapping.papers.survey.facts import code_of
from planning.proposals import services
from planning.proposals.models import State, ZoneVersion
from planning.proposals.standing import Standing, standing_of
from tests.proposals.conftest import plans
from tests.proposals.plans import CLEAR_PLACE, Plans, zone

__all__ = ["plans"]


def page(client: Client, version: ZoneVersion) -> str:
    client.cookies["django_language"] = "en"
    response = client.get(reverse("public:verify", args=[code_of(version)]))
    assert response.status_code == 200
    assert "noindex" in response["X-Robots-Tag"]
    assert "no-store" in response["Cache-Control"]
    return response.content.decode()


def kept_after(first: ZoneVersion) -> ZoneVersion:
    """Keep another boundary of the same proposal."""
    return ZoneVersion.objects.create(
        proposal=first.proposal,
        number=first.number + 1,
        geom=zone(CLEAR_PLACE[0] + 1, CLEAR_PLACE[1]),
        geom_hash="d" * 64,
        area_m2=250_000,
        author=first.author,
    )


def test_an_approved_boundary_is_current(client: Client, plans: Plans) -> None:
    version = plans.approved().current_version
    assert version is not None
    assert standing_of(version).standing == Standing.CURRENT
    assert "This boundary is the one in force." in page(client, version)


def test_a_measured_boundary_takes_the_place_of_the_approved_one(client: Client, plans: Plans) -> None:
    east, north = CLEAR_PLACE
    returned = plans.measurements(zone(east + 0.02, north), zone(east, north))
    proposal = returned.proposal
    services.accept_return(plans.cast.appraiser, proposal, returned=returned, geom_hash=returned.geom_hash, note="Đạt.")
    first, last = proposal.versions.order_by("number").first(), proposal.versions.order_by("number").last()
    assert first is not None
    assert last is not None
    assert standing_of(last).standing == Standing.CURRENT
    text = page(client, first)
    assert f"Boundary version {last.number} took its place" in text


def test_a_boundary_measured_exactly_as_approved_leaves_both_papers_current(client: Client, plans: Plans) -> None:
    for version in plans.in_state(State.SURVEYED).versions.all():
        assert "This boundary is the one in force." in page(client, version)


def test_an_approved_expansion_takes_the_place_of_the_first_boundary(client: Client, plans: Plans) -> None:
    proposal = plans.approved()
    version = proposal.current_version
    assert version is not None
    assert proposal.cluster is not None
    stands = proposal.cluster.boundaries.get(valid_to__isnull=True)
    stands.geom_hash = "e" * 64
    stands.save()
    assert "A later boundary took its place" in page(client, version)


def test_a_draft_says_that_nothing_is_decided(client: Client, plans: Plans) -> None:
    version = plans.submitted().current_version or ZoneVersion.objects.latest("id")
    assert "It must not be staked out." in page(client, version)


def test_a_version_kept_later_takes_a_drafts_place(client: Client, plans: Plans) -> None:
    first = services.keep_version(plans.cast.planner, plans.ready(zone(*CLEAR_PLACE)))
    kept_after(first)
    assert standing_of(first).standing == Standing.SUPERSEDED
    assert "Superseded" in page(client, first)


def test_the_page_names_neither_place_nor_area_nor_people(client: Client, plans: Plans) -> None:
    proposal = plans.approved()
    assert proposal.current_version is not None
    text = page(client, proposal.current_version)
    for secret in (
        proposal.name,
        proposal.code,
        proposal.unit.name,
        "25.00",
        "ha<",
        proposal.created_by.get_full_name(),
    ):
        assert secret not in text


def test_codes_are_long_random_and_given_once(plans: Plans) -> None:
    version = plans.approved().current_version
    assert version is not None
    code = code_of(version)
    assert code_of(version) == code
    assert len(code) == 32
    assert BoundaryCode.objects.count() == 1


@pytest.mark.parametrize("code", ["0" * 32, "x", "1", "' OR 1=1 --", "9" * 400])
def test_a_code_that_was_never_printed_is_unknown(client: Client, plans: Plans, code: str) -> None:
    assert client.get(reverse("public:verify", args=[code])).status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_is_written_there(client: Client, plans: Plans, method: str) -> None:
    assert getattr(client, method)(reverse("public:verify", args=["0" * 32])).status_code == 405
