"""What does a person write down for an act of the procedure? One form per verb; the verbs themselves check again."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.gis.geos import Point
from django.utils.translation import gettext_lazy as _

from layers.crs import WGS84, to_storage
from layers.errors import InputRefused
from layers.grid import on_grid
from mapping.desks.review.package_form import ChoiceForm
from mapping.fields import DateField, FileField
from mapping.papers.survey.choice import choice_from
from planning.proposals.models import (
    Anchor,
    CommentOutcome,
    DecisionOutcome,
    ReturnReason,
    RulingOutcome,
    SurveyOrder,
    SurveyScale,
)
from planning.proposals.services.order_survey import DEFAULT_DOWNLOADS, longest_days
from planning.proposals.workflow import Verb


class EmptyForm(forms.Form):
    """Confirm an act that needs no words."""


class ReturnForm(forms.Form):
    """Return for changes."""

    reasons = forms.MultipleChoiceField(
        label=_("Reasons"), choices=ReturnReason.choices, widget=forms.CheckboxSelectMultiple
    )
    text = forms.CharField(
        label=_("What must be changed or added"), widget=forms.Textarea(attrs={"rows": 4}), max_length=4000
    )


class AppraiseForm(forms.Form):
    """Appraise."""

    recommends = forms.TypedChoiceField(
        label=_("Result"),
        choices=[("1", _("Recommend approval")), ("0", _("Do not recommend approval"))],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("Result of the appraisal"), widget=forms.Textarea(attrs={"rows": 5}), max_length=8000
    )


class SignOffForm(forms.Form):
    """Sign the appraisal off."""

    note = forms.CharField(label=_("Note"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2000, required=False)


class DecisionForm(forms.Form):
    """Record the committee's decision."""

    outcome = forms.ChoiceField(
        label=_("Decided"),
        choices=[(choice.value, choice.label) for choice in (DecisionOutcome.APPROVED, DecisionOutcome.REFUSED)],
        widget=forms.RadioSelect,
    )
    number = forms.CharField(label=_("Number"), max_length=60, help_text=_("As printed: 1234/QĐ-UBND"))
    decided_on = DateField(label=_("Decided on"))
    signer = forms.CharField(label=_("Signer"), max_length=120)
    signer_title = forms.CharField(label=_("Signer's office"), max_length=120, required=False)
    file = FileField(label=_("Scanned decision (PDF)"))
    conditions = forms.CharField(
        label=_("Conditions"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=4000,
        help_text=_("One per line."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    geom_hash = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def clean_conditions(self) -> list[dict[str, object]]:
        """Turn lines into conditions."""
        lines = (line.strip() for line in self.cleaned_data["conditions"].splitlines())
        return [{"text": line} for line in lines if line]


class SurveyForm(ChoiceForm):
    """Order the survey, or issue a new link; the team gets the chosen package."""

    team = forms.CharField(label=_("Survey team"), max_length=200)
    days = forms.IntegerField(label=_("The link works for, days"), min_value=1, initial=14)
    max_downloads = forms.IntegerField(
        label=_("Downloads allowed"), min_value=1, max_value=1000, initial=DEFAULT_DOWNLOADS
    )

    scale = forms.TypedChoiceField(
        label=_("Map scale of the survey"),
        choices=SurveyScale.choices,
        coerce=int,
        initial=SurveyScale.S500,
        help_text=_("It sets how far a staked-out corner may lie from the approved one."),
    )

    field_order = ("team", "days", "max_downloads", "scale", "contents", "srid", "paper")

    def terms(self) -> dict[str, Any]:
        """Return the arguments of `order_survey` and `renew_survey`; call it when the form is valid."""
        names = ("team", "days", "max_downloads", "scale")
        return {**{name: self.cleaned_data[name] for name in names}, "package": self.choice().stored}

    @staticmethod
    def terms_of(order: SurveyOrder | None) -> dict[str, Any]:
        """Return what a form for a new link begins with: the terms of *order*, but for how long it was to work.

        A choice that is not in the lists any more is left out, so that the form begins with everything.
        """
        if order is None:
            return {}
        terms: dict[str, Any] = {"team": order.team, "scale": order.scale, "max_downloads": order.max_downloads}
        try:
            choice = choice_from(order.package)
        except InputRefused:
            return terms
        return {**terms, "contents": sorted(choice.contents), "srid": choice.zone, "paper": choice.paper}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["days"].max_value = longest_days()  # type: ignore[attr-defined]  # typed as the base of all fields
        self.fields["days"].initial = longest_days()


class HandoverForm(forms.Form):
    """Bring the staked-out boundary into force."""

    on = DateField(label=_("Handed over on"))
    file = FileField(label=_("Signed minutes (PDF)"))
    note = forms.CharField(label=_("Note"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2000, required=False)


class CommentForm(forms.Form):
    """Open a thread, pinned to a place when ``lon`` and ``lat`` (WGS 84, degrees) are given."""

    text = forms.CharField(label=_("Comment"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4000)
    anchor = forms.ChoiceField(choices=Anchor.choices, initial=Anchor.WHOLE, widget=forms.HiddenInput, required=False)
    anchor_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=120)
    lon = forms.FloatField(widget=forms.HiddenInput, required=False, min_value=-180, max_value=180)
    lat = forms.FloatField(widget=forms.HiddenInput, required=False, min_value=-90, max_value=90)


class DisputeForm(forms.Form):
    """Disagree with one row of the report, with a file and a pin when there are any."""

    finding = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("What is wrong, and how you know"), widget=forms.Textarea(attrs={"rows": 4}), max_length=4000
    )
    file = FileField(label=_("Evidence (PDF, DOCX, XLSX, JPG or PNG)"), required=False)
    lon = forms.FloatField(widget=forms.HiddenInput, required=False, min_value=-180, max_value=180)
    lat = forms.FloatField(widget=forms.HiddenInput, required=False, min_value=-90, max_value=90)


class RulingForm(forms.Form):
    """Rule on a disagreement."""

    dispute = forms.IntegerField(widget=forms.HiddenInput)
    outcome = forms.ChoiceField(
        label=_("Ruling"),
        choices=[
            (RulingOutcome.UPHELD, _("The finding stands")),
            (RulingOutcome.ACCEPTED, _("The disagreement is accepted: the finding is set aside")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4000)


class WithdrawDisputeForm(forms.Form):
    """Withdraw a disagreement."""

    dispute = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}), max_length=4000, required=False
    )


def _pinned(data: dict[str, Any]) -> Any:
    """Return the pinned place in the storage CRS on the grid; None without one."""
    if data.get("lon") is None or data.get("lat") is None:
        return None
    return on_grid(to_storage(Point(data["lon"], data["lat"], srid=WGS84)))


class AnswerForm(forms.Form):
    """Answer a thread."""

    comment = forms.IntegerField(widget=forms.HiddenInput)
    text = forms.CharField(label=_("Answer"), widget=forms.Textarea(attrs={"rows": 2}), max_length=4000)


class CloseForm(forms.Form):
    """Close a thread."""

    comment = forms.IntegerField(widget=forms.HiddenInput)
    outcome = forms.ChoiceField(label=_("Outcome"), choices=CommentOutcome.choices)
    note = forms.CharField(label=_("Reason"), max_length=400, required=False)


FORMS: dict[Verb, type[forms.Form]] = {
    Verb.ACCEPT_DOSSIER: EmptyForm,
    Verb.RETURN_FOR_CHANGES: ReturnForm,
    Verb.APPRAISE: AppraiseForm,
    Verb.SIGN_OFF: SignOffForm,
    Verb.RECORD_DECISION: DecisionForm,
    Verb.ORDER_SURVEY: SurveyForm,
    Verb.RENEW_SURVEY: SurveyForm,
    Verb.REVOKE_SURVEY: EmptyForm,
    Verb.BRING_INTO_FORCE: HandoverForm,
    Verb.WITHDRAW: EmptyForm,
    Verb.ADD_COMMENT: CommentForm,
    Verb.ANSWER_COMMENT: AnswerForm,
    Verb.CLOSE_COMMENT: CloseForm,
    Verb.DISPUTE_FINDING: DisputeForm,
    Verb.RULE_ON_DISPUTE: RulingForm,
    Verb.WITHDRAW_DISPUTE: WithdrawDisputeForm,
}


def comment_of(data: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments of `add_comment` from the clean data of a `CommentForm`; the place in the storage CRS."""
    return {
        "text": data["text"],
        "anchor": data["anchor"] or Anchor.WHOLE,
        "anchor_key": data["anchor_key"],
        "place": _pinned(data),
    }


def disagreement_of(data: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments of `dispute_finding` but the finding, from a `DisputeForm`; the place in the storage CRS."""
    return {"reason": data["reason"], "file": data["file"], "place": _pinned(data)}
