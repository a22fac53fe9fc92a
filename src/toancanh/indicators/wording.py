"""Measures in words: what exactly is counted, added or divided, in Vietnamese and English. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from toancanh.kernel.contracts import Dataset, Figures
from toancanh.kernel.expressions import (
    Choose,
    Column,
    Compare,
    Constant,
    Earlier,
    Either,
    Every,
    Expression,
    FirstKnown,
    HoursBetween,
    Known,
    Moment,
    Not,
    OneOf,
)
from toancanh.kernel.measures import (
    Count,
    Distinct,
    Extreme,
    Growth,
    Measure,
    Quantile,
    Ratio,
    Reported,
    Series,
    Stock,
    Total,
)
from toancanh.kernel.rounding import half_up
from toancanh.kernel.text import Text

_COMPARED = {
    "=": Text("bằng", "is"),
    "<>": Text("khác", "is not"),
    "<": Text("nhỏ hơn", "is less than"),
    "<=": Text("không quá", "is at most"),
    ">": Text("lớn hơn", "is more than"),
    ">=": Text("từ", "is at least"),
}


def formula(measure: Measure, dataset: Dataset) -> Text:
    """How the value comes about, as one sentence without its full stop."""
    return _Words(dataset).measure(measure)


class _Words:
    """Words of one dataset: its fields and items are named by their titles."""

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset
        self._fields = {each.name: each for each in dataset.fields}
        self._items = {each.code: each.title for each in dataset.items} if isinstance(dataset, Figures) else {}

    def measure(self, measure: Measure) -> Text:
        match measure:
            case Ratio():
                return self._ratio(measure)
            case Growth():
                vi, en = "mức tăng (%) so cùng kỳ năm trước của [{0}]", "growth (%) against the same period last year of [{0}]"
                return _fill(vi, en, self.measure(measure.of))
            case Series():
                return self._series(measure)
            case Reported():
                title = self._items.get(measure.item, Text(measure.item, measure.item))
                return _fill("số liệu báo cáo “{0}”", "reported figure “{0}”", title)
            case Stock():
                return self._stock(measure)
        return self._flow(measure)

    def _ratio(self, measure: Ratio) -> Text:
        whole = _fill("[{0}] chia cho [{1}]", "[{0}] divided by [{1}]", self.measure(measure.top), self.measure(measure.bottom))
        return whole if measure.scale == 1 else _fill("{0}, nhân {1}", "{0}, times {1}", whole, _number(measure.scale))

    def _series(self, measure: Series) -> Text:
        inputs = _joined([self._column(each) for each in measure.inputs], ", ", ", ")
        words = (measure.function.__doc__ or measure.function.__name__).strip().splitlines()[0].rstrip(".")
        return _fill(
            "hàm “{0}” trên {1} giờ số đo gần nhất ({2}) của mỗi {3}",
            "function “{0}” over the last {1} hours of readings ({2}) of each {3}",
            measure.title or _same(words),
            _number(measure.hours),
            inputs,
            self._column(measure.station),
        )

    def _stock(self, measure: Stock) -> Text:
        vi = "số bản ghi {0} còn hiệu lực cuối kỳ (từ “{1}” đến trước {2})"
        en = "number of rows of {0} alive at the end of the period (from “{1}” until {2})"
        text = _fill(vi, en, self._dataset.title, self._column(measure.begins), self.value(measure.ends))
        return self._where(text, measure.where)

    def _flow(self, measure: Measure) -> Text:
        at = getattr(measure, "at", None) or Column(self._dataset.time)
        text = self._where(self._counted(measure), getattr(measure, "where", None))
        return _fill("{0}, theo “{1}” trong kỳ", "{0}, by “{1}” in the period", text, self._column(at))

    def _counted(self, measure: Measure) -> Text:
        match measure:
            case Total():
                return _fill("tổng {0}", "sum of {0}", self.value(measure.of))
            case Extreme(largest=largest):
                words = ("giá trị lớn nhất của {0}", "largest {0}") if largest else ("giá trị nhỏ nhất của {0}", "smallest {0}")
                return _fill(*words, self.value(measure.of))
            case Quantile():
                return _fill("phân vị {1} của {0}", "quantile {1} of {0}", self.value(measure.of), _number(measure.q))
            case Distinct():
                return _fill("số giá trị khác nhau của {0}", "number of different values of {0}", self.value(measure.of))
            case Count():
                return _fill("số bản ghi {0}", "number of rows of {0}", self._dataset.title)
        raise ValueError(f"no words for {measure!r}")

    def _where(self, text: Text, condition: Expression | None) -> Text:
        return text if condition is None else _fill("{0} mà {1}", "{0} where {1}", text, self.condition(condition))

    def condition(self, condition: Expression) -> Text:
        """A condition as a clause."""
        match condition:
            case Compare():
                return _fill(
                    "{0} {1} {2}",
                    "{0} {1} {2}",
                    self.value(condition.left),
                    _COMPARED[condition.operator],
                    self.value(condition.right),
                )
            case OneOf():
                return _fill("{0} thuộc nhóm {1}", "{0} is one of {1}", self.value(condition.item), self._choices(condition))
            case Known():
                return _fill("đã có {0}", "{0} is known", self.value(condition.item))
            case Not(condition=Known() as known):
                return _fill("chưa có {0}", "{0} is not known", self.value(known.item))
            case Not():
                return _fill("không phải ({0})", "not ({0})", self.condition(condition.condition))
            case Every():
                return _joined([self._part(each) for each in condition.conditions], " và ", " and ")
            case Either():
                return _joined([self._part(each) for each in condition.conditions], " hoặc ", " or ")
        return self.value(condition)

    def _part(self, condition: Expression) -> Text:
        text = self.condition(condition)
        return _fill("({0})", "({0})", text) if isinstance(condition, Every | Either) else text

    def value(self, expression: Expression) -> Text:
        """An expression as a noun."""
        match expression:
            case Column():
                return _fill("“{0}”", "“{0}”", self._column(expression))
            case Constant():
                return _number(expression.value) if isinstance(expression.value, int | float) else _same(f"“{expression.value}”")
            case Moment():
                return Text("cuối kỳ (hoặc lúc này nếu kỳ chưa hết)", "the end of the period (or now while it runs)")
            case FirstKnown():
                return _joined([self.value(each) for each in expression.items], ", nếu không có thì ", ", else ")
            case HoursBetween():
                return _fill(
                    "số giờ từ {0} đến {1}", "hours from {0} to {1}", self.value(expression.start), self.value(expression.end)
                )
            case Earlier():
                return _fill(
                    "{0} lùi lại {1} giờ",
                    "{0} moved back by {1} hours",
                    self.value(expression.moment),
                    self.value(expression.hours),
                )
            case Choose():
                parts = (self.condition(expression.condition), self.value(expression.then), self.value(expression.otherwise))
                return _fill("{1} nếu {0}, ngược lại {2}", "{1} if {0}, otherwise {2}", *parts)
        return self.condition(expression)

    def _column(self, column: Column) -> Text:
        field = self._fields.get(column.name)
        return field.title if field else _same(column.name)

    def _choices(self, condition: OneOf) -> Text:
        field = self._fields.get(condition.item.name) if isinstance(condition.item, Column) else None
        titles = {each.code: each.title for each in field.type.choices} if field else {}
        return _joined([titles.get(str(each), _same(str(each))) for each in condition.values], ", ", ", ")


def _fill(vi: str, en: str, *parts: Text) -> Text:
    return Text(vi.format(*(each.vi for each in parts)), en.format(*(each.en for each in parts)))


def _joined(parts: Iterable[Text], vi: str, en: str) -> Text:
    known = list(parts)
    return Text(vi.join(each.vi for each in known), en.join(each.en for each in known))


def _same(word: str) -> Text:
    return Text(word, word)


def _number(value: float | bool) -> Text:
    places = 0 if float(value).is_integer() else 4
    text = f"{half_up(float(value), places):f}"
    text = text.rstrip("0").rstrip(".") if places else text
    return Text(text.replace(".", ","), text)
