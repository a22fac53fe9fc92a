"""One directive or task on its page: what, who, by when and why, its parts, files, timeline, and the moves that its table allows
to this reader."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from toancanh.kernel.contracts import Severity
from toancanh.kernel.problem import Problem
from toancanh.kernel.registry import registry
from toancanh.notify import audience
from toancanh.notify.messages import SEVERITY_TITLES
from toancanh.people.permissions import Actor
from toancanh.people.roles import Action
from toancanh.response import changes, clocks, listening, policy
from toancanh.response.directing import clarity, numbers
from toancanh.response.models import Directive, Extension, Task
from toancanh.response.pages import work_words as words
from toancanh.response.pages.board import WorkLine, href_of, lines
from toancanh.response.pages.work_words import ClockPanel, Left, Line
from toancanh.response.queries import work as queries
from toancanh.response.services import reports
from toancanh.response.services.extensions import BY_CENTRE
from toancanh.response.states import RUNS, By, Move
from toancanh.ui import formats
from toancanh.ui.language import t, tx
from toancanh.ui.parts import Link, StatusView
from toancanh.ui.tables import Choice, Fact, FactsView, TrailView

_AGAIN = frozenset({"send_back", "reopen"})
_DANGER = frozenset({"recall", "cancel"})
_NOT_CLEAR = "?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """A move as a form. `form`: "plain" a button, "reason" words, "again" words and maybe a new deadline, "report" a result,
    "clear" what an order left open (`asks`: name, title, whether it must be said)."""

    verb: str
    title: str
    form: str
    danger: bool = False
    primary: bool = False
    asks: tuple[tuple[str, str, bool], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalView:
    """The number that a directive is about, now and in the periods since it was reported done."""

    title: str
    href: str
    goal: str
    value: str
    period: str
    proof: str
    status: StatusView
    watching: str
    seen: tuple[tuple[str, str, StatusView, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request for more time."""

    pk: int
    words: str
    reason: str
    status: StatusView
    answer: str
    decides: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLine:
    """One file of evidence."""

    name: str
    href: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPage:
    """All that the page prints. `part`: the reader has a part in the work; `centre`: steers it."""

    record: Directive | Task
    kind: str
    trail: TrailView
    state: StatusView
    left: Left
    facts: FactsView
    clock: ClockPanel | None
    goal: GoalView | None
    acts: tuple[Act, ...]
    parts: tuple[WorkLine, ...]
    asked: tuple[Asked, ...]
    files: tuple[FileLine, ...]
    timeline: tuple[Line, ...]
    people: tuple[Choice, ...]
    part: bool
    centre: bool
    asks: bool
    splits: str
    progress: bool
    overdue: bool
    key: str
    here: str
    problem: Problem | None = None

    @property
    def reports(self) -> bool:
        """Whether the reader may report it done now: words and file are then sent with one form."""
        return any(each.form == "report" for each in self.acts)


def record_page(actor: Actor, record: Directive | Task, problem: Problem | None = None) -> RecordPage:
    """The page of a record as this actor sees it."""
    kind, hats = changes.kind_of(record), frozenset() if actor.read_only else policy.hats(actor, record)
    clock = clocks.of(kind, record.pk).filter(name=clocks.HANDLE).order_by("-id").first()
    requests = queries.extensions(record)
    runs, moves = record.state in RUNS, bool(hats & {By.AGENCY, By.CENTRE})
    task = isinstance(record, Task)
    return RecordPage(
        record=record, kind=kind.value, trail=_trail(record), state=words.state(record), left=words.left(record),
        facts=_facts(record), clock=words.panel(clock, record) if clock else None, goal=_goal(actor, record),
        acts=_acts(actor, record, hats),
        parts=lines(queries.parts(actor, record)), asked=tuple(_asked(each, hats) for each in requests),
        files=_files(record), timeline=words.timeline(queries.entries(record)),
        people=_people(record) if isinstance(record, Task) and moves and record.closed_at is None else (),
        part=bool(hats) and record.closed_at is None, centre=By.CENTRE in hats and runs,
        asks=By.AGENCY in hats and runs and not any(each.state == "asked" for each in requests),
        splits=_splits(record) if runs and moves else "",
        progress=task and By.AGENCY in hats and record.state == "doing",
        overdue=reports.must_explain(record), key=listening.key_of(kind.value, record.pk),
        here=href_of(record), problem=problem,
    )  # fmt: skip


def _splits(record: Directive | Task) -> str:
    name = "parent" if isinstance(record, Task) else "directive"
    return f"{reverse('response:new_task')}?{urlencode({name: record.pk})}"


def _acts(actor: Actor, record: Directive | Task, hats: frozenset[By]) -> tuple[Act, ...]:
    """What this reader may do now, first what is theirs to do: who directs may act for an agency, but need not."""
    agency = getattr(actor, "agency", None)
    own = frozenset({By.AGENCY}) if agency is not None and agency.pk == record.lead_id else hats - {By.AGENCY}
    moves = changes.MACHINES[changes.kind_of(record)].possible(str(record.state), hats or frozenset())
    ordered = sorted(moves, key=lambda each: (each.verb in _DANGER, not set(each.by) & own))
    first = next((each.verb for each in ordered if set(each.by) & own and each.verb not in _DANGER), "")
    return tuple(_act(each, each.verb == first, _asks(record) if each.verb == "accept" else ()) for each in ordered)


def _asks(record: Directive | Task) -> tuple[tuple[str, str, bool], ...]:
    if not isinstance(record, Directive):
        return ()
    return tuple((name, tx(clarity.TITLES[name]), name in clarity.NEEDED) for name in clarity.unclear(record))


def _act(move: Move, primary: bool, asks: tuple[tuple[str, str, bool], ...]) -> Act:
    form = "report" if move.verb == "report_done" else "again" if move.verb in _AGAIN else "reason" if move.reason else "plain"
    form = "clear" if asks else form
    return Act(verb=move.verb, title=tx(move.title), form=form, danger=move.verb in _DANGER, primary=primary, asks=asks)


def _trail(record: Directive | Task) -> TrailView:
    links = [Link(t("Nhiệm vụ", "Tasks"), reverse("response:board"))]
    if isinstance(record, Task):
        if record.incident and not record.directive:
            links.append(Link(record.incident.code, f"/incidents/{record.incident.pk}"))
        links += [Link(each.code, href_of(each)) for each in (record.directive, record.parent) if each is not None]
    links.append(Link(record.code, href_of(record)))
    return TrailView(tuple(links))


def _facts(record: Directive | Task) -> FactsView:
    """The five clear things first, one that nobody has said marked, then where it comes from; what else is empty is left out."""
    lead = tx(record.lead.title) if record.lead else ""
    agency = f"/agencies/{record.lead.key}" if record.lead else ""
    found = [Fact(t("Chủ trì", "Lead"), lead, href=agency)]
    helping = ", ".join(tx(each.title) for each in record.supporting.all())
    pairs = [(t("Phối hợp", "Supporting"), helping)]
    if isinstance(record, Directive):
        pairs += [(tx(title), getattr(record, name) or _NOT_CLEAR) for name, title in clarity.TITLES.items()]
        pairs += [
            (t("Số văn bản", "Document"), record.document_number),
            (t("Người giao", "Given by"), record.issued_by.name),
        ]
    else:
        pairs += [
            (t("Người thực hiện", "Done by"), record.assignee.name if record.assignee else ""),
            (t("Kết quả", "Result"), record.result),
            (t("Tiến độ", "Progress"), formats.percent(record.progress, 0)),
        ]
    pairs += [
        (t("Nội dung", "Details"), record.text),
        (t("Địa bàn", "Place"), tx(record.unit.title) if record.unit else ""),
        (t("Mức", "Severity"), tx(SEVERITY_TITLES[Severity(record.severity)])),
        (t("Giao lúc", "Given"), formats.moment(record.opened_at)),
        (t("Lý do quá hạn", "Why late"), record.overdue_reason),
    ]
    open_yet = StatusView("warn", t("Chưa rõ", "Not clear yet"))
    found += [Fact(name, "", status=open_yet) if text is _NOT_CLEAR else Fact(name, text) for name, text in pairs if text]
    if isinstance(record, Directive) and record.incident:
        found.append(Fact(t("Từ sự việc", "From incident"), record.incident.code, href=f"/incidents/{record.incident.pk}"))
    if isinstance(record, Directive) and record.alert:
        found.append(Fact(t("Từ cảnh báo", "From alert"), t("Xem cảnh báo", "See the alert"), href=f"/alerts/{record.alert}"))
    return FactsView(facts=tuple(found))


def _goal(actor: Actor, record: Directive | Task) -> GoalView | None:
    indicator = registry.indicator(record.indicator) if isinstance(record, Directive) and record.indicator else None
    if indicator is None or not isinstance(record, Directive) or not actor.can(Action.VIEW, registry.pack_of(indicator).code):
        return None
    place = numbers.place_of(record)
    cell = numbers.present(actor, indicator.code, place)
    met = numbers.meets(indicator, cell.value if cell else None, record)
    seen = tuple(
        (tx(numbers.period_words(indicator, each["period"])), tx(numbers.in_words(indicator, each["value"])), _met(each["met"]),
         f"/values/{each['cell']}/proof")
        for each in record.verdict
    )  # fmt: skip
    return GoalView(
        title=f"{tx(indicator.title)}, {tx(place.title)}", href=f"/indicators/{indicator.code}?{urlencode({'unit': place.key})}",
        goal=tx(numbers.goal_words(indicator, record)), value=tx(numbers.in_words(indicator, cell.value if cell else None)),
        period=cell.period.title(t("vi", "en")) if cell else "", proof=f"/values/{cell.pk}/proof" if cell else "",
        status=_met(met) if cell else StatusView("none", t("Chưa có số liệu", "No data")),
        watching=_watching(record),
        seen=seen,
    )  # fmt: skip


def _watching(record: Directive) -> str:
    seen, wanted = len(record.verdict), record.watch_periods
    if record.state in ("watching", "proposed"):
        return t(f"Đã xem {seen}/{wanted} kỳ", f"{seen} of {wanted} periods seen")
    return t(f"Theo dõi {wanted} kỳ sau khi báo hoàn thành", f"Watched for {wanted} periods once reported done")


def _met(met: bool) -> StatusView:
    return StatusView("ok", t("Đạt", "Met")) if met else StatusView("bad", t("Chưa đạt", "Not met"))


def _asked(request: Extension, hats: frozenset[By]) -> Asked:
    kinds = {"asked": "warn", "granted": "ok", "refused": "bad", "lapsed": "none"}
    titles = {
        "asked": t("Chờ trả lời", "Waiting"), "granted": t("Đồng ý", "Granted"), "refused": t("Không đồng ý", "Refused"),
        "lapsed": t("Không còn cần", "No longer needed"),
    }  # fmt: skip
    until = formats.moment(request.until)
    needed = By.LEADER if request.number > BY_CENTRE else By.CENTRE
    return Asked(
        pk=request.pk, words=t(f"Lần {request.number}: đến {until}", f"No. {request.number}: until {until}"),
        reason=request.reason,
        status=StatusView(kinds[request.state], titles[request.state]),  # type: ignore[arg-type]
        answer=request.answer, decides=request.state == "asked" and needed in hats,
    )  # fmt: skip


def _files(record: Directive | Task) -> tuple[FileLine, ...]:
    return tuple(
        FileLine(
            name=each.name, href=reverse("response:evidence", args=[each.pk]),
            note=f"{words.size(each.size)} · {each.added_by} · {formats.moment(each.added_at)}",
        )
        for each in queries.files(record)
    )  # fmt: skip


def _people(record: Task) -> tuple[Choice, ...]:
    known = audience.people_of(record.lead) if record.lead else []
    return tuple(Choice(value=each.username, label=each.name, chosen=each.pk == record.assignee_id) for each in known)
