"""Dossiers of the sample province in the form that one-stop systems synchronise: one CSV a month, national field names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from toancanh.kernel.periods import VIETNAM, Grain, Period
from toancanh.site.sample import desks
from toancanh.site.sample.chance import dice
from toancanh.site.sample.desks import Desk, WorkingDays
from toancanh.site.sample.procedures import Procedure
from toancanh.site.sample.shapes import SampleDelivery

DATASET, SOURCE = "dossiers", "one_stop"
HEADER = (
    "MaHoSo,MaTTHC,MaLinhVuc,DonViXuLy,MaDiaBan,TrangThaiHoSo,KenhThucHien,LoaiDoiTuong,MucDo,NgayNopHoSo,NgayTiepNhan,"
    "NgayHenTra,NgayKetThucXuLy,NgayTra,NgayTuChoi,NgayYeuCauBoSung,NgayBoSung,SoLanBoSung,LePhi,DuocThanhToanTrucTuyen,"
    "HoSoCoThanhPhanSoHoa,MucDoHaiLong,NgayCapNhat\n"
)
CLOSING = time(17, 0)
LATE_DAYS = 30  # working days: how late a late dossier is on the average


@dataclass(slots=True)
class Dossier:
    """One dossier while it is being made up; times are naive Viet Nam time."""

    code: str
    desk: Desk
    procedure: Procedure
    area: str
    submitted: datetime
    received: datetime | None
    due: datetime
    finished: datetime | None = None
    returned: datetime | None = None
    refused: datetime | None = None
    asked: datetime | None = None
    given: datetime | None = None
    state: int = 4
    channel: int = 1
    applicant: int = 0
    payment: int = 0
    digitised: int = 0
    satisfaction: str = ""

    def line(self) -> str:
        """The CSV line, in the order of `HEADER`."""
        updated = max(
            each
            for each in (self.submitted, self.received, self.finished, self.returned, self.refused, self.asked, self.given)
            if each
        )
        asked = 1 if self.asked else 0
        return (
            f"{self.code},{self.procedure.code},{self.procedure.field},{self.desk.agency},{self.area},{self.state},{self.channel},"
            f"{self.applicant},{'full' if self.procedure.full else 'partial'},{_at(self.submitted)},{_at(self.received)},"
            f"{_at(self.due)},{_at(self.finished)},{_at(self.returned)},{_at(self.refused)},{_at(self.asked)},{_at(self.given)},"
            f"{asked},{self.procedure.fee},{self.payment},{self.digitised},{self.satisfaction},{_at(updated)}\n"
        )


def _at(moment: datetime | None) -> str:
    return "" if moment is None else f"{moment.isoformat(timespec='seconds')}+07:00"


def dossier_deliveries(first: datetime, now: datetime) -> Iterator[SampleDelivery]:
    """One file for each month from `first` to `now` (both aware), each dossier in its state of `now`; oldest month first."""
    local = now.astimezone(VIETNAM).replace(tzinfo=None)
    months = Period.containing(first, Grain.MONTH).until(Period.containing(now, Grain.MONTH))
    maker = Maker(local, WorkingDays(months[0].first_day - timedelta(days=40), local.date() + timedelta(days=60)))
    for ago, month in zip(range(len(months) - 1, -1, -1), months, strict=True):
        lines = [each.line() for each in maker.month(month, ago)]
        if month == months[-1]:
            lines.extend(each.line() for each in maker.stuck())
        body = (HEADER + "".join(lines)).encode()
        at = min(now - timedelta(minutes=12), datetime.combine(month.last_day, time(15, 30), UTC))
        yield SampleDelivery(SOURCE, DATASET, "text/csv", f"ho-so-{month.code}.csv", body, f"sample-ho-so-{month.code}", at)


class Maker:
    """Makes dossiers, desk by desk and month by month; lateness is spread evenly so that each desk keeps its record."""

    def __init__(self, now: datetime, calendar: WorkingDays) -> None:
        self.now, self.calendar = now, calendar
        self.owed = {each.code: 0.5 for each in desks.desks()}  # dossiers expected and not yet made
        self.late = {each.code: 0.5 for each in desks.desks()}

    def month(self, month: Period, ago: int) -> Iterator[Dossier]:
        """The dossiers received in `month`, `ago` months before the newest one."""
        last = min(month.last_day, self.now.date())
        days = self.calendar.between(month.first_day, last)
        whole = len(self.calendar.between(month.first_day, month.last_day))
        for desk in desks.desks():
            if desk.silent and ago == 0:
                continue
            self.owed[desk.code] += desk.expected(month.start.year, month.start.month, ago) * len(days) / max(whole, 1)
            wanted, luck = int(self.owed[desk.code]), dice("dossiers", desk.code, month.code)
            self.owed[desk.code] -= wanted
            for number in range(wanted):
                place = days[int(luck.random() ** 1.05 * len(days))]
                yield self._one(desk, place, luck, f"{month.start:%y%m}-{number + 1:04}")

    def stuck(self) -> Iterator[Dossier]:
        """The dossiers that are overdue today, as many as each desk has."""
        today = self.calendar.at(self.now.date())
        for desk in desks.desks():
            luck = dice("stuck", desk.code)
            for number in range(desk.overdue):
                slow = (
                    max(desk.offers, key=lambda each: each.days) if number % 3 else desk.offers[luck.randrange(len(desk.offers))]
                )
                received = today - slow.days - luck.randrange(2, 15)
                found = self._begun(desk, received, slow, luck, f"{self.now:%y%m}-Q{number + 1:03}")
                found.state = 4
                yield found

    def _one(self, desk: Desk, place: int, luck: Random, number: str) -> Dossier:
        procedure = luck.choices(desk.offers, [each.weight for each in desk.offers])[0]
        found = self._begun(desk, place, procedure, luck, number)
        fate = luck.random()
        if fate < 0.012:
            found.state, found.refused, found.received = 3, found.submitted + timedelta(hours=20), None
            found.refused = min(found.refused, self.now)
            return found
        self._finish(found, place, luck)
        if fate > 0.993 and found.finished:
            found.state, found.returned = 7, None
        return found

    def _begun(self, desk: Desk, place: int, procedure: Procedure, luck: Random, number: str) -> Dossier:
        """A dossier received on the working day `place`, due at closing time after the days of its procedure."""
        day = self.calendar.days[place]
        received = min(_moment(day, luck.uniform(7.5, 16.6)), self.now - timedelta(minutes=luck.randrange(5, 90)))
        year = day.year
        online = luck.random() < desks.ONLINE.get(year, desks.ONLINE_NOW)
        found = Dossier(
            f"H99.{desk.code}-{number}",
            desk,
            procedure,
            desk.area,
            received - timedelta(minutes=luck.randrange(20, 900)) if online else received,
            received,
            datetime.combine(self.calendar.days[place + procedure.days], CLOSING),
        )
        found.channel = 2 if online else (3 if luck.random() < 0.06 else 1)
        found.applicant = 1 if procedure.field.startswith(("G13", "G02")) else (2 if luck.random() < 0.04 else 0)
        found.payment = _payment(procedure, year, luck)
        found.digitised = int(luck.random() < desks.DIGITISED.get(year, desks.DIGITISED_NOW))
        return found

    def _finish(self, found: Dossier, place: int, luck: Random) -> None:
        """Settle it in time or late; what would end after now stays open."""
        days, begun = found.procedure.days, found.submitted if found.received is None else found.received
        late = self._is_late(found.desk, begun.year)
        took = days + 1 + min(int(luck.expovariate(1 / LATE_DAYS)), 120) if late else int(days * luck.uniform(0.3, 0.95))
        end = self._end(begun, place + took, luck)
        if end > self.now and late:  # the overdue ones of today are made by `stuck`
            end = self._end(begun, self._sooner(place + days, luck) or place + int(days * 0.5), luck)
        if found.desk.silent:
            end = min(end, self._last_heard())
        if end > self.now:
            self._leave_open(found, begun, luck)
            return
        if luck.random() < 0.04 and days >= 3 and end + timedelta(days=4) < self.now:
            asked = begun + (end - begun) * 0.4
            given = asked + timedelta(days=luck.uniform(0.5, 3.5))
            found.asked, found.given, end = asked, given, end + (given - asked)
        found.finished = end
        returned = end + timedelta(hours=luck.choice((0.2, 1.5, 3, 20, 26, 44)))
        found.state, found.returned = (10, returned) if returned <= self.now else (9, None)
        if luck.random() < 0.35:
            found.satisfaction = luck.choices("123", (80, 13.6, 6.4))[0]

    def _sooner(self, due: int, luck: Random) -> int:
        """A late day before today for one in ten of those that would be late still; 0 for the others."""
        today = self.calendar.at(self.now.date())
        return luck.randrange(due + 1, today) if today > due + 1 and luck.random() < 0.1 else 0

    def _last_heard(self) -> datetime:
        """Closing time of the last working day of the month before: silent desks have sent nothing since."""
        return datetime.combine(self.calendar.days[self.calendar.at(self.now.date().replace(day=1)) - 1], CLOSING)

    def _is_late(self, desk: Desk, year: int) -> bool:
        """Every so often one is late, as the desk's record of the year asks."""
        self.late[desk.code] += desk.late_share(year)
        late = self.late[desk.code] >= 1
        self.late[desk.code] -= int(late)
        return late

    def _end(self, begun: datetime, place: int, luck: Random) -> datetime:
        end = _moment(self.calendar.days[min(place, len(self.calendar.days) - 1)], luck.uniform(8.0, 16.9))
        return end if end > begun else begun + timedelta(minutes=luck.randrange(10, 25))

    def _leave_open(self, found: Dossier, begun: datetime, luck: Random) -> None:
        fate = luck.random()
        found.state = 2 if self.now - begun < timedelta(hours=20) else 4
        if fate < 0.05:
            found.state, found.asked = 5, begun + (self.now - begun) * 0.5
        elif fate < 0.08 and found.procedure.fee:
            found.state = 6


def _moment(day: date, hour: float) -> datetime:
    return datetime.combine(day, time()) + timedelta(seconds=int(hour * 3600))


def _payment(procedure: Procedure, year: int, luck: Random) -> int:
    if not procedure.fee or luck.random() >= desks.PAID_ONLINE.get(year, desks.PAID_ONLINE_NOW):
        return 0
    return 1 if luck.random() < 0.7 else 2
