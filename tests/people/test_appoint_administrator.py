"""Can a house without a demo be handed to its first administrator? By one command at the server."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command

from planning.people.capabilities import Capability
from planning.people.models import Assignment, Event, User
from planning.people.queries import can

pytestmark = pytest.mark.django_db


def appoint(monkeypatch: pytest.MonkeyPatch, password: str, *arguments: str) -> str:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
    out = io.StringIO()
    call_command("appoint_administrator", *arguments, stdout=out)
    return out.getvalue()


def test_a_new_account_becomes_administrator_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    said = appoint(monkeypatch, "một mật khẩu đủ dài", "first", "--full-name", "Y Thắm Mlô")
    person = User.objects.get(username="first")
    assert "Y Thắm Mlô (first)" in said
    assert person.check_password("một mật khẩu đủ dài")
    assert can(person, Capability.MANAGE_PEOPLE) and can(person, Capability.MANAGE_PARAMETERS)
    assert not can(person, Capability.APPRAISE) and not person.is_superuser
    assert Event.objects.filter(verb="assign", actor=None).exists()


def test_a_weak_password_a_missing_name_and_a_second_appointment_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for password, arguments in (("123", ("first", "--full-name", "Y Thắm Mlô")), ("một mật khẩu đủ dài", ("first",))):
        with pytest.raises(CommandError):
            appoint(monkeypatch, password, *arguments)
    assert not User.objects.filter(username="first").exists()
    appoint(monkeypatch, "một mật khẩu đủ dài", "first", "--full-name", "Y Thắm Mlô")
    with pytest.raises(CommandError):
        appoint(monkeypatch, "", "first")
    assert Assignment.objects.filter(user__username="first").count() == 1
