"""Addresses of the kit, and of what makes the pages an installable application."""

from django.urls import path

from toancanh.ui import views
from toancanh.ui.assets import installable

app_name = "ui"
urlpatterns = [
    path("sw.js", installable.service_worker, name="service_worker"),
    path("manifest.webmanifest", installable.manifest, name="manifest"),
    path("icon.svg", installable.icon, name="icon"),
    path("kit", views.kit_page, name="kit"),
    path("kit/overview", views.kit_overview, name="kit_overview"),
    path("kit/wall", views.kit_wall, name="kit_wall"),
]
