"""How is an event of the log called on the page? The title the procedure gives it; nothing else."""

from __future__ import annotations

from django import template

from planning.proposals.log import event_title

register = template.Library()
register.filter("event_title", event_title)
