"""A morning at the duty desk of the sample province, lived through the services: a shift, five incidents at different stages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from toancanh.people.models import User
from toancanh.response.models import Incident
from toancanh.response.queries.shifts import running
from toancanh.response.services import incidents, shifts, steps
from toancanh.response.services.incidents import IncidentForm, open_incident
from toancanh.site.sample.work import set_back
from toancanh.units import queries as units

OPERATOR = "truc"
LAST_STEP = 8  # of the flood's procedure: all before it are done


@dataclass(frozen=True, slots=True)
class Told:
    """Somebody called, `ago` minutes before the centre is opened. `goes` is how far it has come: new, taken, handling, closed."""

    kind: str
    title: str
    place: str
    severity: str
    address: str
    text: str
    ago: int
    goes: str = "new"


CALLS = (
    Told("road", "Ổ gà sâu, đã có người ngã", "sample:MS01", "medium", "128 đường Trần Phú",
         "Ổ gà sâu, rộng khoảng 1 m, đọng nước. Tối qua đã có xe máy ngã.", 42, "taken"),
    Told("utility", "Mất nước diện rộng", "sample:MS04", "high", "Tổ 5, 6, 7", "Cả ba tổ dân phố mất nước.", 755, "handling"),
    Told("environment", "Đốt rác sau chợ", "sample:MS15", "low", "Sau chợ Thạch Bình", "Khói nhiều, gần trường mầm non.", 50),
    Told("flood", "Nước lên nhanh ở ngầm tràn", "sample:MS33", "urgent", "Ngầm Khuổi Mật",
         "Nước ngập mặt ngầm 40 cm, xe máy không qua được.", 218, "handling"),
    Told("road", "Đèn đường không sáng, 5 cột", "sample:MS07", "low", "Đường Quang Trung", "", 300, "closed"),
)  # fmt: skip


def live_a_morning() -> None:
    """Open what was told, once; run again it finds what is there."""
    operator = User.objects.filter(username=OPERATOR).first()
    if operator is None:
        return
    if running() is None:
        shifts.begin(operator)
    for number, told in enumerate(CALLS, 1):
        known = Incident.objects.filter(origin="call", origin_key=f"sample:{number}").exists()
        if not known:
            _live(operator, told, f"sample:{number}")
            made = Incident.objects.get(origin="call", origin_key=f"sample:{number}")
            set_back(made, timedelta(minutes=told.ago))


def _live(operator: User, told: Told, key: str) -> None:
    form = IncidentForm(
        kind=told.kind, title=told.title, text=told.text, severity=told.severity, unit=units.by_key(told.place),
        address=told.address, reporter="Người dân gọi 1022", origin="call", origin_key=key,
    )  # fmt: skip
    incident = open_incident(operator, form)
    if told.goes == "new":
        return
    incidents.take(operator, incident)
    incidents.note(operator, incident, "Gọi lại người báo: xác nhận đúng vị trí.")
    if told.goes == "taken":
        return
    incidents.assign(operator, incident, words="Xử lý ngay, báo lại kết quả.")
    if told.kind == "flood":
        steps.tick(operator, incident, 1, "Xã báo 12 hộ bên kia ngầm, đủ lương thực.")
        for number in range(2, LAST_STEP):
            steps.tick(operator, incident, number, "")
    if told.goes == "closed":
        incidents.report_fixed(operator, incident, "Đã thay năm bóng đèn.")
        incidents.close(operator, incident, "Người dân xác nhận đèn đã sáng.")
