"""How is a sentence kept so that it can be said again in another reader's language? By what it was made of.

`Said` is an ordinary text in the language of the moment that remembers its message and its figures. What forgets it
(an f-string, a slice) is kept as the plain text it is: readable, in one language. It translates nothing by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any, ParamSpec

from django.utils import translation
from django.utils.functional import Promise

_P = ParamSpec("_P")
_MARK = "§"
"""The key of a kept sentence among other data; no name of ours and no column of a file bears it there."""
_FIGURES: dict[str, Callable[..., str]] = {}


class Said(str):
    """A text in the active language and what it was made of, ready for JSON."""

    made: dict[str, Any]

    def __new__(cls, text: str, made: Mapping[str, Any]) -> Said:
        """Join a text with what says it again."""
        said = super().__new__(cls, text)
        said.made = dict(made)
        return said

    def __str__(self) -> str:
        """Stay what it is."""
        return self

    def __getnewargs__(self) -> tuple[Any, ...]:
        """Let copies and caches keep what it was made of."""
        return str.__str__(self), self.made

    def __mod__(self, params: Any) -> Said:
        """Put figures and names into a message; what a message wants and nobody gives is shown as "…"."""
        given = dict(params) if isinstance(params, Mapping) else params
        return Said(_filled(str.__str__(self), given), {**self.made, "with": kept(given)})


class _Lenient(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"


def _filled(text: str, params: Any) -> str:
    return text % (_Lenient(params) if isinstance(params, Mapping) else params)


def gettext(message: str) -> Said:
    """Say a message in the active language."""
    return Said(translation.gettext(message), {_MARK: "say", "text": message})


def ngettext(singular: str, plural: str, number: int) -> Said:
    """Say a message about a number of things in the active language."""
    made = {_MARK: "count", "text": singular, "many": plural, "number": number}
    return Said(translation.ngettext(singular, plural, number), made)


def join(glue: str, texts: Iterable[Any]) -> Said:
    """Put texts together, without the empty ones; each stays what it is."""
    pieces = [text for text in texts if text or text == 0]
    return Said(glue.join(str(text) for text in pieces), {_MARK: "join", "glue": glue, "of": kept(pieces)})


def capitalised(text: Any) -> Said:
    """Let a text begin a sentence."""
    plain = str(text)
    return Said(plain[:1].upper() + plain[1:], {_MARK: "capital", "of": kept(text)})


def figure(name: str) -> Callable[[Callable[_P, str]], Callable[_P, Said]]:
    """Let a function that writes a number (or a choice of words) for a person be said again; *name* is kept with it.

    Its arguments are plain data, and it must bear being called with those of years ago.
    """

    def wrap(write: Callable[_P, str]) -> Callable[_P, Said]:
        _FIGURES[name] = write

        @wraps(write)
        def written(*args: _P.args, **kwargs: _P.kwargs) -> Said:
            made = {_MARK: "figure", "name": name, "args": kept(list(args)), "more": kept(kwargs)}
            return Said(write(*args, **kwargs), made)

        return written

    return wrap


def kept(data: Any) -> Any:
    """Return plain JSON of *data*: each `Said` in it, however deep, as what it was made of."""
    if isinstance(data, Said):
        return data.made
    if isinstance(data, Mapping):
        return {str(key): kept(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [kept(value) for value in data]
    if data is None or isinstance(data, str | int | float):
        return data
    return _of_lazy(data) if isinstance(data, Promise) else str(data)


def _of_lazy(text: Promise) -> Any:
    """Return what a lazy text (the label of a choice) was made of; as plain text where its message does not tell."""
    with translation.override(None):
        message = str(text)
    return gettext(message).made if translation.gettext(message) == str(text) else str(text)


def say_again(data: Any) -> Any:
    """Return what `kept` gave, with every sentence in the active language; plain texts of older rows as they are."""
    if isinstance(data, list):
        return [say_again(value) for value in data]
    if not isinstance(data, dict):
        return data
    if _MARK in data:
        return _again(data)
    return {key: say_again(value) for key, value in data.items()}


def _again(made: dict[str, Any]) -> Said:
    """Say one kept sentence; what cannot be said any more is shown by its message, never as an error."""
    try:
        return Said(_text(made), made)
    except (KeyError, TypeError, ValueError):
        return Said(str(made.get("text", "…")), made)


def _text(made: dict[str, Any]) -> str:
    how = made[_MARK]
    if how == "join":
        return str(made["glue"].join(str(say_again(piece)) for piece in made["of"]))
    if how == "capital":
        return str(capitalised(say_again(made["of"])))
    if how == "figure":
        return _FIGURES[made["name"]](*say_again(made["args"]), **say_again(made["more"]))
    text = (
        translation.ngettext(made["text"], made["many"], made["number"])
        if how == "count"
        else translation.gettext(made["text"])
    )
    if "with" not in made:
        return text
    params = say_again(made["with"])
    return _filled(text, tuple(params) if isinstance(params, list) else params)
