"""How is an event of the log called on the page? The title of its verb; nothing else."""

from __future__ import annotations

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from planning.proposals.workflow import VERB_TITLES, Verb

register = template.Library()

# Events that are no verb of the workflow's table.
OTHER_TITLES: dict[str, Promise] = {
    "start_proposal": _("Start the proposal"),
    "decision_recorded": _("Record the decision"),
    "make_paper": _("Make a paper"),
    "download_survey_package": _("Download the survey package"),
}


@register.filter
def act_title(verb: str) -> str:
    """Return the title of an event's verb in the active language; an unknown one is called an entry."""
    if verb in Verb.__members__.values():
        return str(VERB_TITLES[Verb(verb)])
    return str(OTHER_TITLES.get(verb, _("Entry")))
