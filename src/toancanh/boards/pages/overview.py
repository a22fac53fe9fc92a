"""S9, the overview of the centre's own place: a sentence, what needs a decision, key figures, where, and what arrived."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, partial
from itertools import zip_longest

from toancanh.boards.acting.reminding import may_remind, reminded_today
from toancanh.boards.figures import Figure, counts, due_day, figures, in_order, worst_first
from toancanh.boards.home import home
from toancanh.boards.pages.own import Own, head, own
from toancanh.boards.pages.places import Places, level_below, places_part
from toancanh.boards.reading import Version, earlier
from toancanh.boards.selection import Selection
from toancanh.boards.shown import feeds as feed_views
from toancanh.boards.shown import words, work
from toancanh.boards.shown.guard import guarded
from toancanh.boards.shown.tiles import RECENT, Company, tile
from toancanh.boards.sources import freshness, health, in_trouble
from toancanh.indicators.overrides import Overrides
from toancanh.intake.queries import SourceHealth
from toancanh.kernel.contracts import Indicator, Level
from toancanh.kernel.registry import registry
from toancanh.people.permissions import Actor
from toancanh.response.queries.shown import Burning
from toancanh.ui import formats
from toancanh.ui.language import t, tx
from toancanh.ui.parts import DecisionView, Link, Part, SegmentView, Share
from toancanh.ui.tables import Tab, TabsView, WorkView
from toancanh.units import queries as units
from toancanh.units.models import Unit
from toancanh.units.rebase import MapSpan, map_spans

CARDS = 8
DECISIONS = 3
_AGAIN = "/fragments/summary"
_NUMBERS = {1: ("Một", "One"), 2: ("Hai", "Two"), 3: ("Ba", "Three"), 4: ("Bốn", "Four"), 5: ("Năm", "Five")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The answer first: a sentence, all figures by status, what needs a decision; beside the map the work that runs out first,
    or the data that arrive. Under `key` the stream asks `live_href` again.
    """

    sentence: str
    below: str
    segment: SegmentView
    decisions: tuple[DecisionView, ...]
    beside: Part
    key: str
    live_href: str


@dataclass(frozen=True, slots=True)
class Judged:
    """What the head judges: the figures of the place, or of the reader's `own` units to whom those are closed."""

    root: Unit
    of_root: Sequence[Figure]
    own: tuple[Own, ...] = ()

    @property
    def figures(self) -> Sequence[Figure]:
        return (self.own[0].figures if self.own else ()) or self.of_root

    @property
    def keys(self) -> str:
        return " ".join(f"*@{each.key}" for each in (self.root, *(one.unit for one in self.own)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """All that the page prints. To whom the place's figures are closed it shows `own` units first and no map of the place;
    `own_fault` stands there when they could not be made."""

    summary: Summary
    own: tuple[Own, ...]
    own_fault: Part | None
    tiles: tuple[Part, ...]
    map: Part | None
    ranking: Part | None
    maps: TabsView | None


def overview(actor: Actor, root: Unit, selection: Selection, on_map: Indicator | None = None) -> Overview:
    """The page for `root` as `actor` may see it."""
    burning = cache(partial(work.burning, actor, selection))
    codes = {each.code for each in headlines(most=3 * CARDS)}
    overrides = Overrides()
    found = figures(actor, root, registry.indicators(), selection, feeds=freshness(), lines=codes, overrides=overrides)
    known = _known(found)
    mine, fault = _own(actor, root, found, selection)
    shown = in_order(_cards(actor, root, found, selection, overrides))
    company = company_of(actor, root, shown, selection, missing=any(each.missing for each in known))
    answer = _summary(actor, Judged(root, known or found, mine), company.owners, burning, selection)

    def drawn() -> Places:
        return with_incidents(places_part(actor, root, on_map, selection, change=True), burning(), root, selection)

    where = None if closed(found) else guarded(t("Bản đồ", "Map"), drawn)
    return Overview(
        summary=answer,
        own=mine,
        own_fault=fault,
        tiles=tuple(guarded(words.title(each.indicator), partial(tile, each, selection, company)) for each in shown),
        map=where.map if isinstance(where, Places) else where,
        ranking=where.ranking if isinstance(where, Places) else None,
        maps=_maps(root, selection),
    )


def summary(actor: Actor, root: Unit, selection: Selection) -> Summary:
    """The head of the page alone."""
    found = figures(actor, root, registry.indicators(), selection, feeds=freshness(), lines=())
    known = _known(found)
    mine, _ = _own(actor, root, found, selection)
    owners = company_of(actor, root, (), selection, missing=any(each.missing for each in known)).owners
    return _summary(actor, Judged(root, known or found, mine), owners, partial(work.burning, actor, selection), selection)


def _own(
    actor: Actor, root: Unit, found: Sequence[Figure], selection: Selection
) -> tuple[tuple[Own, ...], Part | None]:  # fmt: skip
    """The reader's own units, where the place is closed to them, or the part that says that they could not be made."""
    if not closed(found):
        return (), None
    made = guarded(t("Nơi và cơ quan của bạn", "Your places and agencies"), lambda: own(actor, root, selection))
    return (made, None) if isinstance(made, tuple) else ((), made)


def _known(found: Sequence[Figure]) -> list[Figure]:
    return [each for each in found if not each.denied and in_use(each)]


def closed(found: Sequence[Figure]) -> bool:
    """Whether the reader may see none of these figures."""
    return bool(found) and all(each.denied for each in found)


def _summary(
    actor: Actor,
    judged: Judged,
    owners: Mapping[str, Unit],
    burning: Callable[[], Burning],
    selection: Selection,
) -> Summary:
    late = health(actor) if selection.known is None else ()
    title = t("Cần quyết định", "To decide")

    def asked() -> tuple[tuple[DecisionView, ...], WorkView | None]:
        first_due = work.soonest(actor, selection)
        waiting = work.decisions(actor, burning(), first_due, selection)
        return _decisions(judged.figures, late, owners, selection, waiting), work.due(first_due, selection)

    answer = guarded(title, asked)
    decisions, due = answer if isinstance(answer, tuple) else ((), answer)
    return Summary(
        sentence=head(judged.own, sentence(judged.figures)),
        below=_below(judged, selection),
        segment=segment(judged.figures),
        decisions=decisions,
        beside=due if due is not None else _arrivals(actor, selection),
        key=f"{judged.keys} incidents@* tasks@* sources@*",
        live_href=selection.link(_AGAIN),
    )


def _arrivals(actor: Actor, selection: Selection) -> Part:
    """In the place of the work, so that it comes and goes with it."""
    title = t("Dữ liệu mới đến", "Data arriving")
    made = guarded(title, lambda: feed_views.arrivals(health(actor), selection))
    return replace(made, key="tasks@* sources@*", live_href=selection.link(_AGAIN))


def with_incidents(places: Places, burning: Burning, root: Unit, selection: Selection) -> Places:
    """The map of `places` with the incidents that burn under their numbers; their names stand below the marks."""
    marks = work.marks(burning, root, level_below(root), selection)
    return replace(places, map=replace(places.map, marks=(*places.map.marks, *marks), key=f"{places.map.key} incidents@*"))


def _maps(root: Unit, selection: Selection) -> TabsView | None:
    """On a national map: today's provinces, and those that there were before each change, the newest first."""
    if root.level not in (Level.COUNTRY, Level.REGION):
        return None
    spans = [each for each in map_spans(root, Level.PROVINCE) if each.first is None or each.first <= selection.today]
    if len(spans) < 2:
        return None
    tabs = tuple(
        Tab(
            label=_map_label(span),
            href="/" + selection.query(map=span.last.isoformat() if span.last and span.last < selection.today else ""),
            current=(span.first or date.min) <= selection.map_day <= (span.last or date.max),
        )
        for span in reversed(spans)
    )
    return TabsView(label=t("Bản đồ của ngày", "Map of the day"), tabs=tabs)


def _map_label(span: MapSpan) -> str:
    """ "34 tỉnh, thành phố (từ 01/07/2025)"."""
    first, last = (formats.day(each) if each else "" for each in (span.first, span.last))
    if first and last:
        days = f"{first} – {last}"
    else:
        days = t(f"từ {first}", f"from {first}") if first else t(f"đến {last}", f"until {last}")
    return t(f"{span.count} tỉnh, thành phố ({days})", f"{span.count} provinces ({days})")


def in_use(figure: Figure) -> bool:
    """Whether the centre follows it: what nobody has ever sent, and no source is there to send, is not counted as owed."""
    return figure.point is not None or figure.older is not None or (not figure.reported and figure.feed is not None)


def headlines(most: int = CARDS) -> list[Indicator]:
    """The key indicators: the first of each field, then the second of each, until there are enough."""
    rounds = zip_longest(*(pack.headline or pack.indicators[:2] for pack in registry.packs()))
    return [each for row in rounds for each in row if each is not None][:most]


def _cards(
    actor: Actor, root: Unit, found: Sequence[Figure], selection: Selection, overrides: Overrides
) -> list[Figure]:
    """The key figures that are followed here, those in trouble before the others; other figures fill the places left over, and
    last the key figures that the reader would have to ask for."""
    key = {each.code: number for number, each in enumerate(headlines(most=3 * CARDS))}
    followed = sorted((each for each in found if each.indicator.code in key), key=lambda each: key[each.indicator.code])
    open_ones = [each for each in followed if not each.denied and in_use(each)]
    cards = sorted(open_ones, key=lambda each: each.status.kind in ("ok", "info"))[:CARDS]
    spare = [each.indicator for each in found if each.indicator.code not in key and each.point is not None][: CARDS - len(cards)]
    cards += figures(actor, root, spare, selection, overrides=overrides) if spare else []
    return cards + [each for each in followed if each.denied][: CARDS - len(cards)]


def company_of(actor: Actor, unit: Unit, shown: Collection[Figure], selection: Selection, *, missing: bool) -> Company:
    """Who owes what is missing, and what was corrected in the last days."""
    owners = (
        {each.role: each for each in units.agencies(selection.today, unit if unit.level != Level.AGENCY else None) if each.role}
        if missing
        else {}
    )
    reported = [each.indicator.code for each in shown if each.reported and not each.missing]
    versions = earlier(actor, reported, unit.pk, since=selection.now - RECENT, known=selection.known) if reported else []
    revised: dict[str, Version] = {}
    periods = {each.indicator.code: each.period for each in shown}
    for version in versions:
        if version.period == periods[version.indicator]:
            revised.setdefault(version.indicator, version)
    if not owners:
        return Company(owners=owners, revised=revised)
    asked = shown if unit.key == home(selection.map_day).key else ()  # a reminder is about the figure of the whole place
    owing = {(each.pack.code, owners[role]) for each in asked if (role := each.indicator.owner.code) in owners}
    remindable = frozenset((field, owner.key) for field, owner in owing if may_remind(actor, field, owner))
    reminded = reminded_today(shown, owners, selection)
    return Company(owners=owners, revised=revised, reminded=reminded, may_remind=remindable)


def sentence(known: Sequence[Figure]) -> str:
    """The answer first: "2 chỉ tiêu chưa đạt, 5 cần chú ý". Figures that are all closed are not called missing."""
    if closed(known):
        return t("Chưa được xem chỉ tiêu nào ở đây", "None of these figures is open to you")
    tally = counts(known)
    bad, warn, ok = tally["bad"], tally["warn"], tally["ok"]
    if bad and warn:
        return t(f"{bad} chỉ tiêu chưa đạt, {warn} cần chú ý", f"{bad} off target, {warn} to watch")
    if bad:
        return t(f"{bad} chỉ tiêu chưa đạt", f"{bad} {'indicator' if bad == 1 else 'indicators'} off target")
    if warn:
        return t(f"{warn} chỉ tiêu cần chú ý", f"{warn} {'indicator' if warn == 1 else 'indicators'} to watch")
    if ok:
        every = "The one indicator with a target is" if ok == 1 else f"All {ok} indicators with a target are"
        return t(f"{ok} chỉ tiêu có mục tiêu đều đạt", f"{every} on target")
    return t("Chưa có chỉ tiêu nào để đánh giá", "Nothing to judge yet")


def segment(known: Sequence[Figure]) -> SegmentView:
    """One bar of all indicators by status."""
    if closed(known):
        return SegmentView(shares=(), state="denied", message=t("Bạn chưa có quyền xem.", "You may not see them yet."))
    tally = counts(known)
    words_of = {
        "ok": t("đạt", "on target"), "warn": t("cần chú ý", "to watch"), "bad": t("chưa đạt", "off target"),
        "info": t("theo dõi", "for information"), "none": t("chưa có số liệu", "without data"),
    }  # fmt: skip
    shares = tuple(Share(kind, tally[kind], f"{tally[kind]} {word}") for kind, word in words_of.items() if tally[kind])  # type: ignore[arg-type]
    return SegmentView(
        shares=shares, state="ready" if shares else "empty", message="" if shares else t("Chưa có chỉ tiêu.", "No indicators.")
    )


def _below(judged: Judged, selection: Selection) -> str:
    known = judged.figures
    ask = t("Đề nghị quản trị hệ thống cấp quyền xem.", "Ask the administrator for access.")
    if closed(known):
        return ask
    said = _on_target(known, selection)
    if not closed(judged.of_root):
        return said
    name = tx(judged.root.title)
    return f"{said} " + t(f"Chưa có quyền xem số liệu chung của {name}.", f"The figures of {name} as a whole are closed to you.")


def _on_target(known: Sequence[Figure], selection: Selection) -> str:
    tally, total = counts(known), len(known)
    day = formats.day(min(selection.period.last_day, selection.today) if selection.period else selection.today)
    said = t(
        f"Đến {day}, {tally['ok']} trong {total} chỉ tiêu đạt tiến độ.",
        f"As of {day}, {tally['ok']} of {total} indicators are on target.",
    )
    none = tally["none"]
    if not none:
        return said
    vi, en = _NUMBERS.get(none, (str(none), str(none)))
    return f"{said} " + t(f"{vi} chỉ tiêu chưa có số liệu.", f"{en} {'has' if none == 1 else 'have'} no data.")


def _decisions(
    known: Sequence[Figure],
    lines: Sequence[SourceHealth],
    owners: Mapping[str, Unit],
    selection: Selection,
    asked: Sequence[DecisionView],
) -> tuple[DecisionView, ...]:
    """At most three: what work asks, then the worst figure, who owes data, late sources, and more figures off their target."""
    off = [_off_target(each, selection) for each in worst_first(known)[: DECISIONS + 1]]
    found = [*asked, *off[:1], *_owing(known, owners, selection)[:1], *_late(lines)]
    rest = off[1 : 1 + DECISIONS - len(found)] if len(found) < DECISIONS else []
    order = ("urgent", "bad", "warn", "info", "none")
    return tuple(sorted((*found, *rest)[:DECISIONS], key=lambda each: order.index(each.kind)))


def _off_target(figure: Figure, selection: Selection) -> DecisionView:
    indicator = figure.indicator
    goal = words.target(indicator, figure.target)
    said = f"{words.title(indicator)} {words.with_unit(indicator, figure.value)}"
    change, note = words.change(indicator, figure.value, figure.before.value if figure.before else None, figure.period.grain)
    detail = " · ".join(part for part in (words.period(figure.period), f"{change} {note}".strip()) if part)
    return DecisionView(
        kind="bad" if figure.status.kind in ("bad", "urgent") else "warn",
        chip=tx(figure.status.word),
        title=f"{said}, {goal[0].lower()}{goal[1:]}" if goal else said,
        detail=detail,
        action=Link(t("Xem chỉ tiêu", "See the indicator"), selection.indicator(indicator.code, unit=figure.unit.key)),
    )


def _owing(known: Sequence[Figure], owners: Mapping[str, Unit], selection: Selection) -> list[DecisionView]:
    """Agencies whose figures are past their due day, the one that owes most first."""
    owed: dict[str, list[Figure]] = {}
    for each in known:
        if each.missing and each.reported and due_day(each.period) < selection.today and each.indicator.owner.code in owners:
            owed.setdefault(each.indicator.owner.code, []).append(each)
    found = []
    for role, missing in sorted(owed.items(), key=lambda pair: -len(pair[1])):
        longest = min(missing, key=lambda each: due_day(each.period))
        late = (selection.today - due_day(longest.period)).days
        name = tx(owners[role].title)
        found.append(
            DecisionView(
                kind="warn",
                chip=t("Nợ số liệu", "Data owed"),
                title=t(f"{name} nợ {len(missing)} chỉ tiêu", f"{name} owes {len(missing)} figures"),
                detail=t(
                    f"Lâu nhất trễ {words.days(late)}: {words.title(longest.indicator)}",
                    f"Longest {words.days(late)} late: {words.title(longest.indicator)}",
                ),
                action=Link(t("Xem cơ quan", "See the agency"), selection.agency(owners[role].key)),
            )
        )
    return found


def _late(lines: Sequence[SourceHealth]) -> list[DecisionView]:
    late = in_trouble(lines)
    if not late:
        return []
    first = max(late, key=lambda each: each.lag or timedelta.max)
    silent = t("chưa gửi lần nào", "never sent") if first.lag is None else formats.age(first.lag)
    return [
        DecisionView(
            kind="warn",
            chip=t("Nguồn chậm", "Late source"),
            title=t(
                f"{len(late)} nguồn dữ liệu gửi chậm", f"{len(late)} {'source is' if len(late) == 1 else 'sources are'} late"
            ),
            detail=f"{tx(first.source.title)}: {silent}",
            action=Link(t("Xem nguồn", "See sources"), feed_views.SOURCES_PAGE),
        )
    ]
