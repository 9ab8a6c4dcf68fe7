"""Is a verdict that somebody disagrees with said with both values, and an unchanged one not twice?"""

from __future__ import annotations

import pytest
from django.utils.translation import override

from mapping.verdict_words import verdict_shown
from planning.checks.types import Verdict
from planning.proposals.queries import Verdicts

HELD, FREE = Verdict.PROHIBITED, Verdict.CONDITIONAL


@pytest.mark.parametrize(
    ("verdicts", "note"),
    [
        (Verdicts(HELD, HELD, FREE, open=1), "disagreed with; if that is accepted: possible with conditions"),
        (Verdicts(HELD, HELD, HELD, open=1), "disagreed with; the verdict stays the same if that is accepted"),
        (
            Verdicts(HELD, FREE, FREE, accepted=1),
            "1 finding was set aside by a ruling; as found: not allowed: prohibited conflicts",
        ),
        (Verdicts(FREE, FREE, FREE, accepted=2), "2 findings were set aside by rulings; the verdict stays the same"),
        (Verdicts(FREE, FREE, FREE), ""),
    ],
)
def test_a_second_value_is_said_only_when_it_is_another(verdicts: Verdicts, note: str) -> None:
    with override("en"):
        assert verdict_shown(verdicts).note == note
