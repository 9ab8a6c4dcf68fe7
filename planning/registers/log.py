"""What does a reader of the log see for the acts on the books?"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

EVENT_TITLES: dict[str, Promise] = {
    "load_register_catalogue": gettext_lazy("Figures of the law loaded"),
    "open_year": gettext_lazy("Budget year opened"),
    "allocate": gettext_lazy("Allocation entered"),
    "confirm_allocation": gettext_lazy("Allocation confirmed"),
    "enter_project": gettext_lazy("Funded project entered"),
    "record_history": gettext_lazy("Funded project imported"),
    "sign_contract": gettext_lazy("Contract recorded"),
    "enter_payment": gettext_lazy("Payment entered"),
    "confirm_payment": gettext_lazy("Payment confirmed"),
    "reverse_payment": gettext_lazy("Payment reversed"),
    "recover": gettext_lazy("Recovery recorded"),
    "record_acceptance": gettext_lazy("Acceptance recorded"),
    "settle": gettext_lazy("Settlement recorded"),
    "extend_project": gettext_lazy("Project extended"),
    "stop_project": gettext_lazy("Project stopped"),
    "register_cluster": gettext_lazy("Cluster entered in the register"),
    "record_boundary": gettext_lazy("Boundary recorded"),
    "record_cluster_report": gettext_lazy("Cluster figures recorded"),
    "record_cluster_areas": gettext_lazy("Cluster areas recorded"),
    "register_village": gettext_lazy("Craft village entered in the register"),
    "edit_village": gettext_lazy("Record of a craft village changed"),
    "save_village_year": gettext_lazy("Village figures saved"),
    "send_village_year": gettext_lazy("Village figures sent"),
}
