"""How a kind or a procedure is changed on a page: what was typed is compared with what holds, and saved once that was seen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from toancanh.audit.telling import after
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.people.permissions import Actor, Request
from toancanh.people.policy import covers, not_allowed
from toancanh.people.roles import Action
from toancanh.response.catalogue import history
from toancanh.response.catalogue.history import Edition, T
from toancanh.response.handling import kinds, local, procedures
from toancanh.response.handling.kept import LocalVersion, Of
from toancanh.response.services import kinds as services
from toancanh.response.services.kinds import Saving
from toancanh.ui import formats
from toancanh.ui.language import t, tx
from toancanh.ui.tables import FieldView, TableView
from toancanh.watch.views.forms import whole
from toancanh.watch.views.rule_forms.typed import Typed


@dataclass(frozen=True)
class Editor(Generic[T]):
    """What differs between kinds and procedures. `name`: of the address and the template; `of_none`: the address of one more."""

    of: Of
    name: str
    of_none: str
    blank: Callable[[], T]
    editions: Callable[[str], list[Edition[T]]]
    given: Callable[[T], dict[str, str]]
    read: Callable[[str, Typed], T | None]
    form_of: Callable[[Typed], object]
    differ: Callable[[T, T], list[str]]
    as_data: Callable[[T], dict[str, Any]]
    named: Callable[[str], str]
    save: Callable[[Actor, T, Saving], LocalVersion]
    reshaped: Callable[[dict[str, str], str], dict[str, str]] | None = None


@dataclass
class Draft(Generic[T]):
    """What the form holds and what came of it. `given_up`: the planned versions whose place it would take; `shown`: the mark of
    the content whose differences are on the page."""

    held: T
    typed: Typed
    seen: int
    differences: list[str] | None = None
    given_up: list[str] = field(default_factory=list)
    shown: str = ""
    problem: Problem | None = None
    again: bool = False
    back_number: int = 0
    back_to: list[str] = field(default_factory=list)

    @property
    def status(self) -> int:
        return self.problem.status if self.problem else 422 if self.typed.wrong else 200


def page(request: Request, editor: Editor[T], code: str = "") -> HttpResponse:
    """The page of one; without `code` the form of one more. POST act=show says what would change, act=save saves it, act=restore
    goes back to the default; other acts change the shape of the form."""
    require_reader(request.actor)
    editions = editor.editions(code) if code else []
    if code and not editions:
        raise services.missing(editor.of)
    holds = history.in_force(editor.of, code, editions) if code else 0
    held = next((each.content for each in editions if each.number == holds), None)
    held = held or (editions[-1].content if editions else editor.blank())
    if request.method == "POST":
        return _sent(request, editor, code, held)
    draft = Draft(held, Typed(editor.given(held)), services.number_of(editor.of, code))
    number = whole(request.GET.get("version", ""), 0)
    earlier = next((each.content for each in editions if each.number == number and number != holds), None)
    if earlier is not None:
        draft.typed, draft.back_number = Typed(editor.given(earlier)), number
        draft.back_to = editor.differ(held, earlier)
    return _show(request, editor, code, draft)


def require_reader(actor: Actor) -> None:
    """Raises `Problem` 403 unless the actor configures the whole centre, or looks through the eyes of one who does."""
    if not covers(actor, Action.CONFIGURE):
        raise not_allowed(Action.CONFIGURE)


def _sent(request: Request, editor: Editor[T], code: str, held: T) -> HttpResponse:
    sent, act = request.POST.dict(), request.POST.get("act", "show")
    draft = Draft(held, Typed(sent), whole(sent.get("seen", ""), -1))
    if act == "restore":
        return _restored(request, editor, code, draft)
    if act not in ("show", "save") and editor.reshaped is not None:
        draft.typed = Typed(editor.reshaped(sent, act))
        return _show(request, editor, code, draft)
    wanted = editor.read(code, draft.typed)
    if wanted is None:
        return _show(request, editor, code, draft)
    draft.differences = editor.differ(held, wanted)
    try:
        saving = _saving(draft)
        given_up = local.planned(editor.of, code, saving.day)
        draft.given_up, draft.shown = _given_up(given_up), _mark([editor.as_data(wanted), [row.version for row in given_up]])
        draft.again = act == "save" and sent.get("shown") != draft.shown
        if code and draft.seen != services.number_of(editor.of, code):
            raise services.changed_meanwhile(editor.of, code)
        if act == "save" and not draft.again:
            made = editor.save(request.actor, wanted, saving)
            return _to(request, "save" if code else "make", editor, made.code)
    except Problem as refused:
        _keep(editor, code, draft, refused)
    return _show(request, editor, code, draft)


def _restored(request: Request, editor: Editor[T], code: str, draft: Draft[T]) -> HttpResponse:
    try:
        services.restore(request.actor, editor.of, code, Saving(seen=draft.seen, why=draft.typed.given.get("restore_why", "")))
    except Problem as refused:
        draft.typed = Typed(editor.given(draft.held) | {"restore_why": draft.typed.given.get("restore_why", "")})
        _keep(editor, code, draft, refused)
        return _show(request, editor, code, draft)
    return _to(request, "restore", editor, code)


def _keep(editor: Editor[T], code: str, draft: Draft[T], refused: Problem) -> None:
    """A refusal goes on the page, unless there is no page for who asked; whoever was overtaken has now seen the newer version."""
    if refused.status in (403, 404):
        raise refused
    draft.problem = refused
    if code and refused.status == 409:
        draft.seen = services.number_of(editor.of, code)


def _saving(draft: Draft[T]) -> Saving:
    given = draft.typed.given
    try:
        day = date.fromisoformat(given["valid_from"]) if given.get("valid_from") else None
    except ValueError:
        words = Text("Nhập ngày áp dụng, hoặc để trống: từ hôm nay.", "Enter the first day, or leave it empty: from today on.")
        raise Problem("cannot-work", 422, Text("Chưa lưu được", "It was not saved"), words) from None
    return Saving(seen=draft.seen, why=given.get("why", ""), valid_from=day)


def _show(request: Request, editor: Editor[T], code: str, draft: Draft[T]) -> HttpResponse:
    editions = editor.editions(code) if code else []
    holds = history.in_force(editor.of, code, editions) if code else 0
    declared = code in (kinds.DECLARED if editor.of is Of.KIND else procedures.DECLARED)
    planned = local.planned(editor.of, code)
    context = {
        "draft": draft, "code": code, "held": draft.held, "form": editor.form_of(draft.typed),
        "action": _address(editor, code), "why": _why(draft.typed), "writes": not request.actor.read_only,
        "versions": _versions(editions, holds, editor), "number": holds, "planned": _planned(planned),
        "wrong": _wrong(draft.typed, editor.named), "may_restore": declared and len(editions) > 1,
        "restore_why": _reason(draft.typed, "restore_why"), "restore_gives_up": _given_up(planned),
    }  # fmt: skip
    return render(request, f"response/{editor.name}.html", context, status=draft.status)


def _versions(editions: list[Edition[T]], holds: int, editor: Editor[T]) -> TableView | None:
    return history.table(editions, holds, editor.differ) if editions else None


def _planned(rows: list[LocalVersion]) -> list[str]:
    """The versions whose day is still to come."""
    return [
        t(f"Phiên bản {row.version} áp dụng từ {formats.day(row.valid_from)}: {row.note}",
          f"Version {row.version} holds from {formats.day(row.valid_from)} on: {row.note}")
        for row in rows
    ]  # fmt: skip


def _given_up(rows: list[LocalVersion]) -> list[str]:
    """The planned versions that will never hold once another is saved."""
    return [
        t(f"Phiên bản {row.version} dự kiến từ ngày {formats.day(row.valid_from)} sẽ không áp dụng nữa.",
          f"Version {row.version}, planned from {formats.day(row.valid_from)} on, will not apply any more.")
        for row in rows
    ]  # fmt: skip


def _why(typed: Typed) -> tuple[FieldView, ...]:
    hint = t("Để trống: từ hôm nay.", "Empty: from today on.")
    day = typed.given.get("valid_from", "")
    return (
        _reason(typed, "why"),
        FieldView(name="valid_from", label=t("Áp dụng từ ngày", "Holds from"), kind="date", value=day, hint=hint),
    )


def _reason(typed: Typed, name: str) -> FieldView:
    hint = t("Ví dụ: Quyết định 12/QĐ-UBND.", "For example: Quyết định 12/QĐ-UBND.")
    label = t("Lý do thay đổi", "Why it changes")
    return FieldView(name=name, label=label, value=typed.given.get(name, ""), hint=hint, required=True, autocomplete="off")


def _wrong(typed: Typed, named: Callable[[str], str]) -> list[tuple[str, str]]:
    """What is wrong, each with the address and the name of the field that it stands beside."""
    return [(f"#f-{name}", f"{named(name)}: {tx(why)}") for name, why in typed.wrong.items()]


def _mark(data: Any) -> str:
    return hashlib.sha256(json.dumps(data, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]


def _address(editor: Editor[T], code: str) -> str:
    return reverse(f"response:{editor.name}", args=[code]) if code else reverse(f"response:{editor.of_none}")


def _to(request: Request, act: str, editor: Editor[T], code: str) -> HttpResponseRedirect:
    return after(request, f"response.{act}_{editor.name}", _address(editor, code))
