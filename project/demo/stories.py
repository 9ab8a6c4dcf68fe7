"""Which proposals wait, run and ended in the demo? Every state up to in force, made by the verbs the desks use.

A story that was told before is left alone: what people changed since stays.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile

from planning.checks.declared import Declared
from planning.people.models import User
from planning.proposals.models import CheckFinding, Proposal, SurveyReturn, ZoneVersion
from planning.proposals.services import (
    ApplicantData,
    accept_dossier,
    accept_return,
    add_comment,
    appraise,
    attach_item,
    bring_into_force,
    dispute_finding,
    edit_details,
    keep_version,
    link_funding,
    order_survey,
    record_decision,
    return_for_changes,
    return_survey,
    save_draft,
    sign_off,
    start_proposal,
    submit,
    withdraw,
)
from planning.proposals.survey_comparison import comparison_of_return
from planning.registers.models import AreaKind, ClusterArea, FundedProject, IndustrialCluster, PlanListEntry
from project.demo.figures_reader import parse_path, read_figures
from project.demo.ground import Places, to_geos
from project.demo.layout import lay_out
from project.demo.moment import at_moment
from project.demo.sample_paper import sample_pdf
from project.demo.shapes import plot, straight_ring
from project.demo.way_back import measure

RETURN_REASONS = ["land_use", "dossier"]
WITH_PARTS = {"new_cluster", "expansion", "craft_village_cluster"}
PAPERS = {
    "van-ban-de-nghi": "Van ban de nghi",
    "bao-cao-dau-tu": "Bao cao dau tu",
    "ho-so-phap-ly-nang-luc": "Ho so phap ly, nang luc",
    "bao-cao-hien-trang": "Bao cao hien trang cum cong nghiep",
    "thuyet-minh": "Bao cao thuyet minh",
}


class Teller:
    """Tell one story after the other; remembers what earlier stories made."""

    def __init__(
        self,
        places: Places,
        people: dict[str, User],
        entries: dict[tuple[str, str], PlanListEntry],
        clusters: dict[str, IndustrialCluster],
        projects: dict[str, FundedProject],
    ) -> None:
        self.places, self.people, self.entries = places, people, entries
        self.clusters, self.projects = clusters, projects
        self.told: dict[str, Proposal] = {}

    def tell(self, stories: list[dict[str, Any]]) -> None:
        """Run the steps of all stories in the order of their days; a story told before is left alone."""
        for figure in stories:
            planner = self.people[figure["planner"]]
            known = Proposal.objects.filter(name=figure["name"], created_by=planner).first()
            if known is not None:
                self.told[figure["key"]] = known
        steps = [
            (step[1], place, figure, step)
            for figure in stories
            if figure["key"] not in self.told
            for place, step in enumerate(figure["steps"])
        ]
        for day, place, figure, step in sorted(steps, key=lambda item: item[:2]):
            with at_moment(day.year, day.month, day.day, 8 + place % 9, 13):
                known = self._act(step[0])(figure, self.told.get(figure["key"]), *step[1:])
            self.told[figure["key"]] = known

    def _act(self, verb: str) -> Callable[..., Proposal]:
        acts: dict[str, Callable[..., Proposal]] = {
            "start": self._start,
            "draw": self._draw,
            "keep": self._keep,
            "submit": self._submit,
            "withdraw": self._withdraw,
            "accept": self._accept,
            "comment": self._comment,
            "dispute": self._dispute,
            "return": self._return,
            "appraise": self._appraise,
            "sign": self._sign,
            "decide": self._decide,
            "refuse": self._refuse,
            "survey": self._survey,
            "measure": self._measure,
            "send_back": self._send_back,
            "accept_return": self._accept_return,
            "in_force": self._in_force,
        }
        return acts[verb]

    def _planner(self, figure: dict[str, Any]) -> User:
        return self.people[figure["planner"]]

    def _start(self, figure: dict[str, Any], _known: Proposal | None, _day: date) -> Proposal:
        planner = self._planner(figure)
        proposal = start_proposal(
            planner,
            kind=figure["kind"],
            unit=self.places.communes[figure["unit"]],
            name=figure["name"],
            need_statement=figure.get("need", ""),
            rival_of=self.told.get(figure.get("rival_of", "")),
            plan_entry=self.entries.get((figure["unit"], figure.get("entry", ""))),
            expands=self.clusters.get(figure.get("expands", "")),
        )
        if "applicant" in figure:
            applicant = ApplicantData(name=figure["applicant"], address=self.places.communes[figure["unit"]].full_name)
            edit_details(planner, proposal, applicant=applicant)
        if "declared" in figure:
            demand = Decimal(str(figure["demand_ha"])) if "demand_ha" in figure else None
            edit_details(planner, proposal, demand_ha=demand, declared=Declared.of(figure["declared"]))
        for code in figure.get("funding", ()):
            link_funding(planner, proposal, funded_project=self.projects[code], role="context")
        return proposal

    def _draw(self, figure: dict[str, Any], proposal: Proposal, _day: date) -> Proposal:
        if "site" in figure:
            shape, bearing = straight_ring(parse_path(read_figures("story")[figure["site"]]["ring"])), 0.0
        else:
            bearing = float(figure["bearing"])
            shape = plot(figure["at"], figure["area_ha"] * 1e4, ratio=figure["ratio"], bearing=bearing)
        cuts, uses = lay_out(shape, bearing) if figure["kind"] in WITH_PARTS else (None, [])
        version = proposal.draft.row_version
        save_draft(self._planner(figure), proposal, row_version=version, geom=to_geos(shape), cuts=cuts, uses=uses)
        return proposal

    def _keep(self, figure: dict[str, Any], proposal: Proposal, day: date, reason: str) -> Proposal:
        self._draw(figure, proposal, day)
        keep_version(self._planner(figure), proposal, reason=reason)
        return proposal

    def _submit(self, figure: dict[str, Any], proposal: Proposal, _day: date) -> Proposal:
        planner = self._planner(figure)
        proposal.refresh_from_db()
        for code in _papers_of(proposal):
            pdf = sample_pdf(PAPERS[code], proposal.code)
            attach_item(planner, proposal, requirement=code, file=ContentFile(pdf, name=f"{code}.pdf"))
        keep_version(planner, proposal)
        submit(planner, proposal)
        return proposal

    def _withdraw(self, figure: dict[str, Any], proposal: Proposal, _day: date, note: str) -> Proposal:
        return withdraw(self._planner(figure), proposal, note=note)

    def _accept(self, _figure: dict[str, Any], proposal: Proposal, _day: date) -> Proposal:
        return accept_dossier(self.people["lan.appraiser"], proposal)

    def _comment(self, _figure: dict[str, Any], proposal: Proposal, _day: date, text: str) -> Proposal:
        version = _version_of(proposal)
        north_east = version.geom.extent[2:]
        place = version.geom.point_on_surface
        place.x, place.y = round((place.x + north_east[0]) / 2, 3), round((place.y + north_east[1]) / 2, 3)
        add_comment(self.people["lan.appraiser"], proposal, text=text, anchor="place", place=place)
        return proposal

    def _dispute(self, figure: dict[str, Any], proposal: Proposal, _day: date, rule: str, text: str) -> Proposal:
        finding = CheckFinding.objects.filter(run__version=_version_of(proposal), rule_code=rule).latest("run_id")
        dispute_finding(
            self._planner(figure),
            proposal,
            finding=finding,
            reason=text,
            place=finding.piece.point_on_surface if finding.piece is not None else None,
            file=ContentFile(sample_pdf("Trich do dia chinh", proposal.code), name="trich-do-dia-chinh.pdf"),
        )
        return proposal

    def _return(self, _figure: dict[str, Any], proposal: Proposal, _day: date, text: str) -> Proposal:
        return_for_changes(self.people["lan.appraiser"], proposal, reasons=RETURN_REASONS, text=text)
        return proposal

    def _appraise(self, figure: dict[str, Any], proposal: Proposal, _day: date, text: str) -> Proposal:
        refused = any(step[0] == "refuse" for step in figure["steps"])
        appraise(self.people["lan.appraiser"], proposal, recommends=not refused, note=text)
        return proposal

    def _sign(self, _figure: dict[str, Any], proposal: Proposal, _day: date) -> Proposal:
        sign_off(self.people["hung.leader"], proposal)
        return proposal

    def _decide(self, _figure: dict[str, Any], proposal: Proposal, day: date, number: str) -> Proposal:
        self._record(proposal, day, number, "approved")
        proposal.refresh_from_db()
        ClusterArea.objects.update_or_create(
            cluster=proposal.cluster, kind=AreaKind.LEASED, on=day, defaults={"area_ha": 0, "source": number}
        )
        return proposal

    def _refuse(self, _figure: dict[str, Any], proposal: Proposal, day: date, number: str) -> Proposal:
        return self._record(proposal, day, number, "refused")

    def _record(self, proposal: Proposal, day: date, number: str, outcome: str) -> Proposal:
        version = _version_of(proposal)
        paper = sample_pdf(f"Quyet dinh {number}".replace("Đ", "D"), proposal.code)
        record_decision(
            self.people["mai.recorder"],
            proposal,
            outcome=outcome,
            number=number,
            decided_on=day,
            signer="Người ký minh hoạ",
            signer_title="Phó Chủ tịch UBND tỉnh",
            file=ContentFile(paper, name="quyet-dinh.pdf"),
            version=version,
            geom_hash=version.geom_hash,
        )
        return proposal

    def _survey(self, _figure: dict[str, Any], proposal: Proposal, _day: date, team: str) -> Proposal:
        order_survey(self.people["lan.appraiser"], proposal, team=team)
        return proposal

    def _measure(
        self, _figure: dict[str, Any], proposal: Proposal, day: date, wrong: dict[str, float] | None = None
    ) -> Proposal:
        measure(proposal, day, wrong={int(corner): metres for corner, metres in (wrong or {}).items()})
        return proposal

    def _send_back(self, _figure: dict[str, Any], proposal: Proposal, _day: date, note: str, mark: str) -> Proposal:
        """Send the newest measurements back, with a mark at the corner that lies farthest off."""
        returned = _newest_return(proposal)
        matches = comparison_of_return(returned).corners.matches
        worst = max(matches, key=lambda match: match.distance_m or 0.0)
        corner = worst.measured or worst.approved
        told = {"corner": corner.number, "of": "measured", "at": list(corner.place), "text": mark}
        return_survey(self.people["lan.appraiser"], proposal, returned=returned, note=note, marks=[told])
        return proposal

    def _accept_return(self, _figure: dict[str, Any], proposal: Proposal, _day: date) -> Proposal:
        returned = _newest_return(proposal)
        accept_return(self.people["lan.appraiser"], proposal, returned=returned, geom_hash=returned.geom_hash)
        return proposal

    def _in_force(self, _figure: dict[str, Any], proposal: Proposal, day: date) -> Proposal:
        minutes = ContentFile(sample_pdf("Bien ban ban giao moc gioi", proposal.code), name="ban-giao-moc-gioi.pdf")
        bring_into_force(self.people["hung.leader"], proposal, on=day, file=minutes)
        return proposal


def load_proposals(
    places: Places,
    people: dict[str, User],
    entries: dict[tuple[str, str], PlanListEntry],
    clusters: dict[str, IndustrialCluster],
    projects: dict[str, FundedProject],
) -> str:
    """Tell every story of the figure file; return how many proposals stand in which state."""
    teller = Teller(places, people, entries, clusters, projects)
    teller.tell(read_figures("proposals")["proposal"])
    states = Counter(Proposal.objects.values_list("state", flat=True))
    return ", ".join(f"{state} {count}" for state, count in sorted(states.items()))


def _version_of(proposal: Proposal) -> ZoneVersion:
    proposal.refresh_from_db()
    version = proposal.current_version
    if version is None:
        raise ValueError(f"{proposal.code}: no version was kept")
    return version


def _newest_return(proposal: Proposal) -> SurveyReturn:
    return SurveyReturn.objects.filter(proposal=proposal).latest("number")


def _papers_of(proposal: Proposal) -> list[str]:
    if proposal.kind in {"new_cluster", "craft_village_cluster"}:
        return ["van-ban-de-nghi", "bao-cao-dau-tu", "ho-so-phap-ly-nang-luc"]
    if proposal.kind == "expansion":
        return ["van-ban-de-nghi", "bao-cao-dau-tu", "ho-so-phap-ly-nang-luc", "bao-cao-hien-trang"]
    return ["thuyet-minh"]
