"""What the province sets itself about an indicator: the target of a year, who owns it, and when it is to be watched."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from toancanh.audit.telling import after
from toancanh.boards.selection import read
from toancanh.boards.shown import words
from toancanh.boards.views.asking import PageRequest
from toancanh.indicators import allowed, services
from toancanh.indicators.models import IndicatorOverride, TargetOverride
from toancanh.indicators.policy import readable
from toancanh.kernel.agency_roles import ROLES
from toancanh.kernel.contracts import Fixed, Indicator, MonthlyPath, YearPlan
from toancanh.kernel.problem import Problem
from toancanh.kernel.registry import registry
from toancanh.kernel.text import Text
from toancanh.people.permissions import Actor
from toancanh.people.policy import require_all
from toancanh.people.roles import Action
from toancanh.people.views import require
from toancanh.ui import formats
from toancanh.ui.language import t, tx
from toancanh.ui.parts import Link
from toancanh.ui.tables import Cell, Choice, Column, Fact, FactsView, FieldView, TableView, TrailView

YEARS = range(2000, 2101)
COLOURS = 5  # of a map


@dataclass(frozen=True, slots=True)
class Form:
    """One form of the page: what it does, in words, and its fields."""

    act: str
    title: str
    hint: str
    fields: tuple[FieldView, ...]
    button: str


@require(Action.CONFIGURE)
@require_http_methods(["GET", "POST"])
def local(request: PageRequest, code: str) -> HttpResponse:
    """GET shows what is declared, what is set and the forms; POST act= one of `ACTS` changes it, and comes back."""
    indicator = readable(request.actor, code)
    require_all(request.actor, Action.CONFIGURE, field=registry.pack_of(indicator).code)
    problem = None
    if request.method == "POST":
        try:
            ACTS.get(request.POST.get("act", ""), _unknown)(request.actor, indicator, request.POST)
            return after(request, AUDITED[request.POST["act"]], f"/indicators/{code}/local")
        except Problem as refused:
            if refused.status != 422:
                raise
            problem = refused
    selection = read(QueryDict(), timezone.now())
    here = Link(t("Thiết lập tại tỉnh", "Local settings"), f"/indicators/{code}/local")
    context = {
        "indicator": indicator,
        "trail": TrailView((Link(words.title(indicator), selection.indicator(code)), here)),
        "problem": problem,
        "forms": tuple(
            replace(form, fields=tuple(replace(each, form=form.act) for each in form.fields)) for form in (
                _target_form(indicator, request.POST, selection.today.year), _definition_form(indicator, request.POST),
                *_withdraw_form(indicator, request.POST),
            )
        ),
        "declared": _declared(indicator),
        "targets": _targets(indicator),
    }
    return render(request, "boards/choosing/local.html", context, status=problem.status if problem else 200)


def _set_target(actor: Actor, indicator: Indicator, form: QueryDict) -> None:
    year = form.get("year", "").strip()
    if not (year.isascii() and year.isdigit() and len(year) == 4 and int(year) in YEARS):
        raise _wrong(Text("Nhập năm, ví dụ 2026.", "Enter the year, for example 2026."))
    parts = form.get("values", "").replace("\n", ";").split(";")
    values = [_number(each) for each in parts if each.strip()]
    services.set_target(actor, indicator.code, int(year), values, basis=_reason(form))


def _withdraw_target(actor: Actor, indicator: Indicator, form: QueryDict) -> None:
    which = form.get("which", "")
    found = _targets_set(indicator).filter(pk=which).first() if which.isascii() and which.isdigit() and len(which) < 19 else None
    if found is None:
        raise _wrong(Text("Chọn mục tiêu cần bỏ trong danh sách.", "Choose the target to withdraw from the list."))
    services.withdraw_target(actor, found, reason=_reason(form))


def _set_definition(actor: Actor, indicator: Indicator, form: QueryDict) -> None:
    owner, tolerance, base = (form.get(name, "").strip() for name in ("owner", "tolerance", "smallest_base"))
    if owner and owner not in {role.code for role in ROLES}:
        raise _wrong(Text("Chọn cơ quan chủ trì trong danh sách.", "Choose the owner from the list."))
    share = _number(tolerance) / 100 if tolerance else None
    if share is not None and not 0 <= share <= 1:
        raise _wrong(Text("Ngưỡng cần chú ý từ 0 đến 100%.", "The tolerance is between 0 and 100%."))
    if base and not (base.isascii() and base.isdigit() and len(base) < 7):
        raise _wrong(Text("Số hồ sơ tối thiểu là số nguyên, ví dụ 20.", "The smallest base is a whole number, for example 20."))
    services.override(
        actor, indicator.code, reason=_reason(form), owner=owner or None, tolerance=share,
        smallest_base=int(base) if base else None, classes=_classes(form.get("classes", "")),
        basis=" ".join(form.get("basis", "").split())[:300] or None,
    )  # fmt: skip


def _classes(typed: str) -> list[float] | None:
    """The boundaries between the five colours of a map; None when nothing was typed."""
    if not typed.strip():
        return None
    bounds = [_number(each) for each in typed.split(";") if each.strip()]
    if len(bounds) != COLOURS - 1 or sorted(set(bounds)) != bounds:
        raise _wrong(Text(
            "Ngưỡng màu bản đồ là bốn số tăng dần, cách nhau bằng dấu chấm phẩy, ví dụ 92; 95; 97; 98,5.",
            "The map boundaries are four rising numbers separated by semicolons, for example 92; 95; 97; 98.5.",
        ))  # fmt: skip
    return bounds


def _unknown(_actor: Actor, _indicator: Indicator, _form: QueryDict) -> None:
    raise _wrong(Text("Dùng một trong các biểu trên trang.", "Use one of the forms of the page."))


ACTS: dict[str, Callable[[Actor, Indicator, QueryDict], None]] = {
    "target": _set_target, "definition": _set_definition, "withdraw": _withdraw_target,
}  # fmt: skip
AUDITED = {"target": "indicators.set_target", "definition": "indicators.override", "withdraw": "indicators.withdraw_target"}


def _reason(form: QueryDict) -> str:
    reason = " ".join(form.get("reason", "").split())[:300]
    if not reason:
        raise _wrong(Text("Nhập căn cứ hoặc lý do.", "Enter the basis or reason."))
    return reason


def _number(text: str) -> float:
    try:
        number = formats.typed(text)
    except ValueError:
        number = None
    if number is None:
        shown = text.strip()[:30]
        raise _wrong(Text(f"“{shown}” không phải là số. Viết như 1.234,5.", f"“{shown}” is not a number. Write it as 1,234.5."))
    return number


def _wrong(detail: Text) -> Problem:
    return Problem("wrong-setting", 422, Text("Chưa lưu được", "Not saved"), detail)


def _target_form(indicator: Indicator, given: QueryDict, year: int) -> Form:
    typed = given if given.get("act") == "target" else QueryDict()
    unit = tx(indicator.unit)
    hint = t(
        f"Một số cho cả năm, hoặc 12 số cho cuối mỗi tháng, cách nhau bằng dấu chấm phẩy. Đơn vị: {unit}.",
        f"One number for the year, or 12 for the ends of the months, separated by semicolons. Unit: {unit}.",
    )
    if within := allowed.allowed(indicator):
        hint += t(f" Mỗi số {within.vi}.", f" Each {within.en}.")
    fields = (
        FieldView(name="year", label=t("Năm", "Year"), value=typed.get("year", str(year)), required=True),
        FieldView(
            name="values", label=t("Mục tiêu", "Target"), kind="textarea", value=typed.get("values", ""), hint=hint, required=True
        ),
        _reason_field("target", typed),
    )
    title = t("Mục tiêu của một năm", "Target of a year")
    return Form("target", title, t("Đặt lại cùng năm thì thay số cũ; bản cũ còn trong nhật ký và trong các bản của giá trị.",
                "Setting the same year again replaces it; the record and the versions of the values keep the old one."),
                fields, t("Lưu mục tiêu", "Save the target"))  # fmt: skip


def _definition_form(indicator: Indicator, given: QueryDict) -> Form:
    kept = IndicatorOverride.objects.filter(indicator=indicator.code, unit=None).first() or IndicatorOverride()
    typed = given if given.get("act") == "definition" else QueryDict()
    tolerance = "" if kept.tolerance is None else formats.for_typing(kept.tolerance * 100)
    base = "" if kept.smallest_base is None else str(kept.smallest_base)
    bounds = "; ".join(map(formats.for_typing, kept.classes or ()))
    owner = typed.get("owner", kept.owner)
    declared = t(f"Theo khai báo: {indicator.owner.title.vi}", f"As declared: {indicator.owner.title.en}")
    roles = (Choice(value=role.code, label=tx(role.title), chosen=role.code == owner) for role in ROLES)
    choices = (Choice(value="", label=declared, chosen=not owner), *roles)
    fields = (
        FieldView(name="owner", label=t("Cơ quan chủ trì", "Owner"), kind="select", choices=choices),
        FieldView(
            name="tolerance", label=t("Ngưỡng cần chú ý, % so với mục tiêu", "Tolerance, % of the target"),
            value=typed.get("tolerance", tolerance),
        ),
        FieldView(
            name="smallest_base", label=t("Số bản ghi tối thiểu để xếp hạng", "Fewest records to be judged"),
            value=typed.get("smallest_base", base),
        ),
        FieldView(
            name="classes", label=t("Ngưỡng màu bản đồ", "Boundaries of the map's colours"), value=typed.get("classes", bounds),
            hint=t("Bốn số tăng dần, cách nhau bằng dấu chấm phẩy.", "Four rising numbers, separated by semicolons."),
        ),
        FieldView(
            name="basis", label=t("Căn cứ pháp lý của chỉ tiêu", "Legal basis of the indicator"),
            value=typed.get("basis", kept.basis),
        ),
        _reason_field("definition", typed),
    )  # fmt: skip
    title = t("Chủ trì và ngưỡng tại tỉnh", "Owner and thresholds here")
    return Form("definition", title, t("Để trống: theo khai báo của lĩnh vực.", "Empty: as the field declares."), fields,
                t("Lưu thiết lập", "Save the settings"))  # fmt: skip


def _withdraw_form(indicator: Indicator, given: QueryDict) -> tuple[Form, ...]:
    """Nothing while no target is set here."""
    typed = given if given.get("act") == "withdraw" else QueryDict()
    choices = tuple(
        Choice(value=str(each.pk), label=f"{each.year} · {_where(each)}", chosen=str(each.pk) == typed.get("which"))
        for each in _targets_set(indicator)
    )
    if not choices:
        return ()
    which = FieldView(name="which", label=t("Mục tiêu đã đặt", "Target set here"), kind="select", choices=choices, required=True)
    hint = t("Mục tiêu theo khai báo có hiệu lực trở lại.", "The declared target holds again.")
    title = t("Bỏ mục tiêu đã đặt", "Withdraw a target")
    return (Form("withdraw", title, hint, (which, _reason_field("withdraw", typed)), title),)


def _reason_field(form: str, typed: QueryDict) -> FieldView:
    return FieldView(
        name="reason", label=t("Căn cứ hoặc lý do", "Basis or reason"), value=typed.get("reason", ""), required=True,
        hint=t("Ví dụ: Nghị quyết 12/NQ-HĐND.", "For example: Resolution 12/NQ-HĐND.") if form == "target" else "",
    )  # fmt: skip


def _declared(indicator: Indicator) -> FactsView:
    """What holds wherever the province sets nothing."""
    return FactsView(
        title=t("Theo khai báo của lĩnh vực", "As the field declares"),
        facts=(
            Fact(t("Mục tiêu", "Target"), _declared_target(indicator)),
            Fact(t("Ngưỡng cần chú ý", "Tolerance"), f"{formats.for_typing(indicator.tolerance * 100)}%"),
            Fact(t("Số bản ghi tối thiểu", "Fewest records"), str(indicator.smallest_base)),
            Fact(t("Ngưỡng màu bản đồ", "Boundaries of the map's colours"), _declared_boundaries(indicator)),
        ),
    )  # fmt: skip


def _declared_target(indicator: Indicator) -> str:
    match indicator.target:
        case Fixed(value):
            return words.short(indicator, value)
        case MonthlyPath(values):
            return "; ".join(words.value(indicator, each) for each in values)
        case YearPlan():
            return t("Kế hoạch năm theo báo cáo, chia theo tháng", "The year's reported plan, by its share of the months")
        case _:
            return t("Không có", "None")


def _declared_boundaries(indicator: Indicator) -> str:
    bounds = tuple(each.low for each in indicator.bands[1:]) or indicator.classes
    return "; ".join(map(formats.for_typing, bounds)) if bounds else t("Chia đều theo số liệu", "Even steps over the figures")


def _targets_set(indicator: Indicator) -> QuerySet[TargetOverride]:
    return TargetOverride.objects.filter(indicator=indicator.code).select_related("unit").order_by("-year", "unit__order_key")


def _where(target: TargetOverride) -> str:
    return tx(target.unit.title) if target.unit else t("Mọi nơi", "Everywhere")


def _targets(indicator: Indicator) -> TableView:
    rows = tuple(
        (
            Cell(text=str(each.year)),
            Cell(text=_where(each)),
            Cell(text="; ".join(words.value(indicator, value) for value in each.values)),
            Cell(text=each.basis),
        )
        for each in _targets_set(indicator)
    )
    title = t("Mục tiêu đã đặt", "Targets set here")
    return TableView(
        title=title, caption=title, rows=rows, state="ready" if rows else "empty",
        message="" if rows else t("Chưa đặt; dùng mục tiêu đã khai báo.", "None; the declared target holds."),
        columns=(
            Column(label=t("Năm", "Year")), Column(label=t("Nơi", "Place")), Column(label=t("Mục tiêu", "Target"), number=True),
            Column(label=t("Căn cứ", "Basis")),
        ),
    )  # fmt: skip
