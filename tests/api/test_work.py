"""Alerts and incidents over the API: seen by who may see them, reported once by a source's key."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from toancanh.intake import services as intake
from toancanh.kernel.text import Text
from toancanh.people import services as people
from toancanh.people.actors import SYSTEM
from toancanh.people.models import User
from toancanh.response.handling.kept import Report
from toancanh.response.models import Incident
from toancanh.units.models import Unit
from toancanh.watch.models import Alert

from .test_api import analyst, province  # noqa: F401  (fixtures)

pytestmark = pytest.mark.django_db
BODY = {"kind": "traffic", "title": "Cây đổ chắn quốc lộ 3B, km 38", "unit": "sample:MS01", "reporter": "0912 345 678"}


@pytest.fixture
def key(province: None, settings: Any) -> str:  # noqa: F811
    settings.ROOT_UNIT = "sample:MS"
    form = intake.SourceForm(code="calls", title=Text("Tổng đài", "Calls"), datasets=("dossiers",), cadence=timedelta(hours=1))
    return intake.make_key(SYSTEM, intake.make_source(SYSTEM, form))


def report(key: str, body: dict[str, Any], once: str = "call-1") -> Any:
    return Client().post(
        "/api/v1/incidents", json.dumps(body), content_type="application/json",
        headers={"Authorization": f"Bearer {key}", "Idempotency-Key": once},
    )  # fmt: skip


def test_another_system_reports_something_once(key: str) -> None:
    first, again = report(key, BODY), report(key, BODY)
    assert first.status_code == 201, first.content
    assert first.json() == again.json()
    made = Incident.objects.get()
    assert (made.code, made.origin, made.opened_by) == (first.json()["code"], "api", "source:calls")
    assert report(key, BODY, "call-2").json()["code"] != made.code


@pytest.mark.parametrize("origin", ["citizen", "call", "api"])
def test_another_system_says_who_told_it_and_the_same_number_is_one_incident(key: str, origin: str) -> None:
    body = BODY | {"origin": origin, "number": "1022-556"}
    first, again = report(key, body), report(key, body | {"title": "Cây đổ, đã có người gọi lại"}, "call-2")
    assert (first.status_code, first.json()["origin"]) == (201, origin)
    assert again.json()["code"] == first.json()["code"]
    assert Incident.objects.get().origin == origin
    assert report(key, body | {"number": "1022-557"}, "call-3").json()["code"] != first.json()["code"]


def test_the_same_key_with_other_content_is_refused_and_names_the_incident(key: str) -> None:
    made = report(key, BODY).json()
    answer = report(key, BODY | {"title": "Ngập sâu"})
    assert (answer.status_code, answer.headers["Content-Type"]) == (409, "application/problem+json")
    assert made["code"] in answer.json()["detail_vi"]
    assert made["code"] in answer.json()["detail_en"]
    assert Incident.objects.get().title == BODY["title"]


def test_a_report_of_before_keys_were_kept_with_their_content_is_still_known(key: str) -> None:
    made = report(key, BODY).json()
    Report.objects.all().delete()
    assert report(key, BODY).json() == made


def test_a_system_claims_no_origin_of_the_desk(key: str) -> None:
    assert report(key, BODY | {"origin": "operator"}).status_code == 422


def test_the_kinds_are_listed_for_who_reports(key: str) -> None:
    answer = Client().get("/api/v1/incident-kinds", headers={"Authorization": f"Bearer {key}"})
    listed = {each["code"]: each for each in answer.json()["items"]}
    assert listed["traffic"] == {
        "code": "traffic", "title": "Giao thông, tai nạn", "title_en": "Traffic, accident", "severity": "high",
    }  # fmt: skip
    assert Client().get("/api/v1/incident-kinds").status_code == 401


@pytest.mark.parametrize("wrong", [{"kind": "no-such"}, {"title": ""}, {"unit": "sample:XX"}, {"lat": 900}])
def test_a_wrong_report_says_what_to_do_and_opens_nothing(key: str, wrong: dict[str, Any]) -> None:
    answer = report(key, BODY | wrong)
    assert answer.status_code in (404, 422)
    assert answer.json()["detail_vi"]
    assert answer.json()["detail_en"]
    assert not Incident.objects.exists()


def test_two_sources_with_long_names_report_under_the_same_key_of_their_own(key: str) -> None:
    for end in "ab":
        long = intake.SourceForm(
            code="calls-of-the-hot-line-of-the-province-" + end, title=Text("Tổng đài", "Calls"), datasets=("dossiers",),
            cadence=timedelta(hours=1),
        )  # fmt: skip
        assert report(intake.make_key(SYSTEM, intake.make_source(SYSTEM, long)), BODY | {"title": end}).json()["title"] == end


def test_a_person_reports_where_they_direct_and_only_there(analyst: Client, settings: Any) -> None:  # noqa: F811
    settings.ROOT_UNIT = "sample:MS"
    people.create_user(SYSTEM, "truc", "mot-mat-khau-dai-1", "operator", people.Profile(full_name="Lê Trực"), temporary=False)
    operator = Client()
    operator.force_login(User.objects.get(username="truc"))
    headers = {"Idempotency-Key": "1"}
    for client, statuses in ((Client(), (401, 401)), (analyst, (403, 403)), (operator, (201, 201))):
        answers = [
            client.post("/api/v1/incidents", json.dumps(BODY), content_type="application/json", headers=headers) for _ in range(2)
        ]
        assert tuple(each.status_code for each in answers) == statuses
    assert Incident.objects.get().opened_by == "truc"


def test_alerts_are_listed_for_who_may_see_the_value(analyst: Client) -> None:  # noqa: F811
    at = timezone.now()
    alert = Alert.objects.create(
        rule="dossiers_on_time_low", indicator="dossiers_on_time", unit=Unit.objects.get(key="sample:MS01"), severity="high",
        since=at, raised_at=at, last_seen=at, value=91.0, limit=95.0, cause="x", words_vi="dưới 95%", words_en="below 95%",
    )  # fmt: skip
    (listed,) = analyst.get("/api/v1/alerts").json()["items"]
    assert (listed["id"], listed["unit"], listed["value"]) == (alert.pk, "sample:MS01", 91.0)
    assert analyst.get(f"/api/v1/alerts/{alert.pk}").json() == listed
    assert analyst.get("/api/v1/alerts?state=over").json() == {"items": [], "next": None}
    assert Client().get("/api/v1/alerts").status_code == 401


def test_incidents_are_not_shown_to_who_may_not_know_of_them(key: str, analyst: Client) -> None:  # noqa: F811
    report(key, BODY)
    assert analyst.get("/api/v1/incidents").json()["items"] == []


def test_incidents_are_paged_and_new_ones_do_not_move_the_pages(key: str) -> None:
    people.create_user(SYSTEM, "truc", "mot-mat-khau-dai-1", "operator", people.Profile(full_name="Lê Trực"), temporary=False)
    client = Client()
    client.force_login(User.objects.get(username="truc"))
    codes = [report(key, BODY, f"call-{n}").json()["code"] for n in range(5)][::-1]
    first = client.get("/api/v1/incidents?limit=2").json()
    report(key, BODY, "call-new")
    second = client.get("/api/v1/incidents", {"limit": "2", "cursor": first["next"]}).json()
    last = client.get("/api/v1/incidents", {"limit": "2", "cursor": second["next"]}).json()
    assert [each["code"] for page in (first, second, last) for each in page["items"]] == codes
    assert last["next"] is None


def test_a_report_that_is_no_json_or_far_too_long_is_refused_in_words(key: str) -> None:
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": "1"}
    for body, status in ((b'{"kind": NaN', 400), (b'{"title": "' + b"x" * 1_100_000 + b'"}', 413)):
        answer = Client().post("/api/v1/incidents", body, content_type="application/json", headers=headers)
        assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")
        assert answer.json()["detail_vi"] != answer.json()["detail_en"]
