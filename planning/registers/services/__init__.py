"""Which acts do the books know? One verb per name, imported from here; one file per noun inside."""

from planning.registers.services.allocations import allocate, confirm_allocation, open_year
from planning.registers.services.closing import record_acceptance, settle
from planning.registers.services.cluster_entry import ClusterInput, enter_cluster
from planning.registers.services.clusters import record_boundary, record_cluster_report, register_cluster
from planning.registers.services.funded_projects import (
    ProjectInput,
    enter_project,
    extend_project,
    sign_contract,
    stop_project,
)
from planning.registers.services.history import History, HistoryPayment, record_history
from planning.registers.services.load_catalogue import load_register_catalogue
from planning.registers.services.parties import party_named
from planning.registers.services.payments import confirm_payment, enter_payment, recover, reverse_payment
from planning.registers.services.village_entry import VillageInput, edit_village, register_village
from planning.registers.services.villages import VillageFigures, save_village_year, send_village_year

__all__ = [
    "ClusterInput",
    "History",
    "HistoryPayment",
    "ProjectInput",
    "VillageFigures",
    "VillageInput",
    "allocate",
    "confirm_allocation",
    "confirm_payment",
    "edit_village",
    "enter_cluster",
    "enter_payment",
    "enter_project",
    "extend_project",
    "load_register_catalogue",
    "open_year",
    "party_named",
    "record_acceptance",
    "record_boundary",
    "record_cluster_report",
    "record_history",
    "recover",
    "register_cluster",
    "register_village",
    "reverse_payment",
    "save_village_year",
    "send_village_year",
    "settle",
    "sign_contract",
    "stop_project",
]
