"""Who may listen to the stream, and to which scopes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from tests.boards.conftest import province, sign_in  # noqa: F401  (fixtures)

from toancanh.live.admission import admitted
from toancanh.people import services as people
from toancanh.people.actors import SYSTEM, WALL_COOKIE
from toancanh.people.models import User
from toancanh.response.listening import scope_of

SignIn = Callable[..., Client]
EVERYWHERE = ("sample:MS", "sample:MS02", "sample:MS03", "agency:TK", "agency:STC", "main")


@pytest.fixture(autouse=True)
def own_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("toancanh.live.admission.close_old_connections", lambda: None)


def cookies(client: Client) -> str:
    return "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())


def test_a_leader_hears_every_place_agency_and_wall(sign_in: SignIn) -> None:  # noqa: F811
    assert admitted(cookies(sign_in()), EVERYWHERE) == set(EVERYWHERE)


def test_somebody_limited_to_one_commune_hears_no_other_place(sign_in: SignIn) -> None:  # noqa: F811
    heard = admitted(cookies(sign_in("officer", area="sample:MS03")), EVERYWHERE)
    assert heard is not None
    assert {each for each in heard if each.startswith("sample:")} == {"sample:MS03"}


def test_somebody_limited_to_one_agency_hears_no_other_agency(sign_in: SignIn) -> None:  # noqa: F811
    heard = admitted(cookies(sign_in("officer", agency="agency:TK")), EVERYWHERE)
    assert heard is not None
    assert {each for each in heard if each.startswith("agency:")} == {"agency:TK"}


def test_the_line_of_a_record_is_heard_by_whoever_was_told_its_name(sign_in: SignIn) -> None:  # noqa: F811
    line = scope_of("incident", 7)
    assert admitted(cookies(sign_in("officer", area="sample:MS03")), [line]) == {line}


def test_a_closed_account_and_an_ended_session_are_nobody(sign_in: SignIn) -> None:  # noqa: F811
    staying, leaving = sign_in(), sign_in("operator")
    held = cookies(leaving)
    leaving.logout()
    assert admitted(held, EVERYWHERE) is None
    people.close_account(SYSTEM, User.objects.get(role="leader"))
    assert admitted(cookies(staying), EVERYWHERE) is None


def test_a_revoked_wall_is_nobody(province: object) -> None:  # noqa: F811
    device, token = people.add_wall(SYSTEM, "Phòng họp")
    held = f"{WALL_COOKIE}={token}"
    assert admitted(held, ["main"]) == {"main"}
    people.revoke_wall(SYSTEM, device)
    assert admitted(held, ["main"]) is None
