"""Where: a map of one rate over the places of a unit, and the worst of them beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from toancanh.boards.figures import target_period
from toancanh.boards.memory import Memory
from toancanh.boards.reading import Point, by_place
from toancanh.boards.selection import Selection
from toancanh.boards.shown import rebasing, words
from toancanh.boards.shown.maps import Ground, ground, place_map
from toancanh.boards.shown.rankings import Beside, ranking
from toancanh.indicators.overrides import effective
from toancanh.kernel.contracts import Good, Indicator, Level, Ranking
from toancanh.kernel.measures import Adds, over_area
from toancanh.kernel.periods import Period
from toancanh.kernel.registry import registry
from toancanh.kernel.text import Text
from toancanh.people import policy
from toancanh.people.permissions import Actor
from toancanh.ui.language import t, tx
from toancanh.ui.parts import Link, MapView, RankingView
from toancanh.units import queries as units
from toancanh.units.models import Unit

WORST = 6
_default: Memory[str] = Memory(60.0, most=256)


@dataclass(frozen=True, slots=True)
class Places:
    """The map and the list beside it, of the indicator `code`."""

    code: str
    map: MapView
    ranking: RankingView
    points: dict[str, Point]


def is_rate(indicator: Indicator) -> bool:
    """Whether it may be coloured on a map: rates, indices and shares; counts would only show where people live."""
    return over_area(indicator.measure) is not Adds.SUM


def level_below(unit: Unit) -> Level:
    """The level that a map of `unit` shows."""
    return Level.PROVINCE if unit.level in (Level.COUNTRY, Level.REGION) else Level.COMMUNE


def places_part(actor: Actor, place: Unit, chosen: Indicator | None, selection: Selection, *, change: bool = False) -> Places:
    """Map and ranking of `chosen`, or of the first key rate that has figures by place."""
    level = level_below(place)
    land = ground(place, level, selection.map_day)
    found = land.units if land else {each.key: each for each in units.descendants(place, level, selection.map_day)}
    indicator = effective(chosen or _first_with_figures(actor, place, list(found.values()), selection))
    return of_indicator(actor, indicator, place, found, land, selection, change=change)


def of_indicator(
    actor: Actor,
    indicator: Indicator,
    place: Unit,
    found: dict[str, Unit],
    land: Ground | None,
    selection: Selection,
    *,
    change: bool = False,
) -> Places:
    """Map and ranking of `indicator` over the places `found`; `change` offers another indicator."""
    period, points = values_by_key(actor, indicator, list(found.values()), selection)
    when = max((each.as_of for each in points.values() if each.as_of), default=None)
    said = words.period(period)
    if when is not None:
        newest = next(each for each in points.values() if each.as_of == when)
        said += t(f" · số liệu đến {words.until(newest, selection.now)}", f" · data until {words.until(newest, selection.now)}")
    said += f" · {tx(indicator.dataset.title)}"
    view = place_map(
        indicator,
        points,
        place,
        land,
        selection,
        subtitle=said,
        action=Link(t("Đổi chỉ tiêu", "Change indicator"), "/map-choice" + selection.query(on_map=indicator.code), drawer=True)
        if change
        else None,
    )
    count = len(found)
    listed = ranking(
        indicator,
        points,
        found,
        selection,
        title=_ranking_title(place, indicator),
        count=WORST,
        beside=_beside(actor, indicator, found, selection),
    )
    everyone = Link(t(f"Xem cả {count}", f"See all {count}"), selection.indicator(indicator.code) + "#places")
    listed = replace(listed, more=everyone if count else None, key=view.key, live_href=view.live_href)
    return Places(indicator.code, view, listed, points)


def values_by_key(
    actor: Actor, indicator: Indicator, places: Sequence[Unit], selection: Selection
) -> tuple[Period, dict[str, Point]]:
    """The period and the values of `places` by unit key, on the map of the day.

    Where no province has a value of its own, the newest period is that of the provinces they came from.
    """
    period, points = as_kept(actor, indicator, places, selection)
    if not points and selection.period is None and any(each.level == Level.PROVINCE for each in places):
        period = rebasing.newest_before(actor, indicator, places, period, selection)
    keys = {each.pk: each.key for each in places}
    frame = rebasing.Frame(period, period, selection.map_day, selection.known)
    return period, {keys[each.unit_id]: each for each in rebasing.on_the_map(actor, indicator, places, points, frame)}


def as_kept(
    actor: Actor, indicator: Indicator, places: Sequence[Unit], selection: Selection
) -> tuple[Period, list[Point]]:
    """The period and the values of `places` as they were measured."""
    last, exactly = target_period(indicator, selection), selection.period is not None
    period, points = by_place(actor, indicator, last, [each.pk for each in places], exactly=exactly, known=selection.known)
    return period, list(points.values())


def rates(actor: Actor) -> list[Indicator]:
    """Rates that the actor may see, key ones first."""
    seen = policy.visible_fields(actor)
    headline = [each for pack in registry.packs() for each in pack.headline]
    every = {each.code: each for each in (*headline, *registry.indicators())}.values()
    return [each for each in every if is_rate(each) and (seen is None or registry.pack_of(each).code in seen)]


def _first_with_figures(actor: Actor, place: Unit, places: Sequence[Unit], selection: Selection) -> Indicator:
    """The first key rate with figures for most of `places`, else the one that covers the most of them; remembered for a while."""
    candidates = {each.code: each for each in rates(actor)} or {each.code: each for each in registry.indicators()}

    def widest() -> str:
        best, most = next(iter(candidates)), 0
        for code, each in candidates.items():
            covered = len(as_kept(actor, each, places, selection)[1])
            if covered > most:
                best, most = code, covered
            if most * 5 >= len(places) * 4:
                break
        return best

    code = _default.get((place.pk, actor.label, selection.map_day), widest)
    return candidates.get(code) or next(iter(candidates.values()))


def worst_word(indicator: Indicator) -> Text:
    """What stands first in a ranking: where more is worse nothing is "weak"."""
    return {
        Good.UP: Text("yếu nhất", "weakest"),
        Good.DOWN: Text("cao nhất", "highest"),
        Good.NEUTRAL: Text("lớn nhất", "largest"),
    }[indicator.good]


def _ranking_title(place: Unit, indicator: Indicator) -> str:
    national = place.level in (Level.COUNTRY, Level.REGION)
    who = Text("tỉnh, thành phố", "provinces") if national else Text("xã, phường", "communes")
    first = worst_word(indicator)
    if indicator.good is Good.UP:
        return t(f"{WORST} {who.vi} {first.vi}", f"{WORST} {first.en} {who.en}")
    return t(f"{WORST} {who.vi} có mức {first.vi}", f"{WORST} {who.en} with the {first.en} values")


def _beside(actor: Actor, indicator: Indicator, found: dict[str, Unit], selection: Selection) -> Beside | None:
    """The second figure that the field's own ranking puts beside this one."""
    pack = registry.pack_of(indicator)
    widgets = [each for scene in pack.scenes for each in scene.widgets if isinstance(each, Ranking)]
    second = next((each.beside for each in widgets if each.indicator.code == indicator.code and each.beside), None)
    if second is None:
        return None
    return second, values_by_key(actor, second, list(found.values()), selection)[1]
