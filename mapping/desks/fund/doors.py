"""Who may enter the fund desk, and who is asking? The same door for every page of it."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest
from django.utils.translation import gettext as _

from layers.errors import NotFound
from planning.people.capabilities import Capability
from planning.people.models import User
from planning.people.queries import capabilities_of, require
from planning.registers.models import FundedProject, Payment


def reader(request: HttpRequest) -> frozenset[Capability]:
    """Return what the person may do; raises NotAllowed when she may not read the fund."""
    require(request.user, Capability.SEE_FUND)
    return capabilities_of(request.user)


def person(request: HttpRequest) -> User:
    """Return the signed-in person; call it behind `reader` or `require` only."""
    return cast(User, request.user)


def project_for(request: HttpRequest, pk: int) -> FundedProject:
    """Return a project for a person who may read the fund; raises NotAllowed or NotFound."""
    require(request.user, Capability.SEE_FUND)
    project = (
        FundedProject.objects.select_related(
            "allocation__fund_year",
            "allocation__source",
            "implementer",
            "beneficiary",
            "unit",
            "village",
            "cluster",
            "contract",
            "acceptance",
            "settlement",
        )
        .filter(pk=pk)
        .first()
    )
    if project is None:
        raise NotFound(_("There is no such funded project."))
    return project


def payment_for(request: HttpRequest, pk: int) -> Payment:
    """Return a payment for a person who may read the fund; raises NotAllowed or NotFound."""
    require(request.user, Capability.SEE_FUND)
    payment = Payment.objects.select_related("funded_project__unit").filter(pk=pk).first()
    if payment is None:
        raise NotFound(_("There is no such payment."))
    return payment
