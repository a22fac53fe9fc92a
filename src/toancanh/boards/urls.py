"""Addresses of the pages; the wall has its own list."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from toancanh.boards.views import acts, exports, fragments, local, pages

app_name = "boards"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", pages.overview_page, name="overview"),
    path("briefing", pages.briefing_page, name="briefing"),
    path("map-choice", pages.map_choice, name="map_choice"),
    path("search", pages.find, name="search"),
    path("sources", pages.sources, name="sources"),
    path("fields/<slug:code>", pages.field, name="field"),
    path("indicators/<slug:code>", pages.indicator, name="indicator"),
    path("indicators/<slug:code>/rows", pages.rows, name="rows"),
    path("indicators/<slug:code>/values.csv", exports.values_csv, name="values_csv"),
    path("indicators/<slug:code>/values.xlsx", exports.values_xlsx, name="values_xlsx"),
    path("indicators/<slug:code>/series.json", exports.series_json, name="series"),
    path("indicators/<slug:code>/local", local.local, name="local"),
    path("indicators/<slug:code>/remind", acts.remind_of, name="remind"),
    path("places/<str:key>", pages.place, name="place"),
    path("agencies/<str:key>", pages.agency, name="agency"),
    path("values/<int:cell>/proof", pages.value_proof, name="proof"),
    path("fragments/summary", fragments.summary, name="summary"),
    path("fragments/tile/<slug:code>", fragments.one_tile, name="tile"),
    path("fragments/places/<slug:code>", fragments.places, name="places"),
    path("fragments/sources", fragments.arriving, name="arriving"),
    path("", include("toancanh.boards.wall.urls")),
]
