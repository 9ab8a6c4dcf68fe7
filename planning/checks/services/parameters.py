"""How does a figure of the law change? A new dated value beside the old ones; what stored runs used is never edited.

It changes no rule: rules name parameters, the day picks the value.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from layers.errors import Conflict, InputRefused, NotFound
from layers.models import LegalInstrument
from layers.numbers import number_format
from planning.checks.contact import BOUNDS
from planning.checks.models import Parameter
from planning.people.capabilities import Capability
from planning.people.models import User
from planning.people.queries import require
from planning.people.services import record_event

LARGEST = Decimal("9999999999")


def add_value(
    actor: User,
    code: str,
    value: Decimal,
    valid_from: date,
    *,
    instrument: LegalInstrument,
    article: str = "",
    verified: bool = False,
) -> Parameter:
    """Give the parameter *code* a new value from a day on, with its citation; unit and titles stay.

    The newest value that has begun holds, so an older one needs no end. Raises NotAllowed, NotFound, InputRefused
    (VALUE_OUT_OF_RANGE, for the tolerance of contact also outside its bounds), Conflict (VALUE_EXISTS) when one begins
    on that day already.
    """
    require(actor, Capability.MANAGE_PARAMETERS)
    if not value.is_finite() or not 0 <= value <= LARGEST:
        raise InputRefused(_("This figure cannot be right."), code="VALUE_OUT_OF_RANGE", where=code[:60])
    _refuse_inexact(code, value)
    with transaction.atomic():
        known = Parameter.objects.filter(code=code).order_by("-valid_from").first()
        if known is None:
            raise NotFound(_("There is no such parameter."), code="NO_SUCH_PARAMETER", where=code[:60])
        try:
            with transaction.atomic():
                row = Parameter.objects.create(
                    code=code,
                    title_vi=known.title_vi,
                    title_en=known.title_en,
                    value=value,
                    unit=known.unit,
                    valid_from=valid_from,
                    instrument=instrument,
                    article=article.strip()[:80],
                    verified=verified,
                )
        except IntegrityError as error:
            raise Conflict(
                _("This parameter has a value from that day on already."),
                code="VALUE_EXISTS",
                where=f"{code}, {valid_from:%d/%m/%Y}",
                todo=_("Choose another day; a value that stored reports may have used is never edited."),
            ) from error
        record_event(
            actor,
            "add_parameter_value",
            row,
            {"code": code, "value": value, "from": valid_from, "instrument": instrument.number, "before": known.value},
        )
    return row


def _refuse_inexact(code: str, value: Decimal) -> None:
    """Refuse a tolerance of contact outside what the computation can keep (`planning.checks.contact.BOUNDS`)."""
    if code not in BOUNDS:
        return
    least, most = BOUNDS[code]
    if not least <= float(value) <= most:
        raise InputRefused(
            _("The tolerance of contact lies between %(least)s and %(most)s.")
            % {"least": number_format(least, 2), "most": number_format(most, 2)},
            code="VALUE_OUT_OF_RANGE",
            where=code,
            todo=_("Below, an overlay is not that exact; above, land would be hidden."),
        )
