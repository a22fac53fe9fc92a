"""The answer of a rain service: stations, each with its list of hours. Made flat, one row for each station and hour."""

from __future__ import annotations

import json

from toancanh.kernel.contracts import Row


def stations_with_hours(body: bytes) -> list[Row]:
    """`{"stations": [{"code", "commune", "hours": [{"at", "mm"}]}]}` as rows of the hourly dataset."""
    try:
        stations = json.loads(body)["stations"]
        return [
            {"station": each.get("code"), "area": each.get("commune"), "measured_at": hour.get("at"), "rain": hour.get("mm")}
            for each in stations
            for hour in each["hours"]
        ]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError('it must be {"stations": [{"code", "commune", "hours": [{"at", "mm"}]}]}') from error
