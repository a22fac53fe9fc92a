"""Addresses of the walls and of their control page."""

from __future__ import annotations

from django.urls import path

from toancanh.boards.wall import control, views

urlpatterns = [
    path("wall/<slug:code>", views.scene_page, name="wall"),
    path("wall/<slug:code>/state", views.state, name="wall_state"),
    path("wall-control", control.page, name="wall_control"),
    path("wall-control/new", control.make, name="wall_make"),
    path("wall-control/<slug:code>/<slug:verb>", control.steer, name="wall_steer"),
]
