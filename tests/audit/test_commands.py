"""`toancanh audit verify` and `toancanh audit anchor`."""

from __future__ import annotations

from argparse import Namespace

import pytest

from toancanh.audit import commands
from toancanh.audit.models import AuditHead
from toancanh.audit.services import record
from toancanh.kernel.problem import Problem

pytestmark = pytest.mark.django_db


def test_verify_says_the_record_is_sound_against_an_anchor_taken_before(tmp_path, capsys):
    record("a", "test.act", "x:1")
    commands.anchor(Namespace())
    (tmp_path / "anchors.txt").write_text(capsys.readouterr().out)
    record("a", "test.act", "x:2")
    assert commands.verify(Namespace(anchor=tmp_path / "anchors.txt")) == 0
    assert "2" in capsys.readouterr().out


def test_verify_names_the_first_bad_entry_and_fails(capsys):
    record("a", "test.act", "x:1")
    AuditHead.objects.update(hash="f" * 64)
    assert commands.verify(Namespace(anchor=None)) == 1
    assert "Entry 1" in capsys.readouterr().out


@pytest.mark.parametrize("content", ["three", "1 short", "x " + "a" * 64])
def test_a_broken_anchor_file_is_refused_by_line(tmp_path, content):
    (tmp_path / "anchors.txt").write_text("\n" + content)
    with pytest.raises(Problem, match="2"):
        commands.verify(Namespace(anchor=tmp_path / "anchors.txt"))


def test_a_missing_anchor_file_is_refused(tmp_path):
    with pytest.raises(Problem):
        commands.verify(Namespace(anchor=tmp_path / "none.txt"))
