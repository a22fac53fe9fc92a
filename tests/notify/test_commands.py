"""The command line: what waits, what was given up, and putting it back."""

from __future__ import annotations

import pytest
from tests.notify.conftest import said

from toancanh.notify import services
from toancanh.notify.models import Dispatch, State
from toancanh.site.cli import build_parser, gather

pytestmark = pytest.mark.django_db


def run(*words: str) -> int:
    chosen = build_parser(gather()).parse_args(list(words))
    return chosen.run(chosen)


def test_status_tells_what_was_given_up_and_retry_puts_it_back(person, monkeypatch, capsys):
    monkeypatch.setenv("TOANCANH_SMTP", "smtp://mail.tinh.gov.vn:587")
    services.tell(said(), [person("lan", contact={"email": "lan@example.vn"})])
    assert run("notify", "status") == 0
    assert "email: waiting 1" in capsys.readouterr().out
    Dispatch.objects.update(state=State.GIVEN_UP)
    assert run("notify", "status") == 1
    assert run("notify", "retry") == 0
    assert Dispatch.objects.get().state == State.WAITING


def test_keys_prints_the_public_key_that_browsers_subscribe_with(capsys):
    run("notify", "keys")
    first = capsys.readouterr().out.strip()
    run("notify", "keys")
    assert capsys.readouterr().out.strip() == first
    assert len(first) == 87
