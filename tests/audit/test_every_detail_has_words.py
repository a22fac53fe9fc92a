"""What an audit entry holds is named in words in both languages, never by the names of columns."""

from __future__ import annotations

import re
from typing import Any

import pytest
from tests.support.audited import nameless

from toancanh.audit.detail_names import NAMES
from toancanh.audit.services import record
from toancanh.audit.words import name_of_detail
from toancanh.kernel.text import Text
from toancanh.people.administration.listings import audit_table
from toancanh.response.models import Directive, Incident, Task
from toancanh.ui import language

KEPT_INSIDE = {"id", "sought", "once", "once_digest"}  # never part of a change


@pytest.mark.parametrize("model", [Incident, Directive, Task])
def test_every_column_of_work_has_words(model: Any) -> None:
    columns = {each.name for each in model._meta.get_fields() if each.concrete} - KEPT_INSIDE
    assert sorted(columns - NAMES.keys()) == []


def test_the_words_differ_by_language_and_are_no_code() -> None:
    same = sorted(name for name, words in NAMES.items() if words.vi == words.en or "_" in words.vi + words.en)
    assert same == []


def test_a_nested_value_is_named_step_by_step_and_an_unknown_one_not_at_all() -> None:
    assert name_of_detail("after.role") == Text("Sau › Vai trò", "After › Role")
    assert name_of_detail("after.shoe_size") is None
    assert nameless({"due_at": 1, "after": {"role": 1, "shoe_size": 2}}) == ["after.shoe_size"]


def details(code: str) -> str:
    """The column of details as the page prints it."""
    from toancanh.audit.models import AuditEntry

    with language.use(code):
        return audit_table([AuditEntry.objects.latest("number")], {}).rows[0][-1].text


@pytest.mark.django_db
def test_the_page_says_what_was_changed_in_words_with_the_raw_name_where_there_are_none() -> None:
    moved = {"due_at": "2026-11-28T07:27:00+00:00", "unit": "sample:MS", "late": False, "state": "handling", "shoe_size": 42}
    record("robot", "test.act", "thing:1", detail=moved)
    assert details("vi") == (
        "Hạn: 14:27 28/11/2026 · Trễ hạn: không · shoe_size: 42 · Trạng thái: Đang xử lý · Địa bàn, đơn vị: sample:MS"
    )
    assert details("en").startswith("Due: 14:27 28/11/2026 · Late: no · shoe_size: 42 · State: ")
    record("robot", "test.act", "thing:1", detail={"changed": ["email", "quiet_from"], "before": {"role": "leader"}})
    assert details("vi") == "Trước › Vai trò: Lãnh đạo · Đã đổi: Thư điện tử, Giờ yên tĩnh từ"


@pytest.mark.django_db
def test_an_act_that_records_a_nameless_value_fails_its_test() -> None:
    with pytest.raises(AssertionError, match=re.escape("response.take: give ['shoe_size'] words")):
        record("robot", "response.take", "incident:1", detail={"shoe_size": 42})
