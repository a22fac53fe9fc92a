"""Addresses of the watch room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

app_name = "watch"
urlpatterns: list[URLPattern | URLResolver] = []
