"""What recorded acts and their subjects are called: each room tells its own words (`<room>/acts.py`), the site brings them."""

from __future__ import annotations

from collections.abc import Mapping

from toancanh.audit.detail_names import NAMES
from toancanh.kernel.text import Text

_words: dict[str, Text] = {}
_details: dict[str, Mapping[str, Text]] = {}
_rooms: dict[str, Text] = {}
_subjects: dict[str, Text] = {}


def learn(title: Text, acts: Mapping[str, Text], subjects: Mapping[str, Text]) -> None:
    """Take the words of a room: its title, its verbs by code ("room.verb"), and the kinds of things they are about ("incident").
    Called once a process for each room, by the site."""
    _words.update(acts)
    _rooms.update({code.partition(".")[0]: title for code in acts})
    _subjects.update(subjects)


def words_of(action: str) -> Text | None:
    """The act as people read it; None for one that nobody has words for (an entry of a room that is no more)."""
    return _words.get(action)


def learn_details(words: Mapping[str, Mapping[str, Text]]) -> None:
    """Take the words of values that stand in the details of entries, by name and value."""
    for name, values in words.items():
        _details[name] = {**_details.get(name, {}), **values}


def name_of_detail(path: str) -> Text | None:
    """What a value of an entry's details is called ("due_at"; of a nested value its path, "terms.take.urgent"); None when any
    step of it has no words."""
    steps = [NAMES.get(step) for step in path.split(".")]
    known = [step for step in steps if step is not None]
    if len(known) < len(steps):
        return None
    return Text(" › ".join(each.vi for each in known), " › ".join(each.en for each in known))


_YES_NO = {"True": Text("có", "yes"), "False": Text("không", "no")}


def words_of_detail(name: str, value: object) -> Text | None:
    """A value of an entry's details as people read it; None for one that speaks for itself."""
    return _YES_NO.get(str(value)) if isinstance(value, bool) else _details.get(name.rpartition(".")[2], {}).get(str(value))


def kind_of(subject: str) -> Text | None:
    """What kind of thing a subject ("incident:7") is; None for one without words."""
    return _subjects.get(subject.partition(":")[0])


def by_room() -> dict[str, tuple[Text, dict[str, Text]]]:
    """Every act by its room ("response": the room's title, and its acts by code)."""
    found: dict[str, tuple[Text, dict[str, Text]]] = {room: (title, {}) for room, title in _rooms.items()}
    for code, words in _words.items():
        found[code.partition(".")[0]][1][code] = words
    return found
