"""HTTP API v1: description, access, units, indicators, values, and refusals as problem details."""

from datetime import timedelta

import pytest
from django.test import Client, RequestFactory
from django.utils import timezone

from toancanh.api.access import asking
from toancanh.indicators.models import Cell, stored_start
from toancanh.intake import services as intake
from toancanh.kernel.contracts import Level
from toancanh.kernel.cursors import cursor_of, place_of
from toancanh.kernel.periods import Period
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.people import services as people
from toancanh.people.actors import SYSTEM
from toancanh.people.models import User
from toancanh.people.permissions import Action
from toancanh.units import services as registers
from toancanh.units.loading.records import UnitRecord
from toancanh.units.models import Unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def province() -> None:
    registers.put_units(
        SYSTEM,
        [
            UnitRecord(scheme="sample", code="MS", level=Level.PROVINCE, kind="tỉnh", name="Minh Sơn", full_name="Tỉnh Minh Sơn"),
            UnitRecord(
                scheme="sample", code="MS01", level=Level.COMMUNE, kind="phường", name="Hòa Bình", full_name="Phường Hòa Bình",
                parent="sample:MS",
            ),
            UnitRecord(
                scheme="sample", code="MS02", level=Level.COMMUNE, kind="xã", name="Đồng Lạc", full_name="Xã Đồng Lạc",
                parent="sample:MS",
            ),
        ],
    )


@pytest.fixture
def analyst(province: None) -> Client:
    people.create_user(
        SYSTEM, "phantich", "mot-mat-khau-dai-1", "analyst", people.Profile(full_name="Phạm Quang Huy"), temporary=False
    )
    client = Client()
    client.force_login(User.objects.get(username="phantich"))
    return client


def test_the_description_names_every_promised_path() -> None:
    paths = Client().get("/api/v1/openapi.json").json()["paths"]
    assert set(paths) >= {
        "/api/v1/datasets/{dataset}/deliveries", "/api/v1/deliveries/{uid}", "/api/v1/deliveries/{uid}/quarantine",
        "/api/v1/units",
        "/api/v1/indicators", "/api/v1/indicators/{code}/values", "/api/v1/values/{value_id}/proof",
    }


def test_nobody_is_answered_without_a_key_or_a_session() -> None:
    for path in ("/units", "/indicators", "/indicators/grdp_growth/values", "/values/1/proof"):
        answer = Client().get(f"/api/v1{path}")
        assert answer.status_code == 401, path
        assert answer.headers["Content-Type"] == "application/problem+json"


def test_units_are_found_by_folded_name_and_level(analyst: Client) -> None:
    body = analyst.get("/api/v1/units", {"parent": "sample:MS", "level": "commune", "q": "hoa binh"}).json()
    assert [each["key"] for each in body["items"]] == ["sample:MS01"]


def test_units_come_in_vietnamese_order(analyst: Client) -> None:
    body = analyst.get("/api/v1/units", {"parent": "sample:MS", "level": "commune"}).json()
    assert [each["name"] for each in body["items"]] == ["Đồng Lạc", "Hòa Bình"]


def test_a_wrong_parameter_is_named_in_both_languages(analyst: Client) -> None:
    answer = analyst.get("/api/v1/units", {"level": "village"})
    assert answer.status_code == 422
    assert "“level”" in answer.json()["detail_vi"]
    assert "“level”" in answer.json()["detail_en"]


def test_an_unknown_unit_is_a_404_that_says_how_to_load_it(analyst: Client) -> None:
    answer = analyst.get("/api/v1/units", {"parent": "vn34:99"})
    assert answer.status_code == 404
    assert "toancanh units load" in answer.json()["detail_vi"]


def test_indicators_carry_definition_and_legal_basis(analyst: Client) -> None:
    found = analyst.get("/api/v1/indicators", {"field": "public_services"}).json()
    assert found
    assert all(each["definition"] and each["definition_en"] and each["basis"] for each in found)
    assert {each["field"] for each in found} == {"public_services"}


def test_values_of_an_unknown_indicator_are_a_404(analyst: Client) -> None:
    assert analyst.get("/api/v1/indicators/khong_co/values").status_code == 404


@pytest.mark.parametrize(
    "wrong",
    ["from=0001-01-01", "to=9999-12-31", "map=9999-12-31", "known=0001-01-01T00:00:00", "known=9999-12-31T23:00:00-05:00"],
)
def test_days_beyond_the_calendar_are_a_wrong_parameter(analyst: Client, wrong: str) -> None:
    assert analyst.get(f"/api/v1/indicators/dossiers_on_time/values?{wrong}").status_code == 422


def test_values_of_an_indicator_without_data_are_an_empty_page(analyst: Client) -> None:
    code = analyst.get("/api/v1/indicators").json()[0]["code"]
    body = analyst.get(f"/api/v1/indicators/{code}/values", {"unit": "sample:MS", "from": "2026-01-01"}).json()
    assert body["items"] == []
    assert body["next"] is None


def test_a_cursor_leads_on_and_a_made_up_one_is_refused() -> None:
    assert place_of(cursor_of(2000)) == 2000
    for bad in ("x", "b29v", "////", "bzEy8J", "🦺\\", cursor_of(10**16)):
        with pytest.raises(Problem, match="bad-cursor"):
            place_of(bad)


def test_values_are_paged_to_the_end(analyst: Client) -> None:
    place = Unit.objects.get(key="sample:MS01")
    for month in (7, 8, 9):
        period = Period.parse(f"2026-{month:02}")
        Cell.objects.create(
            indicator="dossiers_received", unit=place, grain="month", period_start=stored_start(period), value=month,
            computed_at=timezone.now(), known_from=timezone.now(),
        )  # fmt: skip
    asked = {"unit": "sample:MS", "level": "commune", "grain": "month", "limit": "2"}
    first = analyst.get("/api/v1/indicators/dossiers_received/values", asked).json()
    assert [each["value"] for each in first["items"]] == [7, 8]
    second = analyst.get("/api/v1/indicators/dossiers_received/values", asked | {"cursor": first["next"]}).json()
    assert ([each["value"] for each in second["items"]], second["next"]) == ([9], None)


def test_days_of_a_whole_level_on_a_map_without_bounds_are_refused(analyst: Client) -> None:
    asked = {"unit": "sample:MS", "level": "commune", "grain": "day", "map": "2026-11-22"}
    answer = analyst.get("/api/v1/indicators/dossiers_received/values", asked)
    assert answer.status_code == 422
    assert "“from”" in answer.json()["detail_vi"]


def test_a_delivery_without_a_key_is_refused_before_it_is_read() -> None:
    answer = Client().post("/api/v1/datasets/dossiers/deliveries", b"[]", content_type="application/json")
    assert answer.status_code == 401
    assert "WWW-Authenticate" in answer.headers


def test_what_has_not_changed_is_not_sent_again(analyst: Client) -> None:
    for path in ("/units", "/indicators", "/alerts", "/incidents"):
        first = analyst.get(f"/api/v1{path}")
        again = analyst.get(f"/api/v1{path}", headers={"If-None-Match": first.headers["ETag"]})
        assert (first.status_code, again.status_code, again.content) == (200, 304, b""), path
        assert analyst.get(f"/api/v1{path}", headers={"If-None-Match": '"other"'}).content == first.content
        assert "private" in first.headers["Cache-Control"]


@pytest.mark.parametrize("wrong", ["units?on=0", "units?on=1700000000", "indicators/dossiers_on_time/values?known=-1.5"])
def test_a_bare_number_is_no_day(analyst: Client, wrong: str) -> None:
    assert analyst.get(f"/api/v1/{wrong}").status_code == 422


def test_units_are_paged_to_the_end(analyst: Client) -> None:
    first = analyst.get("/api/v1/units", {"scheme": "sample", "limit": "2"}).json()
    second = analyst.get("/api/v1/units", {"scheme": "sample", "limit": "2", "cursor": first["next"]}).json()
    assert len({each["key"] for each in first["items"] + second["items"]}) == 3
    assert (first["count"], second["count"], second["next"]) == (2, 1, None)


def test_a_temporary_password_opens_nothing_of_the_api(analyst: Client) -> None:
    User.objects.update(must_change_password=True)
    answer = analyst.get("/api/v1/units")
    assert (answer.status_code, answer.headers["Content-Type"]) == (403, "application/problem+json")


def test_a_program_reads_the_figures_of_the_fields_that_its_source_sends(province: None) -> None:
    source = intake.make_source(
        SYSTEM,
        intake.SourceForm(code="bao-cao", title=Text("Báo cáo", "Reports"), datasets=("socio_economic_figures",),
                          cadence=timedelta(days=30), owner=None),
    )  # fmt: skip
    program = Client(headers={"Authorization": f"Bearer {intake.make_key(SYSTEM, source)}"})
    listed = {each["code"] for each in program.get("/api/v1/indicators").json()}
    assert "grdp_growth" in listed
    assert "dossiers_on_time" not in listed
    assert program.get("/api/v1/indicators/grdp_growth/values", {"unit": "sample:MS"}).status_code == 200
    assert program.get("/api/v1/indicators/dossiers_on_time/values", {"unit": "sample:MS"}).status_code == 403


def test_a_program_that_reads_is_none_of_those_who_see_personal_data_in_rows(province: None) -> None:
    source = intake.make_source(
        SYSTEM,
        intake.SourceForm(code="cam-bien", title=Text("Cảm biến", "Sensors"), datasets=("socio_economic_figures",),
                          cadence=timedelta(days=30), owner=None),
    )  # fmt: skip
    key = {"Authorization": f"Bearer {intake.make_key(SYSTEM, source)}"}
    program = asking(RequestFactory().get("/api/v1/values/1/proof", headers=key))
    assert program.can(Action.VIEW, "socio_economic")
    assert not program.can(Action.ENTER)
