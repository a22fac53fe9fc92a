"""The delivery door in the words of OpenAPI: its views are plain Django, so its description is written here.

The shapes are those of `intake.doors.push`; tests compare this description with what the door answers.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from ninja import Schema

from toancanh.api.schemas import DeliveryOut, HeldRowPage, ProblemOut, ReceiptOut

Json = dict[str, Any]

PROBLEM: Json = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemOut"}}}
ROW: Json = {"type": "object", "additionalProperties": True}
DATASET: Json = {"name": "dataset", "in": "path", "required": True, "schema": {"type": "string"}}
DELIVERY: Json = {"name": "uid", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
KEY: Json = {
    "name": "Idempotency-Key", "in": "header", "required": False,
    "description": "The same key with the same content answers 200 and the first receipt; with other content 422.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200},
}
CURSOR: Json = {
    "name": "cursor", "in": "query", "required": False, "schema": {"type": "string"}, "description": "`next` of the page before",
}
LIMIT: Json = {"name": "limit", "in": "query", "required": False, "schema": {"type": "integer", "minimum": 1, "maximum": 1_000}}
KNOWN: Json = {
    "name": "If-None-Match", "in": "header", "required": False, "schema": {"type": "string"},
    "description": "The ETag of the answer that is known: 304 without a body while nothing has changed.",
}
ETAG: Json = {"ETag": {"description": "Names this state of the answer", "schema": {"type": "string"}}}
REFUSALS = {
    "400": "The body was cut or cannot be read", "401": "No key, or a wrong one", "403": "Not this source's dataset",
    "404": "No such dataset", "411": "Lines in pieces without their length", "413": "Larger than the centre takes",
    "415": "A type that is not taken",
    "422": "Unreadable as this dataset, or a key used for other content", "503": "Busy; nothing was taken",
    "507": "No room left; nothing was taken",
}


def _problems(*statuses: str) -> Json:
    return {status: {"description": REFUSALS[status]} for status in statuses}


def _answer(words: str, shape: type[Schema]) -> Json:
    return {"description": words, "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{shape.__name__}"}}}}


PATHS: Json = {
    "/api/v1/datasets/{dataset}/deliveries": {
        "post": {
            "operationId": "deliver", "tags": ["deliveries"], "security": [{"SourceKey": []}],
            "summary": "Deliver rows of a dataset",
            "description": "Kept as received and checked cell by cell; bad rows are held with the reason, good rows land.",
            "parameters": [DATASET, KEY],
            "requestBody": {
                "required": True,
                "content": {
                    "application/json": {"schema": {"type": "array", "items": ROW}},
                    "application/x-ndjson": {"schema": {"type": "string"}},
                    "text/csv": {"schema": {"type": "string"}},
                },
            },
            "responses": {
                "201": _answer("Taken and durable", ReceiptOut),
                "200": _answer("Had come before; the first receipt", ReceiptOut),
                **_problems(*REFUSALS),
            },
        }
    },
    "/api/v1/deliveries/{uid}": {
        "get": {
            "operationId": "delivery", "tags": ["deliveries"], "summary": "What became of a delivery",
            "description": "The receipt, and how far the delivery has come.", "parameters": [DELIVERY],
            "responses": {"200": _answer("The receipt and its state", DeliveryOut), **_problems("401", "403", "404")},
        }
    },
    "/api/v1/deliveries/{uid}/quarantine": {
        "get": {
            "operationId": "quarantine", "tags": ["deliveries"], "summary": "Rows held for review, with row, column and cure",
            "description": "In the order in which they came.", "parameters": [DELIVERY, CURSOR, LIMIT],
            "responses": {"200": _answer("Held rows", HeldRowPage), **_problems("400", "401", "403", "404", "422")},
        }
    },
}
INFO: Json = {
    "description": "Figures with their proof, deliveries, alerts and incidents of one operations centre.",
    "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
}
TAGS = {
    "units": "Areas and agencies by date", "indicators": "What is measured", "values": "Figures and their proof",
    "work": "Alerts, incidents and what is done about them", "deliveries": "Rows that come in, and what became of them",
}
SCHEMES: Json = {
    "SourceKey": {"type": "http", "scheme": "bearer", "description": "The key of a source"},
    "Session": {"type": "apiKey", "in": "cookie", "name": "sessionid", "description": "A signed-in person"},
}


def complete(document: Json) -> None:
    """Add to the framework's description what it cannot know: the delivery door, keys, refusals as they are, ETags."""
    document["info"] |= INFO
    document["servers"] = [{"url": "/"}]
    document["tags"] = [{"name": name, "description": words} for name, words in TAGS.items()]
    document["paths"] |= deepcopy(PATHS)
    components = document["components"]
    components["securitySchemes"] = SCHEMES
    for shape in (ProblemOut, ReceiptOut, DeliveryOut, HeldRowPage):
        made = shape.model_json_schema(ref_template="#/components/schemas/{model}")
        components["schemas"] |= {**made.pop("$defs", {}), shape.__name__: made}
    for operations in document["paths"].values():
        for method, operation in operations.items():
            _finish(method, operation)


def _finish(method: str, operation: Json) -> None:
    operation.setdefault("security", [{"SourceKey": []}, {"Session": []}])
    answers = {str(status): answer for status, answer in operation["responses"].items()}
    for status, answer in answers.items():
        if status >= "400":
            answer["content"] = PROBLEM
    if method == "get":
        operation.setdefault("parameters", []).append(KNOWN)
        answers["200"]["headers"] = ETAG
        answers["304"] = {"description": "Not changed", "headers": ETAG}
    operation["responses"] = answers
