"""Addresses of the kit."""

from django.urls import path

from toancanh.ui import views

app_name = "ui"
urlpatterns = [
    path("kit", views.kit_page, name="kit"),
    path("kit/overview", views.kit_overview, name="kit_overview"),
    path("kit/wall", views.kit_wall, name="kit_wall"),
]
