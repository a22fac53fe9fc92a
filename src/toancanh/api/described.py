"""The delivery door in the words of OpenAPI: its views are plain Django, so its description is written here.

The shapes are those of `intake.doors.push`; tests compare this description with what the door answers.
"""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

PROBLEM: Json = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemOut"}}}
RECEIPT: Json = {"application/json": {"schema": {"$ref": "#/components/schemas/ReceiptOut"}}}
ROW: Json = {"type": "object", "additionalProperties": True}
DATASET: Json = {"name": "dataset", "in": "path", "required": True, "schema": {"type": "string"}}
DELIVERY: Json = {"name": "uid", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
KEY: Json = {
    "name": "Idempotency-Key", "in": "header", "required": False,
    "description": "The same key with the same content answers 200 and the first receipt; with other content 422.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200},
}
REFUSALS = {
    "400": "The body was cut or cannot be read", "401": "No key, or a wrong one", "403": "Not this source's dataset",
    "404": "No such dataset", "413": "Larger than the centre takes", "415": "A type that is not taken",
    "422": "Unreadable as this dataset, or a key used for other content", "507": "No room left; nothing was taken",
}


def _problems(*statuses: str) -> Json:
    return {status: {"description": REFUSALS[status], "content": PROBLEM} for status in statuses}


def _whole(name: str, most: int) -> Json:
    return {"name": name, "in": "query", "required": False, "schema": {"type": "integer", "minimum": 0, "maximum": most}}


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
                "201": {"description": "Taken and durable", "content": RECEIPT},
                "200": {"description": "Had come before; the first receipt", "content": RECEIPT},
                **_problems(*REFUSALS),
            },
        }
    },
    "/api/v1/deliveries/{uid}": {
        "get": {
            "operationId": "delivery", "tags": ["deliveries"], "security": [{"SourceKey": []}, {"Session": []}],
            "summary": "What became of a delivery", "parameters": [DELIVERY],
            "responses": {"200": {"description": "The receipt and its state", "content": RECEIPT}, **_problems("401", "404")},
        }
    },
    "/api/v1/deliveries/{uid}/quarantine": {
        "get": {
            "operationId": "quarantine", "tags": ["deliveries"], "security": [{"SourceKey": []}, {"Session": []}],
            "summary": "Rows held for review, with row, column and cure",
            "parameters": [DELIVERY, _whole("offset", 10_000_000), _whole("limit", 1_000)],
            "responses": {
                "200": {"description": "Held rows", "content": {"application/json": {"schema": {"type": "object"}}}},
                **_problems("400", "401", "404"),
            },
        }
    },
}
SCHEMES: Json = {
    "SourceKey": {"type": "http", "scheme": "bearer", "description": "The key of a source"},
    "Session": {"type": "apiKey", "in": "cookie", "name": "sessionid", "description": "A signed-in person"},
}
