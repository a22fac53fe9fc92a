"""The moves of the state tables as people make them, by name, with what was said: on a page, at the command line, by the API."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.people.permissions import Actor
from toancanh.response import changes, policy
from toancanh.response.directing.clarity import Clear
from toancanh.response.directing.orders import Deadline
from toancanh.response.models import Incident, Kind, Work
from toancanh.response.services import directives, incidents, merging, tasks
from toancanh.units.models import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What is said with a move; each takes what it needs. `words`: the reason or the result; `version`: the one that was
    looked at; `into`: the number of another incident; `clear`: what an order left open."""

    words: str = ""
    version: int | None = None
    overdue_reason: str = ""
    deadline: Deadline | None = None
    lead: Unit | None = None
    supporting: tuple[Unit, ...] = ()
    into: str = ""
    clear: Clear | None = None


Act = Callable[[Actor, Any, Said], Work]


def make(actor: Actor, record: Work, verb: str, said: Said) -> Work:
    """Make a move. What is no move of this state is refused by its table, and what only the system does by its makers.

    Raises `Problem` as the services and `changes.change` do.
    """
    act = MOVES[changes.kind_of(record)].get(verb)
    return act(actor, record, said) if act else changes.change(actor, record, verb, said.version, reason=said.words)


def _merge(actor: Actor, incident: Incident, said: Said) -> Incident:
    into = policy.visible_incidents(Incident.objects.filter(code=said.into.strip().upper()[:24]), actor).first()
    if into is None:
        raise Problem(
            "unknown-incident", 422, Text("Không gộp được", "Cannot merge"),
            Text("Nhập mã của sự việc cần gộp vào, ví dụ SV-2611-00042.", "Enter the code of the other one, as SV-2611-00042."),
        )  # fmt: skip
    return merging.merge(actor, incident, into, said.version)


MOVES: Mapping[Kind, Mapping[str, Act]] = {
    Kind.INCIDENT: {
        "take": lambda a, r, s: incidents.take(a, r, s.version),
        "assign": lambda a, r, s: incidents.assign(a, r, s.lead, s.supporting, words=s.words, version=s.version),
        "report_fixed": lambda a, r, s: incidents.report_fixed(a, r, s.words, s.version),
        "send_back": lambda a, r, s: incidents.send_back(a, r, s.words, s.version),
        "close": lambda a, r, s: incidents.close(a, r, s.words, s.version),
        "refuse": lambda a, r, s: incidents.refuse(a, r, s.words, s.version),
        "reopen": lambda a, r, s: incidents.reopen(a, r, s.words, s.version),
        "split_off": lambda a, r, s: merging.split_off(a, r, s.words, s.version),
        "merge": _merge,
    },
    Kind.DIRECTIVE: {
        "accept": lambda a, r, s: directives.accept(a, r, s.version, s.clear),
        "report_done": lambda a, r, s: directives.report_done(a, r, s.words, s.version, s.overdue_reason),
        "send_back": lambda a, r, s: directives.send_back(a, r, s.words, s.version, s.deadline),
        "reopen": lambda a, r, s: directives.reopen(a, r, s.words, s.version, s.deadline),
        "close": lambda a, r, s: directives.close(a, r, s.version, s.words),
        "recall": lambda a, r, s: directives.recall(a, r, s.words, s.version),
    },
    Kind.TASK: {
        "begin": lambda a, r, s: tasks.begin(a, r, s.version),
        "report_done": lambda a, r, s: tasks.report_done(a, r, s.words, s.version, s.overdue_reason),
        "confirm": lambda a, r, s: tasks.confirm(a, r, s.version),
        "send_back": lambda a, r, s: tasks.send_back(a, r, s.words, s.version, s.deadline),
        "reopen": lambda a, r, s: tasks.reopen(a, r, s.words, s.version, s.deadline),
        "cancel": lambda a, r, s: tasks.cancel(a, r, s.words, s.version),
    },
}
