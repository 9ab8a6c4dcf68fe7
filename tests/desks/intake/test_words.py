"""Can a file of villages go on whose trade groups are missing, or are written in other words than the register's?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from mapping.desks.intake.models import Arrival, SenderMapping
from planning.people.models import User
from planning.registers.models import CraftVillage, TradeGroup
from tests.cast import Cast, Land
from tests.desks.intake.hands import geojson, say, send, take, upload
from tests.desks.intake.test_registers import WEST, columns, point
from tests.layers.cad.drawings import at, boundary, dxf

pytestmark = pytest.mark.django_db
SignedIn = Callable[[User], Client]


def sent(client: Client, path: Path, *rows: dict[str, Any], sender: str = "") -> Arrival:
    places = [(point(WEST, 50 * step), {"Nghề": "Dệt", **row}) for step, row in enumerate(rows)]
    return send(client, "villages", upload(geojson(path / "lang.geojson", places)), sender=sender)


def groups() -> dict[str, str]:
    return dict(CraftVillage.objects.values_list("name", "trade_group"))


def test_one_value_for_every_row_where_the_column_is_missing(
    signed_in: SignedIn, cast: Cast, land: Land, tmp_path: Path
) -> None:
    client = signed_in(cast.commune_officer)
    arrival = sent(client, tmp_path, {"Tên": "Một"}, {"Tên": "Hai"}, sender="UBND xã")
    page = client.get(f"/tep-vao/{arrival.pk}/").content.decode()
    assert all(str(label) in page for _value, label in TradeGroup.choices), "the words are told"
    assert say(client, arrival, "columns", **columns(arrival)).status_code == 422, "the group is required"
    wrong = say(client, arrival, "columns", **columns(arrival), column_trade_group="=nothing")
    assert wrong.status_code == 422
    say(client, arrival, "columns", **columns(arrival), column_trade_group="=handicraft")
    assert arrival.state == "ready", (arrival.facts.get("step"), arrival.problem)
    assert 'value="=handicraft" selected' in client.get(f"/tep-vao/{arrival.pk}/?buoc=columns").content.decode()
    take(client, arrival, 1, 2)
    assert groups() == {"Một": "handicraft", "Hai": "handicraft"}
    again = sent(client, tmp_path, {"Tên": "Ba"}, sender="ubnd XÃ")
    assert again.facts["columns"]["remembered"]
    assert 'value="=handicraft" selected' in client.get(f"/tep-vao/{again.pk}/").content.decode(), "proposed, not taken"
    other = sent(client, tmp_path, {"Tên": "Bốn"}, sender="UBND xã khác")
    assert 'value="=handicraft" selected' not in client.get(f"/tep-vao/{other.pk}/").content.decode()
    SenderMapping.objects.update(mapping={"name": "Tên", "trade_group": "=gone", "strange": "=x"})
    gone = sent(client, tmp_path, {"Tên": "Năm"}, sender="UBND xã")
    assert gone.facts["columns"]["proposed"] == {"name": "Tên"}, "a value that is none any more is not proposed"
    line = arrival.lines.get(code="ANSWER_COLUMNS")
    assert str(TradeGroup.HANDICRAFT.label) in line.text and "trade_group" not in line.text


def test_words_of_the_file_are_given_a_word_of_the_register_once_for_all_their_rows(
    signed_in: SignedIn, cast: Cast, land: Land, tmp_path: Path
) -> None:
    client = signed_in(cast.commune_officer)
    told = ["Mây tre đan", "Mây  tre đan", "THU CONG MY NGHE", "Khác", None]
    rows = [{"Tên": f"Làng {number}", "Nhóm nghề": word} for number, word in enumerate(told, start=1)]
    arrival = sent(client, tmp_path, *rows)
    say(client, arrival, "columns", **columns(arrival))
    assert arrival.facts["words"]["unknown"] == [
        {"column": "trade_group", "word": "Mây tre đan", "rows": 2, "proposed": ""},
        {"column": "trade_group", "word": "Khác", "rows": 1, "proposed": ""},
    ], "a word the register knows is not asked about"
    assert say(client, arrival, "words", word_0="nothing").status_code == 422
    say(client, arrival, "words", word_0="wood_textile", word_1="")
    found = {line["number"]: (line["refused"] or {}).get("code") for line in arrival.facts["verdicts"]["lines"]}
    assert found == {1: None, 2: None, 3: None, 4: "CELL_UNREADABLE", 5: "TRADE_GROUP_MISSING"}
    assert "wood_textile" not in str(arrival.lines.get(code="ANSWER_WORDS").text)
    take(client, arrival, 1, 2, 3)
    assert groups() == {"Làng 1": "wood_textile", "Làng 2": "wood_textile", "Làng 3": "handicraft"}


def test_what_words_meant_is_proposed_for_the_senders_next_file_and_nobody_elses(
    signed_in: SignedIn, cast: Cast, land: Land, tmp_path: Path
) -> None:
    client = signed_in(cast.commune_officer)
    rows = [{"Tên": "Một", "Nhóm nghề": "Mây tre đan"}, {"Tên": "Hai", "Nhóm nghề": "Khác"}]
    arrival = sent(client, tmp_path, *rows, sender="UBND xã")
    say(client, arrival, "columns", **columns(arrival))
    say(client, arrival, "words", word_0="wood_textile", word_1="")
    kept = SenderMapping.objects.get(target="words:trade_group")
    assert kept.mapping == {"maytredan": "wood_textile"}, "a word that was given nothing leaves nothing"
    for sender, proposed in (("ubnd XÃ", "wood_textile"), ("UBND xã khác", "")):
        again = sent(client, tmp_path, *rows, {"Tên": sender, "Nhóm nghề": "mây tre đan"}, sender=sender)
        say(client, again, "columns", **columns(again))
        assert again.facts["step"] == "words", "it is proposed, a person says so"
        page = client.get(f"/tep-vao/{again.pk}/")
        chosen = {one["word"]: one["chosen"] for one in page.context["asked"]}
        assert chosen == {"Mây tre đan": proposed, "mây tre đan": proposed, "Khác": ""}
        assert page.context["remembered"] is bool(proposed)


def test_other_columns_forget_what_their_words_meant(
    signed_in: SignedIn, cast: Cast, land: Land, tmp_path: Path
) -> None:
    client = signed_in(cast.commune_officer)
    arrival = sent(client, tmp_path, {"Tên": "Một", "Nhóm nghề": "Tre", "Nhóm 2": "Gốm"})
    say(client, arrival, "columns", **columns(arrival))
    say(client, arrival, "words", word_0="wood_textile")
    assert arrival.state == "ready"
    say(client, arrival, "columns", **columns(arrival, trade_group="Nhóm 2"))
    assert arrival.facts["step"] == "words" and "words" not in arrival.answers
    assert [one["word"] for one in arrival.facts["words"]["unknown"]] == ["Gốm"]
    say(client, arrival, "columns", **columns(arrival, trade_group="=materials"))
    assert arrival.state == "ready" and "words" not in arrival.facts["steps"]


def test_a_row_the_register_refuses_is_drawn_so_and_a_file_of_nothing_else_has_no_button(
    signed_in: SignedIn, cast: Cast, land: Land, tmp_path: Path
) -> None:
    client = signed_in(cast.commune_officer)
    arrival = sent(client, tmp_path, {"Tên": "Một", "Nhóm nghề": "handicraft", "Nghề": ""})
    say(client, arrival, "columns", **columns(arrival))
    (line,) = arrival.facts["verdicts"]["lines"]
    assert line["refused"]["code"] == "TRADE_MISSING"
    assert [one["properties"]["outcome"] for one in arrival.picture["features"]] == ["refused"]
    page = client.get(f"/tep-vao/{arrival.pk}/").content.decode()
    assert 'form="take"' not in page and "Không nhận được gì" in page


def test_a_drawing_offers_the_text_inside_as_the_name(
    signed_in: SignedIn, cast: Cast, land: Land, tmp_path: Path
) -> None:
    def draw(model: Any, _document: Any) -> None:
        corners = [(0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0)]
        boundary(model, at(*corners))
        model.add_text("CCN Đông", dxfattribs={"insert": at((50.0, 50.0))[0], "height": 5, "layer": "CHU"})

    arrival = send(signed_in(cast.appraiser), "clusters", upload(dxf(tmp_path, draw)), boundary="")
    if arrival.facts["step"] == "crs":
        say(signed_in(cast.appraiser), arrival, "crs", candidate=arrival.facts["crs"]["candidates"][0]["key"])
    assert arrival.facts["columns"]["proposed"]["name"] == "label", arrival.facts["steps"]
