"""How the engine is opened inside a process: small caches and few threads, so that a whole centre stays under a gigabyte.

Only one process may hold a path (the engine locks it); any number of connections inside that process may share it.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlencode

# Query settings. A query that needs more than a quarter of a gigabyte for its groups spills to disk instead of failing.
SESSION = {
    "max_memory_usage": 600_000_000,
    "max_bytes_before_external_group_by": 250_000_000,
    "max_bytes_before_external_sort": 250_000_000,
    "max_execution_time": 120,
    "max_threads": 2,
    "max_block_size": 8192,  # a row may be counted in twenty overlapping periods: small blocks keep that small
    "max_insert_threads": 1,
}

_CONFIG = """<clickhouse>
  <mark_cache_size>33554432</mark_cache_size>
  <uncompressed_cache_size>0</uncompressed_cache_size>
  <index_mark_cache_size>4194304</index_mark_cache_size>
  <index_uncompressed_cache_size>0</index_uncompressed_cache_size>
  <mmap_cache_size>100</mmap_cache_size>
  <compiled_expression_cache_size>8388608</compiled_expression_cache_size>
  <background_pool_size>2</background_pool_size>
  <background_schedule_pool_size>2</background_schedule_pool_size>
  <max_server_memory_usage>900000000</max_server_memory_usage>
  <merge_tree>
    <number_of_free_entries_in_pool_to_execute_mutation>2</number_of_free_entries_in_pool_to_execute_mutation>
    <number_of_free_entries_in_pool_to_lower_max_size_of_merge>2</number_of_free_entries_in_pool_to_lower_max_size_of_merge>
    <number_of_free_entries_in_pool_to_execute_optimize_entire_partition>2</number_of_free_entries_in_pool_to_execute_optimize_entire_partition>
  </merge_tree>
</clickhouse>
"""


def config_file(path: Path) -> Path:
    """The engine's configuration beside the store at `path`, written when it is missing or from another version."""
    file = path.with_name(f"{path.name}.config.xml")
    if not file.exists() or file.read_text() != _CONFIG:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_suffix(f".{os.getpid()}")
        fresh.write_text(_CONFIG)
        fresh.replace(file)
    return file


def connection_string(path: Path) -> str:
    """What the engine is opened with. Several connections of one process may use it."""
    return f"{path}?{urlencode({'config-file': config_file(path), **SESSION})}"


# --- what an owner leaves beside the store for those who want to ask it ---


def key_file(path: Path) -> Path:
    """The secret that the owner of `path` asks for; only the user who runs the centre may read it."""
    return path.with_name(f"{path.name}.key")


def address_file(path: Path) -> Path:
    """Where the owner of `path` listens, while one is running (or has been killed)."""
    return path.with_name(f"{path.name}.owner")


def owner_address(path: Path) -> str:
    """The address of the owner of `path`, or "" when none has said so."""
    with suppress(OSError):
        return address_file(path).read_text().strip()
    return ""
