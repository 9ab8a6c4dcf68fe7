"""Which nouns does the check keep? Questions only: rule sets, rules, parameters. It never stores an answer."""

from planning.checks.models.parameter import Parameter
from planning.checks.models.rule import Question, Rule, RuleSet, Severity

__all__ = ["Parameter", "Question", "Rule", "RuleSet", "Severity"]
