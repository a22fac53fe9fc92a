"""S8, wall control: what is on which wall, what comes next. Every button is a small form: it works by keyboard and thumb."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from toancanh.audit.telling import SAVED, after
from toancanh.boards.models import Wall
from toancanh.boards.wall import services
from toancanh.boards.wall.scenes import WallScene, every_scene, rotation
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.people.permissions import Actor, Request
from toancanh.people.roles import Action
from toancanh.people.views import require
from toancanh.ui.language import t
from toancanh.ui.tables import FieldView, Tab, TabsView

Verb = Callable[[Actor, str, QueryDict], Wall]
VERBS: dict[str, Verb] = {
    "push": lambda actor, code, form: services.push_scene(actor, code, form.get("scene", "")),
    "next": lambda actor, code, form: services.go_on(actor, code, 1),  # noqa: ARG005
    "previous": lambda actor, code, form: services.go_on(actor, code, -1),  # noqa: ARG005
    "hold": lambda actor, code, form: services.hold(actor, code, form.get("on") == "1"),
    "visitor": lambda actor, code, form: services.visitor_mode(actor, code, form.get("on") == "1"),
    "pace": lambda actor, code, form: services.set_pace(actor, code, _whole(form.get("seconds", ""))),
    "scenes": lambda actor, code, form: services.choose_scenes(actor, code, form.getlist("scene")),
}
_SETTINGS = ("pace", "scenes")  # of the others the page itself shows what they did


@dataclass(frozen=True, slots=True)
class SceneLine:
    """One scene in the control list."""

    scene: WallScene
    on: bool
    rotates: bool


@require(Action.DIRECT)
@require_safe
def page(request: Request) -> HttpResponse:
    """The control page of the main wall, or of the wall in the address."""
    wall = services.wall_of(request.GET.get("wall") or services.MAIN)
    turning = {each.code for each in rotation(request.actor, wall)}
    lines = [SceneLine(each, each.code == wall.current, each.code in turning) for each in every_scene(request.actor)]
    request.scopes = (wall.code,)  # type: ignore[attr-defined]
    bounds = t(f"Từ {services.SHORTEST} đến {services.LONGEST} giây.", f"{services.SHORTEST} to {services.LONGEST} seconds.")
    seconds = FieldView(
        name="seconds", label=t("Số giây", "Seconds"), kind="number", value=str(wall.seconds), hint=bounds, required=True
    )
    context = {"wall_row": wall, "lines": lines, "seconds": seconds, "walls": _walls(wall), "fresh": _fresh()}
    return render(request, "boards/wall/control.html", context)


def _walls(shown: Wall) -> TabsView:
    """All walls, the main one first."""
    others = Wall.objects.exclude(code=services.MAIN).order_by("name")
    tabs = [(services.MAIN, t("Tường chính", "Main wall")), *((each.code, each.name) for each in others)]
    return TabsView(
        label=t("Các tường màn hình", "Walls"),
        tabs=tuple(
            Tab(label=name, href=f"{reverse('boards:wall_control')}?wall={code}", current=code == shown.code)
            for code, name in tabs
        ),
    )


def _fresh() -> tuple[FieldView, ...]:
    """The form of another wall."""
    code = t("Là phần cuối của địa chỉ: /wall/phong-hop.", "The end of its address: /wall/meeting-room.")
    return (
        FieldView(name="name", label=t("Tên tường", "Name of the wall"), kind="text", required=True),
        FieldView(name="code", label=t("Mã", "Code"), kind="text", hint=code, required=True),
    )


@require(Action.DIRECT)
@require_POST
def make(request: Request) -> HttpResponse:
    """Another wall; on to its control page."""
    wall = services.make_wall(request.actor, request.POST.get("code", ""), request.POST.get("name", ""))
    return after(request, "wall.make_wall", f"{reverse('boards:wall_control')}?wall={wall.code}")


@require(Action.DIRECT)
@require_POST
def steer(request: Request, code: str, verb: str) -> HttpResponse:
    """One act on a wall; back to its control page."""
    act = VERBS.get(verb)
    if act is None:
        raise Problem(
            "unknown-act", 404, Text("Không có lệnh này", "No such command"),
            Text("Quay lại trang điều khiển tường màn hình.", "Go back to the wall control page."),
        )
    act(request.actor, code, request.POST)
    back = f"{reverse('boards:wall_control')}?wall={code}"
    return after(request, SAVED, back) if verb in _SETTINGS else HttpResponseRedirect(back)


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
