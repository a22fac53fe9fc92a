"""Addresses of the intake pages. The HTTP door is mounted by the API."""

from django.urls import path

from toancanh.intake.views import empty_files, pages

app_name = "intake"
urlpatterns = [
    path("data/upload", pages.upload, name="upload"),
    path("data/templates/<str:dataset>.csv", empty_files.template_csv, name="template_csv"),
    path("data/templates/<str:dataset>.xlsx", empty_files.template_xlsx, name="template_xlsx"),
    path("data/deliveries", pages.deliveries, name="deliveries"),
    path("data/deliveries/<uuid:uid>", pages.delivery, name="delivery"),
    path("data/deliveries/<uuid:uid>/payload", pages.payload, name="payload"),
    path("data/deliveries/<uuid:uid>/replay", pages.replay, name="replay"),
    path("data/quarantine", pages.quarantine, name="quarantine"),
    path("data/quarantine/<int:row_id>", pages.held_row, name="held_row"),
    path("data/quarantine/<int:row_id>/dismiss", pages.dismiss, name="dismiss"),
]
