"""Addresses of the intake pages. The HTTP door is mounted by the API."""

from django.urls import path

from toancanh.intake import views

app_name = "intake"
urlpatterns = [
    path("data/upload", views.upload, name="upload"),
    path("data/deliveries", views.deliveries, name="deliveries"),
    path("data/deliveries/<uuid:uid>", views.delivery, name="delivery"),
    path("data/deliveries/<uuid:uid>/payload", views.payload, name="payload"),
    path("data/deliveries/<uuid:uid>/replay", views.replay, name="replay"),
    path("data/quarantine", views.quarantine, name="quarantine"),
    path("data/quarantine/<int:row_id>", views.held_row, name="held_row"),
    path("data/quarantine/<int:row_id>/dismiss", views.dismiss, name="dismiss"),
]
