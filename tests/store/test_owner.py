"""The owning process: an unmodified client asks it over HTTP; it keeps strangers, oversized bodies and second owners out."""

from __future__ import annotations

import http.client
import signal
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import clickhouse_connect
import pytest
from tests.store import owning
from tests.store.datasets import DOSSIERS
from tests.store.test_rows import dossier, dossiers

from toancanh.store import engine, lifecycle, rows, tables
from toancanh.store.problems import StoreUnavailable


@pytest.fixture(scope="module")
def owner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[owning.Owning]:
    running = owning.start(tmp_path_factory.mktemp("owned") / "store")
    yield running
    running.process.kill()
    running.process.wait()


@pytest.fixture
def asked(owner: owning.Owning) -> Iterator[None]:
    with engine.use(owner.url):
        lifecycle.drop_all()
        tables.ensure([DOSSIERS])
        yield


@pytest.mark.usefixtures("asked")
def test_rows_go_through_the_owner_and_come_back() -> None:
    many = [dossier(f"H{number}", note="Hồ sơ 'A' \\ \n{p0:String}") for number in range(5000)]
    rows.append(DOSSIERS, dossiers(1, *many))
    assert lifecycle.rows_count(DOSSIERS) == 5000
    (found,) = rows.drill(DOSSIERS, column_equals={"dossier_code": "H4321"})
    assert (found.values["note"], found.line) == ("Hồ sơ 'A' \\ \n{p0:String}", 4322)


@pytest.mark.parametrize("compress", [False, "lz4", "gzip"])
def test_a_stock_client_inserts_lists_in_chunks_packed_or_not(owner: owning.Owning, compress: bool | str) -> None:
    key = engine.urlsplit(owner.url).password
    client = clickhouse_connect.get_client(host="127.0.0.1", port=owner.port, password=key, compress=compress)
    client.command("DROP TABLE IF EXISTS plain")
    client.command("CREATE TABLE plain (n UInt64, t String, d Nullable(DateTime64(3, 'UTC'))) ENGINE = MergeTree ORDER BY n")
    when = datetime(2026, 3, 1, 5, tzinfo=UTC)
    client.insert("plain", [[number, f"chữ {number}", when] for number in range(70_000)], settings={"max_insert_threads": 1})
    assert client.query("SELECT count(), sum(n), max(t) FROM plain").result_rows == [(70_000, 2449965000, "chữ 9999")]
    assert client.query("SELECT n FROM plain WHERE t = {t:String}", parameters={"t": "chữ 7"}).result_rows == [(7,)]
    assert client.query("SELECT n FROM plain WHERE n > 100000").result_rows == []
    assert client.command("SELECT 5") == 5
    client.close()


@pytest.mark.usefixtures("asked")
def test_a_large_list_of_parameters_fits() -> None:
    keys = [f"sample:MS{number:06d}" for number in range(40_000)]
    assert engine.query("SELECT length({k:Array(String)})", {"k": keys})[0][0] == 40_000


@pytest.mark.usefixtures("asked")
def test_a_mistake_in_a_statement_is_told_and_hurts_nobody_else() -> None:
    with pytest.raises(clickhouse_connect.driver.exceptions.DatabaseError, match="Code: 62"):
        engine.query("SELEC 1")
    assert engine.query("SELECT 1")[0][0] == 1


def ask(owner: owning.Owning, method: str, target: str, body: bytes = b"", **headers: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", owner.port, timeout=10)
    connection.request(method, target, body or None, {name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    found = answer.status, answer.read()
    connection.close()
    return found


def test_without_the_key_nothing_is_answered_but_the_ping(owner: owning.Owning) -> None:
    assert ask(owner, "GET", "/ping") == (200, b"Ok.\n")
    for headers in ({}, {"X_ClickHouse_Key": "wrong"}, {"Authorization": "Basic !!!"}, {"Authorization": "Basic ZGVmYXVsdDp4"}):
        status, words = ask(owner, "POST", "/", b"SELECT 1", **headers)
        assert status == 403
        assert b"key" in words


def test_the_key_is_for_the_owner_of_the_folder_alone(owner: owning.Owning) -> None:
    assert owner.path.with_name("store.key").stat().st_mode & 0o777 == 0o600


def test_odd_requests_get_an_answer_that_says_what_is_wrong(owner: owning.Owning) -> None:
    key = engine.urlsplit(owner.url).password or ""
    assert ask(owner, "POST", "/", b"", X_ClickHouse_Key=key)[0] == 400
    assert ask(owner, "POST", "/?max%20threads=1&query=SELECT+1", b"", X_ClickHouse_Key=key)[0] == 400
    assert ask(owner, "POST", "/?query=SELECT+1", b"no gzip", X_ClickHouse_Key=key, Content_Encoding="gzip")[0] == 400
    assert ask(owner, "POST", "/", b"SELECT 1", X_ClickHouse_Key=key, Content_Encoding="br")[0] == 400
    assert ask(owner, "POST", "/", b"x", X_ClickHouse_Key=key, Content_Type="multipart/form-data")[0] == 400
    assert ask(owner, "POST", "/?database=a%60b", b"SELECT 1", X_ClickHouse_Key=key)[0] == 404
    assert ask(owner, "POST", "/?max_threads=1", b"SELECT {a:String}", X_ClickHouse_Key=key)[0] >= 400
    assert ask(owner, "POST", "/?max_threads=1&param_a=chao", b"SELECT {a:String}", X_ClickHouse_Key=key) == (200, b"chao\n")


def test_a_body_over_the_limit_is_refused_without_being_read(owner: owning.Owning) -> None:
    key = engine.urlsplit(owner.url).password or ""
    connection = http.client.HTTPConnection("127.0.0.1", owner.port, timeout=10)
    connection.putrequest("POST", "/?query=INSERT+INTO+x+FORMAT+Native")
    connection.putheader("X-ClickHouse-Key", key)
    connection.putheader("Content-Length", str(10**12))
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()


def test_a_query_that_runs_too_long_is_ended_and_leaves_its_connection_whole(owner: owning.Owning) -> None:
    key = engine.urlsplit(owner.url).password or ""
    status, words = ask(owner, "POST", "/?max_execution_time=1", b"SELECT sleep(3)", X_ClickHouse_Key=key)
    assert status == 504
    assert b"Code: 159" in words
    assert ask(owner, "POST", "/", b"SELECT 2", X_ClickHouse_Key=key) == (200, b"2\n")


@pytest.mark.slow
def test_a_second_owner_of_the_same_folder_is_refused(owner: owning.Owning) -> None:
    with pytest.raises(AssertionError, match="did not become ready"):
        owning.start(owner.path)
    assert ask(owner, "GET", "/ping")[0] == 200


@pytest.mark.slow
def test_told_to_stop_it_finishes_what_it_answers_and_what_was_stored_is_there_after_a_kill(tmp_path: Path) -> None:
    first = owning.start(tmp_path / "store")
    with engine.use(first.url):
        tables.ensure([DOSSIERS])
        rows.append(DOSSIERS, dossiers(1, dossier("H1"), dossier("H2")))
        assert first.stop(signal.SIGKILL) == -signal.SIGKILL
        with pytest.raises(StoreUnavailable):
            engine.ping()
        second = owning.start(tmp_path / "store", first.port)
        assert lifecycle.rows_count(DOSSIERS) == 2
        slow: list[object] = []
        asking = threading.Thread(target=lambda: slow.append(engine.query("SELECT sleep(1.5)")[0][0]))
        asking.start()
        threading.Event().wait(0.5)
        assert second.stop() == 0
        asking.join()
        assert slow == [0]
        with pytest.raises(StoreUnavailable):
            engine.ping()
    assert not (tmp_path / "store.owner").exists()


def test_one_process_may_open_one_folder_after_another(tmp_path: Path, store: Path) -> None:
    rows.append(DOSSIERS, dossiers(1, dossier("H1")))
    with engine.use(f"chdb://{tmp_path / 'other'}"):
        assert lifecycle.rows_count(DOSSIERS) == 0
    assert lifecycle.rows_count(DOSSIERS) == 1


@pytest.mark.slow
def test_a_command_that_names_the_folder_asks_the_owner_who_holds_it(tmp_path: Path) -> None:
    running = owning.start(tmp_path / "store")
    try:
        with engine.use(f"chdb://{tmp_path / 'store'}"):
            tables.ensure([DOSSIERS])
            rows.append(DOSSIERS, dossiers(1, dossier("H1")))
            assert lifecycle.rows_count(DOSSIERS) == 1
    finally:
        running.stop()
