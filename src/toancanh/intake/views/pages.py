"""Pages of intake: hand in a file, look at deliveries, work on held rows. Every decision is made in services and queries."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from toancanh.audit import services as audit
from toancanh.intake import keeping, policy, queries, receiving, services
from toancanh.intake.checking import held_rows
from toancanh.intake.checking.refused import refuse_whole
from toancanh.intake.models import Delivery, QuarantinedRow, RowState, Source
from toancanh.intake.reading.payload import Payload
from toancanh.intake.receiving import too_large
from toancanh.intake.views import columns, forms, shown
from toancanh.kernel.problem import Problem
from toancanh.people.permissions import Request
from toancanh.people.roles import Action
from toancanh.people.views import require
from toancanh.ui.language import t, tx
from toancanh.ui.tables import FieldView

PAGE = 50


@require(Action.ENTER)
@require_http_methods(["GET", "POST"])
def upload(request: Request) -> HttpResponse:
    """Choose a dataset and a file; check it first, or hand it in."""
    pairs = queries.sources(request.actor, Action.ENTER)
    what = request.POST.get("what", "") or request.GET.get("what", "")
    context: dict[str, object] = {"pairs": pairs, "receipt": None, "tried": None, "preview": None, "held": None}
    error, status = "", 200
    if request.method == "POST":
        try:
            context |= _handed_in(request, *_chosen(pairs, what))
        except Problem as problem:
            error, status = tx(problem.detail), problem.status
    context["fields"] = forms.upload_fields(pairs, what, error)
    datasets = queries.datasets(pairs)
    examples = columns.unit_examples(datasets)
    context["datasets"] = [
        (tx(each.title), columns.columns_table(each, examples), what.endswith(f"/{each.code}")) for each in datasets
    ]
    return render(request, "intake/upload.html", context, status=status)


def _chosen(pairs: list[tuple[Source, str]], what: str) -> tuple[Source, str]:
    for source, dataset in pairs:
        if forms.pair_value(source, dataset) == what:
            return source, dataset
    raise refuse_whole("nothing-chosen", "Chọn bộ dữ liệu và nguồn.", "Choose a dataset and a source.")


def _handed_in(request: Request, source: Source, dataset_code: str) -> dict[str, object]:
    """What the result part of the page shows. Raises `Problem`."""
    file = request.FILES.get("file")
    if file is None:
        raise refuse_whole("no-file", "Chọn một tệp để gửi.", "Choose a file to send.")
    if file.size is None or file.size > settings.LARGEST_DELIVERY:
        raise too_large()
    payload = Payload(file.read(), "", file.name or "", None, "file", request.actor.label)
    dataset = receiving.admitted(source, dataset_code, "file")
    if request.POST.get("act") == "check":
        policy.require(request.actor, Action.ENTER, source, dataset_code)
        checked = receiving.read_and_check(dataset, source, payload, timezone.now())
        return {"tried": checked, "preview": shown.preview_table(dataset, checked), "held": shown.tried_table(checked.held)}
    receipt = services.upload(request.actor, source, dataset_code, payload)
    made = queries.delivery(request.actor, receipt.id)
    held = shown.held_table(queries.held_rows(request.actor, delivery=made, state="")[:PAGE], with_delivery=False)
    return {"receipt": receipt, "held": held if made.quarantined else None}


@require(Action.VIEW)
@require_GET
def deliveries(request: Request) -> HttpResponse:
    """The latest deliveries; ?source=, ?dataset=, ?before= page on."""
    before = request.GET.get("before", "")
    found = queries.deliveries(
        request.actor, source=request.GET.get("source", ""), dataset=request.GET.get("dataset", ""),
        before=int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None, limit=PAGE + 1,
    )
    context = {
        "table": shown.deliveries_table(found[:PAGE]), "older": found[PAGE - 1].pk if len(found) > PAGE else None,
        "source": request.GET.get("source", ""), "dataset": request.GET.get("dataset", ""),
        "may_enter": request.actor.can(Action.ENTER),
    }
    return render(request, "intake/deliveries.html", context)


@require(Action.VIEW)
@require_GET
def delivery(request: Request, uid: UUID) -> HttpResponse:
    """One delivery: facts and, for those who may work on it, its held rows and the payload as it came."""
    found = queries.delivery(request.actor, str(uid))
    works = policy.may(request.actor, queries.WORK, found.source, found.dataset)
    rows = queries.held_rows(request.actor, delivery=found, state="") if works else None
    context = {
        "delivery": found, "title": shown.dataset_title(found.dataset), "facts": shown.delivery_facts(found), "works": works,
        "held": shown.held_table(rows[:PAGE], with_delivery=False) if rows is not None and found.quarantined else None,
        "open": rows.filter(state=RowState.OPEN).count() if rows is not None else 0,
        "done": shown.digits(request.GET.get("done", "")), "said": shown.decided_before(request.GET),
    }
    return render(request, "intake/delivery.html", context)


@require(Action.ENTER)
@require_GET
def payload(request: Request, uid: UUID) -> HttpResponse:
    """The payload byte for byte, as a file; looking at it is recorded."""
    found = queries.delivery(request.actor, str(uid), queries.WORK)
    _, body = keeping.still_kept(found.kept)
    audit.record(request.actor.label, "intake.read_payload", f"delivery:{found.uid}", address=request.actor.address)
    answer = HttpResponse(body, content_type="application/octet-stream")
    answer.headers["Content-Disposition"] = f'attachment; filename="{found.uid}{_ending(found)}"'
    return answer


def _ending(found: Delivery) -> str:
    ending = found.filename.rpartition(".")[2].lower() if "." in found.filename else ""
    if ending.isascii() and ending.isalnum() and len(ending) <= 5:
        return f".{ending}"
    return {
        "application/json": ".json", "application/x-ndjson": ".ndjson", "text/csv": ".csv",
    }.get(found.content_type.split(";")[0], ".txt")


@require(Action.ENTER)
@require_POST
def replay(request: Request, uid: UUID) -> HttpResponse:
    """Check the held rows of a delivery again."""
    found = queries.delivery(request.actor, str(uid), queries.WORK)
    result = services.replay(request.actor, found.pk)
    return HttpResponseRedirect(f"{reverse('intake:delivery', args=[uid])}?done={result.landed}")


@require(Action.ENTER)
@require_GET
def quarantine(request: Request) -> HttpResponse:
    """Every open held row that the reader may work on, newest delivery first."""
    page_text = request.GET.get("page", "1")
    page = max(1, int(page_text)) if page_text.isascii() and page_text.isdigit() and len(page_text) < 7 else 1
    query = {name: request.GET[name] for name in ("source", "dataset") if request.GET.get(name)}
    rows = queries.held_rows(request.actor, source=query.get("source", ""), dataset=query.get("dataset", ""))
    total = rows.count()
    listed = rows[(page - 1) * PAGE : page * PAGE]
    context = {
        "table": shown.held_table(listed, with_delivery=True), "pager": shown.pager(page, PAGE, total, query), "total": total,
    }
    return render(request, "intake/quarantine.html", context)


@require(Action.ENTER)
@require_http_methods(["GET", "POST"])
def held_row(request: Request, row_id: int) -> HttpResponse:
    """One held row: what came, why it is held, and a form to correct it."""
    row = queries.held_row(request.actor, row_id)
    dataset = held_rows.dataset_of(row.delivery)
    if request.method == "POST":
        try:
            services.fix_row(request.actor, row_id, forms.typed_values(dataset, request.POST))
        except Problem as refused:
            return _row_page(request, row, forms.row_fields(dataset, row, request.POST), problem=refused)
        return HttpResponseRedirect(_next_held(request, row, "taken"))
    audit.record(request.actor.label, "intake.read_held_row", f"row:{row_id}", address=request.actor.address)
    return _row_page(request, row, forms.row_fields(dataset, row))


def _row_page(
    request: Request, row: QuarantinedRow, fields: tuple[FieldView, ...], *, problem: Problem | None = None, reason: str = "",
) -> HttpResponse:
    """The page of `row`; `problem` is why what was sent from it is refused, `reason` what is wrong with that of a dismissal."""
    context = {
        "row": row, "title": shown.dataset_title(row.delivery.dataset), "fields": fields, "reason": forms.reason_field(reason),
        "row_state": shown.row_status(row), "said": shown.decided_before(request.GET),
        "problem": problem, "unreadable": row.raw.get("", ""),
        "reasons": [t(each["vi"], each["en"]) for each in row.problems if not each["column"]],
    }
    return render(request, "intake/held_row.html", context, status=problem.status if problem else 200)


@require(Action.ENTER)
@require_POST
def dismiss(request: Request, row_id: int) -> HttpResponse:
    """Leave a held row out for good, with the reason."""
    row = queries.held_row(request.actor, row_id)
    try:
        services.dismiss_row(request.actor, row_id, request.POST.get("reason", ""))
    except Problem as refused:
        if refused.status != 422:
            raise
        fields = forms.row_fields(held_rows.dataset_of(row.delivery), row)
        return _row_page(request, row, fields, problem=refused, reason=tx(refused.detail))
    return HttpResponseRedirect(_next_held(request, row, "dismissed"))


def _next_held(request: Request, row: QuarantinedRow, done: str) -> str:
    """The next open row of the delivery, else the delivery; it says that `row` is `done`."""
    following = queries.held_rows(request.actor, delivery=row.delivery).first()
    path = reverse("intake:held_row", args=[following.pk]) if following else reverse("intake:delivery", args=[row.delivery.uid])
    return f"{path}?{done}={row.line}"
