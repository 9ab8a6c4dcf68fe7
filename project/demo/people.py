"""Which invented people work in the demo province? Accounts and assignments; the password is public, for the demo."""

from __future__ import annotations

from django.contrib.auth.hashers import make_password

from planning.people.capabilities import Role
from planning.people.models import Assignment, User
from planning.people.services import assign
from project.demo.figures_reader import read_figures
from project.demo.ground import Places


def load_people(places: Places) -> dict[str, User]:
    """Create the demo accounts that are not there yet, with one assignment each; return all by user name."""
    figures = read_figures("people")
    people: dict[str, User] = {}
    password = ""
    for person in figures["person"]:
        user, created = User.objects.get_or_create(
            username=person["username"], defaults={"full_name": person["full_name"], "office": person["office"]}
        )
        if created:
            password = password or make_password(figures["password"])  # hashing is slow on purpose: once is enough here
            user.password = password
            user.save(update_fields=["password"])
        unit = places.districts.get(person.get("district", "")) or places.communes.get(person.get("commune", ""))
        role = Role(person["role"])
        if not Assignment.objects.filter(user=user, role=role).exists():
            assign(None, user, role, unit, figures["since"])
        people[user.username] = user
    return people
