"""In which order do the candidates of a search stand, and why? Ranked anew with every set of weights, nothing more.

What no longer holds is told: a newer edition, other rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import timezone

from planning.checks.basis import basis_on, fingerprint
from planning.checks.screening.weigh import Weighed, weighed
from planning.proposals.models import CandidateSite, Screening, SiteSearch


@dataclass(frozen=True)
class Ranked:
    """Hold one candidate with its place (from 1), its score (0–100) and what made it, most points first."""

    place: int
    site: CandidateSite
    score: float
    parts: tuple[Weighed, ...]


def ranked(search: SiteSearch, weights: Mapping[str, float]) -> list[Ranked]:
    """Return the candidates of *search* by score; equal scores by number, so the order is always the same."""
    sites = search.candidates.select_related("unit", "opening__proposal").defer("unit__geom").order_by("number")
    scored = [(site, *weighed(site.measures, weights)) for site in sites]
    scored.sort(key=lambda row: (-round(row[1], 6), row[0].number))
    return [Ranked(place, site, score, tuple(parts)) for place, (site, score, parts) in enumerate(scored, start=1)]


def is_outdated(kept: SiteSearch | Screening) -> bool:
    """Tell whether today's rules or editions are other than those that were asked."""
    from planning.checks.screening.question import asked_of

    return bool(kept.asked.get("fingerprint") != fingerprint(asked_of(basis_on(timezone.localdate())).basis))
