"""Which nouns does the room of people have?"""

from planning.people.models.assignment import Assignment
from planning.people.models.event import Event
from planning.people.models.user import User

__all__ = ["Assignment", "Event", "User"]
