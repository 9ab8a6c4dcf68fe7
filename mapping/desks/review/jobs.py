"""Which work of the review desk runs in the worker? Drawing a survey package with plans and papers."""

from __future__ import annotations

from django_tasks import task

from mapping.papers.models import PackageBuild
from mapping.papers.survey.store import build_now


@task()
def build_package(build_id: int) -> str:
    """Build the package that was asked for; return the state it ends in."""
    build = PackageBuild.objects.select_related("version__proposal__unit", "asked_by").get(pk=build_id)
    return build_now(build).state
