"""What can go wrong, said so that a person knows what, where and what to do? One tree for the whole house.

It does not know HTTP: `mapping.errors` turns each class into a response.
"""

from __future__ import annotations

from collections.abc import Mapping


class DatNgheError(Exception):
    """Say what happened, where, and what the person can do about it.

    *code* is stable and machine-readable, *message* is translated text. *detail* carries data for the glass
    (for example both geometries of a conflict); it never holds anything the person may not see.
    """

    status = 400
    default_code = "ERROR"

    def __init__(
        self,
        message: str,
        *,
        code: str = "",
        where: str = "",
        todo: str = "",
        detail: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code or self.default_code
        self.message = message
        self.where = where
        self.todo = todo
        self.detail = dict(detail or {})


class InputRefused(DatNgheError):
    """Refuse input that cannot be read, is out of range, or would be unsafe to compute with."""

    status = 422
    default_code = "INPUT_REFUSED"


class FormatRefused(InputRefused):
    """Refuse a file whose kind is not accepted."""

    status = 415
    default_code = "FORMAT_UNSUPPORTED"


class LimitExceeded(DatNgheError):
    """Refuse input or a request rate above a written limit."""

    status = 413
    default_code = "LIMIT_EXCEEDED"


class TooManyRequests(DatNgheError):
    """Refuse a request because this visitor asks too often."""

    status = 429
    default_code = "TOO_MANY_REQUESTS"


class NotAllowed(DatNgheError):
    """Refuse an act the person has no capability for."""

    status = 403
    default_code = "NOT_ALLOWED"


class NotFound(DatNgheError):
    """Say that a thing does not exist, or is not visible to this person (the two are told alike)."""

    status = 404
    default_code = "NOT_FOUND"


class Conflict(DatNgheError):
    """Refuse a write because somebody else changed the thing meanwhile; *detail* holds both states."""

    status = 409
    default_code = "CONFLICT"


class TransitionRefused(Conflict):
    """Refuse a step of the procedure that its state or its guards do not allow."""

    default_code = "TRANSITION_REFUSED"


class MoneyRefused(Conflict):
    """Refuse a ledger row that would break a rule of the fund."""

    default_code = "MONEY_REFUSED"


class Gone(DatNgheError):
    """Say that a link was valid once and is not any more."""

    status = 410
    default_code = "GONE"


class NotComputable(DatNgheError):
    """Say that a geometric question could not be answered reliably; never to be read as "no conflict"."""

    status = 422
    default_code = "CHECK_NOT_COMPUTABLE"
