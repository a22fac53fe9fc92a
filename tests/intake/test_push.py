"""The HTTP push door as a program meets it."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client, RequestFactory
from tests.intake.deliveries import reading

from toancanh.intake import keeping, receiving, services
from toancanh.intake.doors import admission, keys, push
from toancanh.intake.models import Delivery, Source, SourceKey
from toancanh.kernel.text import Text
from toancanh.people.actors import SYSTEM

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_landing")]
Post = Callable[..., HttpResponse]


@pytest.fixture
def post(client: Client, key: str, settings: object) -> Post:
    """POST rows or bytes to a dataset, with the source's key."""
    settings.ROOT_URLCONF = push.__name__  # type: ignore[attr-defined]

    def call(content: object, dataset: str = "test_air", **headers: str) -> HttpResponse:
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        kind = headers.pop("content_type", "application/json")
        headers = {"Authorization": f"Bearer {key}", **headers}
        return client.post(f"/datasets/{dataset}/deliveries", body, content_type=kind, headers=headers)

    return call


def test_a_delivery_is_created_and_its_repeat_is_the_same_answer(post: Post) -> None:
    first = post([reading(), reading(station="s2", pm25="x")], **{"Idempotency-Key": "k1"})
    again = post([reading(), reading(station="s2", pm25="x")], **{"Idempotency-Key": "k1"})
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.content == again.content
    body = first.json()
    assert set(body) == {"id", "received", "accepted", "quarantined"}
    assert (body["received"], body["accepted"], body["quarantined"]) == (2, 1, 1)
    assert first.headers["Location"].endswith(body["id"])


def test_csv_and_json_lines_are_taken(post: Post) -> None:
    assert post(b"station,area,measured_at\ns1,MS01,22/11/2026 09:00\n", content_type="text/csv").status_code == 201
    lines = b"\n".join(json.dumps(reading(station=f"s{n}")).encode() for n in range(3))
    assert post(lines, content_type="application/x-ndjson").json()["accepted"] == 3


@pytest.mark.parametrize(
    ("dataset", "headers", "status"),
    [
        ("test_air", {"Authorization": ""}, 401), ("test_air", {"Authorization": "Bearer wrong"}, 401),
        ("test_air", {"Authorization": "Basic x"}, 401), ("nothing", {}, 404), ("test_air", {"content_type": "image/png"}, 415),
        ("test_air", {"Idempotency-Key": "x" * 300}, 422),
    ],
)
def test_refusals_are_problem_details_in_both_languages(post: Post, dataset: str, headers: dict[str, str], status: int) -> None:
    for language, other in (("vi", "en"), ("en", "vi")):
        answer = post([reading()], dataset, **headers, **{"Accept-Language": language})
        assert answer.status_code == status
        assert answer.headers["Content-Type"] == "application/problem+json"
        body = answer.json()
        assert body["status"] == status
        assert body["detail"] == body[f"detail_{language}"] != body[f"detail_{other}"]
        assert body["type"].startswith("urn:toancanh:problem:")
    assert ("WWW-Authenticate" in answer.headers) == (status == 401)


def test_anothers_dataset_is_forbidden(post: Post, source: Source) -> None:
    Source.objects.update(datasets=["test_figures"])
    assert post([reading()]).status_code == 403


def test_a_revoked_key_and_a_sleeping_source_are_shut_out(post: Post, source: Source) -> None:
    services.revoke_key(SYSTEM, SourceKey.objects.get())
    keys.forget()
    assert post([reading()]).status_code == 401


def test_only_the_hash_of_a_key_is_kept(source: Source, key: str) -> None:
    kept = SourceKey.objects.get()
    assert key not in (kept.hashed, kept.prefix)
    assert key.startswith(kept.prefix)
    assert len(key) > 40


class _Endless(io.RawIOBase):
    """A body that never ends; counts what was read of it."""

    def __init__(self) -> None:
        self.taken = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        self.taken += size
        return b"x" * size


def test_a_body_announced_too_large_is_refused_unread(key: str, settings: object) -> None:
    endless = _Endless()
    request = RequestFactory().post("/datasets/test_air/deliveries", headers={"Authorization": f"Bearer {key}"})
    request.META["CONTENT_LENGTH"] = str(1024**3)
    request.environ["wsgi.input"] = endless
    assert push.deliver(request, "test_air").status_code == 413
    assert endless.taken == 0


def test_an_unannounced_endless_body_is_read_no_further_than_the_limit(key: str, settings: object) -> None:
    settings.LARGEST_DELIVERY = 1_000_000  # type: ignore[attr-defined]
    endless = _Endless()
    request = RequestFactory().post("/datasets/test_air/deliveries", headers={"Authorization": f"Bearer {key}"})
    del request.META["CONTENT_LENGTH"]
    request.environ["wsgi.input"] = endless
    assert push.deliver(request, "test_air").status_code == 413
    assert endless.taken < 2_000_000


@pytest.mark.parametrize(
    ("body", "encoding", "status"),
    [(b'{"station": "s1"}\n', "identity", 411), (b"station,area\ns1,MS01\n", "", 411), (b' [{"station": "s1"}]', "identity", 201),
     (gzip.compress(b'{"station": "s1"}\n', mtime=0), "gzip", 201)],
)  # fmt: skip
def test_lines_without_a_length_could_be_cut_unseen_and_are_refused(key: str, body: bytes, encoding: str, status: int) -> None:
    headers = {"Authorization": f"Bearer {key}", "Content-Encoding": encoding, "Content-Type": ""}
    request = RequestFactory().post("/datasets/test_air/deliveries", headers=headers)
    del request.META["CONTENT_LENGTH"]
    request.META.pop("CONTENT_TYPE", None)
    request.environ["wsgi.input"] = io.BytesIO(body)
    assert push.deliver(request, "test_air").status_code == status
    assert Delivery.objects.exists() == (status == 201)


def test_a_body_that_breaks_off_is_refused_whole(key: str) -> None:
    request = RequestFactory().post(
        "/datasets/test_air/deliveries", json.dumps([reading()]), content_type="application/json",
        headers={"Authorization": f"Bearer {key}"}
    )
    whole = int(request.META["CONTENT_LENGTH"])
    request.META["CONTENT_LENGTH"] = request.environ["CONTENT_LENGTH"] = str(whole + 50)
    answer = push.deliver(request, "test_air")
    assert answer.status_code == 400
    assert json.loads(answer.content)["type"].endswith(":cut")
    assert not Delivery.objects.exists()


def test_a_gzip_of_several_members_is_taken_whole_or_not_at_all(post: Post, settings: object) -> None:
    lines = [json.dumps(reading(station=f"s{number}")).encode() + b"\n" for number in range(2)]
    packed = b"".join(map(gzip.compress, lines))
    headers = {"Content-Encoding": "gzip", "content_type": "application/x-ndjson"}
    assert post(packed, **headers).json()["accepted"] == 2
    assert post(packed + b"\0" * 8, **headers).status_code == 200, "padding is no content"
    assert post(packed + lines[0], **headers).status_code == 400
    assert post(packed[:-9], **headers).status_code == 400
    settings.LARGEST_DELIVERY = 300  # type: ignore[attr-defined]
    assert post(gzip.compress(b" " * 200) * 2, **headers).status_code == 413


def test_gzip_is_taken_and_its_bombs_are_not(post: Post, settings: object) -> None:
    packed = gzip.compress(json.dumps([reading()]).encode())
    assert post(packed, **{"Content-Encoding": "gzip"}).status_code == 201
    assert post(packed[:-9], **{"Content-Encoding": "gzip"}).status_code == 400
    assert post(b"no gzip", **{"Content-Encoding": "gzip"}).status_code == 422
    assert post(packed, **{"Content-Encoding": "br"}).status_code == 415
    settings.LARGEST_DELIVERY = 100_000  # type: ignore[attr-defined]
    assert post(gzip.compress(b" " * 5_000_000), **{"Content-Encoding": "gzip"}).status_code == 413


def test_a_database_that_stays_locked_is_503_and_the_delivery_is_sent_again(
    client: Client, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def sent() -> HttpResponse:
        body, headers = json.dumps([reading()]), {"Authorization": f"Bearer {key}"}
        return client.post("/api/v1/datasets/test_air/deliveries", body, content_type="application/json", headers=headers)

    def locked(*_: object, **__: object) -> None:
        raise OperationalError("database is locked")

    with monkeypatch.context() as patch:
        patch.setattr(receiving, "register", locked)
        refused = sent()
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
    assert "chưa ghi nhận được gì" in refused.json()["detail"]
    assert sent().status_code == 201


def test_no_room_is_507_and_reading_goes_on(post: Post, client: Client, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    first = post([reading()]).json()

    def full(*_arguments: object) -> str:
        raise keeping.disk_full()

    monkeypatch.setattr(keeping, "keep", full)
    answer = post([reading(pm25=2)])
    assert (answer.status_code, answer.headers["Retry-After"]) == (507, "60")
    assert "chỗ lưu trữ" in answer.json()["detail"]
    assert client.get(f"/deliveries/{first['id']}", headers={"Authorization": f"Bearer {key}"}).status_code == 200


def test_a_sender_reads_what_became_of_its_delivery(post: Post, client: Client, key: str) -> None:
    made = post([reading(), reading(station="s2", pm25="x")]).json()
    headers = {"Authorization": f"Bearer {key}"}
    answer = client.get(f"/deliveries/{made['id']}", headers=headers).json()
    assert {name: answer[name] for name in made} == made
    assert answer["state"] == "received"
    rows = client.get(f"/deliveries/{made['id']}/quarantine", headers=headers).json()["items"]
    assert [
        (row["line"], row["problems"][0]["column"], row["problems"][0]["code"]) for row in rows
    ] == [(2, "pm25", "not-a-number")]
    assert {"vi", "en", "value", "heading"} <= set(rows[0]["problems"][0])
    assert client.get(f"/deliveries/{made['id']}/quarantine?limit=abc", headers=headers).status_code == 422
    assert client.get(f"/deliveries/{made['id']}/quarantine?cursor=abc", headers=headers).status_code == 400
    assert client.get(f"/deliveries/{made['id']}/quarantine?limit=1", headers=headers).json()["next"] is None


def test_a_sender_does_not_see_anothers_deliveries(post: Post, client: Client) -> None:
    made = post([reading()]).json()
    other = services.make_source(SYSTEM, services.SourceForm(code="other", title=Text("Khác", "Other"), datasets=["test_air"]))
    headers = {"Authorization": f"Bearer {services.make_key(SYSTEM, other)}"}
    assert client.get(f"/deliveries/{made['id']}", headers=headers).status_code == 404
    assert client.get(f"/deliveries/{made['id']}/quarantine", headers=headers).status_code == 404
    assert client.get(f"/deliveries/{made['id']}").status_code == 401


def test_other_methods_are_refused_with_the_right_one(post: Post, client: Client) -> None:
    answer = client.get("/datasets/test_air/deliveries")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


@pytest.mark.slow
def test_a_thousand_copies_through_the_door_are_one_delivery(post: Post) -> None:
    ids = {post([reading()]).json()["id"] for _ in range(1000)}
    assert len(ids) == Delivery.objects.count() == 1


@pytest.mark.slow
def test_no_bytes_at_all_make_a_500(post: Post) -> None:
    """A seeded storm of mutations of right payloads: always an answer below 500."""
    import random

    chance = random.Random(7)
    seeds = [
        json.dumps([reading(), reading(station="s2")]).encode(),
        b"station,area,measured_at,note\ns1,MS01,22/11/2026 09:00,\"x\"\n",
    ]
    kinds = ["application/json", "application/x-ndjson", "text/csv", "application/octet-stream", ""]
    for number in range(400):
        body = bytearray(chance.choice(seeds))
        for _ in range(chance.randint(1, 8)):
            place = chance.randrange(len(body))
            body[place : place + chance.randint(0, 4)] = chance.choice(
                [b"\x00", b"\xff", b'"', b"}", b"[", b"\n", b";", "ộ".encode(), b"9" * 30],
            )
        answer = post(bytes(body), content_type=kinds[number % len(kinds)])
        assert answer.status_code < 500, bytes(body)


@pytest.fixture(autouse=True)
def _no_remembered_keys() -> Iterator[None]:
    yield
    keys.forget()


def test_who_comes_to_a_full_house_hears_so_at_once_and_when_to_come_again(post: Post) -> None:
    with ExitStack() as inside:
        for number in range(admission.AT_WORK + admission.WAITING):
            inside.enter_context(admission.a_place(f"s{number}"))
        answer = post([reading()])
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert "gửi lại" in answer.json()["detail_vi"]
    assert post([reading()]).status_code == 201


def test_one_source_that_stalls_does_not_close_the_door_to_the_others(post: Post, source: Source) -> None:
    with ExitStack() as stalled:
        for _ in range(admission.OF_ONE):
            stalled.enter_context(admission.a_place(source.code))
        assert post([reading()]).status_code == 503
        stalled.enter_context(admission.a_place("another"))
    assert post([reading()]).status_code == 201


def test_whose_turn_does_not_come_in_time_is_not_left_waiting(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "LONGEST_WAIT", 0.01)
    with ExitStack() as busy:
        for _ in range(admission.AT_WORK):
            busy.enter_context(admission.a_hand())
        assert post([reading()]).status_code == 503
    assert post([reading()]).status_code == 201
