"""How does the administrator keep accounts and offices? Accounts by form, offices by the verbs of people."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.apps import apps
from django.contrib.admin import SimpleListFilter, display
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import BaseUserCreationForm, UserChangeForm
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mapping.admin.base import HouseAdmin, ReadOnlyAdmin
from mapping.admin.site import site
from planning.people import log as people_log
from planning.people.capabilities import Capability, Role
from planning.people.models import Assignment, Event, User
from planning.people.queries import can, overlapping
from planning.people.services import assign, end_assignment
from planning.proposals import log as proposals_log
from planning.registers import log as registers_log

TITLES = {**people_log.EVENT_TITLES, **registers_log.EVENT_TITLES, **proposals_log.EVENT_TITLES}


class NewUserForm(BaseUserCreationForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """A new account."""

    class Meta:
        model = User
        fields = ("username", "full_name", "office")


class UserForm(UserChangeForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """An account; its flags give nothing and are not shown."""

    class Meta:
        model = User
        fields = ("username", "full_name", "office", "email", "is_active", "password")


class HouseUserAdmin(HouseAdmin, UserAdmin):  # type: ignore[type-arg]  # not subscriptable at run time
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
    @display(description=gettext_lazy("Offices today"))
    def offices_today(user: User) -> str:
        """List what the person holds today."""
        from planning.people.queries import roles_of

        return ", ".join(str(Role(role).label) for role in roles_of(user))

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


class VerbFilter(SimpleListFilter):
    """Narrow the log by act, in words."""

    title = gettext_lazy("act")
    parameter_name = "verb"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer the acts that happened, in order of their words."""
        verbs = Event.objects.order_by().values_list("verb", flat=True).distinct()
        return sorted(((verb, title_of(verb)) for verb in verbs), key=lambda pair: pair[1])

    def queryset(self, request: HttpRequest, queryset: QuerySet[Event]) -> QuerySet[Event]:
        """Keep the chosen act."""
        return queryset.filter(verb=self.value()) if self.value() else queryset


def title_of(verb: str) -> str:
    """Return an act in words; one that nobody named is shown as it is."""
    return str(TITLES.get(verb, verb))


class EventAdmin(ReadOnlyAdmin):
    """The log of acts."""

    list_display = ("at", "actor_name", "act", "thing", "subject_id")
    list_filter = (VerbFilter,)
    search_fields = ("actor_name", "verb", "subject_id")
    date_hierarchy = "at"
    fields = ("at", "actor_name", "act", "thing", "subject_id", "data")

    @staticmethod
    @display(description=gettext_lazy("act"), ordering="verb")
    def act(event: Event) -> str:
        """Say the act in words."""
        return title_of(event.verb)

    @staticmethod
    @display(description=gettext_lazy("kind of thing"), ordering="subject_type")
    def thing(event: Event) -> str:
        """Say the kind of thing in words."""
        try:
            return str(capfirst(apps.get_model(event.subject_type)._meta.verbose_name))
        except (LookupError, ValueError):
            return event.subject_type

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Show the log to who may see it."""
        return can(request.user, Capability.SEE_LOG)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Show the log to who may see it."""
        return can(request.user, Capability.SEE_LOG)


site.register(User, HouseUserAdmin)
site.register(Assignment, AssignmentAdmin)
site.register(Event, EventAdmin)
