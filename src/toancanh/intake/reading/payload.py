"""What came through a door, and how it is read: by its declared type, its file name, and its first bytes."""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import dataclass
from email.message import Message

from toancanh.intake.checking.refused import refuse_whole
from toancanh.intake.reading.encoding import to_text
from toancanh.intake.reading.grids import grid_as_table, missing_columns, text_as_table
from toancanh.intake.reading.json_rows import read_array, read_lines, rows_as_table
from toancanh.intake.reading.spreadsheet import OLD_EXCEL_MARK, ZIP_MARK, read_workbook
from toancanh.intake.reading.table import Table
from toancanh.kernel.contracts import Dataset, Figures
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text

log = logging.getLogger(__name__)

JSON, LINES, SEPARATED, WORKBOOK = "json", "lines", "separated", "workbook"
_BY_TYPE = {
    "application/json": JSON,
    "text/json": JSON,
    "application/x-ndjson": LINES,
    "application/ndjson": LINES,
    "application/jsonl": LINES,
    "text/csv": SEPARATED,
    "application/csv": SEPARATED,
    "text/tab-separated-values": SEPARATED,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": WORKBOOK,
}
_BY_ENDING = {
    "json": JSON, "ndjson": LINES, "jsonl": LINES, "csv": SEPARATED, "tsv": SEPARATED, "txt": SEPARATED, "xlsx": WORKBOOK,
    "xlsm": WORKBOOK,
}
_SAYS_NOTHING = frozenset(
    {"", "application/octet-stream", "text/plain", "application/x-www-form-urlencoded", "application/vnd.ms-excel"},
)


@dataclass(frozen=True, slots=True)
class Payload:
    """One delivery as it came: the bytes, what they claim to be, and through which door (`push`, `file`, `pull`, `mqtt`, `drop`
    ...)."""

    body: bytes
    content_type: str = ""
    filename: str = ""
    key: str | None = None
    via: str = "push"
    sender: str = ""
    follows: str | None = None  # uid of the delivery whose held rows this one mends


def form_of(body: bytes, content_type: str, filename: str) -> tuple[str, str | None]:
    """(form, charset) of a payload. `Problem` 415 for a type that is none of ours."""
    header = Message()
    header["content-type"] = content_type or "application/octet-stream"
    declared, charset = header.get_content_type(), header.get_param("charset")
    named = str(charset).lower() if charset else None
    if declared in _BY_TYPE and declared != "application/json":
        return _BY_TYPE[declared], named
    ending = filename.rpartition(".")[2].lower()
    if declared in _BY_TYPE:
        return (_BY_ENDING.get(ending, JSON) if ending in ("ndjson", "jsonl") else JSON), named
    if content_type and declared not in _SAYS_NOTHING and ending not in _BY_ENDING:
        raise refuse_whole(
            "unsupported-type", f"Chưa nhận kiểu “{declared[:80]}”. Gửi JSON, NDJSON, CSV hoặc XLSX.",
            f"The type “{declared[:80]}” is not taken. Send JSON, NDJSON, CSV or XLSX.", 415,
        )
    return _BY_ENDING.get(ending) or _sniff(body), named


def _sniff(body: bytes) -> str:
    if body.startswith((ZIP_MARK, OLD_EXCEL_MARK)):
        return WORKBOOK
    head = body[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"["):
        return JSON
    if head.startswith(b"{"):
        return LINES
    return SEPARATED


def read_payload(dataset: Dataset, body: bytes, content_type: str, filename: str) -> Table:
    """The table in `body`. `Problem` 422 (413, 415) when there is none to be read."""
    if not body.strip():
        raise refuse_whole(
            "empty", "Không có nội dung. Gửi ít nhất một bản ghi.", "There is no content. Send at least one record.",
        )
    form, charset = form_of(body, content_type, filename)
    if dataset.parse is None:
        return _with_rows(_read(dataset, form, body, charset, wide=True))
    try:  # a dataset with a reading of its own knows its sheets better than a guess at what is wide
        table = _read(dataset, form, body, charset, wide=False)
        return _with_rows(table if not _lacks_columns(dataset, table) else _parsed(dataset, body))
    except Problem as first:
        return _with_rows(_otherwise(dataset, body, (form, charset), first))


def _otherwise(dataset: Dataset, body: bytes, shape: tuple[str, str | None], first: Problem) -> Table:
    """The dataset's own reading, and last the guess at a wide sheet. The refusal that says most is raised: the own reading's."""
    own = first
    if first.code != "unreadable":
        try:
            return _parsed(dataset, body)
        except Problem as problem:
            own = problem
    if isinstance(dataset, Figures) and shape[0] in (SEPARATED, WORKBOOK):
        with suppress(Problem):
            return _read(dataset, shape[0], body, shape[1], wide=True)
    raise own


def _read(dataset: Dataset, form: str, body: bytes, charset: str | None, *, wide: bool) -> Table:
    if form == JSON:
        return read_array(dataset, body)
    if form == LINES:
        return read_lines(dataset, body)
    if form == WORKBOOK:
        return _best_sheet(dataset, body, wide)
    return text_as_table(dataset, to_text(body, charset), wide)


def _best_sheet(dataset: Dataset, body: bytes, wide: bool) -> Table:
    """The first sheet that has the dataset's columns."""
    first: Problem | None = None
    for grid in read_workbook(body):
        try:
            return grid_as_table(dataset, grid, wide)
        except Problem as problem:
            first = first or problem
    raise first or missing_columns(dataset, [each.name for each in dataset.fields if each.required], ())


def _lacks_columns(dataset: Dataset, table: Table) -> bool:
    return any(each.required and each.name not in table.columns for each in dataset.fields)


def _parsed(dataset: Dataset, body: bytes) -> Table:
    """The dataset's own reading of its payload, which is code of a pack: whatever it raises is a refusal, never a crash."""
    assert dataset.parse is not None
    try:
        rows = dataset.parse(body)
    except Problem:
        raise
    except Exception as error:
        log.warning("parse of %s refused a payload", dataset.code, exc_info=error)
        said = str(error)[:200] if isinstance(error, ValueError) else type(error).__name__
        raise refuse_whole(
            "unreadable", f"Không đọc được dữ liệu của “{dataset.title.vi}”: {said}. Kiểm tra tệp theo mẫu rồi gửi lại.",
            f"The data of “{dataset.title.en}” cannot be read: {said}. Check it against the sample and send again.",
        ) from error
    return rows_as_table(dataset, rows, range(1, len(rows) + 1), [])


def _with_rows(table: Table) -> Table:
    """Refuse a payload in which no line at all could be read."""
    if table.size == 0 and table.broken:
        first = table.broken[0]
        raise Problem(
            first.why.code, 422, Text("Không nhận được dữ liệu", "The data cannot be taken"),
            Text(f"Dòng {first.line}: {first.why.text.vi}", f"Line {first.line}: {first.why.text.en}"),
        )
    return table
