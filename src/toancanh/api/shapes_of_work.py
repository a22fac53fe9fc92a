"""The shapes of incidents, directives and tasks: how they are answered, asked for, moved and given."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Header, Schema
from pydantic import BeforeValidator, Field

from toancanh.api.schemas import REFUSED, Cursor, Day, Moment, ProblemOut
from toancanh.kernel.clocks import Counting
from toancanh.kernel.contracts import Severity
from toancanh.kernel.plain import plain
from toancanh.response.changes import MACHINES
from toancanh.response.models import Kind
from toancanh.response.states import DirectiveState, IncidentState, TaskState

Said = Annotated[str, BeforeValidator(lambda said: plain(said) if isinstance(said, str) else said)]
Key = Annotated[Said, Field(max_length=90, description="A unit's key, such as agency:MS-SXD")]
Code = Annotated[Said, Field(max_length=24)]
Words = Annotated[Said, Field(max_length=8_000)]
Once = Annotated[
    Said, Header(alias="Idempotency-Key", min_length=1, max_length=80, description="Sent again, it answers what was made first")
]
OncePerPerson = Annotated[
    Said, Header(alias="Idempotency-Key", min_length=1, max_length=40, description="Sent again, it answers what was made first")
]
MOVED = REFUSED | dict.fromkeys((409, 412, 428), ProblemOut)
GIVEN = REFUSED | {409: ProblemOut}


class WorkOut(Schema):
    """What incidents, directives and tasks share. `version` is what If-Match names."""

    code: str
    title: str
    state: str
    severity: str
    field: str
    unit: str | None
    lead: str | None
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    late: bool
    version: int


class IncidentOut(WorkOut):
    """`title_en`: of one that an alert opened; people write in one language."""

    title_en: str
    kind: str
    origin: str


class DirectiveOut(WorkOut):
    document_number: str
    indicator: str
    goal: float | None
    goal_up: bool
    incident: str | None


class TaskOut(WorkOut):
    directive: str | None
    incident: str | None
    parent: str | None
    progress: int


class MoveOut(Schema):
    """A move that the asker may make now; `reason`: it needs words."""

    verb: str
    title: str
    title_en: str
    reason: bool


class _More(Schema):
    text: str
    supporting: list[str]
    moves: list[MoveOut]


class OneIncidentOut(IncidentOut, _More):
    address: str
    lat: float | None
    lon: float | None


class OneDirectiveOut(DirectiveOut, _More):
    person: str
    result: str
    responsibility: str


class OneTaskOut(TaskOut, _More):
    result: str


class IncidentPage(Schema):
    items: list[IncidentOut]
    next: str | None


class DirectivePage(Schema):
    items: list[DirectiveOut]
    next: str | None


class TaskPage(Schema):
    items: list[TaskOut]
    next: str | None


class _Filters(Schema):
    """`lead`: an agency and what is below it; `due`: due on or before that day; `overdue`: late now."""

    lead: Key | None = None
    due: Day | None = None
    overdue: bool = False
    limit: int = Field(100, ge=1, le=200)
    cursor: Cursor = ""


class IncidentFilters(_Filters):
    state: IncidentState | Literal["open", ""] = ""


class DirectiveFilters(_Filters):
    state: DirectiveState | Literal["open", ""] = ""


class TaskFilters(_Filters):
    state: TaskState | Literal["open", ""] = ""


class EntryOut(Schema):
    """A line of the timeline."""

    id: int
    at: datetime
    by: str
    act: str
    words: str
    words_en: str
    decision: bool


class EntryPage(Schema):
    items: list[EntryOut]
    next: str | None


class EntryFilters(Schema):
    limit: int = Field(100, ge=1, le=200)
    cursor: Cursor = ""


class EntryIn(Schema):
    words: Said = Field(min_length=1, max_length=8_000)


class ProgressIn(Schema):
    per_cent: int = Field(ge=0, le=100)
    words: Said = Field(min_length=1, max_length=8_000)


def _verbs(kind: Kind) -> dict[str, Any]:
    return {"examples": sorted({each.verb for each in MACHINES[kind].moves})}


class IncidentMoveIn(Schema):
    """`words`: the reason or the result. To route: `lead` (none: the competent agency) and `supporting`. To merge: `into`."""

    verb: Said = Field(max_length=40, json_schema_extra=_verbs(Kind.INCIDENT))
    words: Words = ""
    lead: Key | None = None
    supporting: list[Key] = Field([], max_length=40)
    into: Code = ""


class _WorkMoveIn(Schema):
    words: Words = ""
    overdue_reason: Words = ""
    due_at: Moment | None = None


class DirectiveMoveIn(_WorkMoveIn):
    """`words`: the reason or the result; `overdue_reason` when it is late; `due_at`: a new deadline for work that goes on. To
    accept: `person` and `result` where the order left them open."""

    verb: Said = Field(max_length=40, json_schema_extra=_verbs(Kind.DIRECTIVE))
    person: Said = Field("", max_length=160)
    result: Words = ""
    responsibility: Words = ""


class TaskMoveIn(_WorkMoveIn):
    """`words`: the reason or the result; `overdue_reason` when it is late; `due_at`: a new deadline for work that goes on."""

    verb: Said = Field(max_length=40, json_schema_extra=_verbs(Kind.TASK))


class IncidentIn(Schema):
    """What is reported. `kind` is one of GET /incident-kinds; without `unit` it is somewhere in the province. `origin` says who
    told that system: a citizen's report, a call, or the system itself. `number` is its own number of the matter: what comes again
    under it from a source joins the incident while that is open; a person is asked (409 `number-used`)."""

    kind: Said = Field(max_length=40)
    title: Said = Field(min_length=1, max_length=240)
    text: Said = Field("", max_length=10_000)
    severity: Severity | None = None
    unit: Said | None = Field(None, max_length=90)
    address: Said = Field("", max_length=240)
    lat: float | None = Field(None, ge=-90, le=90)
    lon: float | None = Field(None, ge=-180, le=180)
    reporter: Said = Field("", max_length=160)
    origin: Literal["api", "citizen", "call"] = "api"
    number: Said = Field("", max_length=80)


class KindOut(Schema):
    code: str
    title: str
    title_en: str
    severity: str


class KindList(Schema):
    items: list[KindOut]


class TermIn(Schema):
    """A deadline as an amount of time of the lead agency."""

    amount: float = Field(gt=0, le=10_000)
    counting: Counting = Counting.WORKING_DAYS


class _OrderIn(Schema):
    """A deadline is `due_at` or `term`, one of them."""

    title: Said = Field(min_length=1, max_length=240)
    text: Said = Field("", max_length=10_000)
    lead: Key
    supporting: list[Key] = Field([], max_length=40)
    severity: Severity = Severity.MEDIUM
    due_at: Moment | None = None
    term: TermIn | None = None
    incident: Code = ""


class GoalIn(Schema):
    """`indicator` must reach `value` (`up`: at least, else at most) in `periods` periods after the work was reported done."""

    indicator: Said = Field(max_length=64)
    value: float
    up: bool = True
    periods: int = Field(2, ge=1, le=24)


class DirectiveIn(_OrderIn):
    """A directive; it is the person who signed in that issues it."""

    unit: Key | None = None
    document_number: Said = Field("", max_length=60)
    person: Said = Field("", max_length=160)
    result: Words = ""
    responsibility: Words = ""
    goal: GoalIn | None = None
    alert: int | None = Field(None, ge=1, le=2**53)


class TaskIn(_OrderIn):
    """A task of its own, or a part of `directive`, `incident` or the task `parent`. `assignee`: an account of the lead agency."""

    directive: Code = ""
    parent: Code = ""
    assignee: Said = Field("", max_length=150)
