"""Which of a sender's column names is which field: by name, title in either language, or another name that senders use."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property, lru_cache

from toancanh.intake.checking.refused import refuse_whole
from toancanh.kernel.contracts import Dataset, Figures
from toancanh.kernel.vietnamese import fold

LONGEST_HEADING = 200  # that is remembered
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_UNIT_IN_BRACKETS = re.compile(r"\s*[(\[][^)\]]*[)\]]\s*$")


def heading_key(text: object) -> str:
    """The matching form of a heading: folded, no punctuation, "Giá trị (tỷ đồng)" as "gia tri ty dong"."""
    words = str(text)
    return _known_key(words) if len(words) <= LONGEST_HEADING else _key(words)


def _key(words: str) -> str:
    return _NOT_WORD.sub(" ", fold(words)).strip()


_known_key = lru_cache(maxsize=16_384)(_key)


def without_unit(text: object) -> str:
    """A heading without the unit in brackets at its end."""
    return _UNIT_IN_BRACKETS.sub("", str(text))


class Headings:
    """The names a dataset's fields go by."""

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset
        self.exact = {each.name for each in dataset.fields}
        self.known: dict[str, str] = {}
        for each in dataset.fields:
            for name in (each.name, each.title.vi, each.title.en, *each.headers):
                self.known.setdefault(heading_key(name), each.name)

    @cached_property
    def items(self) -> dict[str, str]:
        """What a dataset of figures calls its items: matching form -> code."""
        found: dict[str, str] = {}
        for item in self.dataset.items if isinstance(self.dataset, Figures) else ():
            for name in (item.code, item.title.vi, item.title.en, *item.headers):
                found.setdefault(heading_key(name), item.code)
        return found

    def field_of(self, heading: object) -> str | None:
        """The field that `heading` names, or None."""
        text = str(heading).strip() if heading is not None else ""
        if text in self.exact:
            return text
        return self.known.get(heading_key(text)) or self.known.get(heading_key(without_unit(text)))

    def match(self, row: Sequence[object]) -> dict[int, str]:
        """Column number -> field for a heading row. Raises `Problem` when two columns name one field equally well."""
        found: dict[int, str] = {}
        owner: dict[str, int] = {}
        for number, heading in enumerate(row):
            name = self.field_of(heading)
            if name is None:
                continue
            if name in owner and not self._better(heading, row[owner[name]], name):
                if str(row[owner[name]]).strip() == name:
                    continue
                raise _twice(str(row[owner[name]]), str(heading))
            if name in owner:
                del found[owner[name]]
            found[number] = name
            owner[name] = number
        return found

    @staticmethod
    def _better(heading: object, other: object, name: str) -> bool:
        return str(heading).strip() == name and str(other).strip() != name


def _twice(first: str, second: str) -> Exception:
    return refuse_whole(
        "column-twice",
        f"Hai cột “{first}” và “{second}” cùng chỉ một trường. Giữ lại một cột.",
        f"The columns “{first}” and “{second}” both name the same field. Keep one of them.",
    )


_made: dict[int, Headings] = {}


def headings_of(dataset: Dataset) -> Headings:
    """`Headings` of a dataset, made once for each declaration (by identity: hashing one with its items is slow)."""
    found = _made.get(id(dataset))
    if found is None or found.dataset is not dataset:
        found = _made[id(dataset)] = Headings(dataset)
    return found
