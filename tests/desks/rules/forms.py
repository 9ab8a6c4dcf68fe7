"""What would a browser send of a page's form? Read from the HTML the way a browser does; no field is made up."""

from __future__ import annotations

from html.parser import HTMLParser

from django.test import Client
from django.urls import reverse


class Controls(HTMLParser):
    """Collect the controls of the form with an id, with their values."""

    def __init__(self, html: str, form_id: str) -> None:
        super().__init__()
        self.data: list[tuple[str, str]] = []
        self._form_id, self._inside, self._area, self._text = form_id, False, "", ""
        self._select, self._options = "", list[tuple[str, bool]]()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a control."""
        found = {name: value if value is not None else "" for name, value in attrs}
        if tag == "form":
            self._inside = found.get("id") == self._form_id
        if not self._inside:
            return
        if tag == "input" and found.get("name"):
            ticked = found.get("type") in {"checkbox", "radio"}
            if not ticked or "checked" in found:
                self.data.append((found["name"], found.get("value", "on" if ticked else "")))
        elif tag == "select":
            self._select, self._options = found["name"], []
        elif tag == "option" and self._select:
            self._options.append((found.get("value", ""), "selected" in found))
        elif tag == "textarea":
            self._area, self._text = found["name"], ""

    def handle_endtag(self, tag: str) -> None:
        """Note what a select or a text area holds."""
        if tag == "form":
            self._inside = False
        elif tag == "select" and self._select:
            chosen = [value for value, selected in self._options if selected] or [self._options[0][0]]
            self.data.append((self._select, chosen[0]))
            self._select = ""
        elif tag == "textarea" and self._area:
            self.data.append((self._area, self._text.removeprefix("\r\n").removeprefix("\n")))
            self._area = ""

    def handle_data(self, data: str) -> None:
        """Collect the text of a text area."""
        if self._area:
            self._text += data


def sent(html: str, form_id: str = "rule-form") -> dict[str, list[str]]:
    """Return what a browser sends of the form, by name."""
    found: dict[str, list[str]] = {}
    for name, value in Controls(html, form_id).data:
        found.setdefault(name, []).append(value)
    return found


def shown(client: Client, code: str) -> dict[str, list[str]]:
    """Return what the form of a rule of the draft would send unchanged."""
    page = client.get(reverse("rules:edit", args=[code]))
    assert page.status_code == 200
    return sent(page.content.decode())
