"""Loads the sample province: places, people, sources, then three years of deliveries through the one entrance of all doors."""

from __future__ import annotations

import json
import os
import secrets
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from toancanh.indicators.models import Cell
from toancanh.intake import landing
from toancanh.intake import services as intake
from toancanh.intake.models import Source
from toancanh.intake.reading.payload import Payload
from toancanh.kernel.problem import Problem
from toancanh.people import services as people
from toancanh.people.actors import SYSTEM
from toancanh.people.models import User
from toancanh.people.roles import Action, Role
from toancanh.site.demo import ACCOUNTS, KEYS, LOADED
from toancanh.site.sample import agencies, incidents, places, province, work
from toancanh.site.sample.shapes import SAMPLE_BASIS, AccountDefinition, ChangeDefinition, SampleDelivery, UnitDefinition
from toancanh.units import queries as units
from toancanh.units import services as registers
from toancanh.units.loading.records import ChangeRecord, UnitRecord
from toancanh.units.models import Unit
from toancanh.watch.evaluation import runs as watching

REVISED = "socio_economic_figures"  # landed now and then, so that revised figures have their versions; the others once
LAND_EVERY = 90
RINGS_SINCE, RANG_AGO = timedelta(days=6), timedelta(hours=3)
HISTORY_SINCE = date(2020, 1, 1)


class Steps:
    """Says what is being done, and how long it took."""

    def __init__(self, out: Callable[[str], None]) -> None:
        self.out = out
        self.begun = time.monotonic()

    def say(self, vi: str, en: str) -> None:
        self.out(f"[{time.monotonic() - self.begun:5.1f} s] {vi} / {en}")


def load_sample(now: datetime | None = None, out: Callable[[str], None] = lambda line: print(line, flush=True)) -> None:
    """Load everything. Safe to run again after it was cut short: what is there is kept, what came is not taken twice."""
    now = now or timezone.now()
    steps = Steps(out)
    steps.say("Nạp địa bàn và cơ quan mẫu", "Loading sample areas and agencies")
    _load_units()
    steps.say("Tạo tài khoản và nguồn dữ liệu mẫu", "Making sample accounts and sources")
    _load_people()
    _load_sources()
    steps.say("Nhận 36 tháng số liệu qua cửa nhận", "Taking 36 months of data through the door")
    _deliver(province.history(now), steps)
    _know_in_time()
    steps.say("Xét các quy tắc cảnh báo", "Judging the rules")
    _ring(now)
    steps.say("Giao việc mẫu", "Giving sample work")
    work.give()
    incidents.live_a_morning()
    (settings.DATA / LOADED).write_text(now.isoformat())
    steps.say("Đã nạp xong tỉnh mẫu", "The sample province is loaded")


def _know_in_time() -> None:
    """The history was known as its data reach, not since the hour of loading: any day can be asked what was known on it. What was
    corrected keeps the moment of its correction."""
    same = {name: OuterRef(name) for name in ("indicator", "unit", "grain", "cumulative", "period_start", "dimension")}
    corrected = Exists(Cell.objects.filter(known_to__isnull=False, **same))
    early = Cell.objects.filter(as_of__lt=F("known_from"))
    early.filter(known_to=None).exclude(corrected).update(known_from=F("as_of"))
    early.filter(known_to__isnull=False).update(known_from=F("as_of"))


def _ring(now: datetime) -> None:
    """What stands beyond a limit began some days ago and rang some hours ago, so that a new centre has something to handle."""
    watching.evaluate_dirty(now - RINGS_SINCE)
    watching.evaluate_clock(now - RANG_AGO)


def _load_units() -> None:
    registers.put_units(SYSTEM, [_unit(each) for each in (*places.units(), *agencies.agencies())])
    registers.put_changes(SYSTEM, [_change(each) for each in places.changes()])
    members: dict[str, list[str]] = {}
    for custom, member in places.custom_members():
        members.setdefault(custom, []).append(member)
    for district in places.old_districts():
        registers.make_custom_area(SYSTEM, _unit(district), members[district.key])
    registers.draw_illustrative(SYSTEM, settings.ROOT_UNIT, [(lon, lat) for lon, lat in places.outline()])


def _unit(each: UnitDefinition) -> UnitRecord:
    return UnitRecord(**asdict(each), sample=True, legal_basis=SAMPLE_BASIS)


def _change(each: ChangeDefinition) -> ChangeRecord:
    return ChangeRecord(**asdict(each), legal_basis="")  # no decision ordered a fictional merger


def _load_people() -> None:
    path = settings.DATA / ACCOUNTS
    lines = []
    for each in agencies.people():
        password = secrets.token_urlsafe(9)
        _make_account(each, password)
        lines.append(f"  {each.username:<12} {password:<14} {each.post.vi} / {each.post.en}")
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write("\n".join(lines) + "\n")


def _make_account(each: AccountDefinition, password: str) -> None:
    agency = units.by_key(each.agency) if each.agency else None
    profile = people.Profile(full_name=each.full_name, post=each.post.vi, agency=agency)
    known = User.objects.filter(username=each.username).first()
    if known is not None:  # an earlier run was cut short
        people.set_password(SYSTEM, known, password, temporary=False)
        return
    user = people.create_user(SYSTEM, each.username, password, each.role, profile, temporary=False)
    if each.role == Role.OFFICER:
        people.change_role(SYSTEM, user, each.role, only_grants=True)
        for field, of_agency, area in each.grants:
            box = people.Scope(field=field, agency=_unit_of(of_agency), area=_unit_of(area))
            people.add_grant(SYSTEM, user, [Action.VIEW, Action.ENTER], box)
        people.add_grant(SYSTEM, user, [Action.HANDLE], people.Scope(agency=agency))


def _unit_of(key: str) -> Unit | None:
    return units.by_key(key) if key else None


def _load_sources() -> None:
    keys = {}
    for each in agencies.sources():
        form = intake.SourceForm(
            code=each.code, title=each.title, datasets=each.datasets, owner=each.owner, cadence=each.cadence,
            accepts_since=HISTORY_SINCE, config=each.config, sample=True,
        )  # fmt: skip
        keys[each.code] = intake.make_key(SYSTEM, intake.make_source(SYSTEM, form))
    handle = os.open(settings.DATA / KEYS, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as out:
        json.dump(keys, out)


def _deliver(deliveries: Iterable[SampleDelivery], steps: Steps) -> None:
    sources = {source.code: source for source in Source.objects.select_related("owner")}
    waiting: set[str] = set()
    count = 0
    for count, each in enumerate(deliveries, 1):
        waiting.add(each.dataset)
        _take(sources[each.source], each)
        if count % LAND_EVERY == 0:
            landing.land(REVISED)
            steps.say(f"đã nhận {count} lần gửi", f"{count} deliveries taken")
    steps.say("Tính chỉ tiêu", "Computing indicators")
    _land(waiting)
    steps.say(f"tổng cộng {count} lần gửi", f"{count} deliveries in all")


def _take(source: Source, each: SampleDelivery) -> None:
    payload = Payload(each.body, each.content_type, each.filename, each.key, "sample", f"source:{source.code}")
    try:
        came = each.received_at if each.dataset == REVISED else None  # dossiers come as they stand today
        intake.receiving.take(source, each.dataset, payload, came)
    except Problem as problem:  # some sample files are broken on purpose; the refusal is on the source's page
        sys.stderr.write(f"  {each.filename}: {problem.detail.vi}\n")


def _land(waiting: set[str]) -> None:
    for dataset in sorted(waiting):
        landing.land(dataset)
