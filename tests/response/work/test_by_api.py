"""Work by the API: the same table of moves as on the pages and at the command line, for people and for programs of an agency."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from toancanh.audit.models import AuditEntry
from toancanh.intake import services as intake
from toancanh.intake.doors import keys
from toancanh.intake.models import Source
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.people.actors import SYSTEM
from toancanh.people.models import User
from toancanh.response import changes
from toancanh.response.models import Directive, Incident, Kind, Task, Work
from toancanh.response.services import incidents
from toancanh.response.services.incidents import IncidentForm, open_incident
from toancanh.response.states import By
from toancanh.units.models import Unit

from .conftest import Clockwork, Staff

pytestmark = pytest.mark.django_db
Make = Callable[[Kind], Work]
STATES = [(kind, state) for kind, machine in changes.MACHINES.items() for state in machine.words]
MAKERS = {By.CENTRE: "operator", By.AGENCY: "builder", By.LEADER: "leader", By.SYSTEM: "leader"}
PEOPLE = ("leader", "operator", "builder", "banker", "analyst", "auditor")


@dataclass
class Door:
    """The API as one asker uses it."""

    client: Client
    headers: dict[str, str]

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api/v1{path}", query, headers=self.headers)

    def post(self, path: str, body: Any, **headers: str) -> Any:
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post(f"/api/v1{path}", json.dumps(body), content_type="application/json", headers=self.headers | more)

    def move(self, record: Work, verb: str, tag: str = "*", **said: Any) -> Any:
        return self.post(f"{path_of(record)}/moves", {"verb": verb, **said}, If_Match=tag)


def path_of(record: Work) -> str:
    return f"/{changes.kind_of(record).value}s/{record.code}"


def person(name: str) -> Door:
    client = Client()
    client.force_login(User.objects.get(username=name))
    return Door(client, {})


def program(owner: str | None = "agency:SXD", handles: bool = True) -> Door:
    keys.forget()
    code = f"{owner}-{handles}".replace(":", "-").lower()
    form = intake.SourceForm(
        code=code, title=Text("Phần mềm", "Program"), datasets=("dossiers",), owner=owner, handles_work=handles
    )
    key = intake.make_key(SYSTEM, intake.make_source(SYSTEM, form))
    return Door(Client(), {"Authorization": f"Bearer {key}"})


@pytest.fixture
def make(staff: Staff, province: dict[str, Unit], directive: Any, task: Any) -> Make:
    """One record of a kind."""

    def made(kind: Kind) -> Work:
        if kind is Kind.INCIDENT:
            form = IncidentForm(kind="road", title="Ổ gà", unit=province["sample:MS01"], reporter="0912 345 678")
            return open_incident(staff.operator, form)
        return directive() if kind is Kind.DIRECTIVE else task()  # type: ignore[no-any-return]

    return made


@pytest.mark.parametrize(("kind", "state"), STATES, ids=str)
def test_what_is_no_move_of_a_state_is_refused_and_changes_nothing(
    kind: Kind, state: str, make: Make, province: dict[str, Unit]
) -> None:
    record = make(kind)
    type(record)._default_manager.filter(pk=record.pk).update(state=state, lead=province["agency:SXD"])
    machine, tried = changes.MACHINES[kind], 0
    for move in machine.moves:
        if any(state in each.begins for each in machine.moves if each.verb == move.verb):
            continue
        if (move.verb == "take" and record.closed_at is None) or By.SYSTEM in move.by or move.verb == "merge":
            continue  # taking over is no move; merging names the other one first; the system's own moves nobody makes
        tried += 1
        answer = person(MAKERS[move.by[0]]).move(record, move.verb, words="lý do")
        assert answer.status_code == 409, (move.verb, answer.content)
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert "Đang ở trạng thái" in answer.json()["detail_vi"]
        assert "It is “" in answer.json()["detail_en"]
    assert tried
    record.refresh_from_db()
    assert (record.state, record.version) == (state, 1)  # type: ignore[attr-defined]


def test_a_directive_goes_its_whole_way_by_the_moves_that_each_answer_names(
    staff: Staff, directive: Callable[..., Directive]
) -> None:
    made = directive()
    seen = person("builder").get(path_of(made))
    for who, verb, words in (("builder", "accept", ""), ("builder", "report_done", "Đã xong"), ("leader", "close", "Tốt")):
        assert verb in [each["verb"] for each in person(who).get(path_of(made)).json()["moves"]]
        answer = person(who).move(made, verb, seen.headers["ETag"], words=words)
        assert answer.status_code == 200, answer.content
        seen = answer
    assert answer.json()["state"] == "closed"
    assert person("leader").get(path_of(made)).json() == answer.json()
    acts = AuditEntry.objects.filter(subject=f"directive:{made.pk}").order_by("number").values_list("actor", "action")
    assert list(acts) == [
        ("leader", "response.open_directive"), ("builder", "response.accept"), ("builder", "response.report_done"),
        ("leader", "response.close"),
    ]  # fmt: skip


def test_nobody_moves_what_they_have_not_looked_at(staff: Staff, task: Callable[..., Task]) -> None:
    made = task()
    builder = person("builder")
    unsaid = builder.post(f"{path_of(made)}/moves", {"verb": "begin"})
    assert (unsaid.status_code, unsaid.json()["type"]) == (428, "urn:toancanh:problem:version-needed")
    assert builder.move(made, "begin", "seven").status_code == 422
    tag = builder.get(path_of(made)).headers["ETag"]
    assert builder.move(made, "begin", f"W/{tag}").status_code == 200
    stale = person("banker").get(path_of(made))
    assert stale.status_code == 404
    late = builder.move(made, "report_done", tag, words="xong")
    assert (late.status_code, late.json()["type"]) == (412, "urn:toancanh:problem:changed-meanwhile")
    assert late.json()["detail_vi"] != late.json()["detail_en"]
    made.refresh_from_db()
    assert (made.state, made.version) == ("doing", 2)


@pytest.mark.parametrize("kind", list(Kind), ids=str)
def test_the_same_move_sent_again_is_made_once(kind: Kind, make: Make) -> None:
    record = make(kind)
    who, verb = {
        Kind.INCIDENT: ("operator", "assign"), Kind.DIRECTIVE: ("builder", "accept"), Kind.TASK: ("builder", "begin")
    }[kind]  # fmt: skip
    said = {"lead": "agency:SXD"} if kind is Kind.INCIDENT else {}
    first, again = (person(who).move(record, verb, '"1"', **said) for _ in range(2))
    assert (first.status_code, again.status_code) == (200, 200), again.content
    assert again.json() == first.json()
    assert again.headers["ETag"] == '"2"'


def test_an_etag_of_a_record_is_its_version_and_tells_two_readers_apart(
    staff: Staff, directive: Callable[..., Directive]
) -> None:
    made = directive()
    leader, builder = person("leader"), person("builder")
    tag = leader.get(path_of(made)).headers["ETag"]
    assert tag.startswith('"1-')
    leader.headers["If-None-Match"] = builder.headers["If-None-Match"] = tag
    assert leader.get(path_of(made)).status_code == 304
    assert builder.get(path_of(made)).status_code == 200  # other moves are possible for the agency


@pytest.mark.parametrize("kind", list(Kind), ids=str)
def test_each_reads_and_moves_only_what_is_theirs(kind: Kind, make: Make, province: dict[str, Unit]) -> None:
    record = make(kind)
    if kind is Kind.INCIDENT:
        assert person("operator").move(record, "assign", lead="agency:SXD").status_code == 200
    verb = {Kind.INCIDENT: "report_fixed", Kind.DIRECTIVE: "accept", Kind.TASK: "begin"}[kind]
    asked: dict[str, Callable[[], Door]] = {name: (lambda name=name: person(name)) for name in PEOPLE}  # type: ignore[misc]
    asked |= {
        "key": program, "key that only delivers": lambda: program(handles=False),
        "key of another agency": lambda: program("agency:STC"), "nobody": lambda: Door(Client(), {}),
        "wrong key": lambda: Door(Client(), {"Authorization": "Bearer tc_x"}),
    }  # fmt: skip
    sees = {"leader", "operator", "builder", "auditor", "key"}
    for name, door in asked.items():
        asker, path = door(), path_of(record)
        listed = asker.get(path.rpartition("/")[0])
        answers = [asker.get(path), asker.get(f"{path}/entries"), asker.move(record, "recall", words="x")]
        if name in ("nobody", "wrong key"):
            assert {each.status_code for each in (listed, *answers)} == {401}, name
            continue
        assert [each["code"] for each in listed.json()["items"]] == ([record.code] if name in sees else []), name
        statuses = [each.status_code for each in answers]
        if name not in sees:
            assert statuses == [404, 404, 404], name
            assert all(record.title.encode() not in each.content for each in answers), name
            continue
        assert statuses[:2] == [200, 200], name
        may = name != "auditor"
        assert (verb in [each["verb"] for each in answers[0].json()["moves"]]) == may, name
        if not may:
            assert asker.move(record, verb, words="x").status_code == 403, name
        if kind is Kind.DIRECTIVE:  # the leader had recalled it
            Directive.objects.filter(pk=record.pk).update(state="issued", closed_at=None)


def test_an_incident_by_the_api_does_not_tell_who_reported_it(staff: Staff, make: Make) -> None:
    record = make(Kind.INCIDENT)
    for path in ("/incidents", path_of(record), f"{path_of(record)}/entries"):
        assert "0912" not in person("operator").get(path).content.decode()


def test_the_lists_keep_a_state_a_lead_and_a_deadline(
    staff: Staff, task: Callable[..., Task], province: Any, clock: Clockwork
) -> None:
    early, other = task(), task(lead=province["agency:STC"])
    clock.on(days=1)
    late = task()

    def codes(**query: str) -> list[str]:
        return [each["code"] for each in person("operator").get("/tasks", **query).json()["items"]]

    assert codes() == [late.code, other.code, early.code]
    assert codes(lead="agency:STC") == [other.code]
    assert early.due_at is not None
    assert codes(due=early.due_at.date().isoformat()) == [other.code, early.code]
    assert person("builder").move(early, "begin").status_code == 200
    assert codes(state="doing") == [early.code]
    assert person("operator").move(early, "cancel", words="thôi").status_code == 200
    assert codes(state="open") == [late.code, other.code]
    clock.on(days=1, hours=10)
    assert codes(overdue="true") == [other.code]
    page = person("operator").get("/tasks", limit=2).json()
    assert codes(limit="2", cursor=page["next"]) == [early.code]
    assert person("operator").get("/tasks", state="no-such").status_code == 422


def test_a_leader_issues_a_directive_once(staff: Staff) -> None:
    body = {
        "title": "Đẩy nhanh giải ngân", "lead": "agency:SXD", "supporting": ["agency:STC"], "term": {"amount": 3},
        "document_number": "123/UBND-KT", "person": "Trần Văn Bình", "result": "Đạt kế hoạch",
    }  # fmt: skip
    first, again = (person("leader").post("/directives", body, Idempotency_Key="k1") for _ in range(2))
    assert first.status_code == 201, first.content
    assert first.json() == again.json()
    assert (first.json()["state"], first.json()["supporting"], first.headers["ETag"]) == ("issued", ["agency:STC"], '"1"')
    assert Directive.objects.count() == 1
    assert person("deputy").post("/directives", body, Idempotency_Key="k1").json()["code"] != first.json()["code"]
    assert person("operator").post("/directives", body, Idempotency_Key="k2").status_code == 403
    assert program().post("/directives", body, Idempotency_Key="k3").status_code == 403
    for wrong in ({"term": None}, {"due_at": "2027-01-01T00:00:00+07:00"}, {"title": " "}, {"lead": "sample:MS01"}, {"alert": 7}):
        answer = person("leader").post("/directives", body | wrong, Idempotency_Key="k4")
        assert answer.status_code in (404, 422), (wrong, answer.content)
        assert answer.json()["detail_vi"] != answer.json()["detail_en"]
    assert person("leader").post("/directives", body).status_code == 422
    assert Directive.objects.count() == 2


def test_work_is_split_by_people_and_never_by_a_program(staff: Staff, directive: Callable[..., Directive]) -> None:
    whole = directive()
    body = {"title": "Rà soát", "lead": "agency:SXD", "term": {"amount": 1}, "directive": whole.code, "assignee": "builder"}
    made = person("builder").post("/tasks", body, Idempotency_Key="t1")
    assert (made.status_code, made.json()["directive"]) == (201, whole.code), made.content
    assert Task.objects.get().assignee == staff.builder
    assert person("banker").post("/tasks", body, Idempotency_Key="t2").status_code == 404
    for assignee in ("", "builder", "khong-co-ai"):  # a key does not learn who has an account
        assert program().post("/tasks", body | {"assignee": assignee}, Idempotency_Key="t3").status_code == 403
    assert program().post("/tasks", body | {"assignee": "", "directive": ""}, Idempotency_Key="t4").status_code == 403
    assert Task.objects.count() == 1


def test_progress_is_told_against_the_version_that_was_looked_at(staff: Staff, task: Callable[..., Task]) -> None:
    made = task()
    builder = person("builder")
    builder.move(made, "begin")
    said = {"per_cent": 40, "words": "Đã rà soát 4/10 dự án"}
    first, again = (builder.post(f"{path_of(made)}/progress", said, If_Match='"2"') for _ in range(2))
    assert (first.status_code, again.status_code, again.json()["progress"]) == (200, 200, 40)
    assert builder.post(f"{path_of(made)}/progress", said | {"words": "khác"}, If_Match='"1"').status_code == 412
    assert builder.post(f"{path_of(made)}/progress", said | {"per_cent": 101}, If_Match='"3"').status_code == 422


def test_a_word_is_written_once_by_who_has_a_part(staff: Staff, make: Make) -> None:
    record = make(Kind.INCIDENT)
    person("operator").move(record, "assign", lead="agency:SXD")
    path, said = f"{path_of(record)}/entries", {"words": "Đội đã đến nơi"}
    first, again = (program().post(path, said, Idempotency_Key="w1") for _ in range(2))
    assert (first.status_code, first.json()) == (201, again.json())
    words = [each["words"] for each in person("operator").get(path).json()["items"]]
    assert words.count("Đội đã đến nơi") == 1
    assert person("banker").post(path, said, Idempotency_Key="w2").status_code == 404
    assert person("auditor").post(path, said, Idempotency_Key="w3").status_code == 403
    page = person("operator").get(path, limit=1).json()
    assert page["items"][0]["words"] == "Đội đã đến nơi"
    assert person("operator").get(path, limit=100, cursor=page["next"]).json()["items"][0]["act"] == "assign"


def test_a_form_of_another_site_does_nothing_in_a_persons_name(staff: Staff, make: Make) -> None:
    record = make(Kind.TASK)
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(staff.builder)
    said = json.dumps({"verb": "begin"})
    headers = {"If-Match": "*", "Origin": "https://evil.example"}
    for kind in ("text/plain", "application/x-www-form-urlencoded", "application/json"):
        answer = browser.post(f"/api/v1{path_of(record)}/moves", said, content_type=kind, headers=headers)
        assert (answer.status_code, answer.json()["type"]) == (403, "urn:toancanh:problem:no-token"), kind
    record.refresh_from_db()
    assert record.version == 1
    browser.get("/tasks")
    token = browser.cookies["csrftoken"].value
    own = {"If-Match": "*", "X-CSRFToken": token}
    answer = browser.post(f"/api/v1{path_of(record)}/moves", said, content_type="application/json", headers=own)
    assert answer.status_code == 200, answer.content


def test_a_key_carries_no_cookie_and_needs_no_token(staff: Staff, make: Make) -> None:
    door = program()
    door.client = Client(enforce_csrf_checks=True)
    assert door.move(make(Kind.TASK), "begin").status_code == 200


def test_an_agencys_program_finishes_what_its_agency_leads_under_its_own_name(staff: Staff, make: Make) -> None:
    record = make(Kind.DIRECTIVE)
    key = program()
    assert key.move(record, "accept").status_code == 200
    assert key.move(record, "report_done", words="Đã xong").status_code == 200
    assert key.move(record, "close", words="x").status_code == 403
    assert key.move(record, "recall", words="x").status_code == 403
    record.refresh_from_db()
    assert record.state == "reported"  # type: ignore[attr-defined]
    actors = AuditEntry.objects.filter(action="response.accept").values_list("actor", flat=True)
    assert list(actors) == ["source:agency-sxd-true"]


def test_a_source_that_reported_something_learns_how_it_stands_and_not_what_is_said_of_it(staff: Staff) -> None:
    door = program(None, handles=False)
    code = door.post("/incidents", {"kind": "road", "title": "Ổ gà"}, Idempotency_Key="c1").json()["code"]
    incidents.note(staff.operator, Incident.objects.get(code=code), "Chỉ trao đổi nội bộ")
    assert door.get(f"/incidents/{code}").json()["moves"] == []
    assert door.get(f"/incidents/{code}/entries").status_code == 403
    assert door.move(Incident.objects.get(code=code), "refuse", words="x").status_code == 403


def test_only_who_gives_rights_lets_a_key_handle_work_and_only_an_agencys(staff: Staff) -> None:
    administrator = User.objects.create(username="quantri", full_name="Quản trị", role="administrator")

    def form(**more: Any) -> intake.SourceForm:
        usual = {"code": "phan-mem", "title": Text("Phần mềm", "Program"), "datasets": ("dossiers",), "owner": "agency:SXD"}
        return intake.SourceForm(**(usual | more))

    made = intake.make_source(staff.analyst, form())
    with pytest.raises(Problem, match="not-allowed"):
        intake.make_source(staff.analyst, form(handles_work=True))
    with pytest.raises(Problem, match="handles-for-nobody"):
        intake.make_source(administrator, form(handles_work=True, owner=None))
    made = intake.make_source(administrator, form(handles_work=True))
    entry = AuditEntry.objects.filter(action="intake.change_source").latest("number")
    assert (entry.actor, json.loads(entry.detail)["handles_work"]) == ("quantri", True)
    for act in (lambda: intake.make_key(staff.analyst, made), lambda: intake.make_source(staff.analyst, form(handles_work=True))):
        with pytest.raises(Problem, match="not-allowed"):
            act()
    with pytest.raises(Problem, match="not-allowed"):
        intake.make_source(staff.analyst, form(owner="agency:STC", handles_work=True))
    with pytest.raises(Problem, match="not-allowed"):
        intake.make_source(staff.analyst, form(owner="agency:STC"))
    assert intake.make_source(staff.analyst, form()).handles_work  # brought in line, it keeps what it may
    assert not intake.make_source(staff.analyst, form(handles_work=False)).handles_work  # to take it away needs no more
    assert Source.objects.get().owner.key == "agency:SXD"  # type: ignore[union-attr]
