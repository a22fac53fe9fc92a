"""What recorded acts are called: each room tells the words of its own verbs (`<room>/acts.py`), the site brings them here."""

from __future__ import annotations

from collections.abc import Mapping

from toancanh.kernel.text import Text

_words: dict[str, Text] = {}


def learn(words: Mapping[str, Text]) -> None:
    """Take the words of a room's verbs by code ("room.verb"). Called once a process for each room, by the site."""
    _words.update(words)


def words_of(action: str) -> Text | None:
    """The act as people read it; None for one that nobody has words for (an entry of a room that is no more)."""
    return _words.get(action)
