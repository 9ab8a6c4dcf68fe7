"""What do the files of a report say of findings somebody disagrees with? Where each stands, in Vietnamese, and why.

The report page and the PDF say it in their own words; no verdict is worked out here.
"""

from __future__ import annotations

from dataclasses import dataclass

from planning.proposals.models import CheckRun
from planning.proposals.queries import DisputeState, disputes_of

_WORDS = {
    DisputeState.OPEN: "chờ kết luận",
    DisputeState.UPHELD: "đã kết luận: giữ nguyên kết quả",
    DisputeState.ACCEPTED: "đã kết luận: không tính kết quả này",
    DisputeState.OUTGROWN: "kết luận trước không còn áp dụng, kết quả được tính lại",
    DisputeState.WITHDRAWN: "đã rút ý kiến",
}


@dataclass(frozen=True)
class Disagreement:
    """Say where the newest disagreement with one finding stands, and its reason."""

    state: str
    reason: str


NONE = Disagreement("", "")


def disagreements_of(run: CheckRun) -> dict[int, Disagreement]:
    """Return the newest disagreement by row number of the finding; findings nobody disagrees with are absent."""
    return {
        line.finding.pk: Disagreement(_WORDS[line.state], line.dispute.reason)
        for line in disputes_of(run)
        if line.finding is not None
    }
