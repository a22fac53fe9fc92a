"""How the engine is opened inside a process: small caches and few threads, so that a whole centre stays under a gigabyte.

Only one process may hold a path (the engine locks it); any number of connections inside that process may share it.
"""

from __future__ import annotations

from pathlib import Path

# Query settings. A query that needs more than a quarter of a gigabyte for its groups spills to disk instead of failing.
SESSION = {
    "max_memory_usage": 600_000_000,
    "max_bytes_before_external_group_by": 250_000_000,
    "max_bytes_before_external_sort": 250_000_000,
    "max_execution_time": 120,
    "max_threads": 2,
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
    file = path.parent / f"{path.name}.config.xml"
    if not file.exists() or file.read_text() != _CONFIG:
        path.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(_CONFIG)
    return file
