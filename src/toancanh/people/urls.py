"""Addresses of the people room."""

from django.urls import path

from toancanh.people import views
from toancanh.people.administration import pages, record

app_name = "people"
urlpatterns = [
    path("sign-in", views.sign_in, name="sign_in"),
    path("sign-in/again", views.send_again, name="send_again"),
    path("sign-out", views.sign_out, name="sign_out"),
    path("me/password", views.own_password, name="own_password"),
    path("me/preferences", views.preferences, name="preferences"),
    path("me/language", views.preferences, name="language"),
    path("me/theme", views.preferences, name="theme"),
    path("preview/stop", views.stop_preview, name="stop_preview"),
    path("people", pages.people, name="people"),
    path("people/new", pages.new_person, name="new_person"),
    path("people/<int:pk>", pages.person, name="person"),
    *(
        path(f"people/<int:pk>/{act}", pages.change_person, {"act": act}, name=f"change_{act}")
        for act in pages.ACTS
    ),
    path("people/grants/<int:pk>/remove", pages.remove_grant, name="remove_grant"),
    path("walls", pages.walls, name="walls"),
    path("walls/here", pages.make_wall, name="make_wall"),
    path("walls/<int:pk>/revoke", pages.revoke_wall, name="revoke_wall"),
    path("audit", record.audit, name="audit"),
    path("audit/export", record.export, name="audit_export"),
    path("audit/anchor", record.anchor, name="audit_anchor"),
]
