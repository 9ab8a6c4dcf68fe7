"""What can a planner declare that no drawing shows? Trade class, wastewater plant, plot density, demand: one typed row.

It judges nothing; what is not declared stays unknown and is never guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from layers.errors import InputRefused


class TradeClass(TextChoices):
    """How harmful the trades of the cluster are to housing (classes of TCVN 4449)."""

    I = "I", _("class I (most harmful)")  # noqa: E741 - the printed name of the class
    II = "II", _("class II")
    III = "III", _("class III")
    IV = "IV", _("class IV")
    V = "V", _("class V (least harmful)")


class WastewaterTechnology(TextChoices):
    """How the central wastewater plant works (rows of the table of QCVN 01:2021/BXD)."""

    CLOSED = "closed", _("closed plant with odour treatment")
    OPEN = "open", _("mechanical, chemical and biological treatment")
    POND = "pond", _("biological pond")
    DITCH = "ditch", _("oxidation ditch")
    SLUDGE_MECHANICAL = "sludge_mechanical", _("with mechanical sludge treatment")
    SLUDGE_DRYING = "sludge_drying", _("with sludge drying beds")
    PUMPING = "pumping", _("pumping station only; treated elsewhere")


@dataclass(frozen=True)
class Declared:
    """Hold what the planner declares about the cluster; empty or None is *not declared*.

    *wastewater_m3_day*: capacity of the central plant. *plot_density*: net plot density, 0–1. *floors*: of the tallest
    factory. *infrastructure_in_use*: essential shared infrastructure of the cluster being expanded is in use.
    """

    trade_class: str = ""
    wastewater_m3_day: float | None = None
    wastewater_technology: str = ""
    plot_density: float | None = None
    floors: int | None = None
    infrastructure_in_use: bool | None = None

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Self:
        """Build from kept or posted *data*; unknown names are left out.

        Raises InputRefused (DECLARED_OUT_OF_RANGE) for a class or figure that cannot be.
        """
        known = {field.name: data[field.name] for field in fields(cls) if data.get(field.name) not in (None, "")}
        found = cls(**known)
        wrong = [name for name, ok in found._limits().items() if not ok]
        if wrong:
            raise InputRefused(
                gettext("A declared figure cannot be right."), code="DECLARED_OUT_OF_RANGE", where=", ".join(wrong)
            )
        return found

    def as_data(self) -> dict[str, Any]:
        """Return what is declared, ready for JSON; what is not declared is left out."""
        return {name: value for name, value in asdict(self).items() if value not in (None, "")}

    def _limits(self) -> dict[str, bool]:
        capacity, density, floors = self.wastewater_m3_day, self.plot_density, self.floors
        return {
            "trade_class": self.trade_class in ("", *TradeClass.values),
            "wastewater_m3_day": _number(capacity) and (capacity is None or 0 < capacity <= 1_000_000),
            "wastewater_technology": self.wastewater_technology in ("", *WastewaterTechnology.values),
            "plot_density": _number(density) and (density is None or 0 < density <= 1),
            "floors": _number(floors) and (floors is None or 0 < floors <= 100),
            "infrastructure_in_use": self.infrastructure_in_use in (None, True, False),
        }


def _number(value: object) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))


NOTHING_DECLARED = Declared()
