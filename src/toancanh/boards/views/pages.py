"""The pages: each reads the address, asks for its view and prints it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from toancanh.boards.pages.overview import overview
from toancanh.boards.pages.places import rates
from toancanh.boards.selection import Selection, pickers, read
from toancanh.kernel.registry import registry
from toancanh.people.roles import Action
from toancanh.people.views import require
from toancanh.units import queries as units


def selection_of(request: HttpRequest) -> Selection:
    """The selection in the address; its drop-downs go to the top bar."""
    selection = read(request.GET, timezone.now())
    kept = {"unit": request.GET["unit"]} if request.GET.get("unit") else {}
    request.pickers = pickers(selection, request.path, **kept)
    return selection


@require(Action.VIEW)
@require_safe
def overview_page(request: HttpRequest) -> HttpResponse:
    """S9."""
    selection = selection_of(request)
    root = units.root(selection.map_day)
    chosen = registry.indicator(selection.on_map) if selection.on_map else None
    return render(request, "boards/overview.html", {"page": overview(request.actor, root, selection, chosen)})


@require(Action.VIEW)
@require_safe
def map_choice(request: HttpRequest) -> HttpResponse:
    """Which rate to colour the overview's map by."""
    selection = read(request.GET, timezone.now())
    return render(request, "boards/map_choice.html", {"rates": rates(request.actor), "selection": selection})
