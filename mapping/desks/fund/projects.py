"""Which projects does the fund pay for, and where does one of them stand? List, page, new one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from layers.errors import DatNgheError, NotAllowed
from mapping.desks.fund.doors import person, project_for, reader
from mapping.desks.fund.forms import ProjectForm
from mapping.desks.fund.project_context import context_of
from mapping.downloads import downloads
from mapping.papers.export import TYPES
from planning.people.capabilities import Capability
from planning.people.queries import require
from planning.registers.models import Activity, FundedProject, FundedProjectState, FundYear
from planning.registers.queries import flags_on, money_by_project
from planning.registers.services import ProjectInput, enter_project, party_named

PAGE_SIZE = 40


@require_safe
def project_list(request: HttpRequest) -> HttpResponse:
    """List funded projects, narrowed by year, state, activity, remark and words."""
    may = reader(request)
    rows, flags, asked = narrowed_projects(request)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    money = money_by_project([row.pk for row in page])
    context = {
        "page_obj": page,
        "rows": [{"project": row, "money": money[row.pk], "flags": flags.get(row.pk, [])} for row in page],
        "asked": asked,
        "narrowed": any(asked.values()),
        "years": FundYear.objects.values_list("year", flat=True),
        "states": FundedProjectState.choices,
        "activities": Activity.choices,
        "flag_titles": sorted({flag.code: flag.title for found in flags.values() for flag in found}.items()),
        "may_enter": Capability.ENTER_FUND in may,
        "files": downloads(
            lambda kind: reverse("fund:download", args=[kind]), request.GET, tuple(TYPES), count=page.paginator.count
        ),
        "section": "projects",
    }
    return render(request, "fund/projects.html", context)


def narrowed_projects(
    request: HttpRequest,
) -> tuple[QuerySet[FundedProject], dict[int, list[Any]], dict[str, str]]:
    """Return the projects that the filter of the address leaves, all flags by project, and what was asked."""
    asked = {name: request.GET.get(name, "").strip() for name in ("nam", "trang-thai", "noi-dung", "canh-bao", "q")}
    flags: dict[int, list[Any]] = {}
    for flag in flags_on(timezone.localdate()):
        if flag.funded_project_id is not None:
            flags.setdefault(flag.funded_project_id, []).append(flag)
    rows = FundedProject.objects.select_related("allocation__fund_year", "beneficiary", "unit")
    if asked["nam"].isascii() and asked["nam"].isdigit():
        rows = rows.filter(allocation__fund_year__year=int(asked["nam"][:4]))
    if asked["trang-thai"] in FundedProjectState.values:
        rows = rows.filter(state=asked["trang-thai"])
    if asked["noi-dung"] in Activity.values:
        rows = rows.filter(activity=asked["noi-dung"])
    if asked["canh-bao"]:
        wanted = [pk for pk, found in flags.items() if any(flag.code == asked["canh-bao"] for flag in found)]
        rows = rows.filter(pk__in=wanted)
    if asked["q"]:
        words = asked["q"].replace("\x00", "")[:100]
        rows = rows.filter(
            Q(title__unaccent__icontains=words)
            | Q(code__icontains=words)
            | Q(beneficiary__public_name__unaccent__icontains=words)
            | Q(unit__name__unaccent__icontains=words)
        )
    return rows, flags, asked


@require_safe
def project_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one funded project: money, payments, next steps, remarks, log."""
    may = reader(request)
    return render(request, "fund/project.html", context_of(project_for(request, pk), may, request.user))


@require_http_methods(["GET", "POST"])
def new_project(request: HttpRequest) -> HttpResponse:
    """Enter a funded project."""
    require(request.user, Capability.ENTER_FUND)
    form = ProjectForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                project = enter_project(person(request), project_input(form))
            except NotAllowed:
                raise
            except DatNgheError as refusal:
                form.add_error(None, f"{refusal.message} {refusal.todo}".strip())
                status = refusal.status
            else:
                messages.success(request, _("%(code)s is in the plan.") % {"code": project.code})
                return redirect("fund:project", pk=project.pk)
    return render(request, "fund/new_project.html", {"form": form, "section": "projects"}, status=status)


def project_input(form: ProjectForm) -> ProjectInput:
    """Turn a valid form into what the verb takes; parties are found or made by name and kind."""
    given = form.cleaned_data
    return ProjectInput(
        title=given["title"],
        allocation=given["allocation"],
        activity=given["activity"],
        implementer=party_named(given["implementer_name"], given["implementer_kind"], given["unit"]),
        beneficiary=party_named(given["beneficiary_name"], given["beneficiary_kind"], given["unit"]),
        unit=given["unit"],
        granted_vnd=given["granted_vnd"],
        counterpart_vnd=given["counterpart_vnd"] or 0,
        location=form.location(),
        village=given["village"],
        cluster=given["cluster"],
        recoverable=given["recoverable"],
        content_key=given["content_key"],
        starts_on=given["starts_on"],
        ends_on=given["ends_on"],
    )
