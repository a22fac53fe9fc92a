"""Steering a wall: push a scene, go on, hold, visitor mode, pace. Each is one verb, audited, and told to the wall at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from django.db import transaction

from toancanh.audit import services as audit
from toancanh.boards.events import WallChanged
from toancanh.boards.models import Wall
from toancanh.boards.wall.scenes import every_scene, rotation, scene_of
from toancanh.jobs.events import tell_after_commit
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.people.permissions import Action, Actor
from toancanh.people.policy import require_everywhere

MAIN, MAIN_NAME = "main", "Tường chính"
_CODE = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
SHORTEST, LONGEST = 10, 600  # seconds a scene stays


def wall_of(code: str) -> Wall:
    """The wall with this code, to look at. There is a main wall from the beginning. Raises `Problem` (404)."""
    found = Wall.objects.filter(code=code).first() or (Wall(code=MAIN, name=MAIN_NAME) if code == MAIN else None)
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
    """Show the next scene of the rotation (or the one before, with -1), counted from what the wall shows when its turn comes."""

    def following(wall: Wall) -> str:
        codes = [each.code for each in rotation(actor, wall)]
        at = codes.index(wall.current) if wall.current in codes else -1
        return codes[(at + step) % len(codes)]

    return _steer(actor, code, "go_on", lambda wall: {"current": following(wall)})


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


def make_wall(actor: Actor, code: str, name: str) -> Wall:
    """Another wall with scenes of its own, at /wall/<code>. Raises `Problem` (422) when the code or the name cannot be used."""
    require_everywhere(actor, Action.DIRECT)
    code, name = code.strip().lower(), " ".join(name.split())[:120]
    if not _CODE.fullmatch(code) or not name:
        raise Problem(
            "bad-wall", 422, Text("Chưa tạo được tường", "The wall was not made"),
            Text(
                "Nhập tên, và mã gồm chữ thường không dấu, số, gạch ngang, ví dụ phong-hop.",
                "Enter a name, and a code of small letters, digits and hyphens, for example meeting-room.",
            ),
        )  # fmt: skip
    with transaction.atomic():
        wall, made = Wall.objects.get_or_create(code=code, defaults={"name": name, "changed_by": actor.label})
        if not made or code == MAIN:
            raise Problem(
                "wall-exists", 422, Text("Đã có tường mang mã này", "There is a wall with this code"),
                Text("Chọn mã khác.", "Choose another code."),
            )  # fmt: skip
        audit.record(actor.label, "wall.make_wall", f"wall:{code}", detail={"name": name}, address=actor.address)
    return wall


def kept(code: str) -> Wall:
    """The row of a wall, locked, to change it: call it inside a transaction."""
    if code == MAIN:
        Wall.objects.get_or_create(code=MAIN, defaults={"name": MAIN_NAME})
    return Wall.objects.select_for_update().get(pk=wall_of(code).pk)


def _steer(
    actor: Actor, code: str, verb: str, change: Callable[[Wall], dict[str, object]] | None = None, **columns: object
) -> Wall:
    """`columns` are what the wall gets; `change` works them out from the wall as it stands under the lock."""
    require_everywhere(actor, Action.DIRECT)
    with transaction.atomic():
        wall = kept(code)
        columns = change(wall) if change else columns
        for name, value in columns.items():
            setattr(wall, name, value)
        wall.changed_by = actor.label
        wall.save()
        audit.record(actor.label, f"wall.{verb}", f"wall:{code}", detail=columns, address=actor.address)
        tell_after_commit(WallChanged(code))
    return wall
