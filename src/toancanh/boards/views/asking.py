"""What a page's request carries: the selection in its address, the unit it is about, and notes for the frame."""

from __future__ import annotations

from django.utils import timezone

from toancanh.boards.home import home
from toancanh.boards.selection import Selection, notice, pickers, read
from toancanh.people.permissions import Request
from toancanh.ui.tables import NoticeView, PickerView
from toancanh.units import queries as units
from toancanh.units.models import Unit


class PageRequest(Request):
    """A request on which a view leaves what the frame prints: drop-downs, the field, the place, and what to listen to."""

    pickers: tuple[PickerView, ...]
    notice: NoticeView | None
    scopes: tuple[str, ...]
    field: str
    root: Unit


def selection_of(request: PageRequest) -> Selection:
    """The selection in the address; its drop-downs go to the top bar."""
    now = timezone.now()
    selection = read(request.GET, now)
    kept = {name: request.GET[name] for name in ("unit", "level") if request.GET.get(name)}
    request.pickers = pickers(selection, request.path, now, **kept)
    request.notice = notice(selection, request.path, **kept)
    return selection


def selection_of_now(request: PageRequest) -> Selection:
    """The selection in the address as it is now: acts and pages of work have no other day."""
    return read({**request.GET.dict(), "known": ""}, timezone.now())


def unit_of(request: PageRequest, selection: Selection) -> Unit:
    """The unit in the address (`unit=`), else the place that the centre serves; its changes are listened to."""
    key = request.GET.get("unit", "")
    unit = units.by_key(key) if key else home(selection.map_day)
    request.scopes = (unit.key,)
    return unit
