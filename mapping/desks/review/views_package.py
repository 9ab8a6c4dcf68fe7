"""How does the boundary leave for the field? Choose version, contents, zone and paper; see the package; take it.

It builds nothing itself: `mapping.papers.survey` does, in the worker when pages must be drawn.
"""

from __future__ import annotations

from django import forms
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from layers.crs import zone_label
from layers.errors import Gone, NotFound
from mapping import formats
from mapping.desks.review.door import visible_proposal
from mapping.desks.review.package_form import ChoiceForm
from mapping.papers.models import BuildState, PackageBuild
from mapping.papers.survey.choice import CONTENT_TITLES, Content, PackageChoice
from mapping.papers.survey.facts import code_of
from mapping.papers.survey.jobs import build_again, build_package, clear_packages, make_again
from mapping.papers.survey.ordered import Stage, newest_build, stage_of
from mapping.papers.survey.progress import progress_shown
from mapping.papers.survey.store import ask_for_package, build_now, choice_of, is_kept, is_silent, kept_file
from mapping.papers.survey_fields import LAYERS
from mapping.rate import limit_rate
from planning.people.models import User
from planning.proposals.models import Proposal, ZoneVersion
from planning.proposals.queries import versions_for
from planning.proposals.services import require_may_make_package
from planning.proposals.standing import Standing, standing_of

MOST_BUILDS = 10
# Measured: 2,000 corners take 1 s as tables and 3 s as drawings; a boundary like that is left to the worker whole.
MANY_CORNERS = 1_000
ASK_AGAIN_S = "2"


class PackageForm(ChoiceForm):
    """What a person chooses; the version in force is chosen already, everything is ticked."""

    version = forms.TypedChoiceField(label=gettext_lazy("Boundary version"), coerce=int)
    field_order = ("version", "contents", "srid", "paper")

    def __init__(self, versions: list[ZoneVersion], *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].choices = [(each.number, _version_words(each)) for each in versions]  # type: ignore[attr-defined]  # typed as the base of all fields


@require_http_methods(["GET", "POST"])
def package(request: HttpRequest, code: str) -> HttpResponse:
    """Show the choice, or ask for the chosen package."""
    user, proposal = _door(request, code)
    versions = list(versions_for(user, proposal))
    if not versions:
        raise NotFound(
            _("No boundary version is kept yet."),
            where=proposal.code,
            todo=_("Keep a version first; packages are made of it."),
        )
    form = PackageForm(versions, request.POST if request.method == "POST" else None, initial=_initial(versions))
    if request.method == "POST":
        limit_rate(request, "download")
        if form.is_valid():
            version = next(each for each in versions if each.number == form.cleaned_data["version"])
            build = _ask(user, version, form.choice())
            return HttpResponseRedirect(reverse("review:package_build", args=[code, build.pk]))
    context = {
        "proposal": proposal,
        "form": form,
        "layers": LAYERS,
        "builds": _builds(user, proposal)[:MOST_BUILDS],
    }
    return render(request, "review/package.html", context, status=422 if form.errors else 200)


@require_safe
def package_build(request: HttpRequest, code: str, build: int) -> HttpResponse:
    """Show where a package stands: waiting, refused with its sentence, or ready with its contents and hash."""
    user, proposal = _door(request, code)
    row = _build(user, proposal, build)
    if is_silent(row):
        row.state = BuildState.FAILED
        row.problem = {"message": _("The worker did not answer in time."), "todo": _("Make the package again.")}
    context = {
        "proposal": proposal,
        "build": row,
        "choice": choice_of(row),
        "shown": progress_shown(choice_of(row), row.progress, verified=row.state == BuildState.DONE),
        "contents": [CONTENT_TITLES[Content(each)] for each in Content if each in row.choice["contents"]],
        "zone": zone_label(int(row.choice["srid"])),
        "stand": standing_of(row.version),
        "kept": row.state == BuildState.DONE and is_kept(row),
        "verify": request.build_absolute_uri(reverse("public:verify", args=[code_of(row.version)]))
        if row.state == BuildState.DONE
        else "",
    }
    response = render(request, "review/package_build.html", context)
    if row.state == BuildState.QUEUED:
        response.headers["Refresh"] = ASK_AGAIN_S
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_safe
def package_file(request: HttpRequest, code: str, build: int) -> HttpResponse:
    """Send the package, as it was verified; nothing is built here.

    Raises NotFound for a package that is not ready, Gone for one whose file was cleared away or spoilt.
    """
    user, proposal = _door(request, code)
    row = _build(user, proposal, build)
    limit_rate(request, "download")
    if row.state != BuildState.DONE:
        raise NotFound(_("This package is not ready."), todo=_("Open its page; it says how far the work is."))
    content = kept_file(row)
    if content is None:
        raise Gone(_("The file of this package is not kept any more."), todo=_("Open its page and make it again."))
    response = HttpResponse(content, content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{row.filename}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Content-SHA256"] = row.sha256
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_POST
def package_again(request: HttpRequest, code: str, build: int) -> HttpResponse:
    """Have a package whose file was cleared away made again by the worker, and show where it stands."""
    user, proposal = _door(request, code)
    row = _build(user, proposal, build)
    limit_rate(request, "download")
    if row.state == BuildState.DONE and not is_kept(row):
        row = make_again(row, user)
    return HttpResponseRedirect(reverse("review:package_build", args=[code, row.pk]))


@require_POST
def order_package(request: HttpRequest, code: str, order: int) -> HttpResponse:
    """Have the package of a survey order built again, after a refusal or when the worker kept silent."""
    user, proposal = _door(request, code)
    row = proposal.survey_orders.filter(pk=order).first()
    if row is None:
        raise NotFound(_("There is no such survey order."), where=proposal.code)
    limit_rate(request, "download")
    build = newest_build(row)
    if stage_of(row, build) in {Stage.FAILED, Stage.SILENT}:
        build_again(row, user, instead_of=build)
    return HttpResponseRedirect(f"{reverse('review:file', args=[code])}?tab=quyet-dinh")


def _door(request: HttpRequest, code: str) -> tuple[User, Proposal]:
    user, proposal = visible_proposal(request, code)
    require_may_make_package(user, proposal)
    return user, proposal


def _builds(user: User, proposal: Proposal) -> QuerySet[PackageBuild]:
    """Return the packages that were asked for of versions this person may see."""
    return PackageBuild.objects.filter(version__in=versions_for(user, proposal)).select_related(
        "version__proposal__unit", "asked_by"
    )


def _build(user: User, proposal: Proposal, number: int) -> PackageBuild:
    row = _builds(user, proposal).filter(pk=number).first()
    if row is None:
        raise NotFound(_("There is no such package."), where=proposal.code, todo=_("Make a new package."))
    return row


def _ask(user: User, version: ZoneVersion, choice: PackageChoice) -> PackageBuild:
    """Note the wish; build small packages at once and leave those with drawings to the worker."""
    slow = choice.slow or version.geom.num_points > MANY_CORNERS
    with transaction.atomic():
        build = ask_for_package(user, version, choice)
        if slow:
            transaction.on_commit(lambda: build_package.enqueue(build.pk))
        else:
            transaction.on_commit(clear_packages.enqueue)
    return build if slow else build_now(build)


def _initial(versions: list[ZoneVersion]) -> dict[str, object]:
    current = next((each for each in versions if standing_of(each).standing == Standing.CURRENT), versions[0])
    return {"version": current.number}


STANDING_WORDS = {
    Standing.CURRENT: gettext_lazy("in force"),
    Standing.SUPERSEDED: gettext_lazy("superseded"),
    Standing.ENDED: gettext_lazy("no longer in force"),
    Standing.DRAFT: gettext_lazy("draft, nothing decided"),
}


def _version_words(version: ZoneVersion) -> str:
    words = STANDING_WORDS[standing_of(version).standing]
    return f"{version.number} · {formats.hectares_of_m2(version.area_m2)} · {formats.date(version.at)} · {words}"
