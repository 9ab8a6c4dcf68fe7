"""Which acts does the room of the questions know? One verb per name, imported from here."""

from planning.checks.services.drafts import discard_draft, open_draft, publish_rules, rebase_draft
from planning.checks.services.load_catalogue import Loaded, load_catalogue
from planning.checks.services.parameters import add_value
from planning.checks.services.rules import remove_rule, restore_rule, write_rule

__all__ = [
    "Loaded",
    "add_value",
    "discard_draft",
    "load_catalogue",
    "open_draft",
    "publish_rules",
    "rebase_draft",
    "remove_rule",
    "restore_rule",
    "write_rule",
]
