"""The scenes a wall can show: the overview of the province, then what each field declares."""

from __future__ import annotations

from dataclasses import dataclass

from toancanh.boards.models import Wall
from toancanh.kernel.contracts import Widget
from toancanh.kernel.problem import Problem
from toancanh.kernel.registry import registry
from toancanh.kernel.text import Text
from toancanh.people.permissions import Action, Actor

OVERVIEW = "overview"


@dataclass(frozen=True, slots=True)
class WallScene:
    """One scene: its words, the question it answers in five seconds, and what it is made of (nothing for the overview)."""

    code: str
    title: Text
    asks: Text
    widgets: tuple[Widget, ...] = ()


FIRST = WallScene(
    OVERVIEW,
    Text("Tổng quan tỉnh", "Province overview"),
    Text("Toàn tỉnh có ổn không, việc gì đang nóng?", "Is the province all right, what is burning?"),
)


def every_scene(actor: Actor) -> list[WallScene]:
    """The overview and the scenes of the fields that `actor` may see."""
    found = [FIRST]
    for pack in registry.packs():
        if actor.can(Action.VIEW, pack.code):
            found.extend(WallScene(each.code, each.title, each.asks, each.widgets) for each in pack.scenes)
    return found


def rotation(actor: Actor, wall: Wall) -> list[WallScene]:
    """The scenes of `wall` in their order; all of them when it has no list of its own."""
    known = {each.code: each for each in every_scene(actor)}
    chosen = [known[code] for code in wall.scenes if code in known]
    return chosen or list(known.values())


def scene_of(actor: Actor, code: str) -> WallScene:
    """The scene with this code. Raises `Problem` (404)."""
    for each in every_scene(actor):
        if each.code == code:
            return each
    raise Problem(
        "unknown-scene", 404, Text("Không có cảnh này", "No such scene"),
        Text("Chọn một cảnh trên trang điều khiển tường màn hình.", "Choose a scene on the wall control page."),
    )
