"""Does the main job run from pencil to survey team? One story in real Chromium, each person by one click."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from planning.proposals.models import Draft, Proposal, State, ZoneVersion
from planning.registers.models import IndustrialCluster
from tests.browser import axe_violations
from tests.stories import files, outside, planner, review, way_back
from tests.stories.hands import Visitor, enter_as, picture, settle

pytestmark = pytest.mark.browser

# five reference screens on a phone; the codes are of the demo province
NARROW = (
    ("hbia.planner", "/ho-so/", "390-ho-so-cua-toi"),
    ("hbia.planner", "/ho-so/DX-2026-0010/ve/", "390-ve-va-ra-soat"),
    ("lan.appraiser", "/ho-so/DX-2026-0008/?tab=ket-qua", "390-ho-so-dang-tham-dinh"),
    ("lan.appraiser", "/so-sanh/?ho-so=DX-2026-0008&ho-so=DX-2026-0009", "390-so-sanh"),
    ("", "/lang-nghe/banh-trang-hoa-da/", "390-lang-nghe"),
)


def test_from_pencil_to_survey_team(visitor: Visitor, django_db_blocker: Any, tmp_path: Path) -> None:
    rows = django_db_blocker.unblock

    # a planner draws, mends, divides, describes, is refused, mends again and submits
    board, code = planner.start(visitor)
    planner.draw(board)
    planner.reshape(board)
    planner.cut_out_and_back(board)
    planner.paste_corners(visitor)
    planner.divide(board)
    planner.describe(board)
    planner.keep(board, "phương án đầu", 1)
    planner.be_refused(board)
    planner.mend_and_submit(board)
    with rows():
        first = _version(code)
        files.papers(board, code, first)

    # a colleague files a rival from a file
    other, rival = files.rival(visitor, code, tmp_path)
    with rows():
        stored = Draft.objects.get(proposal__code=rival).geom
        assert files.largest_gap(files.rival_outline(), stored) <= files.GRID_M
    planner.complete_rival(other)

    # department and committee; nobody else can do any of it
    with rows():
        outside.nobody_else(code, "accept_dossier", "lan.appraiser")
    desk = review.accept(visitor, code)
    review.look_through(desk)
    review.compare(desk, code, rival)
    review.pin_and_return(desk, code, (108.4795, 12.8030))
    planner.answer_and_resubmit(visitor, code)
    review.appraise(visitor, code)
    with rows():
        outside.nobody_else(code, "sign_off", "hung.leader")
    review.sign_off(visitor, code)
    with rows():
        outside.nobody_else(code, "record_decision", "mai.recorder")
    review.record(visitor, code)
    with rows():
        decided = _version(code)
        cluster = IndustrialCluster.objects.get(name=planner.NAME)
        assert cluster.boundaries.latest("valid_from").geom.equals_exact(decided.geom, 0.0)
        outside.nobody_else(code, "order_survey", "lan.appraiser")

    # the survey team, and everybody
    link = review.order_survey(visitor, code)
    with rows():
        assert Proposal.objects.get(code=code).state == State.BEING_SURVEYED
        (tmp_path / "goi").mkdir()
        outside.survey(visitor, link, decided, tmp_path / "goi")
    outside.public(visitor, planner.NAME)
    with rows():
        outside.no_draft_is_public(rival)

    # and back: measured, accepted, handed over
    with rows():
        measured = way_back.measured_file(decided, tmp_path)
    way_back.send(visitor, link, measured)
    with rows():
        outside.nobody_else(code, "bring_into_force", "hung.leader")
    way_back.accept(visitor, code)
    way_back.hand_over(visitor, code)
    with rows():
        way_back.is_in_force(code, planner.NAME, decided)


@pytest.mark.parametrize(("who", "path", "name"), NARROW)
def test_the_reference_screens_on_a_phone(visitor: Visitor, who: str, path: str, name: str) -> None:
    page = enter_as(visitor, who, path, 390, 844) if who else visitor(path, 390, 844)
    settle(page)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    # corners of a boundary lie where they lie: WCAG 2.5.8 excepts places on a map
    assert [found for found in axe_violations(page) if "marker-icon" not in found] == []
    picture(page, name)


def _version(code: str) -> ZoneVersion:
    version = Proposal.objects.get(code=code).current_version
    assert version is not None
    return version
