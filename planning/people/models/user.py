"""Who signs in? A user; what the person may do comes from assignments, never from the user row."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """Name a person with an account. Vietnamese names are one text, written as the person writes it."""

    first_name = None  # type: ignore[assignment]  # Django: no such field here
    last_name = None  # type: ignore[assignment]  # Django: no such field here
    full_name = models.CharField(_("full name"), max_length=120)
    office = models.CharField(_("office"), max_length=200, blank=True)

    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_full_name(self) -> str:
        """Return the name as the person writes it."""
        return self.full_name or self.username

    def get_short_name(self) -> str:
        """Return the given name, which comes last in Vietnamese."""
        return self.full_name.split()[-1] if self.full_name else self.username
