"""Does the catalogue of the procedure load, once, with its citations?"""

from __future__ import annotations

from pathlib import Path

import pytest

from layers.errors import InputRefused, NotAllowed
from planning.people.models import Event
from planning.proposals.models import ClockRule, DossierRequirement, ProposalKind
from planning.proposals.queries import requirements_on
from planning.proposals.services import load_procedure_catalogue
from tests.cast import TODAY, Cast


def test_the_clocks_of_the_decree(db: None) -> None:
    load_procedure_catalogue()
    assert {(rule.step, rule.days, rule.counted_in) for rule in ClockRule.objects.all()} == {
        ("notice", 5, "working"),
        ("reception", 15, "calendar"),
        ("compilation", 5, "working"),
        ("appraisal", 25, "calendar"),
        ("decision", 7, "working"),
    }
    assert {rule.instrument.number for rule in ClockRule.objects.all()} == {"32/2024/NĐ-CP"}


def test_every_kind_of_proposal_needs_something(db: None) -> None:
    load_procedure_catalogue()
    for kind in ProposalKind:
        required = requirements_on(kind, TODAY)
        assert required, kind
        assert required[0].code == "to-trinh"
        assert all(row.title_vi and row.title_en and row.article for row in required)


def test_loading_again_changes_nothing(db: None) -> None:
    first = load_procedure_catalogue()
    assert first["clocks"] == 5
    rows = DossierRequirement.objects.count()
    assert load_procedure_catalogue() == {"clocks": 0, "requirements": 0}
    assert DossierRequirement.objects.count() == rows
    assert Event.objects.filter(verb="load_procedure_catalogue").count() == 1


def test_only_who_manages_parameters(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        load_procedure_catalogue(cast.appraiser)
    assert load_procedure_catalogue(cast.administrator)["clocks"] == 5


def test_an_unknown_instrument_is_refused(db: None, tmp_path: Path) -> None:
    texts = ("step", "title_vi", "title_en", "counted_in")
    row = "".join(f'{name} = "working"\n' for name in texts)
    row += 'days = 1\ninstrument = "0/0000"\nvalid_from = 2024-05-01\n'
    (tmp_path / "clocks.toml").write_text(f"[[clock]]\n{row}", encoding="utf-8")
    (tmp_path / "dossier.toml").write_text("", encoding="utf-8")
    with pytest.raises(InputRefused) as refused:
        load_procedure_catalogue(folder=tmp_path)
    assert refused.value.code == "INSTRUMENT_UNKNOWN"
    assert not ClockRule.objects.exists()
