"""What somebody does on a page of figures."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from toancanh.boards.acting.reminding import remind
from toancanh.boards.figures import figures
from toancanh.boards.home import home
from toancanh.boards.views.asking import PageRequest, selection_of_now
from toancanh.indicators.policy import readable
from toancanh.people.roles import Action
from toancanh.people.views import require


@require(Action.DIRECT)
@require_POST
def remind_of(request: PageRequest, code: str) -> HttpResponse:
    """Remind the agency that owes the figure; on to the figure's page, which says when that was."""
    selection = selection_of_now(request)
    figure = figures(request.actor, home(selection.map_day), [readable(request.actor, code)], selection)[0]
    remind(request.actor, figure, selection)
    return HttpResponseRedirect(selection.indicator(code))
