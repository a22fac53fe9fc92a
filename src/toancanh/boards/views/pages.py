"""The pages: each reads the address, asks for its view and prints it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from toancanh.boards.figures import figures
from toancanh.boards.home import home
from toancanh.boards.pages import proof
from toancanh.boards.pages.agency import agency_page
from toancanh.boards.pages.briefing import briefing
from toancanh.boards.pages.field import field_page
from toancanh.boards.pages.indicator import indicator_page
from toancanh.boards.pages.overview import overview
from toancanh.boards.pages.place import place_page
from toancanh.boards.pages.places import rates
from toancanh.boards.pages.search import search
from toancanh.boards.selection import Selection, read, whole_number
from toancanh.boards.shown import feeds, orders
from toancanh.boards.sources import health
from toancanh.boards.views.asking import PageRequest, selection_of, selection_of_now, unit_of
from toancanh.indicators.policy import readable
from toancanh.kernel.contracts import Level
from toancanh.kernel.problem import Problem
from toancanh.kernel.registry import registry
from toancanh.kernel.text import Text
from toancanh.people import policy
from toancanh.people.roles import Action
from toancanh.people.views import require
from toancanh.ui.language import t
from toancanh.units import queries as units


@require(Action.VIEW)
@require_safe
def overview_page(request: PageRequest) -> HttpResponse:
    """S9."""
    selection = selection_of(request)
    root = request.root = home(selection.map_day)
    chosen = readable(request.actor, selection.on_map) if selection.on_map else None
    page = overview(request.actor, root, selection, chosen)
    request.scopes = tuple(each.unit.key for each in page.own)
    return render(request, "boards/overview.html", {"page": page})


@require(Action.VIEW)
@require_safe
def briefing_page(request: PageRequest) -> HttpResponse:
    """S15."""
    selection = selection_of_now(request)
    root = units.root(selection.map_day)
    return render(request, "boards/briefing.html", {"page": briefing(request.actor, root, selection)})


@require(Action.VIEW)
@require_safe
def map_choice(request: PageRequest) -> HttpResponse:
    """Which rate to colour the overview's map by."""
    selection = read(request.GET, timezone.now())
    return render(request, "boards/choosing/map_choice.html", {"rates": rates(request.actor), "selection": selection})


@require(Action.VIEW)
@require_safe
def field(request: PageRequest, code: str) -> HttpResponse:
    """S10."""
    pack = registry.pack(code)
    if pack is None:
        raise _unknown(code)
    if not request.actor.can(Action.VIEW, code):
        raise policy.not_allowed(Action.VIEW)
    selection = selection_of(request)
    page = field_page(request.actor, pack, unit_of(request, selection), selection)
    return render(request, "boards/field.html", {"page": page})


@require(Action.VIEW)
@require_safe
def indicator(request: PageRequest, code: str) -> HttpResponse:
    """S11."""
    chosen = readable(request.actor, code)
    request.field = registry.pack_of(chosen).code
    selection = selection_of(request)
    level = request.GET.get("level", "")
    page = indicator_page(
        request.actor, chosen, unit_of(request, selection), selection, Level(level) if level in tuple(Level) else None
    )
    return render(request, "boards/indicator.html", {"page": page})


@require(Action.VIEW)
@require_safe
def rows(request: PageRequest, code: str) -> HttpResponse:
    """The rows behind one value of an indicator: `value=`, or the newest value of `unit=`."""
    chosen = readable(request.actor, code)
    request.field = registry.pack_of(chosen).code
    selection = selection_of(request)
    value = whole_number(request.GET, "value") or _shown_value(request, selection, code)
    part, offset = whole_number(request.GET, "part"), whole_number(request.GET, "offset")
    page = proof.rows_page(request.actor, value, part, offset, selection)
    return render(request, "boards/rows.html", {"page": page})


@require(Action.VIEW)
@require_safe
def place(request: PageRequest, key: str) -> HttpResponse:
    """S12; an agency's key leads to its own page."""
    selection = selection_of(request)
    unit = units.by_key(key)
    if unit.level == Level.AGENCY:
        return redirect(selection.agency(key))
    request.scopes = (unit.key,)
    return render(request, "boards/place.html", {"page": place_page(request.actor, unit, selection)})


@require(Action.VIEW)
@require_safe
def agency(request: PageRequest, key: str) -> HttpResponse:
    """S13."""
    selection = selection_of(request)
    unit = units.by_key(key)
    if unit.level != Level.AGENCY:
        return redirect(selection.place(key))
    request.scopes = (unit.key,)
    return render(request, "boards/agency.html", {"page": agency_page(request.actor, unit, selection)})


@require(Action.VIEW)
@require_safe
def value_proof(request: PageRequest, cell: int) -> HttpResponse:
    """ "Chứng minh số này": beside a page or as a page of its own."""
    selection = read(request.GET, timezone.now())
    shown = proof.again(request.actor, cell, selection, beside="X-Drawer" in request.headers)
    return render(request, "boards/proof.html", {"proof": shown, "order": orders.order_about(request.actor, cell)})


@require(Action.VIEW)
@require_safe
def sources(request: PageRequest) -> HttpResponse:
    """S29, first form: every source, the worst first."""
    selection = read(request.GET, timezone.now())
    lines = health(request.actor)
    page = feeds.table(lines, selection, t("Nguồn dữ liệu", "Data sources"))
    return render(
        request, "boards/sources.html", {"table": page, "sentence": feeds.sentence(lines), "shares": feeds.shares(lines)}
    )


@require(Action.VIEW)
@require_safe
def find(request: PageRequest) -> HttpResponse:
    """Search: a page, or a list of links under the search box."""
    selection = read(request.GET, timezone.now())
    q = request.GET.get("q", "")[:80]
    fragment = request.headers.get("HX-Request") == "true"
    hits = search(request.actor, q, selection, limit=6 if fragment else 30)
    return render(request, "boards/found.html" if fragment else "boards/search.html", {"q": q, "hits": hits})


def _shown_value(request: PageRequest, selection: Selection, code: str) -> int:
    """The id of the value that the indicator's page shows."""
    figure = figures(request.actor, unit_of(request, selection), [readable(request.actor, code)], selection)[0]
    if figure.point is None:
        raise Problem(
            "no-value",
            404,
            Text("Chưa có số liệu", "No data"),
            Text(
                "Chỉ tiêu chưa có giá trị trong kỳ này. Chọn kỳ khác.",
                "The indicator has no value in this period. Choose another.",
            ),
        )
    return figure.point.id


def _unknown(code: str) -> Problem:
    shown = code[:40]
    return Problem(
        "unknown-field",
        404,
        Text("Không có lĩnh vực này", "No such field"),
        Text(
            f"Không có lĩnh vực “{shown}”. Chọn trong danh sách bên trái.",
            f"There is no field “{shown}”. Choose one from the side bar.",
        ),
    )
