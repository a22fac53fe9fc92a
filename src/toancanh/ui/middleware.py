"""Writes each answer in the language of whoever asked."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from toancanh.ui.language import known, use


class Language:
    """Takes the language of `request.actor`; without one the language cookie, then Vietnamese."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        actor = getattr(request, "actor", None)
        chosen = getattr(actor, "language", None) or request.COOKIES.get("language")
        with use(known(chosen)) as language:
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response
