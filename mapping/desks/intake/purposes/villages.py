"""How do craft villages come in from a file? Each row by the verb that registers a village.

Yearly figures are not read: they are sent village by village.
"""

from __future__ import annotations

import re

from django.urls import reverse
from django.utils.translation import gettext_noop

from layers.errors import InputRefused
from layers.models import AdminUnit
from layers.said import gettext as _
from mapping.desks.intake.models import Arrival
from mapping.desks.intake.purposes.base import Column
from mapping.desks.intake.purposes.cells import Row
from mapping.desks.intake.purposes.registers import RegisterPurpose
from planning.people.capabilities import Capability
from planning.people.models import User
from planning.registers.models import TradeGroup, VillageKind
from planning.registers.queries.search import folded
from planning.registers.services import VillageInput, register_village


class VillagesPurpose(RegisterPurpose):
    """Enter craft villages."""

    key = "villages"
    capability = Capability.KEEP_VILLAGE
    wanted = (
        Column(
            "name", gettext_noop("Name"), required=True, names=("ten", "ten_lang", "ten_langnghe", "lang_nghe", "label")
        ),
        Column(
            "trade_name_vi", gettext_noop("Trade in Vietnamese"), required=True, names=("nghe", "ten_nghe", "trade")
        ),
        Column(
            "trade_group",
            gettext_noop("Trade group"),
            required=True,
            names=("nhom", "nhom_nghe"),
            words=tuple(TradeGroup.choices),
        ),
        Column(
            "kind",
            gettext_noop("Kind"),
            names=("loai", "phan_loai"),
            help=gettext_noop("Empty: not yet recognised."),
            words=tuple(VillageKind.choices),
        ),
        Column("trade_name_en", gettext_noop("Trade in English"), names=("nghe_en",)),
        Column(
            "unit",
            gettext_noop("Commune"),
            names=("xa", "ten_xa", "xa_phuong", "commune"),
            help=gettext_noop("Empty: the commune the place lies in."),
        ),
        Column("hamlets", gettext_noop("Hamlets"), names=("thon", "buon", "thon_buon")),
        Column("since_year", gettext_noop("Craft since the year"), names=("tu_nam", "nam")),
        Column("recognition_text", gettext_noop("Recognition decision"), names=("quyet_dinh", "so_qd")),
        Column("recognised_on", gettext_noop("Recognised on"), names=("ngay_qd", "ngay_cong_nhan")),
        Column("about_vi", gettext_noop("About, in Vietnamese"), names=("gioi_thieu", "mo_ta")),
        Column("source", gettext_noop("Source"), names=("nguon",)),
    )

    def title(self, target: str) -> str:
        """Name the register."""
        return _("Craft villages into the register")

    def back(self, target: str) -> str:
        """Return the list of villages."""
        return reverse("books:villages")

    def enter(self, actor: User, row: Row, unit: AdminUnit, arrival: Arrival) -> None:
        """Register one village; the file and its sender are its source when the row names none."""
        trade = row.text("trade_name_vi", 120)
        if not trade:
            raise InputRefused(_("The trade is missing."), code="TRADE_MISSING")
        group = row.choice("trade_group", TradeGroup.choices)
        if not group:
            raise InputRefused(_("The trade group is missing."), code="TRADE_GROUP_MISSING")
        register_village(
            actor,
            VillageInput(
                name=row.text("name", 160),
                kind=row.choice("kind", VillageKind.choices, VillageKind.UNRECOGNISED.value),
                trade_group=group,
                trade=re.sub(r"[^a-z0-9]+", "-", folded(trade))[:40].strip("-"),
                trade_name_vi=trade,
                trade_name_en=row.text("trade_name_en", 120) or trade,
                unit=unit,
                location=row.spot(),
                hamlets=row.text("hamlets", 240),
                since_year=row.year("since_year"),
                recognition_text=row.text("recognition_text", 160),
                recognised_on=row.day("recognised_on"),
                about_vi=row.text("about_vi"),
                source=row.text("source", 240) or source_of(arrival),
            ),
        )


def source_of(arrival: Arrival) -> str:
    """Return who sent which file."""
    return " · ".join(part for part in (arrival.sender, arrival.filename) if part)[:240]
