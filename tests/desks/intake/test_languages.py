"""Does whoever looks at a file read it in the own language, whatever language it was sent in?

One file of every row of the catalogue, and those of the steps that ask: sent once in each language, every page of the
two is the same when it is read in one of them. Nothing that is kept remembers the sender's language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from layers.intake.refusals import spoken
from mapping.desks.intake.models import Arrival, ArrivalLine
from planning.people.models import User
from planning.registers.models import TradeGroup
from tests.cast import Cast, Land
from tests.desks.intake.hands import geojson, say, send, take, upload
from tests.desks.intake.test_catalogue import THEMES
from tests.desks.intake.test_registers import WEST, columns, point, village
from tests.layers.catalogue.harness import Case
from tests.proposals.plans import Plans

pytestmark = pytest.mark.django_db
SignedIn = Callable[[User], Client]
READERS = ("vi", "en")
# What differs between two files that are alike: when, under which address, behind which token and which hash.
OWN = re.compile(r"\d+:\d+ \d+/\d+/\d+|/tep-vao/\d+/|[0-9A-Za-z]{64}")


def every_row() -> list[Case]:
    first: dict[int, Case] = {}
    for theme in THEMES:
        for case in theme.CASES:
            if not case.read:
                first.setdefault(case.row, case)
    return [first[row] for row in sorted(first)]


@contextmanager
def language(client: Client, code: str) -> Iterator[None]:
    client.cookies["django_language"] = code
    yield
    del client.cookies["django_language"]


def answer_to(arrival: Arrival) -> dict[str, Any]:
    """Return the first answer that is offered."""
    step = arrival.facts["step"]
    facts = arrival.facts[step]
    if step == "crs":
        return {"candidate": facts["candidates"][0]["key"]}
    if step == "cad":
        return {"cad_layer": [one["name"] for one in facts["layers"]]}
    if step == "layer":
        return {"layer": facts["layers"][0]}
    return {"offer": "0"} if step == "offer" else {"encoding": facts["readings"][0]["key"]}


def walked(client: Client, address: str, path: Path, code: str) -> Arrival:
    """Send a file in a language and answer what is asked with the first answer offered, as far as it goes."""
    with language(client, code):
        arrival = send(client, address, upload(path))
        while arrival.state == "asking":
            cache.clear()
            say(client, arrival, arrival.facts["step"], **answer_to(arrival))
    return arrival


def read_by(client: Client, arrival: Arrival, code: str) -> list[str]:
    """Return every page of a file as somebody with that language reads it, without what differs from file to file."""
    with language(client, code):
        steps = ["", *(f"?buoc={one}" for one in arrival.facts.get("steps", ()))]
        return [OWN.sub("", client.get(f"/tep-vao/{arrival.pk}/{step}").content.decode()) for step in steps]


@pytest.mark.parametrize("case", every_row(), ids=str)
def test_every_row_reads_the_same_whoever_sent_it(
    case: Case, signed_in: SignedIn, plans: Plans, tmp_path: Path
) -> None:
    code = plans.draft().code
    client = signed_in(plans.cast.planner)
    path = case.make(tmp_path)
    read: dict[str, list[list[str]]] = {}
    for sender in READERS:
        arrival = walked(client, f"zone/{code}", path, sender)
        read[sender] = [read_by(client, arrival, reader) for reader in READERS]
        Arrival.objects.filter(pk=arrival.pk).update(sha256="another file")
    assert read["vi"][0] != read["vi"][1], "pages in two languages differ"
    for one, other in zip(chain(*read["vi"]), chain(*read["en"]), strict=True):
        different = [pair for pair in zip(one.splitlines(), other.splitlines(), strict=False) if pair[0] != pair[1]]
        assert not different, different[:3]


def test_rows_of_a_register_go_home_with_their_reasons_in_the_readers_language(
    signed_in: SignedIn, cast: Cast, land: Land, tmp_path: Path
) -> None:
    client = signed_in(cast.commune_officer)
    rows = [(point(WEST), village("Buôn Một")), (point(WEST, 50), village("Buôn Hai", **{"Nhóm nghề": "lạ"}))]
    with language(client, "en"):
        arrival = send(client, "villages", upload(geojson(tmp_path / "lang.geojson", rows)))
        say(client, arrival, "columns", **columns(arrival))
        say(client, arrival, "words", word_0="")
        take(client, arrival, 1)
    address = f"/tep-vao/{arrival.pk}/khong-nhan.csv"
    with language(client, "en"):
        assert "This word is not known here." in client.get(address).content.decode()
        assert "1 record is in the register." in client.get(f"/tep-vao/{arrival.pk}/").content.decode()
    with language(client, "vi"):
        content = client.get(address).content.decode("utf-8-sig")
        page = client.get(f"/tep-vao/{arrival.pk}/").content.decode()
        label = TradeGroup.HANDICRAFT.label
        assert "Không hiểu từ này." in content and str(label) in content and "not known" not in content, content
        assert "Trade in Vietnamese" not in page and "is in the register" not in page


def test_a_log_from_before_stays_readable(signed_in: SignedIn, plans: Plans, tmp_path: Path) -> None:
    path = tmp_path / "rong.geojson"
    path.write_bytes(b"")
    arrival = walked(signed_in(plans.cast.planner), f"zone/{plans.draft().code}", path, "vi")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE mapping_arrivalline SET text = to_jsonb('Tệp rỗng.'::text) WHERE code = 'FILE_EMPTY'")
    line = ArrivalLine.objects.get(arrival=arrival, code="FILE_EMPTY")
    assert line.text == "Tệp rỗng." and str(line) == "FILE_EMPTY Tệp rỗng."
    assert spoken("FILE_EMPTY", {})[0] == "Tệp rỗng."


def test_an_answer_given_in_one_language_is_understood_in_the_other(
    signed_in: SignedIn, cast: Cast, land: Land, tmp_path: Path
) -> None:
    client = signed_in(cast.commune_officer)
    path = tmp_path / "lang.csv"
    path.write_text("Tên làng;Nghề;;X;Y\r\nBuôn Một;Dệt;handicraft;1404000;484000\r\n", encoding="utf-8")
    with language(client, "vi"):
        arrival = send(client, "villages", upload(path))
        if arrival.facts["step"] == "crs":
            say(client, arrival, "crs", candidate=arrival.facts["crs"]["candidates"][0]["key"])
        (unnamed,) = (one["name"] for one in arrival.facts["columns"]["fields"] if "handicraft" in one["samples"])
    with language(client, "en"):
        say(client, arrival, "columns", **columns(arrival, trade_group=unnamed))
    assert [line["outcome"] for line in arrival.facts["verdicts"]["lines"]] == ["ok"], arrival.facts["verdicts"]
