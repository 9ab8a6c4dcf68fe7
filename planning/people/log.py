"""What does a reader of the log see for the acts on people, and for what any room may record?"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _l

EVENT_TITLES: dict[str, Promise] = {
    "assign": _l("Office given"),
    "end_assignment": _l("Office ended"),
    "read_restricted": _l("Restricted data read"),
    "admin_add": _l("Record added by the administrator"),
    "admin_change": _l("Record changed by the administrator"),
    "edition_staged": _l("Edition loaded"),
    "edition_promoted": _l("Edition promoted"),
    "edition_discarded": _l("Edition discarded"),
    "load_procedure_catalogue": _l("Procedure catalogue loaded"),
}
