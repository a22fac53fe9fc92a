"""What lets a phone install the centre: the web manifest, its icon, and the service worker at the root of the addresses."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, JsonResponse
from django.views.decorators.http import require_safe

from toancanh.ui.assets.manifest import FOLDER
from toancanh.ui.language import t

BRAND, PAGE = "#0B5CAD", "#F3F6FA"


@require_safe
def manifest(_request: HttpRequest) -> HttpResponse:
    """The web application manifest, in the reader's language."""
    shortcuts = (("/directives/new", t("Giao việc", "Issue a directive")), ("/briefing", t("Bản tin sáng", "Morning briefing")))
    return JsonResponse(
        {
            "id": "/",
            "name": t("Toàn Cảnh – Điều hành thông minh", "Toàn Cảnh – Intelligent operations"),
            "short_name": "Toàn Cảnh",
            "start_url": "/",
            "scope": "/",
            "display": "standalone",
            "background_color": PAGE,
            "theme_color": BRAND,
            "icons": [{"src": "/icon.svg", "type": "image/svg+xml", "sizes": "any", "purpose": "any"}],
            "shortcuts": [{"name": words, "url": href} for href, words in shortcuts],
        },
        content_type="application/manifest+json",
    )


@require_safe
def icon(_request: HttpRequest) -> HttpResponse:
    """The logo under an address that does not change with the build."""
    headers = {"Cache-Control": "max-age=86400"}
    return HttpResponse((FOLDER / "logo.svg").read_bytes(), content_type="image/svg+xml", headers=headers)


@require_safe
def service_worker(_request: HttpRequest) -> HttpResponse:
    """The built service worker; asked for again at every start, so that a new release takes over at once."""
    built = FOLDER / "built" / "sw.js"
    if not built.is_file():
        return HttpResponseNotFound(content_type="text/plain")
    return HttpResponse(built.read_bytes(), content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"})
