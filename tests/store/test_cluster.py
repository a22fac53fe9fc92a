"""What can be proved of a cluster without one: its files load, name two shards of two replicas, and its statements are sound."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from tests.store.datasets import ALL, DOSSIERS

from toancanh.store import catalogue, engine, tables

DEPLOY = Path(__file__).parents[2] / "deploy" / "clickhouse"

LOADED = """
import chdb, sys
store = chdb.connect(f"{sys.argv[1]}?config-file={sys.argv[2]}")
hosts = "SELECT shard_num, replica_num, host_name FROM system.clusters WHERE cluster = 'toancanh' ORDER BY 1, 2"
print(store.query(hosts, "TSV"))
print(store.query("SELECT macro, substitution FROM system.macros ORDER BY 1", "TSV"))
store.query("CREATE TABLE rows_x_local (k String, v Float64) ENGINE = ReplacingMergeTree ORDER BY k")
store.query(sys.argv[3])
print(store.query("SELECT engine_full FROM system.tables WHERE name = 'rows_x'", "TSV"))
"""


def test_the_cluster_file_loads_and_names_two_shards_of_two_replicas(tmp_path: Path) -> None:
    spread = catalogue.CREATE_SPREAD.sql(table="rows_x", on_cluster="", local="rows_x_local", cluster="toancanh", keys="`k`")
    told = {"SHARD": "2", "REPLICA": "rows21", "TOANCANH_CLUSTER_SECRET": "secret"}
    command = [sys.executable, "-c", LOADED, str(tmp_path / "store"), str(DEPLOY / "server" / "cluster.xml"), spread]
    said = subprocess.run(command, env=os.environ | told, capture_output=True, text=True, check=True).stdout
    assert "1\t1\trows11\n1\t2\trows12\n2\t1\trows21\n2\t2\trows22\n" in said
    assert "replica\trows21\nshard\t2\n" in said
    assert "Distributed(\\'toancanh\\', \\'default\\', \\'rows_x_local\\', cityHash64(k))" in said


@pytest.mark.usefixtures("store")
def test_the_tables_of_a_cluster_are_replicated_on_shards_and_spread_by_key(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setenv("TOANCANH_STORE_CLUSTER", "toancanh")
    monkeypatch.setattr(tables, "_known", {})
    monkeypatch.setattr(engine, "command", lambda sql, parameters=None: said.append(sql))
    monkeypatch.setattr(tables.engine, "query", lambda sql, parameters=None: [])
    tables.ensure([DOSSIERS])
    create, spread = (each for each in said if "CREATE" in each)
    assert "rows_test_dossiers_local ON CLUSTER 'toancanh'" in create
    assert "ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/rows_test_dossiers', '{replica}')" in create
    assert "Distributed('toancanh', currentDatabase(), rows_test_dossiers_local, cityHash64(`dossier_code`))" in spread
    monkeypatch.undo()
    for statement in said:
        assert engine.query(f"EXPLAIN AST {statement}")


@pytest.mark.usefixtures("store")
def test_every_setting_of_the_profile_is_one_the_engine_knows() -> None:
    profile = ElementTree.parse(DEPLOY / "server" / "users.xml").find("profiles/toancanh")
    assert profile is not None
    names = [each.tag for each in profile]
    known = engine.query("SELECT name FROM system.settings WHERE name IN {names:Array(String)}", {"names": names})
    assert {row[0] for row in known} == set(names)


def test_the_keepers_are_three_and_the_servers_know_them() -> None:
    keeper = ElementTree.parse(DEPLOY / "keeper" / "keeper.xml")
    cluster = ElementTree.parse(DEPLOY / "server" / "cluster.xml")
    port = keeper.findtext("keeper_server/tcp_port")
    hosts = [each.findtext("hostname") for each in keeper.findall("keeper_server/raft_configuration/server")]
    assert len(hosts) == 3
    assert [(each.findtext("host"), each.findtext("port")) for each in cluster.findall("zookeeper/node")] == [
        (host, port) for host in hosts
    ]


@pytest.mark.usefixtures("store")
def test_a_field_added_to_a_declaration_becomes_a_column_and_a_changed_type_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    engine.command("ALTER TABLE rows_test_dossiers DROP COLUMN fee")
    engine.command("ALTER TABLE rows_test_air MODIFY COLUMN o3 Nullable(Int64)")
    monkeypatch.setattr(tables, "_known", {})
    tables.ensure([DOSSIERS])
    assert engine.query("SELECT type FROM system.columns WHERE table = 'rows_test_dossiers' AND name = 'fee'") == [
        ("Nullable(Float64)",)
    ]
    with pytest.raises(tables.StoreShape, match="o3"):
        tables.ensure(ALL)
