"""How far is a package that is being made? Which contents are written, how many files were opened again.

A file is called ready by nobody before the whole package is: one that differs, and nothing is given.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from mapping.papers.survey.choice import CONTENT_TITLES, Content, PackageChoice


@dataclass(frozen=True)
class Progress:
    """The contents *made* so far; of the *files* of the finished zip, how many were *checked*."""

    made: tuple[str, ...] = ()
    checked: int = 0
    files: int = 0

    @property
    def stored(self) -> dict[str, Any]:
        """Return it as it is kept in a row; `progress_from` reads it."""
        return {"made": list(self.made), "checked": self.checked, "files": self.files}


Tell = Callable[[Progress], None]


def tell_nobody(_progress: Progress) -> None:
    """Be told how far a package is, and keep it to oneself."""


def progress_from(stored: Mapping[str, Any]) -> Progress:
    """Return what is kept in a row; empty: nothing was begun."""
    return Progress(tuple(stored["made"]), stored["checked"], stored["files"]) if stored else Progress()


@dataclass(frozen=True)
class ContentLine:
    """One chosen content as people read it; *state* is ``waiting``, ``made`` or ``verified``."""

    title: str | Promise
    state: str


@dataclass(frozen=True)
class ProgressShown:
    """A package for a page: what is being done (*text*), how much of it (*total* 0: not begun), and each content."""

    text: str
    done: int
    total: int
    contents: tuple[ContentLine, ...]


def progress_shown(choice: PackageChoice, stored: Mapping[str, Any], *, verified: bool) -> ProgressShown:
    """Say how far the package of *choice* is; *verified*: it is ready, every file was opened again and compared."""
    progress = progress_from(stored)
    chosen = [each for each in Content if choice.has(each)]
    contents = tuple(ContentLine(CONTENT_TITLES[each], _state(each, progress, verified)) for each in chosen)
    if verified:
        return ProgressShown("", 0, 0, contents)
    if progress.files:
        return ProgressShown(_("Opening every file again and comparing it"), progress.checked, progress.files, contents)
    if progress.made:
        return ProgressShown(_("Making the contents"), len(progress.made), len(chosen), contents)
    return ProgressShown(_("Waiting for its turn"), 0, 0, contents)


def _state(content: Content, progress: Progress, verified: bool) -> str:
    if verified:
        return "verified"
    return "made" if content.value in progress.made else "waiting"
