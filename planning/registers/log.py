"""What does a reader of the log see for the acts on the books?"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _l

EVENT_TITLES: dict[str, Promise] = {
    "open_year": _l("Budget year opened"),
    "allocate": _l("Allocation entered"),
    "confirm_allocation": _l("Allocation confirmed"),
    "enter_project": _l("Funded project entered"),
    "record_history": _l("Funded project imported"),
    "sign_contract": _l("Contract recorded"),
    "enter_payment": _l("Payment entered"),
    "confirm_payment": _l("Payment confirmed"),
    "reverse_payment": _l("Payment reversed"),
    "recover": _l("Recovery recorded"),
    "record_acceptance": _l("Acceptance recorded"),
    "settle": _l("Settlement recorded"),
    "extend_project": _l("Project extended"),
    "stop_project": _l("Project stopped"),
    "register_cluster": _l("Cluster entered in the register"),
    "record_boundary": _l("Boundary recorded"),
    "record_cluster_report": _l("Cluster figures recorded"),
    "save_village_year": _l("Village figures saved"),
    "send_village_year": _l("Village figures sent"),
}
