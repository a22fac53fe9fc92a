"""What recorded acts are called: each room tells the words of its own verbs (`<room>/acts.py`), the site brings them here."""

from __future__ import annotations

from collections.abc import Mapping

from toancanh.kernel.text import Text

_words: dict[str, Text] = {}
_details: dict[str, Mapping[str, Text]] = {}


def learn(words: Mapping[str, Text]) -> None:
    """Take the words of a room's verbs by code ("room.verb"). Called once a process for each room, by the site."""
    _words.update(words)


def words_of(action: str) -> Text | None:
    """The act as people read it; None for one that nobody has words for (an entry of a room that is no more)."""
    return _words.get(action)


def learn_details(words: Mapping[str, Mapping[str, Text]]) -> None:
    """Take the words of values that stand in the details of entries, by name and value."""
    _details.update(words)


def words_of_detail(name: str, value: object) -> Text | None:
    """A value of an entry's details as people read it; None for one that speaks for itself."""
    return _details.get(name, {}).get(str(value))
