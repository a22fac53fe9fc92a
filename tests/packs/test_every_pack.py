"""Every field goes the whole way: its samples are taken, checked, stored, counted, judged and named in both languages.

A new folder under packs/ is tested by being there; nothing here names a field.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from tests.packs.conftest import FOLDERS, Hand, cell, dataset, held

from toancanh.kernel.contracts import Indicator, Pack
from toancanh.kernel.declaration_checks import mistakes
from toancanh.kernel.periods import Period
from toancanh.kernel.registry import registry
from toancanh.store.rows import drill

every_pack = pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
pytestmark = pytest.mark.django_db


def expected_of(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "expect.json").read_text(encoding="utf-8"))


def pack_of(folder: Path) -> Pack:
    found = registry.pack(folder.name)
    assert found is not None
    return found


@every_pack
def test_the_folder_is_complete(folder: Path) -> None:
    assert (folder / "README.md").read_text(encoding="utf-8").strip()
    expected, samples = expected_of(folder), {path.name for path in (folder / "samples").iterdir()}
    assert {each["file"] for each in expected["deliveries"]} == samples
    for word in ("ok", "late", "broken"):
        assert any(name.startswith(word) for name in samples), f"there is no sample of a payload that is {word}"


@every_pack
def test_the_declaration_has_no_mistake_and_says_who_owns_what(folder: Path, shelf: None) -> None:
    pack = pack_of(folder)
    assert list(mistakes(pack)) == []
    assert pack.scenes
    assert pack.rules
    assert pack.headline


@every_pack
def test_every_sample_is_taken_and_its_wrong_rows_are_held_with_a_reason(folder: Path, hand_of: Any) -> None:
    hand: Hand = hand_of(folder)
    for given in hand.expected["deliveries"]:
        receipt = hand.deliver(given)
        assert (given["file"], held(receipt)) == (given["file"], given["held"])
        assert (given["file"], receipt.accepted) == (given["file"], given["accepted"])


@every_pack
@pytest.mark.slow
def test_the_first_row_is_stored_as_the_dataset_says(folder: Path, hand_of: Any) -> None:
    hand: Hand = hand_of(folder)
    for given in hand.expected["deliveries"]:
        receipt = hand.deliver(given)
        if "row" not in given:
            continue
        kept = drill(dataset(given["dataset"]), None, limit=10_000)
        first = min((each for each in kept if each.seq == receipt.delivery_id), key=lambda each: each.line)
        assert {name: plain(first.values[name]) for name in given["row"]} == given["row"]


def plain(value: object) -> object:
    if isinstance(value, Period):
        return value.code
    return value.isoformat() if isinstance(value, datetime) else value


@every_pack
def test_the_samples_become_the_expected_values(folder: Path, hand_of: Any) -> None:
    hand: Hand = hand_of(folder)
    for given in hand.expected["deliveries"]:
        hand.deliver(given)
        for each in hand.expected["values"]:
            if each["after"] == given["file"]:
                check_value(each)


def check_value(each: dict[str, Any]) -> None:
    found = cell(each["indicator"], each["unit"], each["period"])
    where = f"{each['indicator']} of {each['unit']} in {each['period']} after {each['after']}"
    assert (None if found is None else found.value) == pytest.approx(each["value"]), where
    for name in ("target", "status"):
        if name in each:
            assert getattr(found, name) == (pytest.approx(each[name]) if name == "target" else each[name]), f"{name}: {where}"


@every_pack
@pytest.mark.slow
def test_the_samples_sent_twice_count_once(folder: Path, hand_of: Any) -> None:
    hand: Hand = hand_of(folder)
    for given in hand.expected["deliveries"]:
        first = hand.deliver(given)
        again = hand.deliver(given)
        assert (again.created, again.id) == (False, first.id)
    last = {each["after"]: each for each in hand.expected["values"]}
    check_value(list(last.values())[-1])


@every_pack
@pytest.mark.slow
def test_a_source_that_returns_after_silence_fills_its_gap(folder: Path, hand_of: Any) -> None:
    """The late sample arrives on its own first, then the rest: the values do not depend on the order of arrival."""
    hand: Hand = hand_of(folder)
    for given in sorted(hand.expected["deliveries"], key=lambda each: not each["file"].startswith("late")):
        if not given["file"].startswith("broken"):
            hand.deliver(given)
    for each in hand.expected["values"]:
        if each.get("any_order"):
            check_value(each)


@every_pack
def test_every_title_and_definition_is_there_in_both_languages(folder: Path, shelf: None) -> None:
    pack = pack_of(folder)
    texts = [pack.title, *(each.title for each in (*pack.datasets, *pack.rules, *pack.scenes))]
    texts.extend(each.asks for each in pack.scenes)
    for indicator in pack.indicators:
        texts.extend((indicator.title, indicator.unit, indicator.definition))
    texts.extend(each.advice for each in pack.rules if each.advice is not None)
    for each in pack.datasets:
        texts.extend(field.title for field in each.fields)
    assert all(each.vi.strip() and each.en.strip() for each in texts)


def test_no_two_indicators_of_all_fields_bear_one_title(shelf: None) -> None:
    """They stand side by side on a place's page."""
    for language in ("vi", "en"):
        titles = [getattr(each.title, language) for each in registry.indicators()]
        assert sorted(titles) == sorted(set(titles))


@every_pack
def test_every_widget_shows_a_titled_indicator_and_the_scene_asks_a_question(folder: Path, shelf: None) -> None:
    for scene in pack_of(folder).scenes:
        assert scene.asks.vi.endswith("?")
        assert scene.asks.en.endswith("?")
        for widget in scene.widgets:
            shown = [value for name in widget.__slots__ if isinstance(value := getattr(widget, name), Indicator)]
            assert shown, f"{type(widget).__name__} of {scene.code} shows nothing"
            assert all(each.title.to("vi") != "" and each.title.to("en") != "" for each in shown)
