"""Which unit does a sender mean? By key, by bare code on a date, or by a name as people write it. Doubt is told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from unicodedata import normalize

from toancanh.kernel.contracts import Level
from toancanh.kernel.text import Text
from toancanh.kernel.vietnamese import normalise_tone, unit_name_key, unit_name_keys
from toancanh.units.models import plain
from toancanh.units.register import Entry, Register

_WIDTHS = {Level.PROVINCE: 2, Level.DISTRICT: 3, Level.COMMUNE: 5}  # digits of the statistics office's codes
_HIGH = (Level.COUNTRY, Level.REGION, Level.PROVINCE)


@dataclass(frozen=True, slots=True)
class Resolution:
    """The key of the unit meant, or the reason why there is none, with the keys of the units it may be."""

    key: str | None
    reason: Text | None = None
    candidates: tuple[str, ...] = ()


def squeezed(name: str) -> str:
    """The matching form without spaces, so that Hanoi and Hà Nội, Kontum and Kon Tum are one."""
    return unit_name_key(name).replace(" ", "")


def marks_agree(typed: str, name: str) -> bool | None:
    """False when a letter typed with a mark contradicts the name: "Pac Nặm" agrees with Pác Nặm, "Ba Tô" not with Ba Tơ.

    None when the two are not the same letters (Đắc Lắc, TP.HCM), so that marks tell nothing.
    """
    ours, theirs = (_letters(normalise_tone(each)) for each in (typed, name))
    if [base for base, _ in ours] != [base for base, _ in theirs]:
        return None
    return all(mark in ("", known) for (_, mark), (_, known) in zip(ours, theirs, strict=True))


def _letters(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for letter in normalize("NFC", text.lower()):
        if letter.isalnum():
            base, marks = ("d", "đ") if letter == "đ" else (normalize("NFD", letter)[0], normalize("NFD", letter)[1:])
            found.append((base, marks))
    return found


class NameIndex:
    """Every name of every unit by its squeezed form, and every code; made once for a register."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self.codes: dict[str, list[Entry]] = defaultdict(list)
        self.names: dict[str, list[Entry]] = defaultdict(list)
        for entry in register.entries.values():
            self.codes[entry.code.lower()].append(entry)
            for form in {squeezed(name) for name in (entry.name, entry.full_name, entry.name_en, *entry.aliases) if name}:
                self.names[form].append(entry)


_kept: NameIndex | None = None


def index_of(register: Register) -> NameIndex:
    """The index of `register`; the last one is kept."""
    global _kept  # noqa: PLW0603 - one copy for the process, beside the register it was made from
    if _kept is None or _kept.register is not register:
        _kept = NameIndex(register)
    return _kept


@dataclass(slots=True)
class Resolver:
    """Resolves many texts for one `level` (None: any), on one day unless a call names another, within one unit (None: anywhere).

    `home` breaks ties: a unit of the place that the centre serves comes first.
    """

    index: NameIndex
    on: date
    level: Level | None = None
    within: Entry | None = None
    home: Entry | None = None
    _known: dict[tuple[str, date], Resolution] = field(default_factory=dict)

    def resolve(self, text: str, on: date | None = None) -> Resolution:
        """The unit that `text` names on the day. Some 0.3 µs for a text met before."""
        asked = (text, on or self.on)
        found = self._known.get(asked)
        if found is None:
            found = self._known[asked] = self._look_up(text.strip(), asked[1])
        return found

    def _look_up(self, text: str, on: date) -> Resolution:
        if not text:
            return Resolution(None, Text("Thiếu tên hoặc mã đơn vị.", "The unit's name or code is missing."))
        if text in self.index.register.by_key:
            return self._checked([self.index.register.by_key[text]], text)
        everywhere = self._by_code(text) or self._by_name(text)
        dated = [each for each in everywhere if each.valid_on(on)]
        if everywhere and not dated:
            return _ended(text, everywhere, on)
        return self._checked(dated, text)

    def _by_code(self, text: str) -> list[Entry]:
        codes = [text.lower()]
        if text.isdigit() and self.level in _WIDTHS:
            codes.append(text.zfill(_WIDTHS[self.level]))
        elif text.isdigit() and len(text) == 4:
            codes.append("0" + text)
        return self._of_level(entry for code in dict.fromkeys(codes) for entry in self.index.codes.get(code, ()))

    def _by_name(self, text: str) -> list[Entry]:
        for form in unit_name_keys(text):
            found = self._of_level(self.index.names.get(form.replace(" ", ""), ()))
            agreeing = [each for each in found if self._acceptable(text, each)]
            if agreeing:
                return self._of_kind(agreeing, text)
        return []

    def _of_kind(self, found: list[Entry], text: str) -> list[Entry]:
        """Those of the kind typed; without one, "Kon Tum" is the province, even when only a ward of that name is left."""
        typed = plain(text)
        named = [each for each in found if typed in {plain(name) for name in (each.full_name, *each.aliases)}]
        if named and typed.replace(" ", "") != squeezed(text):
            return named
        high = [each for each in found if each.level in _HIGH] if self.level is None else []
        return high or found

    def _of_level(self, found: Iterable[Entry]) -> list[Entry]:
        known = list(found)
        if self.level is None:
            return known
        exact = [each for each in known if each.level is self.level]
        if not exact and self.level is Level.AGENCY:
            return [each for each in known if each.level is Level.COMMUNE]  # a commune's committee is named by its commune
        return exact

    def _acceptable(self, text: str, entry: Entry) -> bool:
        if entry.level in _HIGH:
            return True  # few and far apart: marks typed wrongly do no harm
        verdicts = {
            marks_agree(typed, name)
            for name in (entry.full_name, entry.name, *entry.aliases)
            for typed in {text, _last_words(text, name)}
        }
        return True in verdicts or False not in verdicts

    def _checked(self, found: list[Entry], text: str) -> Resolution:
        if self.within is not None and found:
            territory = self.index.register.territory(self.within)
            inside = [each for each in found if each.id in territory]
            if not inside and self.within.level is not Level.COUNTRY:
                return _outside(text, found, self.within)
            found = inside or found
        if len(found) > 1:
            found = self._preferred(found, text)
        if len(found) == 1:
            return Resolution(found[0].key, None, (found[0].key,))
        return _ambiguous(text, found, self.index.register) if found else _unknown(text)

    def _preferred(self, found: list[Entry], text: str) -> list[Entry]:
        """Of several: those at home, those spelt just so, areas before agencies, higher before lower, real before custom."""
        if self.home is not None:
            territory = self.index.register.territory(self.home)
            found = [each for each in found if each.id in territory] or found
            if not self.home.sample:
                found = [each for each in found if not each.sample] or found
        found = _best(found, text)
        if self.level is None:
            found = [each for each in found if each.level is not Level.AGENCY] or found
        for level in _HIGH:
            high = [each for each in found if each.level is level]
            if high:
                return high
        return [each for each in found if each.level is not Level.CUSTOM] or found


def _last_words(text: str, name: str) -> str:
    return " ".join(text.split()[-len(name.split()) :])


def _best(found: list[Entry], text: str) -> list[Entry]:
    """Those whose whole name with its kind and marks is what was typed; else with its kind; else all."""
    typed = normalise_tone(text).lower()
    folded = plain(text)
    tests = (
        lambda each: normalise_tone(each.full_name).lower() == typed,
        lambda each: plain(each.full_name) == folded,
        lambda each: normalise_tone(each.name).lower() == typed,
        lambda each: squeezed(each.name) == squeezed(text),
    )
    for test in tests:
        exact = [each for each in found if test(each)]
        if exact:
            return exact
    return found


def _unknown(text: str) -> Resolution:
    return Resolution(
        None,
        Text(
            "Không có đơn vị nào tên hoặc mã “{text}”. Kiểm tra chính tả hoặc dùng mã đơn vị.",
            "No unit is named or coded “{text}”. Check the spelling or use the unit's code.",
        ).with_values(text=text),
    )


def _ended(text: str, found: list[Entry], on: date) -> Resolution:
    return Resolution(
        None,
        Text(
            "“{name}” không tồn tại vào ngày {day:%d/%m/%Y}. Dùng đơn vị có hiệu lực vào ngày đó.",
            "“{name}” did not exist on {day:%d/%m/%Y}. Use the unit that was in force on that day.",
        ).with_values(name=found[0].full_name if len(found) == 1 else text, day=on),
        tuple(each.key for each in found),
    )


def _outside(text: str, found: list[Entry], within: Entry) -> Resolution:
    return Resolution(
        None,
        Text("“{text}” không thuộc {within}.", "“{text}” is not in {within}.").with_values(text=text, within=within.full_name),
        tuple(each.key for each in found),
    )


def _ambiguous(text: str, found: list[Entry], register: Register) -> Resolution:
    shown = []
    for each in found[:4]:
        parent = register.entries.get(each.parent) if each.parent is not None else None
        shown.append(f"{each.full_name}{f', {parent.name}' if parent else ''} ({each.code})")
    return Resolution(
        None,
        Text(
            "“{text}” có thể là {n} đơn vị: {names}. Ghi mã đơn vị để phân biệt.",
            "“{text}” may be any of {n} units: {names}. Give the unit's code to tell them apart.",
        ).with_values(text=text, n=len(found), names="; ".join(shown)),
        tuple(each.key for each in found),
    )
