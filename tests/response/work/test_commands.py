"""Work at the command line: as one person, with that person's rights; what is no move of a state is refused there too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from toancanh.audit.models import AuditEntry
from toancanh.response import changes
from toancanh.response.models import Directive, Incident, Kind, Task, Work
from toancanh.response.services.incidents import IncidentForm, open_incident
from toancanh.response.states import By
from toancanh.site.cli import main
from toancanh.units.models import Unit

from .conftest import Staff

pytestmark = pytest.mark.django_db
Make = Callable[[Kind], Work]
STATES = [(kind, state) for kind, machine in changes.MACHINES.items() for state in machine.words]
MAKERS = {By.CENTRE: "operator", By.AGENCY: "builder", By.LEADER: "leader", By.SYSTEM: "leader"}


@pytest.fixture
def make(staff: Staff, province: dict[str, Unit], directive: Any, task: Any) -> Make:
    """One record of a kind."""

    def made(kind: Kind) -> Work:
        if kind is Kind.INCIDENT:
            form = IncidentForm(kind="road", title="Ổ gà", unit=province["sample:MS01"])
            return open_incident(staff.operator, form)
        return directive() if kind is Kind.DIRECTIVE else task()  # type: ignore[no-any-return]

    return made


@pytest.mark.parametrize(("kind", "state"), STATES, ids=str)
def test_what_is_no_move_of_a_state_is_refused_and_changes_nothing(
    kind: Kind, state: str, make: Make, province: dict[str, Unit], capsys: pytest.CaptureFixture[str]
) -> None:
    record = make(kind)
    type(record)._default_manager.filter(pk=record.pk).update(state=state, lead=province["agency:SXD"])
    machine, tried = changes.MACHINES[kind], 0
    for move in machine.moves:
        if any(state in each.begins for each in machine.moves if each.verb == move.verb):
            continue
        if move.verb == "take" and record.closed_at is None:
            continue  # whoever takes what another has takes it over: no move, its state stays
        tried += 1
        words = [f"{kind.value}s", "move", record.code, move.verb, "--as", MAKERS[move.by[0]], "--words", "lý do"]
        assert main(words) == 1, move.verb
        said = capsys.readouterr().err
        assert ("Đang ở trạng thái" in said and "It is “" in said) or By.SYSTEM in move.by or move.verb == "merge", said
    assert tried
    record.refresh_from_db()
    assert (record.state, record.version) == (state, 1)  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", list(Kind))
def test_a_word_that_is_no_move_at_all_is_refused(kind: Kind, make: Make, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([f"{kind.value}s", "move", make(kind).code, "drop_table", "--as", "leader"]) == 1
    assert "không thể “drop_table”" in capsys.readouterr().err


def test_a_task_goes_its_way_at_the_command_line(make: Make, capsys: pytest.CaptureFixture[str]) -> None:
    code = make(Kind.TASK).code
    steps = (("builder", "begin"), ("builder", "report_done", "--words", "Xong"), ("operator", "confirm"))
    for who, verb, *more in steps:
        assert main(["tasks", "move", code, verb, "--as", who, *more]) == 0
    made = Task.objects.get()
    assert (made.state, made.result) == ("done", "Xong")
    entry = AuditEntry.objects.get(action="response.report_done")
    assert (entry.actor, entry.address) == ("builder", "command line")
    shown = capsys.readouterr().out
    assert "state: done (Hoàn thành / Done)" in shown
    assert "move: reopen (Mở lại / Reopen)" in shown


def test_an_incident_is_routed_and_a_directive_sent_back_with_a_new_deadline(make: Make, province: dict[str, Unit]) -> None:
    incident, directive = make(Kind.INCIDENT), make(Kind.DIRECTIVE)
    agencies = ["--lead", "agency:SXD", "--supporting", "agency:YT"]
    assert main(["incidents", "move", incident.code, "assign", "--as", "operator", *agencies]) == 0
    assert Incident.objects.get().lead == province["agency:SXD"]
    assert [each.key for each in Incident.objects.get().supporting.all()] == ["agency:YT"]
    for who, verb, *more in (
        ("builder", "accept"), ("builder", "report_done", "--words", "Xong"),
        ("leader", "send_back", "--words", "Chưa đủ", "--until", "2026-12-11"),
    ):  # fmt: skip
        assert main(["directives", "move", directive.code, verb, "--as", who, *more]) == 0
    assert f"{Directive.objects.get().due_at:%Y-%m-%d %H:%M}" == "2026-12-11 10:00"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--as", "doctor"), "Không tìm thấy nhiệm vụ"),  # another agency's: not even that there is one
        (("close", "--as", "builder"), "chưa có quyền"),
        (("--as", "nobody"), "Không có tài khoản"),
        (("--as", "builder", "--version", "7"), "Xem lại rồi thực hiện lại"),
    ],
)
def test_who_may_not_or_looked_at_something_older_is_refused_in_both_languages(
    words: tuple[str, ...], said: str, make: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    kind, verb = (Kind.DIRECTIVE, ()) if "close" in words else (Kind.TASK, ("begin",))
    record = make(kind)
    type(record)._default_manager.filter(pk=record.pk).update(state="reported" if kind is Kind.DIRECTIVE else "assigned")
    assert main([f"{kind.value}s", "move", record.code, *verb, *words]) == 1
    vi, en = capsys.readouterr().err.splitlines()
    assert said in vi
    assert en not in ("", vi)
    record.refresh_from_db()
    assert record.version == 1


def test_lists_hold_what_the_person_may_see(make: Make, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = make(Kind.TASK), make(Kind.TASK)
    assert main(["tasks", "list", "--as", "builder"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("\t")[0] for line in lines] == [second.code, first.code]
    assert lines[0].split("\t")[1:4] == ["assigned", "medium", "agency:SXD"]
    for hidden in (["--as", "doctor"], ["--as", "builder", "--state", "done"]):
        assert main(["tasks", "list", *hidden]) == 0
        assert capsys.readouterr().out == ""
