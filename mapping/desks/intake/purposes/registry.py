"""What can a file from outside be for? One small class per purpose, found here by its key."""

from __future__ import annotations

from django.utils.translation import gettext as _

from layers.errors import NotFound
from mapping.desks.intake.purposes.base import Purpose
from mapping.desks.intake.purposes.clusters import ClustersPurpose
from mapping.desks.intake.purposes.edition import EditionPurpose
from mapping.desks.intake.purposes.measured import MEASURED
from mapping.desks.intake.purposes.villages import VillagesPurpose
from mapping.desks.intake.purposes.zone import ZonePurpose

PURPOSES: dict[str, Purpose] = {
    purpose.key: purpose
    for purpose in (ZonePurpose(), EditionPurpose(), ClustersPurpose(), VillagesPurpose(), MEASURED)
}


def purpose_of(key: str) -> Purpose:
    """Return the purpose of that key; raises NotFound."""
    try:
        return PURPOSES[key]
    except KeyError as unknown:
        raise NotFound(_("Files are not taken in for this purpose.")) from unknown
