"""Who can be tried out in the demonstration? The cards of the strip *Dùng thử*; the people themselves are demo data.

It grants nothing: in any other mode nothing here is used.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from planning.people.capabilities import Role


@dataclass(frozen=True)
class RoleCard:
    """One card: the account, the role's word, the person, one line about the work, where it starts."""

    username: str
    role: object
    name: str
    does: object
    start: str


CARDS = (
    RoleCard("hbia.planner", Role.PLANNER.label, "H'Bia Niê", _("draws a boundary and sends the dossier"), "draw:home"),
    RoleCard(
        "lan.appraiser", Role.APPRAISER.label, "Nguyễn Thị Lan", _("accepts, compares, appraises"), "review:queue"
    ),
    RoleCard("hung.leader", Role.LEADER.label, "Trần Quốc Hùng", _("signs the appraisal off"), "review:queue"),
    RoleCard("mai.recorder", Role.RECORDER.label, "Lê Thị Mai", _("records the committee's decision"), "review:queue"),
    RoleCard("thu.fund", Role.FUND_OFFICER.label, "Võ Minh Thu", _("keeps the fund's books"), "fund:home"),
    RoleCard("binh.confirmer", Role.FUND_CONFIRMER.label, "Đặng Văn Bình", _("confirms payments"), "fund:home"),
    RoleCard("nam.steward", Role.STEWARD.label, "Phạm Hải Nam", _("loads new editions of layers"), "steward:home"),
    RoleCard(
        "hdiem.commune", Role.COMMUNE_OFFICER.label, "H'Điêm Kbuôr", _("sends a village's yearly figures"), "books:home"
    ),
    RoleCard(
        "khanh.inspector",
        Role.INSPECTOR.label,
        "Bùi Ngọc Khánh",
        _("reads everything, changes nothing"),
        "review:queue",
    ),
    RoleCard("admin.it", Role.ADMINISTRATOR.label, "Hoàng Anh Tuấn", _("users and assignments"), "admin:index"),
    RoleCard("ytham.planner", _("planner, colleague"), "Y Thắm Mlô", _("files a rival plan from a file"), "draw:home"),
)


def card_of(username: str) -> RoleCard | None:
    """Return the card of *username*; None for anybody who is not a demo person."""
    return next((card for card in CARDS if card.username == username), None)
