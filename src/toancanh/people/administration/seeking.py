"""The choices of the audit page's search: acts in words by room, and the people there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from toancanh.audit.words import by_room, words_of
from toancanh.kernel.vietnamese import collation_key, person_key
from toancanh.ui.language import t, tx
from toancanh.ui.tables import Choice


@dataclass(frozen=True, slots=True)
class ChoiceGroup:
    """Choices under one title."""

    label: str
    choices: tuple[Choice, ...]


def act_groups(chosen: str) -> tuple[ChoiceGroup, ...]:
    """Every act by room, each room with all of its acts first; what an address asked for and nobody has words for stands last."""
    groups = []
    for room, (title, acts) in sorted(by_room().items(), key=lambda each: collation_key(tx(each[1][0]))):
        every = Choice(value=f"{room}.", label=t(f"Mọi việc: {title.vi}", f"Any act: {title.en}"), chosen=chosen == f"{room}.")
        said = sorted(acts.items(), key=lambda each: collation_key(tx(each[1])))
        own = tuple(Choice(value=code, label=tx(words), chosen=code == chosen) for code, words in said)
        groups.append(ChoiceGroup(tx(title), (every, *own)))
    if chosen and words_of(chosen) is None and not any(each.chosen for group in groups for each in group.choices):
        groups.append(ChoiceGroup(t("Khác", "Other"), (Choice(value=chosen, label=chosen, chosen=True),)))
    return tuple(groups)


def accounts(names: Mapping[str, str]) -> tuple[Choice, ...]:
    """Accounts with the names of their people, as a Vietnamese office lists them."""
    found = sorted(names.items(), key=lambda each: person_key(each[1]))
    return tuple(Choice(value=account, label=name) for account, name in found)
