"""Addresses of the response room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path, re_path
from django.views.generic import RedirectView

from toancanh.response.calendar import page as calendar
from toancanh.response.catalogue import pages as catalogue
from toancanh.response.pages import acts, board, desk, incident_list, incident_room, ordering, shifts, work_acts
from toancanh.response.printed import page as report

app_name = "response"
_INCIDENTS: list[URLPattern | URLResolver] = [
    path("desk", desk.desk, name="desk"),
    path("incidents", incident_list.incident_list, name="incidents"),
    path("incidents/new", incident_list.new_incident, name="new_incident"),
    path("incidents/<int:pk>", incident_room.incident, name="incident"),
    path("incidents/<int:pk>/report.<str:form>", report.report, name="report"),
    path("incidents/<int:pk>/<slug:verb>", acts.act, name="act"),
    path("presence/<slug:kind>/<int:pk>", acts.presence_beat, name="presence"),
    path("working-days", calendar.page, name="working_days"),
    path("working-days/add", calendar.add, name="add_working_days"),
    path("working-days/hours", calendar.hours, name="set_hours"),
    path("working-days/<int:pk>/undo", calendar.undo, name="undo_working_days"),
    path("kinds", catalogue.catalogue, name="kinds"),
    path("kinds/new", catalogue.new_kind, name="new_kind"),
    path("kinds/<slug:code>", catalogue.kind, name="kind"),
    path("procedures/new", catalogue.new_procedure, name="new_procedure"),
    path("procedures/<slug:code>", catalogue.procedure, name="procedure"),
    path("shifts", shifts.page, name="shifts"),
    path("shifts/<slug:verb>", shifts.act, name="shift_act"),
]
_WORK: list[URLPattern | URLResolver] = [
    path("tasks", board.board, name="board"),
    path("tasks/new", ordering.new_task, name="new_task"),
    path("tasks/<int:pk>", work_acts.task, name="task"),
    path("directives", RedirectView.as_view(pattern_name="response:board"), name="directives"),
    path("directives/new", ordering.new_directive, name="new_directive"),
    path("directives/<int:pk>", work_acts.directive, name="directive"),
    re_path(r"^(?P<kind>directives|tasks)/(?P<pk>\d{1,18})/evidence$", work_acts.add_evidence, name="add_evidence"),
    path("directives/<int:pk>/<slug:verb>", work_acts.act_on_directive, name="act_on_directive"),
    path("tasks/<int:pk>/<slug:verb>", work_acts.act_on_task, name="act_on_task"),
    path("extensions/<int:pk>/decide", work_acts.decide, name="decide_extension"),
    path("evidence/<int:pk>", work_acts.download, name="evidence"),
]
urlpatterns: list[URLPattern | URLResolver] = [*_INCIDENTS, *_WORK]
