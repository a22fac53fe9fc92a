"""Two people acting in the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from toancanh.audit import queries as audit
from toancanh.kernel.problem import Problem
from toancanh.people import services
from toancanh.people.models import User
from toancanh.people.roles import Role


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_dismiss_each_other_at_once_leave_one():
    first, second = (
        User.objects.create(username=name, full_name=name, role=Role.ADMINISTRATOR.value) for name in ("first", "second")
    )
    together = Barrier(2)

    def dismiss(pair: tuple[User, User]) -> str:
        try:
            together.wait(timeout=30)
            services.close_account(*pair)
        except Problem as problem:
            return problem.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(dismiss, [(first, second), (second, first)]))
    assert outcomes == ["done", "last-administrator"]
    assert User.objects.filter(is_active=True).count() == 1
    assert audit.verify() is None
