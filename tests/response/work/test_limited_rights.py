"""Rights that end at a border: who may order within one commune orders nothing beyond it, also when no place is named."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.response.work.conftest import Staff

from toancanh.kernel.problem import Problem
from toancanh.people.models import Grant, User
from toancanh.response.directing.orders import Order
from toancanh.response.models import Task
from toancanh.response.services import directives, tasks
from toancanh.units.models import Unit


@pytest.fixture
def village_head(staff: Staff, province: dict[str, Unit]) -> User:
    """Somebody who may order within one commune only."""
    user = staff.analyst
    user.only_grants = True
    user.save()
    Grant.objects.create(user=user, actions=["view", "direct", "approve"], area=province["sample:MS02"], given_by="quản trị")
    return User.objects.get(pk=user.pk)


def test_who_orders_in_one_commune_orders_nothing_without_naming_a_place(
    village_head: User, order: Callable[..., Order], province: dict[str, Unit]
) -> None:
    for place in (None, province["sample:MS01"], province["sample:MS"]):
        with pytest.raises(Problem) as refused:
            directives.issue(village_head, order(unit=place))
        assert refused.value.status == 403
    assert directives.issue(village_head, order(unit=province["sample:MS02"])).code


def test_who_orders_in_one_commune_gives_no_work_of_its_own_to_the_province(
    village_head: User, staff: Staff, order: Callable[..., Order], province: dict[str, Unit], task: Callable[..., Task]
) -> None:
    with pytest.raises(Problem) as refused:
        task(village_head)
    assert refused.value.status == 403
    theirs = directives.issue(village_head, order(unit=province["sample:MS02"]))
    assert task(village_head, directive=theirs).unit == province["sample:MS02"]
    above, below = task(village_head, directive=theirs), task()
    with pytest.raises(Problem) as unseen:
        tasks.hang_under(village_head, below, above)
    assert unseen.value.status == 404


def test_who_directs_a_task_puts_it_under_none_that_they_only_see(
    village_head: User, staff: Staff, order: Callable[..., Order], province: dict[str, Unit], task: Callable[..., Task]
) -> None:
    theirs = task(village_head, directive=directives.issue(village_head, order(unit=province["sample:MS02"])))
    Grant.objects.create(user=village_head, actions=["handle"], agency=province["agency:SXD"], given_by="quản trị")
    seeing = User.objects.get(pk=village_head.pk)
    with pytest.raises(Problem) as refused:
        tasks.hang_under(seeing, theirs, task())
    assert refused.value.status == 403
    theirs.refresh_from_db()
    assert theirs.parent is None
