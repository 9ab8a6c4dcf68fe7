"""Which acts does the room of people know? One verb per name, imported from here."""

from planning.people.services.assignments import assign, end_assignment
from planning.people.services.events import forget, listen, record_event, subject_of

__all__ = ["assign", "end_assignment", "forget", "listen", "record_event", "subject_of"]
