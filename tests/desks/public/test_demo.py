"""Is signing in by one click possible in the demonstration only, and only as a demo person?"""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from mapping.checks import demo_login_only_in_demo, no_demo_passwords_in_service, policy_is_strict
from planning.people.models import User


@pytest.fixture
def demo_person(db: None) -> User:
    """Give one demo person."""
    return User.objects.create_user(username="hbia.planner", password="datnghe", full_name="H'Bia Niê")


def test_one_click_signs_in(client: Client, demo_person: User) -> None:
    answer = client.post("/dung-thu/hbia.planner/", {"next": "/huong-dan/"})
    assert answer.status_code == 302 and answer["Location"] == "/huong-dan/"
    assert client.session["_auth_user_id"] == str(demo_person.pk)


def test_a_click_never_leads_to_another_site(client: Client, demo_person: User) -> None:
    answer = client.post("/dung-thu/hbia.planner/", {"next": "https://example.com/"})
    assert answer["Location"].startswith("/")


def test_get_does_not_sign_in(client: Client, demo_person: User) -> None:
    assert client.get("/dung-thu/hbia.planner/").status_code == 405


def test_nobody_else_gets_in(client: Client, demo_person: User) -> None:
    User.objects.create_user(username="real.person", password="x", full_name="Người thật")
    assert client.post("/dung-thu/real.person/").status_code == 404
    assert "_auth_user_id" not in client.session


def test_outside_demo_mode_the_door_is_shut(client: Client, demo_person: User, settings: Any) -> None:
    settings.DATNGHE_DEMO = False
    assert client.post("/dung-thu/hbia.planner/").status_code == 404
    assert [found.id for found in demo_login_only_in_demo(None)] == ["mapping.E002"]
    assert [found.id for found in no_demo_passwords_in_service(None, databases=["default"])] == ["mapping.E003"]


def test_demo_mode_on_a_real_server_is_refused(settings: Any) -> None:
    settings.HTTPS_ONLY = True
    assert [found.id for found in demo_login_only_in_demo(None)] == ["mapping.E001"]


def test_a_loose_policy_is_refused(settings: Any) -> None:
    assert policy_is_strict(None) == []
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": {"script-src": ["'self'", "'unsafe-inline'"]}}
    assert [found.id for found in policy_is_strict(None)] == ["mapping.E004"]
