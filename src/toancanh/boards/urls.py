"""Addresses of the pages; the wall has its own list."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import include, path

from toancanh.boards.views import pages

app_name = "boards"
urlpatterns = [
    path("", pages.overview_page, name="overview"),
    path("map-choice", pages.map_choice, name="map_choice"),
]
if find_spec("toancanh.boards.wall") and find_spec("toancanh.boards.wall.urls"):
    urlpatterns.append(path("", include("toancanh.boards.wall.urls")))
