"""Every SQL text of the store, in one place, so that each can be run embedded, over HTTP, on two shards and on a real server.

The texts are safe on a sharded table: rows are read through one table expression, sub-queries over the table are GLOBAL, the
latest row of a key is found on each shard and again over all (never by a self-join). Values are bound parameters; only names
checked by the kernel and fragments made by the compiler are filled in.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Query:
    """A text with places `{so}`; placeholders of bound values come in with the fragments."""

    name: str
    text: str

    def sql(self, **parts: str) -> str:
        return self.text.format(**parts)


# The latest row of every key that is visible. The order begins like the table's own, so rows stream through as they lie: a tenth
# of the time, and none of the memory, of an argMax over groups.
CURRENT = Query("current", """
SELECT {columns} FROM {table} WHERE {visible} ORDER BY {newest} LIMIT 1 BY {keys}""")

# Keys of which any version meets a condition; the versions of those keys then decide which row is the current one.
KEYS_WHERE = Query("keys_where", "({keys}) GLOBAL IN (SELECT {keys} FROM {table} WHERE {condition})")

# Measures of rows placed in periods by one time column. A row stands in as many periods as hold it.
IN_PERIODS = Query("in_periods", """
SELECT _subject, _period, {aggregates} FROM (
    SELECT _ms{columns}, {subject} AS _subject, {period} AS _period FROM (
        SELECT assumeNotNull({moment}) AS _ms{columns} FROM ({current}) WHERE isNotNull({moment}) AND {condition}
    )
)
WHERE _subject != '' AND _period != 0 GROUP BY _subject, _period""")

# Rows alive at each of many moments. A row stands in a run of them: the first not before it begins to the last before it ends.
ALIVE = Query("alive", """
SELECT _subject, _moment, {aggregates} FROM (
    SELECT _begins{columns}, {subject} AS _subject, arrayJoin(range({first}, {after})) AS _moment FROM (
        SELECT assumeNotNull({begins}) AS _begins, {ends} AS _ends{columns}
        FROM ({current}) WHERE isNotNull({begins}) AND {condition}
    )
)
WHERE _subject != '' AND {alive} GROUP BY _subject, _moment""")

# What deliveries touched, with every other version of the same keys: where a row was before counts as touched too.
TOUCHED = Query("touched", "SELECT {columns} FROM {table} WHERE {same_keys}")

DRILL = Query("drill", """
SELECT {columns}, _seq, _line, _at FROM ({current}) WHERE {condition} ORDER BY {order} LIMIT {limit} OFFSET {offset}""")

# Records that were in a state for long enough: the earliest of each subject, and how many the subject has.
LASTING = Query("lasting", """
SELECT subject, {keys}, _begins, _ends, count() OVER (PARTITION BY subject) FROM (
    SELECT {subject} AS subject, {keys}, assumeNotNull({begins}) AS _begins, {ends} AS _ends
    FROM ({current}) WHERE isNotNull({begins}) AND {condition}
)
WHERE subject != '' AND {long_enough} ORDER BY _begins, {keys} LIMIT {each} BY subject""")

DRILL_COUNT = Query("drill_count", "SELECT count() FROM ({current}) WHERE {condition}")

# Every version of some rows, exact copies (a delivery landed twice) once, oldest first.
VERSIONS = Query("versions", """
SELECT DISTINCT {columns}, _seq, _line, _at FROM {table} WHERE {condition} ORDER BY _seq, _line LIMIT {limit}""")

FIGURES = Query("figures", """
SELECT item, area, period, value, status, note, _seq, _line FROM ({current})
ORDER BY period_from, period_to, period, item, area""")

WINDOW = Query("window", "SELECT {station}, {area}, {time}, {inputs} FROM ({current}) WHERE {condition} ORDER BY {time}")

STATIONS = Query("stations", "SELECT DISTINCT {station}, {area} FROM ({current}) ORDER BY {station}, {area}")

SPAN = Query("span", "SELECT count(), min({time}), max({time}), max(_seq) FROM {table} WHERE {condition}")

ROWS_COUNT = Query("rows_count", "SELECT count() FROM ({current})")

LANDED = Query("landed", "SELECT _seq, uniqExact(_line) FROM {table} WHERE _seq IN {seqs} GROUP BY _seq ORDER BY _seq")

SIZE = Query("size", """
SELECT table, sum(rows), sum(bytes_on_disk), count() FROM system.parts
WHERE active AND database = currentDatabase() AND startsWith(table, 'rows_')
GROUP BY table ORDER BY table""")

TABLES = Query("tables", """
SELECT name FROM system.tables WHERE database = currentDatabase() AND startsWith(name, 'rows_') ORDER BY name""")

COLUMNS = Query("columns", "SELECT name, type FROM system.columns WHERE database = currentDatabase() AND table = {table}")

QUERIES = (
    CURRENT, KEYS_WHERE, IN_PERIODS, ALIVE, LASTING, TOUCHED, DRILL, DRILL_COUNT, VERSIONS, FIGURES, WINDOW, STATIONS, SPAN,
    ROWS_COUNT, LANDED, SIZE, TABLES, COLUMNS,
)

# --- tables: the engine is chosen by whether there is a cluster ---

CREATE = Query("create", """
CREATE TABLE IF NOT EXISTS {table} {on_cluster} ({columns}, INDEX _seq_span _seq TYPE minmax GRANULARITY 4)
ENGINE = {engine} ORDER BY ({keys}, _seq, _line) {partition} SETTINGS {settings}""")

CREATE_SPREAD = Query("create_spread", """
CREATE TABLE IF NOT EXISTS {table} {on_cluster} AS {local}
ENGINE = Distributed('{cluster}', currentDatabase(), {local}, cityHash64({keys}))""")

ADD_COLUMN = Query("add_column", "ALTER TABLE {table} {on_cluster} ADD COLUMN IF NOT EXISTS {column}")

DROP = Query("drop", "DROP TABLE IF EXISTS {table} {on_cluster} SYNC")

STATEMENTS = (CREATE, CREATE_SPREAD, ADD_COLUMN, DROP)
