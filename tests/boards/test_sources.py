"""Who sees which source: the same rule as for deliveries, on every page that lists them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from tests.boards.conftest import NOW

from toancanh.indicators.models import Cell
from toancanh.intake.models import Delivery, Source

SignIn = Callable[..., Client]


@pytest.mark.parametrize("path", ["/sources", "/", "/fragments/sources", "/fields/public_services"])
def test_somebody_limited_to_one_agency_sees_its_sources_and_no_other(
    path: str, figures: dict[str, Cell], feeds: dict[str, Source], sign_in: SignIn
) -> None:
    assert "Nguồn one_stop" in sign_in("leader").get(path).content.decode()
    page = sign_in("officer", agency="agency:TK").get(path).content.decode()
    assert "Nguồn one_stop" not in page
    assert ("Nguồn reports" in page) is (path != "/fields/public_services")


def test_a_figure_says_that_its_source_is_late_to_whoever_sees_the_figure_but_not_the_source(
    cell: Callable[..., Cell], feeds: dict[str, Source], sign_in: SignIn
) -> None:
    cell("dossiers_on_time", "2026-11-ytd", 90.0, "agency:TK", status="automatic", as_of=NOW)
    Delivery.objects.filter(dataset="dossiers").update(received_at=NOW - timedelta(hours=3))
    page = sign_in("officer", agency="agency:TK").get("/fragments/tile/dossiers_on_time?unit=agency:TK").content.decode()
    assert "90" in page
    assert "state-stale" in page
    assert "one_stop" not in page
