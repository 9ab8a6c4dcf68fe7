"""Is this survey link genuine and alive, and are downloads left? The signature is checked before the database is asked.

It hands out no files and writes nothing.
"""

from __future__ import annotations

import hashlib
import secrets

from django.core.signing import BadSignature, Signer
from django.utils import timezone
from django.utils.translation import gettext as _

from layers.errors import Gone, NotFound
from planning.proposals.models import SurveyOrder, UseKind

_SALT = "planning.proposals.survey_link"
SECRET_BYTES = 16
# How the use of a dead link is recorded, by the code of the refusal.
DEAD = {"LINK_REVOKED": UseKind.REVOKED, "LINK_EXPIRED": UseKind.EXPIRED, "LINK_USED_UP": UseKind.USED_UP}


def new_secret() -> tuple[str, str]:
    """Return a new 128-bit secret as text and the SHA-256 that the database keeps of it."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    return secret, _hash(secret)


def token_of(secret: str) -> str:
    """Return the token of a link: the secret with the house's signature."""
    return _signer().sign(secret)


def order_of(token: str) -> SurveyOrder:
    """Return the order a link leads to, dead or alive. Raises NotFound for a token that is not ours or unknown."""
    try:
        secret = _signer().unsign(token)
    except BadSignature as error:
        raise _unknown() from error
    order = (
        SurveyOrder.objects.select_related("proposal", "proposal__unit", "version", "ordered_by")
        .filter(token_hash=_hash(secret))
        .first()
    )
    if order is None:
        raise _unknown()
    return order


def order_by_token(token: str) -> SurveyOrder:
    """Return the order a link leads to.

    Raises NotFound for a token that is not ours or unknown (the two are told alike), Gone when the link was revoked or
    expired. Whether its downloads are used up is asked by `require_downloads`.
    """
    order = order_of(token)
    require_alive(order)
    return order


def require_alive(order: SurveyOrder) -> None:
    """Raise Gone when the link was revoked or expired; its code is a key of `DEAD`."""
    if order.revoked_at is not None:
        raise _gone("LINK_REVOKED", _("This survey link was revoked."))
    if order.expires_at <= timezone.now():
        raise _gone("LINK_EXPIRED", _("This survey link has expired."))


def require_downloads(order: SurveyOrder) -> None:
    """Raise Gone when the package was downloaded as often as the link allows; measurements are taken all the same."""
    if not order.downloads_left:
        raise _gone("LINK_USED_UP", _("The package was downloaded as often as this link allows."))


def _signer() -> Signer:
    return Signer(salt=_SALT, sep=".")


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _unknown() -> NotFound:
    return NotFound(
        _("There is no such survey link."), todo=_("Copy the whole link from the letter, or ask the department for it.")
    )


def _gone(code: str, text: str) -> Gone:
    return Gone(text, code=code, todo=_("Ask the department for a new link."))
