"""How does the main job go, from pencil to a boundary in force? Steps that lead into the house.

In demo mode each step offers the people who do it. A step whose desk has no address yet shows no link.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from mapping.demo_people import RoleCard, card_of
from mapping.templatetags.demo import address


@dataclass(frozen=True)
class GuideStep:
    """One step: who does what, where it begins, which demo people play it."""

    icon: str
    title: object
    text: object
    link_text: object
    views: tuple[str, ...]
    people: tuple[str, ...] = ()

    @property
    def link(self) -> str:
        """Return the first address that exists."""
        return next((found for view in self.views if (found := address(view))), "")

    @property
    def cards(self) -> list[RoleCard]:
        """Return the demo people of this step."""
        return [card for name in self.people if (card := card_of(name))]


STEPS = (
    GuideStep(
        "polygon",
        _("Draw the boundary and see at once what it runs into"),
        _(
            "The planner starts a proposal, draws or pastes a coordinate table, and reads the check beside "
            "the map: what is prohibited, what is conditional, what is not checked, with hectares, distances "
            "and the legal text. A conflict can be cut out in one step that can be undone."
        ),
        _("Start a proposal"),
        ("draw:new", "draw:home"),
        ("hbia.planner",),
    ),
    GuideStep(
        "proposals",
        _("Complete the dossier and send it"),
        _(
            "Cut the boundary into land-use parts, write the need, name the plan-list entry and the "
            "applicant, link funded projects, attach the items, keep a version, send. If something is "
            "missing, the page says what and where."
        ),
        _("My proposals"),
        ("draw:home",),
        ("hbia.planner",),
    ),
    GuideStep(
        "upload",
        _("File a rival plan from a file"),
        _(
            "A colleague sends a shapefile, a drawing, a workbook of corners or a GPS walk. Step by step the page "
            "asks only what the file leaves open: layer, texts, where it lies among every plausible VN-2000 zone, "
            "and which reading of a mended boundary is meant. Nothing is stored before she takes it."
        ),
        _("My proposals"),
        ("draw:home",),
        ("ytham.planner",),
    ),
    GuideStep(
        "folder",
        _("Leave a file and take it up again"),
        _(
            "A file may be left at any step; it waits under Files for 30 days, with its log. Villages, clusters "
            "and layers come in the same way, also as a table with one record and its coordinates in each row. "
            "What cannot be taken goes home with the reason of each row, and a sender's columns are remembered."
        ),
        _("Files from outside"),
        ("intake:home",),
        ("hdiem.commune", "nam.steward"),
    ),
    GuideStep(
        "review",
        _("Accept, compare, appraise, sign off, record the decision"),
        _(
            "The appraiser accepts the complete dossier, compares rivals side by side, pins comments and "
            "returns with reasons or appraises. The department leader signs off. The recorder enters the "
            "committee's decision. Three persons, in this order; nobody else can do it."
        ),
        _("Review queue"),
        ("review:queue",),
        ("lan.appraiser", "hung.leader", "mai.recorder"),
    ),
    GuideStep(
        "survey",
        _("Hand the boundary to the survey team"),
        _(
            "After the decision the appraiser orders the survey and chooses what the package holds and in which "
            "zone: shapefile, GeoPackage, DXF, KML, GPX, corner table, plans to scale, papers of staking out. The "
            "team opens a signed link without an account. Every file was opened again and compared to a "
            "millimetre; the code on each paper tells whether the boundary still counts."
        ),
        _("Approved proposals"),
        ("review:queue",),
        ("lan.appraiser",),
    ),
    GuideStep(
        "send",
        _("The team sends its measurements back"),
        _(
            "By the same link the team sends any file, numbered points of a total station too, and says with which "
            "instrument, from which base points, when and who signs. It sees how far each corner lies from the "
            "approved one before it sends, and keeps a receipt."
        ),
        "",
        (),
    ),
    GuideStep(
        "compare",
        _("Compare, accept or send back"),
        _(
            "The appraiser reads the displacement of every corner against the tolerance of the map's scale, sides, "
            "areas, and the land gained and lost; the check is asked again about the measured boundary. She "
            "accepts it, or sends it back with marks at the corners, and the link works again."
        ),
        _("Being surveyed"),
        ("review:queue",),
        ("lan.appraiser",),
    ),
    GuideStep(
        "stamp",
        _("Hand over, and the boundary is in force"),
        _(
            "The leader records the hand-over of the markers with its signed minutes; whoever accepted the "
            "measurements cannot. From then on registers, map and check use the measured boundary; the decided one "
            "stays readable with its decision."
        ),
        _("Surveyed proposals"),
        ("review:queue",),
        ("hung.leader",),
    ),
    GuideStep(
        "map",
        _("Look up villages, clusters and what the fund did there"),
        _(
            "Anybody can search and filter without an account, open a village or a cluster and take the list home: "
            "all of it, what the map shows, or what lies in an area drawn on it; as a workbook, CSV, GeoJSON, or "
            "map files in any VN-2000 zone. Search does not mind missing tones, apostrophes or spaces."
        ),
        _("Public map"),
        ("public:home",),
    ),
    GuideStep(
        "fund",
        _("Keep the fund's books"),
        _(
            "The fund officer enters the year's allocation, funded projects, advances, acceptances and "
            "settlements; the confirmer of the finance department confirms. A payment above the allocation is "
            "refused; late settlements are marked."
        ),
        _("Fund"),
        ("fund:home",),
        ("thu.fund", "binh.confirmer"),
    ),
    GuideStep(
        "layers",
        _("Load a new edition of a layer"),
        _(
            "The data steward loads a file, reads counts, repairs and hectares changed; an appraiser confirms "
            "before it takes effect."
        ),
        _("Layers"),
        ("steward:home",),
        ("nam.steward", "lan.appraiser"),
    ),
    GuideStep(
        "admin",
        _("Keep users and their offices"),
        _("The administrator keeps users, who answers for what and where, and from when; she decides nothing else."),
        _("Administration"),
        ("admin:index",),
        ("admin.it",),
    ),
)


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """Walk through the steps."""
    return render(request, "public/guide.html", {"steps_of_guide": STEPS, "trial": address("draw:trial")})
