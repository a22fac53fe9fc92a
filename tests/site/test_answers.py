"""What the site answers when something is wrong, and the headers that every answer carries."""

import pytest
from django.test import Client

from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.site import problems

pytestmark = pytest.mark.django_db


def test_every_answer_carries_a_strict_policy() -> None:
    answer = Client().get("/sign-in")
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_an_unknown_address_says_what_to_do() -> None:
    answer = Client().get("/khong-co-trang-nay")
    assert answer.status_code == 404
    assert "Không tìm thấy trang" in answer.content.decode()


def test_the_api_answers_with_problem_details_in_the_language_asked() -> None:
    answer = Client().get("/api/v1/indicators", headers={"Accept-Language": "en"})
    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert body["detail"] == body["detail_en"]
    assert body["detail_vi"]


def test_health_needs_no_database_page_frame(settings: object) -> None:
    assert Client().get("/healthz").content == b"ok\n"


def test_metrics_are_prometheus_text() -> None:
    body = Client().get("/metrics").content.decode()
    assert "# TYPE toancanh_deliveries gauge" in body


def test_a_fault_is_answered_even_when_its_page_cannot_be_made(rf: object, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> None:
        raise OSError("the database is away")

    monkeypatch.setattr(problems, "answer", away)
    answer = problems.broken(rf.get("/"))  # type: ignore[attr-defined]
    assert answer.status_code == 500
    assert "Thử lại sau ít phút" in answer.content.decode()


def test_problem_details_name_kind_status_and_both_wordings() -> None:
    details = Problem("x-y", 409, Text("Trùng", "Twice"), Text("Đổi tên.", "Rename.")).details("vi")
    assert details["type"] == "urn:toancanh:problem:x-y"
    assert (details["detail"], details["detail_en"]) == ("Đổi tên.", "Rename.")


@pytest.mark.parametrize("address", ["/places/a%00b", "/search?q=%00", "/api/v1/units?q=a%00b", "/static/" + "a" * 300 + ".css"])
def test_an_address_that_can_name_nothing_is_not_found(address: str) -> None:
    assert Client().get(address).status_code == 404


def test_a_huge_file_is_refused_before_it_is_read() -> None:
    class Unread:
        def read(self, *_: object) -> bytes:
            raise AssertionError("the body was read")

        readline = read

    client = Client()
    client.cookies["csrftoken"] = "a" * 32
    answer = client.generic(
        "POST", "/data/upload", b"", "multipart/form-data; boundary=x", CONTENT_LENGTH=str(10**9), **{"wsgi.input": Unread()}
    )
    assert answer.status_code == 413
    assert "MB" in answer.content.decode()


@pytest.mark.parametrize("path", ["/", "/api/v1/units"])
def test_a_strange_host_is_refused_in_words_and_with_all_headers(path: str, settings: object) -> None:
    settings.LIVE_PORT = "8002"  # type: ignore[attr-defined]
    answer = Client().get(path, headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert "Kiểm tra tên máy" in (answer.json()["detail"] if path.startswith("/api/") else answer.content.decode())
    assert "evil" not in str(answer.headers)
    assert "Content-Security-Policy" in answer.headers


@pytest.mark.parametrize("path", ["/api/v1/units", "/api/v1/deliveries/00000000-0000-0000-0000-000000000000"])
def test_a_method_that_an_api_address_does_not_take_is_a_problem_with_the_right_ones(path: str) -> None:
    answer = Client().put(path)
    assert (answer.status_code, answer.headers["Content-Type"]) == (405, "application/problem+json")
    assert "GET" in answer.headers["Allow"]
    assert "GET" in answer.json()["detail_vi"]
