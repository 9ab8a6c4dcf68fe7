"""How does a house without a demo get its first administrator? ``script/manage appoint_administrator USERNAME``.

It gives no other office: the administrator does that on the administration pages, where flags open nothing.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from layers.errors import DatNgheError
from planning.people.capabilities import Role
from planning.people.models import User
from planning.people.services import assign


class Command(BaseCommand):
    """Make an account when there is none of that name, and give it the office of administrator from today on."""

    help = "Give a person the office of administrator; make the account when there is none. Asks for its password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Describe the arguments."""
        parser.add_argument("username")
        parser.add_argument("--full-name", default="", help="name as the person writes it; needed for a new account")

    def handle(self, *args: Any, **options: Any) -> None:
        """Appoint and say so."""
        username: str = options["username"]
        try:
            with transaction.atomic():
                user = User.objects.filter(username=username).first() or self._new(username, options["full_name"])
                assign(None, user, Role.ADMINISTRATOR, None, timezone.localdate())
        except DatNgheError as problem:
            raise CommandError(str(problem.message)) from problem
        self.stdout.write(f"{user.get_full_name()} ({username}) is an administrator from today on.")

    def _new(self, username: str, full_name: str) -> User:
        if not full_name:
            raise CommandError(f"There is no account {username}; --full-name NAME makes it.")
        user = User(username=username, full_name=full_name)
        password = getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
        try:
            user.full_clean(exclude=["password"])
            validate_password(password, user)
        except ValidationError as problem:
            raise CommandError("\n".join(problem.messages)) from problem
        user.set_password(password)
        user.save()
        return user
