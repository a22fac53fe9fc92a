"""Every address of the product, with real things of a full centre in its places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.test import Client
from django.urls import URLResolver, get_resolver

from .a_full_centre import FullCentre
from .promised_answers import PROMISED

# "warden" may do everything a grant can give, in one commune where nothing of the health department lies.
ASKERS = ("leader", "operator", "officer", "other", "analyst", "administrator", "auditor", "public", "warden")
FIXED = {
    "dataset": "dossiers", "code": "dossiers_on_time", "key": "sample:MS01", "unit": "sample:MS01", "form": "pdf",
    "token": "no-such-token", "slug": "main", "uid": "deliveries", "kind": "incident", "value_id": "values",
    "alert_id": "alerts", "silence_id": "silences", "row_id": "quarantine", "cell": "values",
}  # fmt: skip
CODES = {
    "fields": "public_services", "wall": "main", "wall-control": "main", "rules": "dossiers_on_time_low", "incidents": "SV-1",
    "directives": "CD-1", "tasks": "NV-1", "kinds": "flood", "procedures": "flood",
}  # fmt: skip
ACTS = {
    "incidents": "report_fixed", "directives": "report_done", "tasks": "report_done", "shifts": "log", "webhooks": "pause",
    "wall-control": "next",
}  # fmt: skip
_ORDER = {"title": "Rà soát", "lead": "agency:SYT", "term": {"amount": 1}}
SENT = {  # what is sent to the API, by the end of the route; nothing to the others
    "incidents": {"kind": "health", "title": "Ngộ độc", "unit": "sample:MS01"}, "directives": _ORDER,
    "tasks": _ORDER | {"directive": "CD-1"}, "moves": {"verb": "report_done", "words": "x"}, "entries": {"words": "x"},
    "progress": {"per_cent": 5, "words": "x"},
}  # fmt: skip
API_HEADERS = {"If-Match": "*", "Idempotency-Key": "1"}


def every_route(resolver: Any = None, before: str = "") -> Iterator[str]:
    for each in (resolver or get_resolver()).url_patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from every_route(each, route)
        else:
            yield route


def address(route: str, at: dict[str, Any]) -> str:
    """The route with things of the health department in its places."""
    first = route.removeprefix("api/v1/").split("/")[0]
    if route.startswith("^"):
        return f"/tasks/{at['tasks']}/evidence"

    def fill(found: re.Match[str]) -> str:
        name = found.group(1)
        if name == "pk":
            return str(at["grants" if "grants" in route else "incidents" if first == "presence" else first])
        if name in ("verb", "act"):
            return ACTS[first]
        if name == "code":
            return CODES.get(first, "dossiers_on_time")
        value = FIXED[name]
        return str(at.get(value, value))

    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", fill, route)


def client_of(asker: str, full: FullCentre) -> Client:
    """A browser of one of the askers, signed in unless it is the public."""
    client = Client()
    if asker != "public":
        client.force_login(full.people[asker])
    return client


def every_page(full: FullCentre) -> Iterator[tuple[str, str]]:
    """(asker, path) of every address that answers with a whole page, each once, for the first asker who gets in."""
    clients = {asker: client_of(asker, full) for asker in ASKERS}
    for route in dict.fromkeys(every_route()):
        promised = PROMISED[route].split()
        asker = next((each for each, said in zip(ASKERS, promised, strict=True) if said[0] == "+"), None)
        if asker is None or route.startswith("api/"):
            continue
        asker = "public" if promised[ASKERS.index("public")][0] == "+" else asker
        path = address(route, full.at)
        answer = clients[asker].get(path)
        if answer.status_code == 200 and not answer.streaming and answer.content[:15].lower().startswith(b"<!doctype html"):
            yield asker, path
