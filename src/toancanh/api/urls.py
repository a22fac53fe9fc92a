"""HTTP API v1: units, indicators, values and proofs by Django Ninja; deliveries by the intake's own door."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.operation import Operation

from toancanh.api import alerts, described, giving, indicators, units, values
from toancanh.intake.doors import push
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.ui.programs import as_details, asked_again


class Api(NinjaAPI):
    """Ninja's API with the delivery door in its description."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """The name of the view: what a generated client calls its function."""
        return operation.view_func.__name__

    def get_openapi_schema(self, **options: Any) -> Any:
        """The OpenAPI document of the whole of v1."""
        document = super().get_openapi_schema(**options)
        described.complete(document)
        return document


api = Api(title="Toàn Cảnh", version="1.0", docs_url=None, urls_namespace="api", openapi_url="/openapi.json")
api.add_decorator(asked_again, mode="view")
api.add_router("", units.router)
api.add_router("", indicators.router)
api.add_router("", values.router)
api.add_router("", alerts.router)
api.add_router("", giving.router)


@api.exception_handler(Problem)
def on_problem(request: HttpRequest, problem: Problem) -> HttpResponse:
    """A refusal as problem details."""
    return as_details(request, problem)


@api.exception_handler(ValidationError)
def on_wrong_question(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """A parameter that cannot be understood: names it."""
    first = error.errors[0] if error.errors else {}
    name = str(first.get("loc", ("?",))[-1])
    said = str(first.get("msg", ""))
    return as_details(
        request,
        Problem(
            "bad-parameter", 422, Text("Tham số chưa đúng", "Wrong parameter"),
            Text(
                f"Tham số “{name}” chưa đúng: {said}. Xem /api/v1/openapi.json.",
                f"The parameter “{name}” is wrong: {said}. See /api/v1/openapi.json.",
            ),
        ),
    )


@api.exception_handler(Http404)
@api.exception_handler(HttpError)
def on_other(request: HttpRequest, error: Exception) -> HttpResponse:
    """What the framework itself refuses."""
    status = getattr(error, "status_code", 404)
    vi, en = ("Yêu cầu này không có ở đây", "There is no such request here")
    if status == 400:
        vi, en = ("Nội dung gửi không phải JSON đúng; chưa nhận gì", "The body is not well-formed JSON; nothing was taken")
    said = Text(f"{vi}. Xem /api/v1/openapi.json.", f"{en}. See /api/v1/openapi.json.")
    return as_details(request, Problem("refused", status, Text("Không thực hiện được", "Refused"), said))


urlpatterns = [*push.urlpatterns, path("", api.urls)]
