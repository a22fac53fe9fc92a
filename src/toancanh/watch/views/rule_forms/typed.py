"""What was typed into a form, read cell by cell: each value that cannot be read leaves its reason beside its own field."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from toancanh.kernel.condition_words import number
from toancanh.kernel.text import Text
from toancanh.ui import formats
from toancanh.ui.language import tx
from toancanh.ui.tables import Choice, FieldView
from toancanh.watch.services.reasons import cleaned

Options = Collection[tuple[str, Text]]
LARGEST = 10.0**9
HOUR = timedelta(hours=1)
_MISSING = Text("Nhập một số, như 1.234,5.", "Enter a number, such as 1,234.5.")
_EMPTY = Text("Nhập vài từ vào ô này.", "Enter a few words here.")
_CHOICE = Text("Chọn một mục trong danh sách.", "Choose one of the list.")


@dataclass
class Typed:
    """The words of each field, and what is wrong with them."""

    given: Mapping[str, str]
    wrong: dict[str, Text] = field(default_factory=dict)

    def fail(self, name: str, why: Text) -> None:
        """Say beside a field what to do about it. The first reason stays."""
        self.wrong.setdefault(name, why)

    def number(self, name: str, *, needed: bool = True, least: float = -LARGEST, most: float = LARGEST) -> float | None:
        """A number between `least` and `most`; None when there is none, or none that can be read."""
        text = self.given.get(name, "")
        try:
            found = formats.typed(text)
        except ValueError:
            shown = cleaned(text)[:40]
            vi = f"“{shown}” không phải là số hợp lệ. Viết như 1.234,5."
            self.fail(name, Text(vi, f"“{shown}” is no valid number. Write it as 1,234.5."))
            return None
        if found is None:
            if needed:
                self.fail(name, _MISSING)
            return None
        if not least <= found <= most:
            low, high = number(least, 2), number(most, 2)
            self.fail(name, Text(f"Nhập số từ {low.vi} đến {high.vi}.", f"Enter a number from {low.en} to {high.en}."))
            return None
        return found

    def whole(self, name: str, *, needed: bool = True, least: int = 0, most: int = 10**6) -> int | None:
        """A whole number."""
        found = self.number(name, needed=needed, least=least, most=most)
        if found is not None and found != int(found):
            self.fail(name, Text("Nhập số nguyên.", "Enter a whole number."))
            return None
        return None if found is None else int(found)

    def hours(self, name: str, *, needed: bool = True, least: float = 0.0) -> timedelta | None:
        """A length of time typed in hours, at most a year."""
        found = self.number(name, needed=needed, least=least, most=24 * 366)
        return None if found is None else timedelta(hours=found)

    def choice(self, name: str, options: Collection[str]) -> str | None:
        """One of `options`."""
        found = self.given.get(name, "")
        if found not in options:
            self.fail(name, _CHOICE)
            return None
        return found

    def words(self, name: str, *, needed: bool = True, longest: int = 300) -> str:
        """Words on one line."""
        found = " ".join(self.given.get(name, "").split())
        if len(found) > longest:
            self.fail(name, Text(f"Rút gọn còn {longest} ký tự.", f"Shorten it to {longest} characters."))
        elif needed and len(cleaned(found)) < 3:
            self.fail(name, _EMPTY)
        return cleaned(found)

    def box(self, name: str, label: Text, *, kind: str = "number", hint: Text | None = None, required: bool = False) -> FieldView:
        """The field for one value, as it was typed."""
        return FieldView(
            name=name, label=tx(label), kind=kind, value=self.given.get(name, ""), hint=tx(hint) if hint else "",
            error=self._error(name), required=required,
        )  # fmt: skip

    def select(self, name: str, label: Text, options: Options, *, hint: Text | None = None) -> FieldView:
        """The field for one of a list; what was sent and is none of them is shown as nothing chosen."""
        chosen = self.given.get(name, "")
        choices = tuple(Choice(value=value, label=tx(word), chosen=value == chosen) for value, word in options)
        return FieldView(
            name=name, label=tx(label), kind="select", choices=choices, required=True, hint=tx(hint) if hint else "",
            error=self._error(name),
        )  # fmt: skip

    def _error(self, name: str) -> str:
        return tx(self.wrong[name]) if name in self.wrong else ""


def shown(value: float | None) -> str:
    """A number as a person types it."""
    return "" if value is None else tx(number(value, 6))


def in_hours(span: timedelta) -> str:
    """A length of time in hours, as a person types it."""
    return shown(span / HOUR)
