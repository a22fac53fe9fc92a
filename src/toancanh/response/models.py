"""Incidents, directives, tasks and their clocks."""
