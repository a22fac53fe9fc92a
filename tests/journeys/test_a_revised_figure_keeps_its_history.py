"""A correction is a new version: the screen says what changed, the old value stays, and any day's knowledge can be asked for."""

from __future__ import annotations

from collections.abc import Callable

from tests.journeys.conftest import Clock, Sender, figure
from tests.journeys.person import Person

VALUES = "/api/v1/indicators/budget_rev/values?unit=sample:MS&grain=month"


def test_a_revised_figure_keeps_its_history(
    sender: Callable[..., Sender], person: Callable[..., Person], clock: Clock
) -> None:
    tax, leader = sender("tax", "agency:MS-THUE", "socio_economic_figures"), person("leader")
    tax.post("socio_economic_figures", [figure("budget_rev", "sample:MS", "2026-03", 750.0, "estimate")])
    first_known = clock.now
    clock.forward(hours=5)
    tax.post("socio_economic_figures", [figure("budget_rev", "sample:MS", "2026-03", 812.0)])
    (now,) = leader.asks(VALUES)["items"]
    assert (now["value"], now["status"]) == (812.0, "official")
    moment = first_known.isoformat().replace("+00:00", "Z")
    (then,) = leader.asks(f"{VALUES}&known={moment}")["items"]
    assert (then["value"], then["status"]) == (750.0, "estimate")
    assert then["id"] != now["id"]
    page = leader.opens("/indicators/budget_rev")
    assert "750" in page
    assert "812" in page
    assert leader.asks(f"/api/v1/values/{now['id']}/proof")["equal"] is True


def test_a_late_reading_older_than_what_is_known_changes_its_own_hours_only(
    sender: Callable[..., Sender], person: Callable[..., Person]
) -> None:
    stations, leader = sender("air", "agency:MS-SNNMT", "air_hourly"), person("leader")

    def readings(day: int, pm25: float) -> list[dict[str, object]]:
        return [
            {"station": "MS15-1", "area": "sample:MS15", "measured_at": f"2026-04-{day:02d}T{hour:02d}:00:00+07:00", "pm25": pm25}
            for hour in range(24)
        ]

    path = "/api/v1/indicators/air_pm25_day/values?unit=sample:MS15&grain=day&from=2026-04-10&to=2026-04-12"
    stations.post("air_hourly", readings(12, 30.0))
    before = {each["period"]: each for each in leader.asks(path)["items"]}
    stations.post("air_hourly", readings(10, 60.0))
    after = {each["period"]: each for each in leader.asks(path)["items"]}
    assert after["2026-04-10"]["value"] == 60.0
    assert after["2026-04-12"] == before["2026-04-12"]
