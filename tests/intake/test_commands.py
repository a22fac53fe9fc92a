"""What intake offers on the command line, as an administrator types it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.intake.deliveries import reading, send, stored

from toancanh.intake.doors import pull
from toancanh.intake.doors.keys import source_of_key
from toancanh.intake.models import Delivery, PullSchedule, Source
from toancanh.kernel.problem import Problem
from toancanh.site import cli

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_landing", "place")]


def _run(*words: str) -> int:
    chosen = cli.build_parser(cli.gather()).parse_args(words)
    return int(chosen.run(chosen))


def test_a_source_is_added_with_a_key_that_works(capsys: pytest.CaptureFixture[str]) -> None:
    words = [
        "sources", "add", "tram", "--title-vi", "Trạm", "--title-en", "Stations", "--dataset", "test_air", "--owner",
        "agency:SYT",
    ]
    assert _run(*words, "--decimal", ",", "--topic", "air/+/x=test_air", "--accepts-since", "2024-01-01") == 0
    source = source_of_key(f"Bearer {capsys.readouterr().out.strip()}")
    assert (source.code, source.datasets, str(source.accepts_since)) == ("tram", ["test_air"], "2024-01-01")
    assert source.config == {"decimal": ",", "mqtt": {"topics": [{"filter": "air/+/x", "dataset": "test_air"}]}}
    with pytest.raises(Problem):
        _run("sources", "add", "x", "--title-vi", "X", "--title-en", "X", "--dataset", "nothing")


def test_a_pull_is_scheduled_and_its_secret_kept(source: Source, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("bí mật\n", encoding="utf-8")
    words = ["sources", "pull", "station-feed", "test_air", "https://tram.example.vn/x.csv", "--minutes", "5"]
    assert _run(*words, "--secret-header", "X-Key", "--secret-file", str(tmp_path / "secret")) == 0
    schedule = PullSchedule.objects.get()
    assert (schedule.every.total_seconds(), pull.read_secret(schedule)) == (300, "bí mật")


def test_a_key_is_revoked_by_its_first_characters(source: Source, key: str) -> None:
    assert _run("sources", "revoke", "station-feed", key[:9]) == 0
    with pytest.raises(Problem):
        source_of_key(f"Bearer {key}")
    assert _run("sources", "revoke", "station-feed", key[:9]) == 1


def test_what_waits_is_landed_by_recover_and_again_by_rebuild(
    source: Source, store: None, capsys: pytest.CaptureFixture[str],
) -> None:
    send(source, "test_air", [reading()])
    assert _run("intake", "recover") == 0
    assert Delivery.objects.get().state == "done"
    assert _run("store", "rebuild") == 0
    assert "test_air: 1" in capsys.readouterr().out
    assert len(stored("test_air")) == 1


def test_a_wrong_version_of_the_broker_stops_no_other_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOANCANH_MQTT_VERSION", "5.0")
    assert cli.build_parser(cli.gather()).parse_args(["drop"]).run
    with pytest.raises(SystemExit):
        _run("mqtt", "--broker", "mqtt://127.0.0.1:1")
