"""Do the law's figures reach the books once, with their citation, and never over an administrator's row?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import call_command

from layers.errors import InputRefused, NotAllowed
from planning.people.models import Event
from planning.registers.models import RegisterParameter, RegisterParameterName
from planning.registers.queries import parameter_on
from planning.registers.services import load_register_catalogue
from tests.cast import TODAY, Cast

Name = RegisterParameterName


def test_every_figure_has_its_day_and_its_text(db: None) -> None:
    call_command("load_register_catalogue", verbosity=0)
    assert set(RegisterParameter.objects.values_list("name", flat=True)) == set(Name.values)
    assert not RegisterParameter.objects.filter(instrument=None).exists()
    values = {name: parameter_on(name, TODAY) for name in Name}
    assert values == {
        Name.MAX_ADVANCE_SHARE: Decimal("0.70"),
        Name.VILLAGE_HOUSEHOLD_SHARE: Decimal("0.20"),
        Name.VILLAGE_STABLE_YEARS: 2,
        Name.CRAFT_YEARS: 50,
    }
    assert not RegisterParameter.objects.get(name=Name.MAX_ADVANCE_SHARE).verified
    assert parameter_on(Name.CRAFT_YEARS, date(2018, 5, 31)) is None
    assert parameter_on(Name.CRAFT_YEARS, date(2018, 6, 1)) == 50


def test_loading_again_changes_nothing(db: None) -> None:
    assert load_register_catalogue() == {"parameters": 4}
    RegisterParameter.objects.filter(name=Name.MAX_ADVANCE_SHARE).update(value=Decimal("0.5"), verified=True)
    assert load_register_catalogue() == {"parameters": 0}
    corrected = RegisterParameter.objects.get(name=Name.MAX_ADVANCE_SHARE)
    assert (corrected.value, corrected.verified) == (Decimal("0.5"), True)
    assert Event.objects.filter(verb="load_register_catalogue").count() == 1


def test_only_the_administrator_loads_it(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        load_register_catalogue(cast.fund_officer)
    assert load_register_catalogue(cast.administrator) == {"parameters": 4}


def test_row_without_a_known_text_is_refused(db: None, tmp_path: Path) -> None:
    (tmp_path / "parameters.toml").write_text(
        '[[parameter]]\nname = "craft_years"\nvalue = "50"\nvalid_from = 2018-06-01\ninstrument = "0/0"\n'
    )
    with pytest.raises(InputRefused) as refused:
        load_register_catalogue(folder=tmp_path)
    assert refused.value.code == "INSTRUMENT_UNKNOWN"
    assert not RegisterParameter.objects.exists()
