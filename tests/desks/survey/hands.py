"""What do hands do behind a survey link? Send a file and how it was measured, answer, tick, send on."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from mapping.desks.intake.models import Arrival
from planning.proposals.services import IssuedLink

FACTS = {"instrument": "RTK Hi-Target", "base_points": "ĐC-01", "measured_on": "01/11/2026", "signer": "Lê Đo"}


def address(link: IssuedLink, name: str = "home", *more: object) -> str:
    return reverse(f"intake:link_{name}", args=[link.token, *more])


def post(client: Client, link: IssuedLink, *files: Any, **changes: str) -> HttpResponse:
    """Send files by the link and return the answer."""
    return client.post(address(link), {"file": list(files), **FACTS, **changes})


def read(client: Client, link: IssuedLink, *files: Any, **changes: str) -> Arrival:
    """Send files that can be read, or asked about, and return their row."""
    answer = post(client, link, *files, **changes)
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    arrival = Arrival.objects.latest("pk")
    assert answer["Location"] == address(link, "arrival", arrival.pk)
    return arrival


def say(client: Client, link: IssuedLink, arrival: Arrival, step: str, **told: Any) -> HttpResponse:
    answer = client.post(address(link, "answer", arrival.pk), {"step": step, **told})
    arrival.refresh_from_db()
    return answer


def page(client: Client, link: IssuedLink, arrival: Arrival) -> Any:
    return client.get(address(link, "arrival", arrival.pk))


def here(client: Client, link: IssuedLink, arrival: Arrival) -> None:
    """Say that the reading shown first is the place."""
    say(client, link, arrival, "crs", candidate=page(client, link, arrival).context["chosen"])
    assert arrival.state == "ready", (arrival.state, arrival.problem)


def sent_on(client: Client, link: IssuedLink, arrival: Arrival, *numbers: int, **told: Any) -> HttpResponse:
    """Send the ticked areas to the department; all of them when none is named."""
    every = [line["number"] for line in arrival.facts["verdicts"]["lines"]]
    answer = client.post(address(link, "take", arrival.pk), {"feature": numbers or every, **told})
    arrival.refresh_from_db()
    return answer


def confirmed(client: Client, link: IssuedLink, arrival: Arrival) -> HttpResponse:
    """Confirm the place and send everything."""
    here(client, link, arrival)
    return sent_on(client, link, arrival)
