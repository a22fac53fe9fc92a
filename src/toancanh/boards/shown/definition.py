"""What an indicator means and where it comes from: definition, formula in words, owner, legal basis, sources."""

from __future__ import annotations

from toancanh.boards.figures import Figure, due_day
from toancanh.boards.selection import Selection
from toancanh.boards.shown import feeds, words
from toancanh.boards.sources import Feed
from toancanh.indicators.wording import formula
from toancanh.intake.queries import SourceHealth
from toancanh.kernel.contracts import Good
from toancanh.ui import formats
from toancanh.ui.language import current, t, tx
from toancanh.ui.tables import Fact, FactsView
from toancanh.units import queries as units
from toancanh.units.models import Unit

_BETTER = {
    Good.UP: ("Càng cao càng tốt", "Higher is better"), Good.DOWN: ("Càng thấp càng tốt", "Lower is better"),
    Good.NEUTRAL: ("Theo dõi, không xếp hạng", "Watched, not ranked"),
}  # fmt: skip
_METHODS = {
    "periods": ("cộng từ các kỳ ngắn hơn", "added up from shorter periods"),
    "difference": ("hiệu của hai số lũy kế", "difference of two cumulative figures"),
    "areas": ("cộng từ các địa bàn", "added up from the places"),
    "forerunners": ("cộng từ các đơn vị trước sáp nhập", "added up from the units before the merger"),
}


def definition(figure: Figure, feed: Feed | None, selection: Selection) -> FactsView:
    """The facts, in the order a careful reader asks them; `feed` holds the sources that the reader may see."""
    indicator = figure.indicator
    owner = units.agency_for_role(indicator.owner.code, selection.today)
    facts = [
        Fact(t("Định nghĩa", "Definition"), tx(indicator.definition)),
        Fact(t("Cách tính", "Formula"), _sentence(tx(formula(indicator.measure, indicator.dataset)))),
        Fact(t("Hướng tốt", "Direction"), t(*_BETTER[indicator.good])),
        Fact(
            t("Cơ quan chủ trì", "Owner"), tx(owner.title) if owner else tx(indicator.owner.title),
            href=selection.agency(owner.key) if owner else "",
        ),
        Fact(t("Căn cứ", "Legal basis"), indicator.basis),
        Fact(t("Bộ dữ liệu", "Dataset"), tx(indicator.dataset.title)),
        Fact(t("Chu kỳ", "Cadence"), _cadence(figure)),
        Fact(t("Phiên bản công thức", "Formula version"), str(indicator.version)),
    ]  # fmt: skip
    if figure.point is not None and figure.point.method:
        facts.append(
            Fact(t("Cách có số này", "How it came about"), t(*_METHODS.get(figure.point.method, (figure.point.method,) * 2)))
        )
    if feed is not None or figure.feed is None:
        facts.extend(_source_facts(feed, owner, selection))
    return FactsView(title=t("Định nghĩa và nguồn", "Definition and source"), facts=tuple(facts))


def _likeliest(feed: Feed, owner: Unit | None) -> list[SourceHealth]:
    """The sources of the indicator's owner; where it sends none itself, all that send the dataset."""
    own = [each for each in feed.sources if owner is not None and each.source.owner_id == owner.pk]
    return own or list(feed.sources)


def _source_facts(feed: Feed | None, owner: Unit | None, selection: Selection) -> list[Fact]:
    if feed is None:
        return [Fact(t("Nguồn", "Source"), t("Chưa có nguồn nào gửi bộ dữ liệu này.", "No source sends this dataset yet."))]
    return [
        Fact(
            t("Nguồn", "Source"),
            f"{tx(each.source.title)} · {t('lần cuối', 'last')} {formats.as_of(each.last_delivery, selection.now)}",
            href=feeds.SOURCES_PAGE,
            status=feeds.status(each),
        )
        for each in _likeliest(feed, owner)
    ]


def _cadence(figure: Figure) -> str:
    grains = ", ".join(_grain_word(each.value) for each in figure.indicator.grains)
    if not figure.reported:
        return t(f"{grains}; cập nhật khi dữ liệu đến", f"{grains}; renewed as data arrive")
    due = formats.day(due_day(figure.period))
    return t(f"{grains}; {words.period(figure.period)} hạn nộp {due}", f"{grains}; {words.period(figure.period)} due {due}")


def _grain_word(grain: str) -> str:
    vi, en = {
        "hour": ("giờ", "hour"), "day": ("ngày", "day"), "week": ("tuần", "week"), "month": ("tháng", "month"),
        "quarter": ("quý", "quarter"), "half": ("6 tháng", "half year"), "nine_months": ("9 tháng", "nine months"),
        "year": ("năm", "year"), "school_year": ("năm học", "school year"),
    }[grain]  # fmt: skip
    return en if current() == "en" else vi


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "."
