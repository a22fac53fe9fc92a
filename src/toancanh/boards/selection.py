"""What the address bar holds: period, cumulative or alone, the map's date and indicator, and as known on which day. Every link
of a page keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import parse_qs, quote, urlencode

from toancanh.kernel.periods import FIRST_YEAR, VIETNAM, Grain, Period
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.ui import formats
from toancanh.ui.language import current, t
from toancanh.ui.parts import Link
from toancanh.ui.tables import AskView, NoticeView, PickerView, Tab

MONTHS_OFFERED = 18
YEARS_OFFERED = 3
EARLIEST = FIRST_YEAR + 10  # pages look back some years from what is asked for
_PICKED = (Grain.MONTH, Grain.QUARTER, Grain.YEAR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """`period` None is "the newest of each figure". `on_map` is the code of the indicator on the overview's map.

    `known` asks for the figures as they were known at that moment; `now`, the moment that the page is of, is then the same.
    """

    now: datetime
    known: datetime | None = None
    period: Period | None = None
    cumulative: bool = True
    map_date: date | None = None
    on_map: str = ""

    @property
    def today(self) -> date:
        """Today in Viet Nam."""
        return self.now.astimezone(VIETNAM).date()

    @property
    def map_day(self) -> date:
        """The day whose units are on the map: the one asked for, else the last day of the period, never later than today."""
        return self.map_date or (min(self.period.last_day, self.today) if self.period else self.today)

    @property
    def known_text(self) -> str:
        """`known` as the address writes it: "2026-11-12" for the end of a day, else "2026-11-12T09:42"; "" for now."""
        if self.known is None:
            return ""
        local = self.known.astimezone(VIETNAM)
        return local.date().isoformat() if local.time() == time.max else local.strftime("%Y-%m-%dT%H:%M")

    def query(self, **changes: str) -> str:
        """The selection as a query string ("" or "?period=2026-10"); a change to "" drops the part."""
        kept = {
            "period": self.period.code if self.period else "",
            "cumulative": "" if self.cumulative else "0",
            "map": self.map_date.isoformat() if self.map_date else "",
            "on_map": self.on_map,
            "known": self.known_text,
        } | changes
        words = urlencode({name: value for name, value in kept.items() if value})
        return f"?{words}" if words else ""

    def link(self, path: str, **changes: str) -> str:
        """`path` with this selection; what only the overview's map needs is left behind."""
        return path + self.query(**({"on_map": ""} | changes))

    def indicator(self, code: str, **changes: str) -> str:
        return self.link(f"/indicators/{code}", **changes)

    def field(self, code: str) -> str:
        return self.link(f"/fields/{code}")

    def place(self, key: str) -> str:
        return self.link(f"/places/{quote(key, safe=':')}")

    def agency(self, key: str) -> str:
        return self.link(f"/agencies/{quote(key, safe=':')}")


def read(asked: Mapping[str, str], now: datetime) -> Selection:
    """The selection of a request's query. Raises `Problem` (404) that names the forms when a part cannot be read."""
    known = _known(asked.get("known", ""), now)
    return Selection(
        now=known or now,
        known=known,
        period=_period(asked.get("period", "")),
        cumulative=asked.get("cumulative", "1") != "0",
        map_date=_date(asked.get("map", "")),
        on_map=asked.get("on_map", "")[:64],
    )


def whole_number(asked: Mapping[str, str], name: str) -> int:
    """A count or a number in the address; 0 when it is absent or no whole number."""
    text = asked.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


def pickers(selection: Selection, path: str, now: datetime, **kept: str) -> tuple[PickerView, ...]:
    """The drop-downs of the top bar: which period, whether it is counted from the beginning of the year, and as known when."""
    return (_period_picker(selection, path, kept), _span_picker(selection, path, kept), _known_picker(selection, path, now, kept))


def notice(selection: Selection, path: str, **kept: str) -> NoticeView | None:
    """What the frame says while a page shows what was known on another day, with the way back."""
    if selection.known is None:
        return None
    at = formats.moment(selection.known)
    words = t(
        f"Đang xem số liệu như biết lúc {at}. Sự việc và nhiệm vụ không hiện; tình trạng nguồn dữ liệu là của hiện nay.",
        f"These are the figures as known at {at}. Incidents and tasks are left out; the state of the sources is that of now.",
    )
    return NoticeView(words, Link(t("Về số liệu hiện nay", "Back to now"), path + selection.query(known="", **kept)))


def _period_picker(selection: Selection, path: str, kept: dict[str, str]) -> PickerView:
    newest = t("Mới nhất", "Newest")
    chosen = selection.period
    options = [Tab(label=newest, href=path + selection.query(period="", **kept), current=chosen is None)]
    for period in _offered(selection):
        options.append(
            Tab(label=period.title(current()), href=path + selection.query(period=period.code, **kept), current=period == chosen)
        )
    return PickerView(
        label=t("Kỳ báo cáo", "Period"), current=chosen.title(current()) if chosen else newest, options=tuple(options)
    )


def _span_picker(selection: Selection, path: str, kept: dict[str, str]) -> PickerView:
    words = (t("Lũy kế từ đầu năm", "Cumulative this year"), t("Riêng kỳ", "Period alone"))
    options = tuple(
        Tab(label=word, href=path + selection.query(cumulative=value, **kept), current=selection.cumulative is (value == ""))
        for word, value in zip(words, ("", "0"), strict=True)
    )
    return PickerView(label=t("Cách tính", "Span"), current=words[0 if selection.cumulative else 1], options=options)


def _known_picker(selection: Selection, path: str, now: datetime, kept: dict[str, str]) -> PickerView:
    today, here = now.astimezone(VIETNAM).date(), t("Hiện nay", "As of now")
    days = {
        today - timedelta(days=1): t("Như biết hôm qua", "As known yesterday"),
        today - timedelta(days=7): t("Như biết tuần trước", "As known a week ago"),
        today - timedelta(days=30): t("Như biết 30 ngày trước", "As known 30 days ago"),
    }
    options = [Tab(label=here, href=path + selection.query(known="", **kept), current=selection.known is None)]
    for day, word in days.items():
        text = day.isoformat()
        options.append(Tab(label=word, href=path + selection.query(known=text, **kept), current=selection.known_text == text))
    same_year = selection.known is not None and selection.known.astimezone(VIETNAM).year == today.year
    said = (formats.day_month if same_year else formats.day)(selection.known) if selection.known else ""
    held = {name: value[0] for name, value in parse_qs(selection.query(known="", **kept)[1:]).items()}
    return PickerView(
        label=t("Biết đến", "Known"), current=t(f"Như biết {said}", f"Known on {said}") if said else here, options=tuple(options),
        ask=AskView(
            path, "known", t("Như biết hết ngày", "As known at the end of"), selection.known_text[:10] or min(days).isoformat(),
            today.isoformat(), t("Xem", "Show"), tuple(held.items()),
        ),
    )  # fmt: skip


def _offered(selection: Selection) -> list[Period]:
    month = Period.containing(selection.today, Grain.MONTH)
    found: list[Period] = []
    for back in range(MONTHS_OFFERED):
        found.append(month.shift(-back))
    year = Period.containing(selection.today, Grain.YEAR)
    found.extend(year.shift(-back) for back in range(YEARS_OFFERED))
    if selection.period and selection.period not in found:
        found.insert(0, selection.period)
    return found


def _period(code: str) -> Period | None:
    if not code:
        return None
    try:
        period = Period.parse(code).to_single()
    except ValueError as wrong:
        raise _unreadable("period", code, "2026-10, 2026-Q3, 2026") from wrong
    if period.grain not in _PICKED or period.first_day.year < EARLIEST:
        raise _unreadable("period", code, "2026-10, 2026-Q3, 2026")
    return period


def _date(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise _unreadable("map", text, "2025-06-30") from wrong


def _known(text: str, now: datetime) -> datetime | None:
    """The moment in the address: a day means its end. None for now and later, where nothing else is known."""
    if not text:
        return None
    try:
        read = datetime.combine(date.fromisoformat(text), time.max) if len(text) == 10 else datetime.fromisoformat(text)
        if read.year < EARLIEST:
            raise ValueError(text)
    except ValueError as wrong:
        raise _unreadable("known", text, "2026-11-12, 2026-11-12T09:42") from wrong
    known = read if read.tzinfo else read.replace(tzinfo=VIETNAM)
    return known.astimezone(UTC) if known < now else None


def _unreadable(name: str, value: str, forms: str) -> Problem:
    shown = value[:40]
    return Problem(
        "unreadable-address",
        404,
        Text("Địa chỉ không đúng", "The address is not right"),
        Text(
            f"Không đọc được {name}={shown}. Ghi theo dạng: {forms}.",
            f"{name}={shown} cannot be read. Write it as: {forms}.",
        ),
    )
