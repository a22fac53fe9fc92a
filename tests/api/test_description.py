"""The OpenAPI description is the truth: whatever is asked, the answer has a described status, type and shape."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .test_api import analyst, province  # noqa: F401  (fixtures)
from .test_work import key, report  # noqa: F401

pytestmark = pytest.mark.django_db
Json = dict[str, Any]
DOCUMENT: Json = {}
SAID = ("dossiers_on_time", "sample:MS", "sample", "commune", "month", "open", "critical", "2026-07-01", "1", "", "bzI", "-1")
NUMBER = (int, float)
TYPES = {"string": str, "integer": int, "number": NUMBER, "boolean": bool, "array": list, "object": dict, "null": type(None)}


FEW = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def document() -> Json:
    if not DOCUMENT:
        DOCUMENT.update(Client().get("/api/v1/openapi.json").json())
    return DOCUMENT


def operations() -> Iterator[tuple[str, str, Json]]:
    for path, methods in document()["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def fits(value: Any, shape: Json) -> bool:
    """Whether `value` has the shape: as much of JSON Schema as the description uses."""
    if "$ref" in shape:
        return fits(value, document()["components"]["schemas"][shape["$ref"].rpartition("/")[2]])
    if "anyOf" in shape:
        return any(fits(value, each) for each in shape["anyOf"])
    kind = TYPES.get(shape.get("type", ""), object)
    if not isinstance(value, kind) or (isinstance(value, bool) and kind in (int, NUMBER)):
        return False
    if isinstance(value, list):
        return all(fits(each, shape["items"]) for each in value)
    if isinstance(value, dict):
        known = shape.get("properties", {})
        whole = set(shape.get("required", ())) <= set(value)
        return whole and all(fits(each, known[name]) for name, each in value.items() if name in known)
    return True


def check(answer: Any, operation: Json) -> None:
    described = operation["responses"].get(str(answer.status_code))
    assert described is not None, (answer.status_code, answer.content[:300])
    if answer.status_code == 304:
        return
    content = described["content"].get(answer.headers["Content-Type"].partition(";")[0])
    assert content is not None, answer.headers["Content-Type"]
    assert fits(answer.json(), content["schema"]), answer.content[:600]


def test_every_operation_says_what_it_is_and_how_it_refuses() -> None:
    names = [operation["operationId"] for _, _, operation in operations()]
    assert len(names) == len(set(names)) > 10
    for path, method, operation in operations():
        statuses = set(operation["responses"])
        assert statuses >= {"401", "404"}, path
        assert operation["summary"], path
        assert operation["description"], path
        assert ("304" in statuses) == (method == "get"), path
        for status, answer in operation["responses"].items():
            assert ("application/problem+json" in answer.get("content", {})) == (status >= "400"), (path, status)
        for name in operation["tags"]:
            assert name in {each["name"] for each in document()["tags"]}


def test_every_reference_leads_somewhere() -> None:
    text = json.dumps(document())
    names = {part.partition('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert names <= set(document()["components"]["schemas"])


def test_nobody_is_answered_as_described() -> None:
    for path, method, operation in operations():
        place = path.replace("{uid}", "00000000-0000-0000-0000-000000000000").replace("{", "").replace("}", "")
        answer = Client().generic(method.upper(), place, "[]", "application/json", headers={"Idempotency-Key": "1"})
        if answer.status_code != 422:  # a path parameter that is no number is named before anything else
            assert answer.status_code == 401, path
        check(answer, operation)


ASKED = st.one_of(st.sampled_from(SAID), st.integers().map(str), st.text(max_size=12))


@FEW
@given(data=st.data())
def test_whatever_is_asked_is_answered_as_described(analyst: Client, data: st.DataObject) -> None:  # noqa: F811
    path, _, operation = data.draw(st.sampled_from([each for each in operations() if each[1] == "get"]))
    query = {}
    for each in operation["parameters"]:
        if each["in"] == "path":
            path = path.replace(f"{{{each['name']}}}", data.draw(st.sampled_from(("dossiers_on_time", "7", "9" * 30, "a"))))
        elif each["in"] == "query" and data.draw(st.booleans()):
            query[each["name"]] = data.draw(ASKED)
    answer = analyst.get(path, query)
    if not (answer.status_code == 404 and "404" in operation["responses"]):
        check(answer, operation)


WORDS = st.one_of(st.text(max_size=300), st.none(), st.integers(), st.sampled_from(("traffic", "sample:MS01", "high")))


@FEW
@given(body=st.fixed_dictionaries({"kind": st.just("traffic"), "title": WORDS}, optional={
    "text": WORDS, "severity": WORDS, "unit": WORDS, "lat": st.floats() | WORDS, "lon": st.floats(), "reporter": WORDS,
}), once=st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=90))  # fmt: skip
def test_whatever_is_reported_is_answered_as_described(key: str, body: Json, once: str) -> None:  # noqa: F811
    check(report(key, body, once), document()["paths"]["/api/v1/incidents"]["post"])


NAMES = st.sampled_from(("dossier_code", "agency", "received_at", "x"))
VALUES = st.recursive(
    st.none() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
).map(lambda value: json.dumps(value).encode())
KINDS = st.sampled_from(("application/json", "application/x-ndjson", "text/csv", "image/png"))


@FEW
@given(body=st.binary(min_size=1, max_size=60) | VALUES, kind=KINDS)
def test_whatever_is_delivered_is_answered_as_described(key: str, body: bytes, kind: str) -> None:  # noqa: F811
    headers = {"Authorization": f"Bearer {key}"}
    answer = Client().post("/api/v1/datasets/dossiers/deliveries", body, content_type=kind, headers=headers)
    check(answer, document()["paths"]["/api/v1/datasets/{dataset}/deliveries"]["post"])
