"""Is the rule set that is in force complete? Asked at start-up and by ``check --database``; it repairs nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections
from django.db.utils import OperationalError, ProgrammingError
from django.forms.models import model_to_dict


@register(Tags.database)
def published_rules_complete(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Refuse a published rule without texts in both languages, severity, or a place in the verdict cascade.

    And one that asks its layer a question which that kind of geometry cannot answer: it would read as clear for ever.
    """
    from planning.checks.guards import catalogue_problems
    from planning.checks.models import Parameter, RuleSet
    from planning.checks.rule_sets import layer_kinds

    problems: list[CheckMessage] = []
    for alias in databases or ():
        if connections[alias].vendor != "postgresql":
            continue
        try:
            newest = RuleSet.objects.using(alias).filter(published_at__isnull=False).order_by("-version").first()
            if newest is None:
                continue
            parameters = set(Parameter.objects.using(alias).values_list("code", flat=True))
            layers = layer_kinds(alias)
            rules = [model_to_dict(rule) for rule in newest.rules.using(alias)]
        except (OperationalError, ProgrammingError):
            continue  # not migrated yet; the ground's own checks speak about the database
        problems += [
            Error(text, hint=f"Rule set {newest}: publish a corrected version.", id="checks.E001")
            for text in catalogue_problems(rules, parameters, layers)
        ]
    return problems
