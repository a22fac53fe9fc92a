"""Single dossiers that stay in a state too long: each its own alert, the rest counted, over when they leave the state."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from tests.packs.conftest import FOLDERS, Hand, held

from toancanh.intake import landing, services
from toancanh.intake.events import RowsLanded
from toancanh.intake.reading.payload import Payload
from toancanh.jobs import events
from toancanh.kernel.periods import VIETNAM
from toancanh.kernel.problem import Problem
from toancanh.notify.models import Notice
from toancanh.people.actors import SYSTEM
from toancanh.people.models import User
from toancanh.store.problems import StoreUnavailable
from toancanh.units.models import Unit
from toancanh.watch import queries
from toancanh.watch.backtest import Trial, try_rule
from toancanh.watch.definitions import as_data, of_data, watched
from toancanh.watch.evaluation import records, runs
from toancanh.watch.models import Alert, Dirty, LocalLimit, RuleVersion, Standing
from toancanh.watch.services.rules import OwnLimits, set_local_limit

pytestmark = pytest.mark.django_db
RULE, DAY = "dossier_long_overdue", timedelta(days=1)
HEAD = "MaHoSo,MaTTHC,DonViXuLy,MaDiaBan,TrangThaiHoSo,NgayNopHoSo,NgayTiepNhan,NgayHenTra,NgayKetThucXuLy,NgayCapNhat\n"


class Desk:
    """The one-stop desk of Thạch Bình, which sends its dossiers."""

    def __init__(self, hand: Hand, commit: Any) -> None:
        self.hand, self.sent, self._commit = hand, 0, commit
        events.wire({RowsLanded: [lambda event: runs.note_rows(event.dataset)]})

    def send(self, *rows: tuple[str, datetime, str, datetime | None]) -> None:
        """Each row: code, promised for, state, finished at."""
        self.sent += 1
        lines = [
            f"{code},1.001612,UBND xã Thạch Bình,MS15,{state},{_at(due - 20 * DAY)},{_at(due - 20 * DAY)},{_at(due)},"
            f"{_at(finished) if finished else ''},{_at(self.hand.now)}"
            for code, due, state, finished in rows
        ]
        payload = Payload(body=(HEAD + "\n".join(lines)).encode(), content_type="text/csv", filename="d.csv", key=f"d{self.sent}")
        with self._commit(execute=True):
            receipt = services.receive(self.hand.source, "dossiers", payload)
            landing.land("dossiers")
        assert held(receipt) == []
        self.clock()

    def wait(self, span: timedelta) -> None:
        """Let time pass without a delivery."""
        self.hand.now += span
        runs.note_rows()
        self.clock()

    def clock(self) -> None:
        with self._commit(execute=True):
            runs.evaluate_clock(self.hand.now)

    def open(self, rule: str = RULE) -> list[str]:
        """What rings, by subject."""
        return sorted(Alert.objects.filter(rule=rule, cleared_at=None).values_list("subject", flat=True))

    def trial(self, rule: str = RULE) -> Trial:
        return try_rule(SYSTEM, watched([rule])[rule], now=self.hand.now)


def _at(moment: datetime) -> str:
    return f"{moment.astimezone(VIETNAM):%d/%m/%Y %H:%M}"


@pytest.fixture
def desk(hand_of: Callable[[Any], Hand], django_capture_on_commit_callbacks: Any) -> Desk:
    folder = next(each for each in FOLDERS if each.name == "public_services")
    return Desk(hand_of(folder), django_capture_on_commit_callbacks)


def test_a_dossier_becomes_late_without_any_delivery_is_repeated_by_the_day_and_ends_when_it_is_settled(desk: Desk) -> None:
    due = desk.hand.now - 14 * DAY
    desk.send(("H1", due, "4", None), ("H2", due, "5", None))
    assert desk.open() == []
    desk.wait(DAY + timedelta(minutes=5))
    (alert,) = Alert.objects.filter(rule=RULE)
    assert (alert.subject, alert.unit.key, alert.value, alert.count) == ("dossier_code=H1", "sample:MS15", 15.0, 1)
    assert alert.words_vi == "quá ngày hẹn trả đã hơn 15 ngày, mức cho phép 15 ngày"
    assert queries.words(alert).en.startswith("Dossier long overdue (H1), ")
    desk.wait(timedelta(hours=1))
    alert.refresh_from_db()
    assert alert.count == 1, "an hour more is no repeat"
    desk.wait(DAY)
    alert.refresh_from_db()
    assert (alert.count, alert.value) == (2, 16.0)
    desk.send(("H1", due, "9", desk.hand.now))
    assert desk.open() == []


def test_of_many_the_longest_are_named_and_the_others_counted_and_one_that_leaves_makes_room(desk: Desk) -> None:
    due = desk.hand.now - 30 * DAY
    User.objects.create(username="op", full_name="Op", role="operator", password="!")
    desk.send(*((f"H{number}", due + number * timedelta(hours=1), "4", None) for number in range(9)))
    assert desk.open() == [*(f"dossier_code=H{number}" for number in range(3)), "others"]
    rest = Alert.objects.get(subject="others", cleared_at=None)
    assert rest.words_vi == "và 6 hồ sơ khác quá ngày hẹn trả quá 15 ngày"
    (notice,) = Notice.objects.all()
    assert "(H0)" in notice.body_vi
    assert notice.body_vi.endswith("và 6 hồ sơ khác quá ngày hẹn trả quá 15 ngày")
    desk.send(("H0", due, "9", desk.hand.now), ("H9", due - DAY, "4", None))
    assert desk.open() == [*(f"dossier_code=H{number}" for number in (1, 2, 9)), "others"], "what rings stays named"
    desk.send(*((f"H{number}", due, "9", desk.hand.now) for number in range(3, 9)))
    assert desk.open() == [f"dossier_code=H{number}" for number in (1, 2, 9)]
    rest.refresh_from_db()
    assert rest.cleared_at is not None


def test_a_state_that_lasts_is_named_and_ends_when_the_dossier_moves_on(desk: Desk) -> None:
    due = desk.hand.now + 16 * DAY  # accepted four days ago
    desk.send(("H1", due, "2", None), ("H2", due, "4", None))
    assert desk.open("dossier_not_begun") == ["dossier_code=H1"]
    desk.hand.now += timedelta(minutes=1)
    desk.send(("H1", due, "4", None))
    assert desk.open("dossier_not_begun") == []


def test_one_place_may_have_a_length_of_its_own_or_be_left_out(desk: Desk) -> None:
    here = Unit.objects.get(key="sample:MS15")
    own = LocalLimit.objects.create(rule=RULE, unit=here, limits=[[20.0, None]], reason="", made_by="", made_at=desk.hand.now)
    desk.send(("H1", desk.hand.now - 15 * DAY, "4", None))
    assert desk.open() == []
    desk.wait(6 * DAY)
    assert desk.open() == ["dossier_code=H1"]
    own.delete()
    LocalLimit.objects.create(rule=RULE, unit=here, limits=[], reason="", made_by="", made_at=desk.hand.now)
    desk.wait(timedelta(minutes=10))
    assert desk.open() == []


def test_a_store_that_is_away_ends_no_alert(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.send(("H1", desk.hand.now - 20 * DAY, "4", None))

    def away(*_asked: object) -> None:
        raise StoreUnavailable

    with monkeypatch.context() as patch:
        patch.setattr(records, "lasting", away)
        desk.wait(DAY)
    assert desk.open() == ["dossier_code=H1"]
    assert not Dirty.objects.exists()
    assert not Standing.objects.filter(pending_since__isnull=False).exists()


def test_the_past_tells_how_often_it_would_have_rung_with_the_others_counted(desk: Desk) -> None:
    now = desk.hand.now
    settled = [(f"S{number}", now - 60 * DAY, "9", now - 40 * DAY) for number in range(7)]
    desk.send(*settled, ("S8", now - 60 * DAY, "9", now - 55 * DAY), ("O1", now - 30 * DAY, "4", None))
    trial = desk.trial()
    by_subject = {each.subject: each for each in trial.episodes}
    assert set(by_subject) == {*(f"dossier_code=S{number}" for number in range(3)), "others", "dossier_code=O1"}
    first, still = by_subject["dossier_code=S0"], by_subject["dossier_code=O1"]
    assert (first.begin, first.end) == (_minute(now - 45 * DAY), _minute(now - 40 * DAY))
    assert (first.worst, still.end, still.worst) == (19.0, None, 29.0)
    assert by_subject["others"].end == first.end
    assert len(desk.trial("dossier_long_overdue_agency").episodes) == 0


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def test_a_rule_about_single_records_is_kept_as_data_and_gone_with_its_state(shelf: None) -> None:
    rule = watched([RULE])[RULE].rule
    data = as_data(rule)
    assert of_data(RULE, data) == rule
    data["condition"]["stay"] = "not_there_any_more"
    assert of_data(RULE, data) is None




@pytest.mark.slow
def test_an_analyst_makes_a_rule_about_single_records_on_the_page(desk: Desk, client: Client) -> None:
    desk.send(("H1", desk.hand.now - 40 * DAY, "4", None), ("H2", desk.hand.now - 15 * DAY, "4", None))
    client.force_login(User.objects.create(username="an", full_name="An", role="analyst", password="!"))
    alert = Alert.objects.get(subject="dossier_code=H1", cleared_at=None)
    assert "40 ngày" in client.get(alert.href).content.decode(), "how long it is late"
    page = client.get(f"/rules/{RULE}").content.decode()
    assert "từng hồ sơ quá ngày hẹn trả quá 15 ngày" in page
    assert 'value="dossier_past_due" selected' in page
    assert "overstay" not in client.get("/rules/new?indicator=air_aqi_hour").content.decode()
    typed = {
        "indicator": "dossiers_overdue", "c_kind": "overstay", "c_was": "overstay", "c_stay": "dossier_past_due", "c_limit": "30",
        "c_most": "3", "every": "commune", "severity": "high", "hold": "0", "title_vi": "Quá hạn một tháng",
        "title_en": "A month late", "basis": "Nghị định 118/2025/NĐ-CP",
    }  # fmt: skip
    tried = client.post("/rules/new", typed | {"act": "try"}).content.decode()
    assert "Sẽ báo 1 lần trong 90 ngày qua" in tried
    found = re.search(r'name="tried" value="(\w*)"', tried)
    assert found
    assert client.post("/rules/new", typed | {"tried": found[1], "act": "save"}).status_code == 302
    desk.wait(timedelta(minutes=10))
    assert desk.open("qua_han_mot_thang") == ["dossier_code=H1"]


def test_however_many_deliveries_came_one_look_answers_all_their_marks(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "MOST_MARKS", 5)
    for _ in range(12):
        runs.note_rows("dossiers")
    desk.clock()
    assert not Dirty.objects.exists()


def test_a_rule_that_is_made_while_the_store_is_read_keeps_its_alerts(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.send(("H1", desk.hand.now - 30 * DAY, "4", None))
    assert desk.open() == ["dossier_code=H1"]
    look, rule = records.look, watched([RULE])[RULE].rule

    def slow(*asked: Any) -> Any:
        found = look(*asked)
        RuleVersion.objects.create(
            code="made_meanwhile", version=1, definition=as_data(rule), made_by="test", made_at=desk.hand.now
        )
        Alert.objects.update(rule="made_meanwhile")  # what another worker has raised by it
        return found

    monkeypatch.setattr(records, "look", slow)
    desk.clock()
    assert desk.open("made_meanwhile") == ["dossier_code=H1"]


@pytest.mark.parametrize("limit", [-5.0, 0.0, 1e9])
def test_a_place_of_its_own_limits_takes_no_length_that_means_nothing(desk: Desk, limit: float) -> None:
    here, seen = Unit.objects.get(key="sample:MS15"), watched([RULE])[RULE].version
    with pytest.raises(Problem, match="rule-cannot-work"):
        set_local_limit(SYSTEM, RULE, here, OwnLimits([(limit, None)], "Thử một mức", 0, seen))
    desk.send(("H1", desk.hand.now - 30 * DAY, "4", None))
    assert desk.open() == ["dossier_code=H1"]
