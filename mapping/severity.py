"""Which word and icon stand for a severity or an outcome? The one list for pages, maps and papers.

It does not decide a severity: the check does.
"""

from __future__ import annotations

from functools import cache

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

SEVERITY_WORDS = {
    "prohibited": _("prohibited"),
    "condition": _("conditional"),
    "advice": _("advisory"),
    "contact": _("touching (within tolerance)"),
    "clear": _("clear"),
    "not_checked": _("not checked (no data)"),
    "not_computable": _("not computable"),
}

# other floors' names for the same thing
SYNONYMS = {
    "conflict": "prohibited",
    "conditional": "condition",
    "advisory": "advice",
    "contact_below_tolerance": "contact",
}


def severity_code(code: str) -> str:
    """Fold the check's severity and outcome codes into the seven shown ones."""
    return SYNONYMS.get(str(code), str(code))


def severity_word(code: str) -> str:
    """Say the word for *code* in the active language; an unknown code is shown as not computable, never as clear."""
    return _word(severity_code(code), get_language())


@cache
def _word(code: str, _language: str | None) -> str:
    return gettext(str(SEVERITY_WORDS.get(code, SEVERITY_WORDS["not_computable"])))


# The severity whose colour and icon a verdict wears.
VERDICT_SEVERITY = {
    "prohibited": "prohibited",
    "not_computable": "not_computable",
    "incomplete": "not_checked",
    "conditional": "condition",
    "advisory": "advice",
    "clear": "clear",
}


def verdict_severity(verdict: str) -> str:
    """Return the severity code a verdict wears; an unknown or missing one is shown as not checked, never as clear."""
    return VERDICT_SEVERITY.get(str(verdict), "not_checked")
