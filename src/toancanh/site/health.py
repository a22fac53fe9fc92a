"""Is the process alive, can it work, and how is it doing: /healthz, /readyz, /metrics (Prometheus text)."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

from toancanh.boards.memory import Memory
from toancanh.indicators.queries import cell_count
from toancanh.intake.queries import Totals, delivery_totals, failed_deliveries, waiting_deliveries
from toancanh.store.engine import StoreUnavailable, ping

_totals: Memory[Totals] = Memory(30.0)  # sums over every delivery there ever was; anybody may ask


def healthz(_request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(_request: HttpRequest) -> HttpResponse:
    """The database and the store answer; 503 names the one that does not."""
    parts = {"database": _database_answers(), "store": _store_answers()}
    return JsonResponse(parts, status=200 if all(parts.values()) else 503)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _store_answers() -> bool:
    try:
        ping()
    except StoreUnavailable:
        return False
    return True


def metrics(_request: HttpRequest) -> HttpResponse:
    """Counts that tell whether figures flow."""
    registry = CollectorRegistry()
    for name, words, value in _measurements():
        Gauge(name, words, registry=registry).set(value)
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _measurements() -> list[tuple[str, str, float]]:
    totals = _totals.get("", delivery_totals)
    return [
        ("toancanh_deliveries", "Deliveries kept so far.", totals.deliveries),
        ("toancanh_rows_accepted", "Rows accepted so far.", totals.accepted),
        ("toancanh_rows_quarantined", "Rows held for review so far.", totals.quarantined),
        ("toancanh_deliveries_waiting", "Deliveries kept but not yet in the figures.", waiting_deliveries()),
        ("toancanh_deliveries_failed", "Deliveries kept that could not be landed; each needs a person.", failed_deliveries()),
        ("toancanh_value_versions", "Versions of indicator values written so far.", cell_count()),
        ("toancanh_store_up", "Whether the rows' store answers.", float(_store_answers())),
    ]
