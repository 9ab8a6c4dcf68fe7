"""Does the queue leave as it is shown to this person, with its zones, and nothing of what she may not see?"""

from __future__ import annotations

import csv
import io
import json

import pytest
from django.test import Client
from django.urls import reverse

from mapping.papers.export import TYPES
from tests.desks.review.test_doors import client_of
from tests.proposals.plans import Plans


def content(client: Client, file: str, **asked: str) -> bytes:
    answer = client.get(reverse("review:download", args=[file]), asked)
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def codes(client: Client, **asked: str) -> list[str]:
    return [row[0] for row in csv.reader(io.StringIO(content(client, "csv", **asked).decode("utf-8-sig")))][1:]


def test_what_is_shown_leaves_and_a_draft_never(plans: Plans) -> None:
    sent, draft = plans.submitted(), plans.ready()
    appraiser = client_of(plans.cast.appraiser)
    assert codes(appraiser, loc="tat-ca") == [sent.code]
    assert codes(appraiser, loc="tat-ca", kind="expansion") == []
    for kind in TYPES:
        assert draft.code.encode() not in content(appraiser, kind, loc="tat-ca")


def test_the_zone_leaves_with_it_and_ticks_and_map_narrow(plans: Plans) -> None:
    sent = plans.submitted()
    appraiser = client_of(plans.cast.appraiser)
    (one,) = json.loads(content(appraiser, "geojson", loc="tat-ca"))["features"]
    assert one["geometry"]["type"] == "MultiPolygon"
    assert codes(appraiser, loc="tat-ca", ids=str(sent.pk)) == [sent.code]
    assert codes(appraiser, loc="tat-ca", ids="0") == []
    assert codes(appraiser, loc="tat-ca", bbox="100,8,101,9") == []


@pytest.mark.parametrize("who", ["planner", "steward", "fund_officer", "administrator", "nobody"])
def test_the_queue_is_closed_to_others(plans: Plans, who: str) -> None:
    address = reverse("review:download", args=["csv"])
    assert client_of(getattr(plans.cast, who)).get(address).status_code == 403
    assert Client().get(address).status_code == 302
