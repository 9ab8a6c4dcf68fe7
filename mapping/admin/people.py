"""How does the administrator keep accounts and offices? Accounts by form, offices by the verbs of people."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import BaseUserCreationForm, UserChangeForm
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mapping.admin.base import HouseAdmin, ReadOnlyAdmin
from mapping.admin.site import site
from planning.people.capabilities import Capability, Role
from planning.people.models import Assignment, Event, User
from planning.people.queries import can, overlapping
from planning.people.services import assign, end_assignment


class NewUserForm(BaseUserCreationForm):  # type: ignore[type-arg]
    """A new account."""

    class Meta:
        model = User
        fields = ("username", "full_name", "office")


class UserForm(UserChangeForm):  # type: ignore[type-arg]
    """An account; its flags give nothing and are not shown."""

    class Meta:
        model = User
        fields = ("username", "full_name", "office", "email", "is_active", "password")


class HouseUserAdmin(HouseAdmin, UserAdmin):  # type: ignore[type-arg]
    """Accounts."""

    capability = Capability.MANAGE_PEOPLE
    form = UserForm
    add_form = NewUserForm
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (gettext_lazy("Person"), {"fields": ("full_name", "office", "email")}),
        (gettext_lazy("Account"), {"fields": ("is_active", "last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("username", "full_name", "office", "password1", "password2")}),
    )
    readonly_fields = ("last_login", "date_joined")
    list_display = ("username", "full_name", "office", "is_active", "offices_today")
    list_filter = ("is_active",)
    search_fields = ("username", "full_name", "office")
    ordering = ("full_name",)
    filter_horizontal = ()

    @staticmethod
    def offices_today(user: User) -> str:
        """List what the person holds today."""
        from planning.people.queries import roles_of

        return ", ".join(str(Role(role).label) for role in roles_of(user))

    offices_today.short_description = gettext_lazy("Offices today")  # type: ignore[attr-defined]

    def save_model(self, request: HttpRequest, obj: Any, form: forms.ModelForm[Any], change: bool) -> None:
        """Save an account; a flag that was set elsewhere is not touched."""
        if not change:
            obj.is_staff = obj.is_superuser = False
        super().save_model(request, obj, form, change)


class AssignmentForm(forms.ModelForm[Assignment]):
    """An office: who, which, where, from when, until when."""

    class Meta:
        model = Assignment
        fields = ("user", "role", "unit", "valid_from", "valid_to")
        help_texts = {
            "unit": gettext_lazy(
                "Empty: the whole province. An abolished district reaches the communes that succeeded it."
            ),
            "valid_to": gettext_lazy("The last day the office is held; empty: open."),
        }

    def clean(self) -> dict[str, Any] | None:
        """Refuse dates out of order and the same office twice at a time, beside the field."""
        given: dict[str, Any] = super().clean() or {}
        first, last = given.get("valid_from", self.instance.valid_from), given.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", _("The last day is before the first one."))
        elif self.instance._state.adding and first and given.get("user") and given.get("role"):
            same = overlapping(given["user"], Role(given["role"]), given.get("unit"), first, last)
            if same.exists():
                self.add_error(None, _("The person already holds this office during a part of that time."))
        return given


class AssignmentAdmin(HouseAdmin):
    """Offices: given and ended by the verbs of people, never erased."""

    capability = Capability.MANAGE_PEOPLE
    form = AssignmentForm
    list_display = ("user", "role", "unit", "valid_from", "valid_to")
    list_filter = ("role",)
    search_fields = ("user__username", "user__full_name", "unit__name")
    autocomplete_fields = ("user", "unit")
    list_select_related = ("user", "unit")

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """Leave only the last day open once an office was given."""
        return ("user", "role", "unit", "valid_from") if obj is not None else ()

    def save_model(self, request: HttpRequest, obj: Any, form: forms.ModelForm[Any], change: bool) -> None:
        """Give or end the office by its verb."""
        actor = cast(User, request.user)
        if not change:
            made = assign(actor, obj.user, Role(obj.role), obj.unit, obj.valid_from, valid_to=obj.valid_to)
            obj.pk, obj._state.adding = made.pk, False
        elif obj.valid_to is not None:
            end_assignment(actor, obj, obj.valid_to)


class EventAdmin(ReadOnlyAdmin):
    """The log of acts."""

    list_display = ("at", "actor_name", "verb", "subject_type", "subject_id")
    list_filter = ("verb",)
    search_fields = ("actor_name", "verb", "subject_id")
    date_hierarchy = "at"
    fields = ("at", "actor_name", "verb", "subject_type", "subject_id", "data")

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Show the log to who may see it."""
        return can(request.user, Capability.SEE_LOG)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Show the log to who may see it."""
        return can(request.user, Capability.SEE_LOG)


site.register(User, HouseUserAdmin)
site.register(Assignment, AssignmentAdmin)
site.register(Event, EventAdmin)
