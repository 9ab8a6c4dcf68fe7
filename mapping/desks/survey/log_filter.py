"""How do survey links stay out of the logs? Their secret part is masked in every record; the rest stays readable."""

from __future__ import annotations

import logging
import re

_LINK = re.compile(r"(/do-dac/)[^/\s\"']+")


def masked(text: str) -> str:
    """Return *text* with the secret part of survey links replaced."""
    return _LINK.sub(r"\1…", text)


class SurveyLinkFilter(logging.Filter):
    """Mask survey links in messages and their arguments."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Mask, and let every record pass."""
        message = record.getMessage()
        if "/do-dac/" in message:
            record.msg, record.args = masked(message), ()
        return True
