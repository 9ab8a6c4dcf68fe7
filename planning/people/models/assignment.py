"""Which office does a person hold, where, and during which days?"""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from layers.models import AdminUnit
from planning.people.capabilities import Role


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    """Ask for assignments by date."""

    def valid_on(self, day: date) -> AssignmentQuerySet:
        """Keep the assignments that hold on *day*."""
        return self.filter(valid_from__lte=day).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))


class Assignment(models.Model):
    """Give a person one role in one unit (none = the whole province) between two dates."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("user"), related_name="assignments"
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    unit = models.ForeignKey(
        AdminUnit,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("administrative unit"),
        related_name="assignments",
    )
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ["user", "role"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="assignment_dates_in_order"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.get_role_display()}"
