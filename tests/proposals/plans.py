"""How do tests get a proposal in a given state? By the verbs themselves, on the land and with the cast of `tests.cast`.

The rules here are three: special-use forest is prohibited (one forest, 1 km², its corner 5 km east and north of the
origin), an existing cluster or approved zone is prohibited, a road is advice that was never loaded (not checked).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.contrib.gis.geos import MultiPolygon
from django.core.files.base import ContentFile
from django.utils import timezone

from layers.grid import geometry_hash
from layers.models import AdminUnit, Edition, EditionStatus, Feature, FeaturePart, Layer
from planning.checks.models import Parameter, Question, Rule, RuleSet, Severity
from planning.people.models import User
from planning.proposals import services
from planning.proposals.models import (
    Decision,
    Proposal,
    ProposalKind,
    ReturnReason,
    State,
    SurveyOrder,
    SurveyReturn,
)
from planning.registers.models import IndustrialCluster
from tests.cast import Cast, Land, make_instrument, multi, rectangle, square

LAW = date(2024, 5, 1)
FOREST = (5_000, 5_000, 1_000)
CLEAR_PLACE = (2_000, 2_000)


def pdf(text: str = "paper") -> ContentFile:
    """Make a small file that begins like a PDF."""
    return ContentFile(b"%PDF-1.7\n" + text.encode(), name=f"{text}.pdf")


def zone(east: float, north: float, side: float = 500) -> MultiPolygon:
    """Build a square zone; 500 m is 25 ha."""
    return multi(square(east, north, side))


def publish_rules() -> RuleSet:
    """Publish the three rules of these tests and load the forest."""
    rules = RuleSet.objects.create(version=1)
    instrument = make_instrument()

    def rule(code: str, question: str, severity: str, layer: str = "", order: int = 10) -> None:
        Rule.objects.create(
            rule_set=rules,
            code=code,
            order=order,
            question=question,
            layer_code=layer,
            severity=severity,
            valid_from=LAW,
            instrument=instrument,
            title_vi=f"{code} (vi)",
            title_en=f"{code} (en)",
            text_vi="Chồng lấn.",
            text_en="Overlap.",
        )

    rule("forest", Question.OVERLAP, Severity.PROHIBITED, "forest_special", 10)
    rule("register", Question.REGISTER_OVERLAP, Severity.PROHIBITED, "", 20)
    rule("road", Question.OVERLAP, Severity.ADVISORY, "road", 30)
    rules.published_at = timezone.now()
    rules.save(update_fields=["published_at"])
    for code in ("forest_special", "road"):
        Layer.objects.create(
            code=code,
            name_vi=code,
            name_en=code,
            theme="forest" if code != "road" else "traffic",
            geometry_kind="polygon",
        )
    load_forest(square(*FOREST))
    publish_tolerances()
    return rules


def publish_tolerances() -> None:
    """Enter the tolerance of a corner for two map scales; for the others there is none."""
    for scale, value in ((500, "0.07"), (1000, "0.15")):
        Parameter.objects.create(
            code=f"survey_corner_{scale}_m",
            title_vi="Sai số",
            title_en="Tolerance",
            value=Decimal(value),
            unit="m",
            valid_from=LAW,
        )


def load_forest(*areas: MultiPolygon, number: int = 1) -> Edition:
    """Make an edition of the forest layer the current one; an older one retires."""
    layer = Layer.objects.get(code="forest_special")
    Edition.objects.filter(layer=layer, status=EditionStatus.CURRENT).update(
        status=EditionStatus.RETIRED, retired_on=timezone.localdate()
    )
    edition = Edition.objects.create(
        layer=layer,
        number=number,
        status=EditionStatus.STAGED,
        effective_from=date(2025, 7, 1),
        source="tests",
        sha256=f"{number:064d}",
        coverage=multi(rectangle(-5_000, -5_000, 60_000, 30_000)),
        feature_count=len(areas),
        parts_built=True,
    )
    for area in areas:
        feature = Feature.objects.create(
            edition=edition, name="Rừng Thử", area_m2=area.area, geom=area, geom_hash=geometry_hash(area)
        )
        FeaturePart.objects.create(edition=edition, feature=feature, geom=area)
    Edition.objects.filter(pk=edition.pk).update(status=EditionStatus.CURRENT, promoted_at=timezone.now())
    return edition


@dataclass
class Plans:
    """Make proposals in any state, through the verbs."""

    cast: Cast
    land: Land
    started: int = 0

    def draft(
        self,
        drawn: MultiPolygon | None = None,
        *,
        who: User | None = None,
        unit: AdminUnit | None = None,
        kind: str = ProposalKind.NEW_CLUSTER,
        rival_of: Proposal | None = None,
    ) -> Proposal:
        """Start a proposal and draw *drawn* (a clear 25 ha square when absent, each 600 m further north)."""
        author = who or self.cast.planner
        self.started += 1
        proposal = services.start_proposal(
            author,
            kind=kind,
            unit=unit or self.land.west,
            name=f"Cụm Đắk Thử {self.started}",
            need_statement="Cần đất cho cơ sở chế biến.",
            rival_of=rival_of,
        )
        east, north = CLEAR_PLACE
        boundary = drawn or zone(east, north + 600 * (self.started - 1))
        services.save_draft(author, proposal, row_version=1, geom=boundary)
        return self.fresh(proposal)

    def ready(self, drawn: MultiPolygon | None = None, **options: object) -> Proposal:
        """Make a draft that may be submitted."""
        proposal = self.draft(drawn, **options)  # type: ignore[arg-type]
        author = proposal.created_by
        services.edit_details(author, proposal, applicant=services.ApplicantData(name="Công ty Thử"))
        for code in ("van-ban-de-nghi", "bao-cao-dau-tu", "ho-so-phap-ly-nang-luc"):
            services.attach_item(author, proposal, requirement=code, file=pdf(code))
        services.keep_version(author, proposal, reason="lần đầu")
        return self.fresh(proposal)

    def submitted(self, drawn: MultiPolygon | None = None, **options: object) -> Proposal:
        """Make a submitted proposal."""
        proposal = self.ready(drawn, **options)
        services.submit(proposal.created_by, proposal)
        return self.fresh(proposal)

    def under_review(self, drawn: MultiPolygon | None = None) -> Proposal:
        """Make a proposal whose dossier was accepted."""
        proposal = self.submitted(drawn)
        services.accept_dossier(self.cast.appraiser, proposal)
        return self.fresh(proposal)

    def appraised(self, drawn: MultiPolygon | None = None) -> Proposal:
        """Make an appraised proposal."""
        proposal = self.under_review(drawn)
        services.appraise(self.cast.appraiser, proposal, recommends=True, note="Đủ điều kiện.")
        return self.fresh(proposal)

    def forwarded(self, drawn: MultiPolygon | None = None) -> Proposal:
        """Make a proposal that waits for the committee."""
        proposal = self.appraised(drawn)
        services.sign_off(self.cast.leader, proposal)
        return self.fresh(proposal)

    def start_expansion(self, cluster: IndustrialCluster, drawn: MultiPolygon) -> Proposal:
        """Make a forwarded proposal that expands *cluster*."""
        author = self.cast.planner
        proposal = services.start_proposal(
            author,
            kind=ProposalKind.EXPANSION,
            unit=self.land.west,
            name="Mở rộng",
            need_statement="Hết đất.",
            expands=cluster,
        )
        services.save_draft(author, proposal, row_version=1, geom=drawn)
        services.edit_details(author, proposal, applicant=services.ApplicantData(name="Công ty Thử"))
        for code in ("van-ban-de-nghi", "bao-cao-dau-tu", "ho-so-phap-ly-nang-luc", "bao-cao-hien-trang"):
            services.attach_item(author, proposal, requirement=code, file=pdf(code))
        services.keep_version(author, proposal)
        services.submit(author, proposal)
        services.accept_dossier(self.cast.appraiser, proposal)
        services.appraise(self.cast.appraiser, proposal, recommends=True, note="Đủ.")
        services.sign_off(self.cast.leader, proposal)
        return self.fresh(proposal)

    def decide(
        self, proposal: Proposal, outcome: str = "approved", *, who: User | None = None, **changes: object
    ) -> Decision:
        """Record a decision about a forwarded proposal."""
        version = proposal.current_version
        assert version is not None
        facts: dict[str, object] = {
            "outcome": outcome,
            "number": f"{100 + proposal.pk}/QĐ-UBND",
            "decided_on": timezone.localdate(),
            "signer": "Nguyễn Văn Ký",
            "file": pdf("quyet-dinh"),
            "version": version,
            "geom_hash": version.geom_hash,
        }
        return services.record_decision(who or self.cast.recorder, proposal, **(facts | changes))  # type: ignore[arg-type]

    def approved(self, drawn: MultiPolygon | None = None) -> Proposal:
        """Make an approved proposal."""
        proposal = self.forwarded(drawn)
        self.decide(proposal)
        return self.fresh(proposal)

    def returned(self, drawn: MultiPolygon | None = None) -> Proposal:
        """Make a proposal that was returned for changes from review."""
        proposal = self.under_review(drawn)
        services.return_for_changes(
            self.cast.appraiser, proposal, reasons=[ReturnReason.BOUNDARY], text="Điều chỉnh ranh giới."
        )
        return self.fresh(proposal)

    def in_state(self, state: str) -> Proposal:
        """Make a proposal in *state*, through the verbs."""
        if state == State.DRAFT:
            return self.ready()
        if state == State.WITHDRAWN:
            proposal = self.submitted()
            services.withdraw(self.cast.planner, proposal)
        elif state == State.REFUSED:
            proposal = self.forwarded()
            self.decide(proposal, "refused")
        elif state == State.BEING_SURVEYED:
            proposal = self.approved()
            services.order_survey(self.cast.appraiser, proposal, team="Đội đo đạc")
        elif state in {State.SURVEYED, State.IN_FORCE}:
            returned = self.measurements()
            proposal = returned.proposal
            services.accept_return(
                self.cast.appraiser, proposal, returned=returned, geom_hash=returned.geom_hash, note="Đạt."
            )
            if state == State.IN_FORCE:
                services.bring_into_force(
                    self.cast.leader, self.fresh(proposal), on=timezone.localdate(), file=pdf("bien-ban")
                )
        else:
            return getattr(self, state)()  # type: ignore[no-any-return]
        return self.fresh(proposal)

    def measurements(self, measured: MultiPolygon | None = None, drawn: MultiPolygon | None = None) -> SurveyReturn:
        """Order the survey of an approved proposal and send *measured* back (exactly the approved zone when absent)."""
        link = services.order_survey(self.cast.appraiser, self.approved(drawn), team="Đội đo đạc")
        return self.send(link.order, measured)

    @staticmethod
    def send(order: SurveyOrder, measured: MultiPolygon | None = None) -> SurveyReturn:
        """Send *measured* back by the link of *order* (exactly the approved zone when absent)."""
        return services.send_return(
            order,
            geom=measured or order.version.geom,
            file=ContentFile(b"PK\x03\x04", name="do ve.zip"),
            how=services.Measured(
                instrument="GNSS RTK", base_points="ĐC-01, ĐC-02", measured_on=timezone.localdate(), signer="Lê Đo"
            ),
        )

    @staticmethod
    def fresh(proposal: Proposal) -> Proposal:
        """Read the proposal again."""
        return Proposal.objects.select_related("unit", "need", "created_by", "current_version").get(pk=proposal.pk)
