"""How is a verdict said while somebody disagrees with it? One main value, and the other one beside it.

It decides nothing: both values come from `planning.proposals.disputes`.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mapping.severity import verdict_severity
from planning.proposals.queries import Verdicts


@dataclass(frozen=True)
class VerdictShown:
    """Say the value that counts now (severity code, words) and, in *note*, the other value; *note* may be empty."""

    sev: str
    text: str
    note: str = ""
    note_sev: str = ""
    contested: bool = False

    @property
    def sentence(self) -> str:
        """Return both values in one line, for papers and lists."""
        return f"{self.text} – {self.note}" if self.note else self.text


def verdict_shown(verdicts: Verdicts) -> VerdictShown:
    """Put both values of a verdict into words, in the active language."""
    sev, text = verdict_severity(verdicts.effective), str(verdicts.effective.label)
    if verdicts.contested:
        note = _("disagreed with; if that is accepted: %(verdict)s") % {"verdict": verdicts.if_accepted.label}
        if verdicts.if_accepted == verdicts.effective:
            note = _("disagreed with; the verdict stays the same if that is accepted")
        return VerdictShown(sev, text, note, verdict_severity(verdicts.if_accepted), contested=True)
    if verdicts.accepted:
        note = ngettext(
            "%(n)s finding was set aside by a ruling; as found: %(verdict)s",
            "%(n)s findings were set aside by rulings; as found: %(verdict)s",
            verdicts.accepted,
        ) % {"n": verdicts.accepted, "verdict": verdicts.as_found.label}
        if verdicts.as_found == verdicts.effective:
            note = ngettext(
                "%(n)s finding was set aside by a ruling; the verdict stays the same",
                "%(n)s findings were set aside by rulings; the verdict stays the same",
                verdicts.accepted,
            ) % {"n": verdicts.accepted}
        return VerdictShown(sev, text, note, verdict_severity(verdicts.as_found))
    return VerdictShown(sev, text)
