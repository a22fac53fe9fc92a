"""Every address of the centre."""

from __future__ import annotations

from django.urls import include, path

from toancanh.site.health import healthz, metrics, readyz

urlpatterns = [
    path("healthz", healthz),
    path("readyz", readyz),
    path("metrics", metrics),
    path("api/v1/", include("toancanh.api.urls")),
    path("", include("toancanh.people.urls")),
    path("", include("toancanh.notify.urls")),
    path("", include("toancanh.intake.urls")),
    path("", include("toancanh.watch.urls")),
    path("", include("toancanh.response.urls")),
    path("", include("toancanh.ui.urls")),
    path("", include("toancanh.boards.urls")),
]
handler400 = "toancanh.site.problems.bad_request"
handler404 = "toancanh.site.problems.not_found"
handler500 = "toancanh.site.problems.broken"
