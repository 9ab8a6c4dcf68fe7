"""What does a reader of the log see for the acts on people, and for what any room may record?"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

EVENT_TITLES: dict[str, Promise] = {
    "assign": gettext_lazy("Office given"),
    "end_assignment": gettext_lazy("Office ended"),
    "read_restricted": gettext_lazy("Restricted data read"),
    "admin_add": gettext_lazy("Record added by the administrator"),
    "admin_change": gettext_lazy("Record changed by the administrator"),
    "edition_staged": gettext_lazy("Edition loaded"),
    "edition_promoted": gettext_lazy("Edition promoted"),
    "edition_discarded": gettext_lazy("Edition discarded"),
    "open_rules": gettext_lazy("Draft of the rules opened"),
    "write_rule": gettext_lazy("Rule written in the draft"),
    "remove_rule": gettext_lazy("Rule left out of the draft"),
    "restore_rule": gettext_lazy("Rule of the draft put back"),
    "rebase_rules": gettext_lazy("Draft of the rules brought up to date"),
    "dry_run_rules": gettext_lazy("Draft of the rules tried on past proposals"),
    "publish_rules": gettext_lazy("Rules published"),
    "discard_rules": gettext_lazy("Draft of the rules discarded"),
    "add_parameter_value": gettext_lazy("Figure of the law entered"),
    "load_procedure_catalogue": gettext_lazy("Procedure catalogue loaded"),
}
