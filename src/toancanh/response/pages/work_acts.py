"""The pages of directives and tasks and the acts on them, one address an act; a refusal shows the page with what was typed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django.db import transaction
from django.http import FileResponse, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from toancanh.audit import services as audit
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.people.models import User
from toancanh.people.permissions import Actor, Request
from toancanh.people.roles import Action
from toancanh.people.views import require
from toancanh.response import changes, clocks, listening, policy
from toancanh.response.directing import orders
from toancanh.response.directing.clarity import Clear
from toancanh.response.models import Directive, Kind, Task
from toancanh.response.pages import deadlines
from toancanh.response.pages.board import href_of
from toancanh.response.pages.work_record import record_page
from toancanh.response.queries import work as queries
from toancanh.response.services import evidence, extensions, moves, pauses, tasks

_REPORT = "report_done"
Form = QueryDict
OfDirective = Callable[[Actor, Directive, Form], object]
OfTask = Callable[[Actor, Task, Form], object]


def _version(form: Form) -> int | None:
    text = form.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _words(form: Form) -> str:
    return form.get("words", "")


def _per_cent(form: Form) -> int:
    text = form.get("progress", "").strip().removesuffix("%")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else -1


def _person(form: Form) -> User:
    found = User.objects.filter(username=form.get("person", ""), is_active=True).first()
    if found is None:
        raise orders.refused("no-person", "Chọn người thực hiện.", "Choose who does it.")
    return found


def _ask(actor: Actor, record: Directive | Task, form: Form) -> object:
    return extensions.ask(actor, record, deadlines.own_day(form.get("date", "")), _words(form), _version(form))


def _pause(actor: Actor, record: Directive | Task, form: Form) -> object:
    return pauses.pause(actor, record, clocks.HANDLE, _words(form), _version(form))


def _resume(actor: Actor, record: Directive | Task, form: Form) -> object:
    return pauses.resume(actor, record, clocks.HANDLE, _version(form))


def _hang(actor: Actor, record: Task, form: Form) -> object:
    above = queries.task_of_code(actor, form.get("parent", ""))
    return tasks.hang_under(actor, record, above, _version(form))


def _moves(kind: Kind) -> dict[str, Callable[[Actor, Any, Form], object]]:
    def act(actor: Actor, record: Directive | Task, form: Form, *, verb: str) -> object:
        said = moves.Said(
            words=_words(form), version=_version(form), overdue_reason=form.get("overdue_reason", ""),
            deadline=deadlines.chosen_again(form),
            clear=Clear(form.get("person", ""), form.get("result", ""), form.get("responsibility", "")),
        )  # fmt: skip
        return moves.make(actor, record, verb, said)

    return {verb: partial(act, verb=verb) for verb in moves.MOVES[kind]}


DIRECTIVE: dict[str, OfDirective] = {
    **_moves(Kind.DIRECTIVE),
    "ask_extension": _ask,
    "pause_clock": _pause,
    "resume_clock": _resume,
}
TASK: dict[str, OfTask] = {
    **_moves(Kind.TASK),
    "progress": lambda a, r, f: tasks.progress(a, r, _per_cent(f), _words(f), _version(f)),
    "hand_to": lambda a, r, f: tasks.hand_to(a, r, _person(f), _version(f)),
    "hang_under": _hang,
    "ask_extension": _ask,
    "pause_clock": _pause,
    "resume_clock": _resume,
}


@require(Action.VIEW)
@require_safe
def directive(request: Request, pk: int) -> HttpResponse:
    """One directive."""
    return _page(request, queries.directive(request.actor, pk))


@require(Action.VIEW)
@require_safe
def task(request: Request, pk: int) -> HttpResponse:
    """One task."""
    return _page(request, queries.task(request.actor, pk))


@require(Action.VIEW)
@require_POST
def act_on_directive(request: Request, pk: int, verb: str) -> HttpResponse:
    """One act on a directive, then its page."""
    return _done(request, queries.directive(request.actor, pk), DIRECTIVE.get(verb), verb)


@require(Action.VIEW)
@require_POST
def act_on_task(request: Request, pk: int, verb: str) -> HttpResponse:
    """One act on a task, then its page."""
    return _done(request, queries.task(request.actor, pk), TASK.get(verb), verb)


@require(Action.VIEW)
@require_POST
def decide(request: Request, pk: int) -> HttpResponse:
    """Grant (`granted=1`) or refuse a request for more time."""
    asked = queries.extension(request.actor, pk)
    find = queries.directive if asked.kind == Kind.DIRECTIVE else queries.task
    record: Directive | Task = find(request.actor, asked.subject)
    granted = request.POST.get("granted") == "1"

    def decision(actor: Actor, _record: Directive | Task, form: Form) -> object:
        return extensions.decide(actor, asked, granted, form.get("answer", ""), _version(form))

    return _done(request, record, decision, "extension_granted" if granted else "extension_refused")


@require(Action.VIEW)
@require_POST
def add_evidence(request: Request, kind: str, pk: int) -> HttpResponse:
    """Take a file for a directive or a task; a result that was being written with it stays in its field."""
    record: Directive | Task = (queries.directive if kind == "directives" else queries.task)(request.actor, pk)
    file = request.FILES.get("file")
    try:
        if file is None:
            raise orders.refused("no-file", "Chọn tệp để gửi.", "Choose a file to send.")
        evidence.add(request.actor, record, file.name or "", file.file)  # type: ignore[arg-type]
    except Problem as problem:
        return _page(request, record, problem, _REPORT)
    if any(request.POST.get(name, "").strip() for name in ("words", "overdue_reason")):
        return _page(request, record, verb=_REPORT)
    return HttpResponseRedirect(href_of(record))


@require(Action.VIEW)
@require_safe
def download(request: Request, pk: int) -> HttpResponse:
    """A file of evidence, always as a download; looking at it is recorded."""
    found = queries.evidence(request.actor, pk)
    try:
        opened = evidence.path_of(found).open("rb")
    except OSError as error:
        raise policy.unseen(Text("tệp này trên ổ đĩa", "file on the disk")) from error
    audit.record(
        request.actor.label, "response.read_evidence", f"{found.kind}:{found.subject}", detail={"file": found.name},
        address=request.actor.address,
    )  # fmt: skip
    headers = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox"}
    return FileResponse(  # type: ignore[return-value]
        opened, as_attachment=True, filename=found.name, content_type=found.media_type, headers=headers
    )


def _done(request: Request, record: Directive | Task, act: Callable[..., object] | None, verb: str) -> HttpResponse:
    """Do it and lead back; the same form sent twice leads back without doing it twice."""
    if act is None:
        raise policy.unseen(Text("thao tác này", "act"))
    try:
        act(request.actor, record, _after_its_file(request, record) if verb == _REPORT else request.POST)
    except Problem as problem:
        if problem.status == 409 and _sent_again(request, record, verb):
            return HttpResponseRedirect(href_of(record))
        return _page(request, record, problem, verb)
    return HttpResponseRedirect(href_of(record))


def _after_its_file(request: Request, record: Directive | Task) -> Form:
    """The form of a report, its file kept first: when the report is refused then, neither words nor file are lost."""
    file = request.FILES.get("file")
    if file is None:
        return request.POST
    with transaction.atomic():  # the version is read under the lock that the file was added under
        evidence.add(request.actor, record, file.name or "", file.file, _version(request.POST))  # type: ignore[arg-type]
        version = type(record)._default_manager.values_list("version", flat=True).get(pk=record.pk)
    form = request.POST.copy()
    form["version"] = str(version)
    return form


def _sent_again(request: Request, record: Directive | Task, verb: str) -> bool:
    """Whether this very form was done already; a file that came with it was a change of its own before it."""
    version = _version(request.POST)
    if version is None:
        return False
    looked_at = (version, version + 1) if request.FILES else (version,)
    return any(queries.done_by(request.actor, record, [verb], each) for each in looked_at)


def _page(request: Request, record: Directive | Task, problem: Problem | None = None, verb: str = "") -> HttpResponse:
    """The page; with `verb` after an act that was refused or is not finished: its form open and what was typed in it."""
    if verb:
        find = queries.directive if changes.kind_of(record) is Kind.DIRECTIVE else queries.task
        record = find(request.actor, record.pk)  # as it is now, not as it was before the refused act
    listening.listen(request, changes.kind_of(record).value, record.pk)
    page = record_page(request.actor, record, problem)
    given = defaultdict(str, request.POST.dict() if verb else {})

    def typed(act: str) -> Mapping[str, str]:
        return given if act == verb else defaultdict(str)

    context = {"page": page, "typed": typed, "kept_words": given["words"] if problem else "", "refused_act": verb}
    return render(request, "response/work.html", context, status=problem.status if problem else 200)
