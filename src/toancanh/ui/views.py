"""The kit page and its two sample pages; sample figures only, nothing of the province."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

THEMES = ("light", "dark", "auto")


def kit_page(request: HttpRequest) -> HttpResponse:
    """Every part in every state. `?theme=light|dark|auto|wall`."""
    return render(request, "ui/kit.html", kit_context(request.GET.get("theme", "light")))


def kit_overview(request: HttpRequest) -> HttpResponse:
    """The overview put together from sample views."""
    return render(request, "ui/kit_overview.html", kit_context(request.GET.get("theme", "light")))


def kit_wall(request: HttpRequest) -> HttpResponse:
    """The wall overview put together from sample views."""
    return render(request, "ui/kit_wall.html", kit_context("light"))


def kit_context(theme: str) -> dict[str, object]:
    """Everything the three templates print; also used by tests that render without a server."""
    from toancanh.ui.kit import charts, exhibits, frame, samples, tables  # seldom asked for, and geometry weighs 25 MB

    return {
        "shell": frame.shell(theme if theme in (*THEMES, "wall") else "light"),
        "wall": frame.wall(), "kit": exhibits, "samples": samples, "charts": charts, "tables": tables,
    }
