"""The administrators' pages of kinds of incidents and procedures: the list, and each with its form and its history."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from toancanh.people.permissions import Request
from toancanh.people.roles import Action
from toancanh.people.views import require
from toancanh.response.catalogue import differences, editing, history, kind_form, procedure_form, term_words
from toancanh.response.catalogue.editing import Editor
from toancanh.response.handling import kinds, local, procedures
from toancanh.response.handling.kept import Of
from toancanh.response.handling.kinds import SEVERITIES, IncidentKind
from toancanh.response.handling.procedures import Procedure
from toancanh.response.pages.incident_words import SEVERITY_KINDS, SEVERITY_TITLES
from toancanh.response.services import kinds as services
from toancanh.ui.language import t, tx
from toancanh.ui.parts import StatusView
from toancanh.ui.tables import Cell, Column, TableView

KIND = Editor[IncidentKind](
    of=Of.KIND, name="kind", of_none="new_kind", blank=kind_form.blank, editions=history.of_kind, given=kind_form.given,
    read=kind_form.read, form_of=kind_form.form_of, differ=differences.of_kinds, as_data=kinds.as_data,
    named=kind_form.named, save=services.save_kind,
)  # fmt: skip
PROCEDURE = Editor[Procedure](
    of=Of.PROCEDURE, name="procedure", of_none="new_procedure", blank=procedure_form.blank, editions=history.of_procedure,
    given=procedure_form.given, read=procedure_form.read, form_of=procedure_form.form_of, differ=differences.of_procedures,
    as_data=procedures.as_data, named=procedure_form.named, save=services.save_procedure, reshaped=procedure_form.reshaped,
)  # fmt: skip


@require(Action.CONFIGURE)
@require_safe
def catalogue(request: Request) -> HttpResponse:
    """Every kind and every procedure as they hold today."""
    editing.require_reader(request.actor)
    found, ways = kinds.kinds(), procedures.procedures()
    context = {"kinds": _kinds(found, ways), "procedures": _procedures(found, ways), "writes": not request.actor.read_only}
    return render(request, "response/kinds.html", context)


@require(Action.CONFIGURE)
@require_http_methods(["GET", "POST"])
def kind(request: Request, code: str) -> HttpResponse:
    """One kind; see `editing.page`."""
    return editing.page(request, KIND, code)


@require(Action.CONFIGURE)
@require_http_methods(["GET", "POST"])
def new_kind(request: Request) -> HttpResponse:
    """One more kind."""
    return editing.page(request, KIND)


@require(Action.CONFIGURE)
@require_http_methods(["GET", "POST"])
def procedure(request: Request, code: str) -> HttpResponse:
    """One procedure; see `editing.page`."""
    return editing.page(request, PROCEDURE, code)


@require(Action.CONFIGURE)
@require_http_methods(["GET", "POST"])
def new_procedure(request: Request) -> HttpResponse:
    """One more procedure."""
    return editing.page(request, PROCEDURE)


def _kinds(found: dict[str, IncidentKind], ways: dict[str, Procedure]) -> TableView:
    heads = (
        ("Loại việc", "Kind"), ("Mức ban đầu", "Severity at first"), ("Thời hạn khắc phục", "To be handled in"),
        ("Quy trình", "Procedure"), ("Cơ quan có thẩm quyền", "Competent agency"), ("Cảnh báo của", "Alerts of"),
        ("Tình trạng", "State"),
    )  # fmt: skip
    title, changed = t("Loại việc", "Kinds of incidents"), local.history(Of.KIND)
    return TableView(
        title=title, caption=title, columns=tuple(Column(label=t(*names), long=names[0] != "Mức ban đầu") for names in heads),
        rows=tuple(_kind(each, ways, _made(each.code in kinds.DECLARED, each.code in changed)) for each in found.values()),
    )  # fmt: skip


def _kind(kind: IncidentKind, ways: dict[str, Procedure], made: str) -> tuple[Cell, ...]:
    severity = StatusView(SEVERITY_KINDS[kind.severity], tx(SEVERITY_TITLES[kind.severity]))
    terms = " · ".join(f"{tx(SEVERITY_TITLES[each])} {tx(term_words.said(kind.term('handle', each)))}" for each in SEVERITIES)
    state = StatusView("ok", t("Đang dùng", "In use")) if kind.offered else StatusView("none", t("Ngừng dùng", "Switched off"))
    way = Cell(text="–")
    if kind.procedure:
        href = reverse("response:procedure", args=[kind.procedure])
        way = Cell(text=differences.procedure_title(kind.procedure, ways), href=href)
    commune = t("UBND xã, phường trước", "commune's committee first") if kind.local else ""
    return (
        Cell(text=tx(kind.title), href=reverse("response:kind", args=[kind.code]), note=kind.code), Cell(status=severity),
        Cell(text=terms), way, Cell(text=differences.role_title(kind.role), note=commune),
        Cell(text=differences.fields_in_words(kind.fields) if kind.fields else "–"),
        Cell(status=state, note=made),
    )  # fmt: skip


def _procedures(found: dict[str, IncidentKind], ways: dict[str, Procedure]) -> TableView:
    heads = (
        ("Quy trình", "Procedure"), ("Số bước", "Steps"), ("Dùng cho loại việc", "Started by kinds"), ("Phiên bản", "Version"),
    )  # fmt: skip
    title, changed = t("Quy trình", "Procedures"), local.history(Of.PROCEDURE)
    return TableView(
        title=title, caption=title,
        columns=tuple(Column(label=t(*names), number=names[0] == "Số bước", long=names[0] != "Số bước") for names in heads),
        rows=tuple(
            _procedure(each, found, _made(each.code in procedures.DECLARED, each.code in changed)) for each in ways.values()
        ),
    )  # fmt: skip


def _procedure(way: Procedure, found: dict[str, IncidentKind], made: str) -> tuple[Cell, ...]:
    used = ", ".join(tx(each.title) for each in found.values() if each.procedure == way.code)
    return (
        Cell(text=tx(way.title), href=reverse("response:procedure", args=[way.code]), note=way.code),
        Cell(text=str(len(way.stages))), Cell(text=used or "–"), Cell(text=str(way.version), note=made),
    )  # fmt: skip


def _made(declared: bool, changed: bool) -> str:
    """Whether a thing is as the product declares it: the second line of its state."""
    if not declared:
        return t("tạo tại địa phương", "made here")
    return t("đã sửa tại địa phương", "changed here") if changed else ""
