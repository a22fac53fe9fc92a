"""Steering a wall: push a scene, go on, hold, visitor mode, pace. Each is one verb, audited, and told to the wall at once."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from toancanh.audit import services as audit
from toancanh.boards.events import WallChanged
from toancanh.boards.models import Wall
from toancanh.boards.wall.scenes import every_scene, rotation, scene_of
from toancanh.jobs.events import tell_after_commit
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.people.permissions import Action, Actor
from toancanh.people.policy import require

MAIN = "main"
SHORTEST, LONGEST = 10, 600  # seconds a scene stays


def wall_of(code: str) -> Wall:
    """The wall with this code; the main wall is made when it is first looked at. Raises `Problem` (404)."""
    if code == MAIN:
        return Wall.objects.get_or_create(code=MAIN, defaults={"name": "Tường chính"})[0]
    found = Wall.objects.filter(code=code).first()
    if found is None:
        raise Problem(
            "unknown-wall", 404, Text("Không có tường màn hình này", "No such wall"),
            Text("Mở trang điều khiển tường màn hình để xem các tường.", "Open the wall control page to see the walls."),
        )
    return found


def push_scene(actor: Actor, code: str, scene: str) -> Wall:
    """Show `scene` now and hold it: what somebody pushed stays until they let go."""
    return _steer(actor, code, "push_scene", current=scene_of(actor, scene).code, held=True)


def go_on(actor: Actor, code: str, step: int = 1) -> Wall:
    """Show the next scene of the rotation (or the one before, with -1)."""
    wall = wall_of(code)
    codes = [each.code for each in rotation(actor, wall)]
    at = codes.index(wall.current) if wall.current in codes else -1
    return _steer(actor, code, "go_on", current=codes[(at + step) % len(codes)])


def hold(actor: Actor, code: str, held: bool) -> Wall:
    """Stop the rotation, or let it go on."""
    return _steer(actor, code, "hold", held=held)


def visitor_mode(actor: Actor, code: str, on: bool) -> Wall:
    """Guests in the room: names of places, agencies and sources leave the wall."""
    return _steer(actor, code, "visitor_mode", visitor=on)


def set_pace(actor: Actor, code: str, seconds: int) -> Wall:
    """How long each scene stays. Raises `Problem` (422) outside the bounds."""
    if not SHORTEST <= seconds <= LONGEST:
        raise Problem(
            "bad-pace", 422, Text("Thời gian chưa đúng", "Wrong pace"),
            Text(f"Nhập từ {SHORTEST} đến {LONGEST} giây.", f"Enter {SHORTEST} to {LONGEST} seconds."),
        )
    return _steer(actor, code, "set_pace", seconds=seconds)


def choose_scenes(actor: Actor, code: str, scenes: Sequence[str]) -> Wall:
    """Which scenes the wall rotates through, in the order of the fields."""
    chosen = [each.code for each in every_scene(actor) if each.code in scenes]
    return _steer(actor, code, "choose_scenes", scenes=chosen)


def _steer(actor: Actor, code: str, verb: str, **columns: object) -> Wall:
    require(actor, Action.DIRECT)
    with transaction.atomic():
        wall = wall_of(code)
        wall = Wall.objects.select_for_update().get(pk=wall.pk)
        for name, value in columns.items():
            setattr(wall, name, value)
        wall.changed_by = actor.label
        wall.save()
        audit.record(actor.label, f"wall.{verb}", f"wall:{code}", detail=columns, address=actor.address)
        tell_after_commit(WallChanged(code))
    return wall
