"""S1 to S3 and every other scene of a wall, and the small JSON by which a wall knows what to show."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from toancanh.boards.figures import counts
from toancanh.boards.models import Wall
from toancanh.boards.selection import Selection
from toancanh.boards.shown import feeds
from toancanh.boards.wall.scenes import WallScene, rotation, scene_of
from toancanh.boards.wall.services import wall_of
from toancanh.boards.wall.takeover import PREFIX, scene_code, urgent_of, urgent_scene
from toancanh.boards.wall.zones import Stage, Zones, province_figures, stage, zones
from toancanh.kernel.text import Text
from toancanh.people.permissions import Request
from toancanh.people.roles import Action
from toancanh.people.views import require
from toancanh.response.models import Incident
from toancanh.ui import formats
from toancanh.ui.language import t, tx
from toancanh.ui.parts import Share, StatusView
from toancanh.ui.stream import stream_address
from toancanh.ui.tables import Tab, WallView


@require(Action.VIEW)
@require_safe
def scene_page(request: Request, code: str) -> HttpResponse:
    """The wall `code` with its current scene, or the scene in the address. `preview=` shows a scene that follows no command."""
    wall = wall_of(code)
    preview, asked = request.GET.get("preview", ""), request.GET.get("scene", "")
    incident = urgent_of(request.actor, wall) if not preview and (not asked or asked.startswith(PREFIX)) else None
    if incident is not None:
        return _urgent_page(request, wall, incident)
    asked = "" if asked.startswith(PREFIX) else asked  # it was let go meanwhile
    scene = scene_of(request.actor, preview or asked or _current(request, wall))
    on = stage(request.actor, Selection(now=timezone.now()), visitor=wall.visitor)
    made = zones(scene, on)
    view = _frame(request, wall, scene, on, made)
    if preview:
        view = replace(view, state_href="")
    return render(request, "boards/wall/scene.html", {"wall": view, "zones": made})


@require(Action.VIEW)
@require_safe
def state(request: Request, code: str) -> HttpResponse:
    """What the wall should show now."""
    wall = wall_of(code)
    incident = urgent_of(request.actor, wall)
    current = scene_code(incident) if incident else _current(request, wall)
    return JsonResponse(
        {
            "scene": current,
            "href": _href(wall, current),
            "held": wall.held or incident is not None,
            "visitor": wall.visitor,
            "seconds": wall.seconds,
            "scenes": [{"code": each.code, "href": _href(wall, each.code)} for each in rotation(request.actor, wall)],
        }
    )


def _urgent_page(request: Request, wall: Wall, incident: Incident) -> HttpResponse:
    """The wall while an urgent incident has it."""
    scene = WallScene(scene_code(incident), Text("Sự việc khẩn cấp", "Urgent incident"), Text("Ai nhận?", "Who takes it?"))
    on = stage(request.actor, Selection(now=timezone.now()), visitor=wall.visitor)
    view = _frame(request, wall, scene, on, Zones(layout="urgent", tiles=()))
    context = {"wall": view, "scene": urgent_scene(incident, visitor=wall.visitor)}
    return render(request, "boards/wall/urgent.html", context)


def _current(request: Request, wall: Wall) -> str:
    codes = [each.code for each in rotation(request.actor, wall)]
    return wall.current if wall.current in codes or wall.held else codes[0]


def _href(wall: Wall, scene: str) -> str:
    return f"{reverse('boards:wall', args=[wall.code])}?{urlencode({'scene': scene})}"


def _frame(request: Request, wall: Wall, scene: WallScene, on: Stage, made: Zones) -> WallView:
    return WallView(
        code=wall.code,
        title=t("Trung tâm điều hành thông minh", "Intelligent operations centre"),
        subtitle=tx(scene.title),
        province=tx(on.root.title),
        clock_text=formats.clock(on.selection.now),
        date_text=f"{formats.weekday(formats.local(on.selection.now))}, {formats.day(on.selection.now)}",
        scene=scene.code,
        counts=_counts(on, made),
        scenes=tuple(
            Tab(label=tx(each.title), href=_href(wall, each.code), current=each.code == scene.code)
            for each in rotation(request.actor, wall)
        ),
        sources=_sources(on),
        state_href=reverse("boards:wall_state", args=[wall.code]),
        live_href=stream_address(request, (on.root.key, wall.code)),
        sample=on.root.sample,
        visitor=wall.visitor,
        layout=made.layout,  # type: ignore[arg-type]
    )


def _counts(on: Stage, made: Zones) -> tuple[Share, ...]:
    tally = counts(made.known or province_figures(on))
    words = (
        ("ok", t("đạt", "on target")), ("warn", t("cần chú ý", "to watch")), ("bad", t("chưa đạt", "off target")),
        ("none", t("chưa có số liệu", "without data")),
    )  # fmt: skip
    return tuple(Share(kind, tally[kind], word) for kind, word in words)  # type: ignore[arg-type]


def _sources(on: Stage) -> tuple[StatusView, ...]:
    shares = feeds.shares(on.health, noun=t("nguồn", "sources")).shares
    return tuple(StatusView(each.kind, each.word) for each in shares)
