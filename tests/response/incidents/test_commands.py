"""Routing and office hours from the command line: what is written holds, what is wrong is said."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import UTC, date, datetime

import pytest

from toancanh.kernel.problem import Problem
from toancanh.response import clocks
from toancanh.response.commands import COMMANDS
from toancanh.response.handling.competence import propose
from toancanh.units.models import Unit

Province = dict[str, Unit]


def run(*words: str) -> int:
    """`toancanh` with these words."""
    command = next(each for each in COMMANDS if each.name == words[:2])
    parser = ArgumentParser()
    command.configure(parser)
    return command.run(parser.parse_args(list(words[2:])))


def test_a_route_is_added_listed_and_ended(province: Province, capsys: pytest.CaptureFixture[str]) -> None:
    run("routes", "add", "agency:VP", "--kind", "road", "--area", "sample:MS02", "--from", "2026-11-01", "--basis", "QĐ 12")
    number = capsys.readouterr().out.strip()
    assert propose("road", province["sample:MS02"]).agency == province["agency:VP"]
    run("routes", "list")
    assert capsys.readouterr().out == f"{number}\troad\tsample:MS02\tagency:VP\t2026-11-01..\tQĐ 12\t*\n"
    run("routes", "end", number, "2026-11-10")
    assert propose("road", province["sample:MS02"]).agency == province["agency:SXD"]


@pytest.mark.parametrize("words", [("agency:NOBODY",), ("sample:MS02",), ("agency:VP", "--kind", "dragon")])
def test_a_wrong_route_is_refused(province: Province, words: tuple[str, ...]) -> None:
    with pytest.raises(Problem):
        run("routes", "add", *words)


def test_an_agencys_own_hours_move_its_deadlines(province: Province) -> None:
    agency = province["agency:SXD"]
    friday = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)  # 09:00 in Viet Nam
    assert clocks.due_at(friday, 4, "working_hours", agency) == datetime(2026, 11, 20, 7, 30, tzinfo=UTC)
    run("hours", "set", "agency:SXD", "0-4=08:00-10:00", "--from", "2026-11-01")
    assert clocks.due_at(friday, 4, "working_hours", agency) == datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
    assert date(2026, 11, 24).weekday() == 1


@pytest.mark.parametrize("spans", ["0-4=10:00-08:00", "0-9=08:00-10:00", "0=08:00-11:00,10:00-12:00", "x=08:00-10:00", "0=8"])
def test_wrong_hours_are_refused(province: Province, spans: str) -> None:
    with pytest.raises(Problem, match="bad-hours"):
        run("hours", "set", "agency:SXD", spans, "--from", "2026-11-01")
