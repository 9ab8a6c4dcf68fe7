"""Is a survey link as good as its letter: unguessable, dated, revocable, counted? And the secret kept nowhere?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from layers.errors import Gone, InputRefused, NotFound
from planning.people.models import Event
from planning.proposals import services
from planning.proposals.models import State, SurveyOrder
from planning.proposals.queries import order_by_token, require_downloads
from tests.proposals.moments import acting_at
from tests.proposals.plans import Plans


def test_the_link_leads_to_the_approved_version(plans: Plans) -> None:
    proposal = plans.approved()
    link = services.order_survey(plans.cast.appraiser, proposal, team=" Đội đo đạc 1 ", days=3)
    order = order_by_token(link.token)
    assert order == link.order
    assert (order.version, order.team) == (proposal.current_version, "Đội đo đạc 1")
    assert timedelta(days=2, hours=23) < order.expires_at - timezone.now() <= timedelta(days=3)
    assert plans.fresh(proposal).state == State.BEING_SURVEYED


def test_the_secret_is_nowhere_in_the_house(plans: Plans) -> None:
    link = services.order_survey(plans.cast.appraiser, plans.approved(), team="Đội")
    secret = link.token.rsplit(".", 1)[0]
    assert len(secret) >= 22
    assert secret not in str(list(SurveyOrder.objects.values()))
    assert secret not in str(list(Event.objects.values("data")))


def test_every_changed_character_is_unknown(plans: Plans) -> None:
    link = services.order_survey(plans.cast.appraiser, plans.approved(), team="Đội")
    messages = set()
    for place in range(len(link.token)):
        other = "A" if link.token[place] != "A" else "B"
        with pytest.raises(NotFound) as refused:
            order_by_token(link.token[:place] + other + link.token[place + 1 :])
        messages.add(refused.value.message)
    for token in ("", "x", "x.y", link.token.split(".", maxsplit=1)[0]):
        with pytest.raises(NotFound):
            order_by_token(token)
    assert len(messages) == 1


def test_expired_revoked_and_used_up(plans: Plans) -> None:
    proposal = plans.approved()
    link = services.order_survey(plans.cast.appraiser, proposal, team="Đội", days=1, max_downloads=1)
    with acting_at(timezone.now() + timedelta(days=1, seconds=1)), pytest.raises(Gone):
        order_by_token(link.token)
    services.record_survey_download(link.order, what="goi.zip", sha256="0" * 64)
    with pytest.raises(Gone):
        require_downloads(order_by_token(link.token))
    with pytest.raises(Gone):
        services.record_survey_download(link.order, what="goi.zip", sha256="0" * 64)
    with pytest.raises(Gone):
        services.open_survey_link(link.token, to_download=True)
    assert services.open_survey_link(link.token) == link.order
    renewed = services.renew_survey(plans.cast.appraiser, proposal, team="Đội")
    assert order_by_token(renewed.token) == renewed.order
    services.revoke_survey(plans.cast.appraiser, proposal)
    with pytest.raises(Gone):
        order_by_token(renewed.token)
    with pytest.raises(Gone):
        services.record_survey_download(renewed.order, what="goi.zip", sha256="0" * 64)


def test_renewal_ends_the_older_link(plans: Plans) -> None:
    proposal = plans.approved()
    older = services.order_survey(plans.cast.appraiser, proposal, team="Đội")
    services.renew_survey(plans.cast.appraiser, proposal, team="Đội khác")
    with pytest.raises(Gone):
        order_by_token(older.token)


def test_the_use_of_a_link_is_on_record(plans: Plans) -> None:
    proposal = plans.approved()
    link = services.order_survey(plans.cast.appraiser, proposal, team="Đội đo đạc 1")
    services.record_survey_download(link.order, what="goi.zip", sha256="a" * 64)
    event = Event.objects.get(verb="download_survey_package")
    assert (event.actor, event.actor_name, event.subject_id) == (None, "Đội đo đạc 1", str(proposal.pk))


@pytest.mark.parametrize("options", [{"team": " "}, {"days": 0}, {"days": 15}, {"max_downloads": 0}])
def test_links_out_of_range_are_refused(plans: Plans, options: dict[str, Any]) -> None:
    proposal = plans.approved()
    with pytest.raises(InputRefused):
        services.order_survey(plans.cast.appraiser, proposal, **({"team": "Đội"} | options))
    assert plans.fresh(proposal).state == State.APPROVED


def test_the_longest_life_is_a_setting(plans: Plans, settings: Any) -> None:
    settings.SURVEY_LINK_MAX_DAYS = 2
    link = services.order_survey(plans.cast.appraiser, plans.approved(), team="Đội")
    assert link.order.expires_at - timezone.now() <= timedelta(days=2)
