"""Parts that a page asks for again when the stream says that their figure moved."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from toancanh.boards.figures import figures
from toancanh.boards.home import home
from toancanh.boards.pages import overview
from toancanh.boards.pages.overview import company_of, with_incidents
from toancanh.boards.pages.places import places_part
from toancanh.boards.selection import read
from toancanh.boards.shown import work
from toancanh.boards.shown.feeds import arrivals
from toancanh.boards.shown.tiles import tile
from toancanh.boards.sources import freshness, health
from toancanh.boards.views.asking import PageRequest, unit_of
from toancanh.indicators.policy import readable
from toancanh.people.roles import Action
from toancanh.people.views import require


@require(Action.VIEW)
@require_safe
def one_tile(request: PageRequest, code: str) -> HttpResponse:
    """The card of one figure of `unit=`."""
    selection = read(request.GET, timezone.now())
    unit, chosen = unit_of(request, selection), readable(request.actor, code)
    figure = figures(request.actor, unit, [chosen], selection, feeds=freshness())[0]
    company = company_of(request.actor, unit, [figure], selection, missing=figure.missing)
    return render(request, "boards/fragment.html", {"views": [tile(figure, selection, company)]})


@require(Action.VIEW)
@require_safe
def places(request: PageRequest, code: str) -> HttpResponse:
    """The map and the ranking of one figure over the places of `unit=`, in this order."""
    selection = read(request.GET, timezone.now())
    chosen = readable(request.actor, code)
    change = "change" in request.GET
    unit = unit_of(request, selection)
    part = places_part(request.actor, unit, chosen, selection, change=change)
    if change:  # the overview's map, which has the incidents on it
        part = with_incidents(part, work.burning(request.actor, selection), unit, selection)
    return render(request, "boards/fragment.html", {"views": [part.map, part.ranking]})


@require(Action.VIEW)
@require_safe
def summary(request: PageRequest) -> HttpResponse:
    """The head of the overview and its list of work: what changes with any figure, incident or task."""
    selection = read(request.GET, timezone.now())
    shown = overview.summary(request.actor, home(selection.map_day), selection)
    return render(request, "boards/summary.html", {"summary": shown})


@require(Action.VIEW)
@require_safe
def arriving(request: PageRequest) -> HttpResponse:
    """The list of sources on the overview."""
    selection = read(request.GET, timezone.now())
    return render(request, "boards/fragment.html", {"views": [arrivals(health(request.actor), selection)]})
