"""Every address x every kind of asker: who gets in, who is refused, and for whom the thing does not even exist.

The table is the promise. A new address without a line here fails; so does an answer that differs from its line.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from toancanh.intake.models import Source

from .a_full_centre import SECRET, FullCentre, build
from .addresses import API_HEADERS, ASKERS, SENT, address, client_of, every_route
from .promised_answers import PROMISED

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
BLIND = ("other", "analyst", "public", "warden")  # to whom the health department's own work does not exist


@pytest.fixture
def full(db: None, settings: Any) -> FullCentre:
    settings.ROOT_UNIT = "sample:MS"
    return build()


def ask(client: Client, path: str) -> list[HttpResponse]:
    """By GET, and by a POST that is empty except at the API; what they did is undone."""
    sent = SENT.get(path.rpartition("/")[2]) if path.startswith("/api/") else None
    posted: dict[str, Any] = {"data": sent, "content_type": "application/json", "headers": API_HEADERS} if sent else {}
    answers = []
    for method, more in (("get", {}), ("post", posted)):
        with transaction.atomic():
            answers.append(getattr(client, method)(path, **more))
            transaction.set_rollback(True)
    return answers


def judged(answer: HttpResponse) -> str:
    """One letter: + in, - refused (403), 0 does not exist (404), s sign in first, . not this method."""
    status = answer.status_code
    if status == 405:
        return "."
    if status == 401 or (status == 302 and answer.headers["Location"].startswith("/sign-in")):
        return "s"
    assert status < 500, status
    return {403: "-", 404: "0"}.get(status, "+")


@pytest.mark.parametrize("asker", ASKERS)
def test_every_answer_is_the_promised_one_and_tells_nothing_that_is_not_theirs(full: FullCentre, asker: str) -> None:
    wrong, told = [], []
    for route in dict.fromkeys(every_route()):
        path = address(route, full.at)
        answers = ask(client_of(asker, full), path)
        got = "".join(judged(each) for each in answers)
        promised = PROMISED[route].split()[ASKERS.index(asker)] if route in PROMISED else "no line"
        if got != promised:
            wrong.append(f"{route} {asker}: promised {promised}, got {got}")
        if asker in BLIND:
            told += [route for each in answers if not each.streaming and SECRET.encode() in each.content]
    assert told == []
    assert wrong == []


@pytest.mark.parametrize("asker", [each for each in ASKERS if each != "public"])
def test_no_line_of_the_side_bar_leads_to_a_refusal(full: FullCentre, asker: str) -> None:
    client = client_of(asker, full)
    bar = client.get("/").content.decode().partition("<nav")[2].partition("</nav>")[0]
    lines = re.findall(r'href="(/[^"]*)"', bar)
    assert len(lines) > 5
    assert ("/wall-control" in lines) == (asker in ("leader", "operator"))  # whoever may not steer it all steers none of it
    assert {href: client.get(href).status_code for href in lines} == dict.fromkeys(lines, 200)


def test_no_promise_is_left_of_an_address_that_is_gone() -> None:
    assert set(PROMISED) - set(every_route()) == set()


def test_the_blind_find_no_trace_by_searching(full: FullCentre) -> None:
    for asker in BLIND:
        client = client_of(asker, full)
        for path in ("/search?q=mật", "/tasks?q=mật", "/incidents?q=mật", "/desk?q=mật", "/api/v1/incidents"):
            assert SECRET.encode() not in client.get(path).content, (asker, path)


def test_a_source_sees_nothing_of_another_source(full: FullCentre) -> None:
    from toancanh.intake import services
    from toancanh.kernel.text import Text
    from toancanh.people.actors import SYSTEM

    form = services.SourceForm(code="other", title=Text("Khác", "Other"), datasets=("dossiers",), owner="agency:SGD")
    key = services.make_key(SYSTEM, services.make_source(SYSTEM, form))
    headers = {"Authorization": f"Bearer {key}"}
    assert Source.objects.count() == 2
    for path in (f"/api/v1/deliveries/{full.at['deliveries']}", f"/api/v1/deliveries/{full.at['deliveries']}/quarantine"):
        answer = Client().get(path, headers=headers)
        assert answer.status_code == 404
        assert SECRET.encode() not in answer.content
