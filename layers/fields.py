"""How do models keep geometry and sentences? In the storage CRS, named once; and so that they can be said again.

The geometry field deliberately does not transform: another CRS is refused, not converted (see `layers.crs`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.gis.db import models
from django.contrib.gis.geos import GEOSGeometry

from layers.errors import InputRefused
from layers.said import Said, kept, say_again
from layers.said import gettext as _

if TYPE_CHECKING:
    _GeometryField = models.GeometryField[Any, Any]
else:
    _GeometryField = models.GeometryField


class StorageGeometryField(_GeometryField):
    """Keep a geometry in the province's VN-2000 zone (metres).

    Migrations serve any province because deconstruction omits the SRID. A value that carries another SRID is refused
    with InputRefused, because a silent conversion is how a datum shift of 225 m goes unnoticed.
    """

    def __init__(self, *args: Any, geom_type: str = "GEOMETRY", **kwargs: Any) -> None:
        kwargs["srid"] = settings.STORAGE_SRID
        self.geom_type = geom_type
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        """Describe the field for migrations without its SRID."""
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("srid", None)
        if self.geom_type != "GEOMETRY":
            kwargs["geom_type"] = self.geom_type
        return name, path, args, kwargs

    def get_prep_value(self, value: Any) -> Any:
        """Refuse geometry of another CRS; hand the rest to GeoDjango."""
        if isinstance(value, GEOSGeometry) and value.srid not in (None, settings.STORAGE_SRID):
            raise InputRefused(
                _("A geometry in another coordinate system reached the register; convert it first."),
                code="CRS_MISMATCH",
                where=f"{self.model._meta.label}.{self.name}: SRID {value.srid}",
            )
        return super().get_prep_value(value)


class SaidField(models.JSONField):
    """Keep JSON whose sentences (`layers.said.Said`) are said again in the language of whoever reads them.

    Plain texts stay as they are: rows from before hold sentences in the language of whoever caused them.
    """

    def get_prep_value(self, value: Any) -> Any:
        """Write sentences as what they were made of."""
        return super().get_prep_value(kept(value) if isinstance(value, Said | dict | list) else value)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """Read them in the active language."""
        return say_again(super().from_db_value(value, expression, connection))
