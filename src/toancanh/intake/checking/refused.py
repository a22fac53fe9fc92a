"""Why a cell, a row or a whole delivery cannot be taken, in words that name the cure. One place for all the wording."""

from __future__ import annotations

from dataclasses import dataclass

from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text

SHOWN = 60  # characters of a sender's value that are repeated in a message


@dataclass(frozen=True, slots=True)
class Refused:
    """One reason: a kind (kebab-case) and its words. Given in place of a value."""

    code: str
    text: Text


def printable(text: str) -> str:
    """`text` as every database and page can hold it: without NUL and half characters."""
    return text.replace("\x00", "␀").encode("utf-8", "replace").decode("utf-8")


def _short(value: object) -> str:
    text = printable(str(value))
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def _refused(code: str, vi: str, en: str, value: object = "", **more: object) -> Refused:
    return Refused(code, Text(vi, en).with_values(value=_short(value), **more))


def missing() -> Refused:
    return _refused(
        "missing", "Thiếu giá trị bắt buộc. Điền giá trị rồi gửi lại.", "A required value is missing. Fill it in and send again.",
    )


def wrong_type(value: object, want: Text) -> Refused:
    return Refused(
        "wrong-type",
        Text(
            f"“{_short(value)}” không phải là {want.vi}. Sửa lại đúng kiểu rồi gửi lại.",
            f"“{_short(value)}” is not {want.en}. Correct its type and send again.",
        ),
    )


def not_a_number(value: object) -> Refused:
    return _refused(
        "not-a-number", "“{value}” không phải là số. Viết chỉ số, ví dụ 1.234,5 hoặc 1234.5.",
        "“{value}” is not a number. Write digits only, for example 1234.5.", value,
    )


def ambiguous_number(value: object) -> Refused:
    return _refused(
        "ambiguous-number",
        "“{value}” có thể đọc thành hai số khác nhau. Bỏ dấu ngăn hàng nghìn, hoặc viết đủ phần thập phân (1.234,0).",
        "“{value}” can be read as two different numbers. Leave out the thousands mark or write the decimals (1,234.0).", value,
    )


def not_finite(value: object) -> Refused:
    return _refused(
        "not-finite", "“{value}” không phải là một số hữu hạn. Gửi số thật, hoặc để trống nếu không đo được.",
        "“{value}” is not a finite number. Send a real number, or leave it empty when nothing was measured.", value,
    )


def out_of_bounds(value: float, low: float | None, high: float | None) -> Refused:
    bounds = Text(_bounds_vi(low, high), _bounds_en(low, high))
    return Refused(
        "out-of-bounds",
        Text(
            f"{value:g} nằm ngoài khoảng có thể ({bounds.vi}). Kiểm tra đơn vị tính và số chữ số.",
            f"{value:g} is outside what is possible ({bounds.en}). Check the unit and the number of digits.",
        ),
    )


def _bounds_vi(low: float | None, high: float | None) -> str:
    return " ".join(
        part for part in (f"từ {low:g}" if low is not None else "", f"đến {high:g}" if high is not None else "") if part
    )


def _bounds_en(low: float | None, high: float | None) -> str:
    return " ".join(
        part for part in (f"from {low:g}" if low is not None else "", f"to {high:g}" if high is not None else "") if part
    )


def not_a_time(value: object) -> Refused:
    return _refused(
        "not-a-time", "“{value}” không phải là thời điểm. Viết 2026-11-22T09:42:00+07:00 hoặc 22/11/2026 09:42.",
        "“{value}” is not a time. Write 2026-11-22T09:42:00+07:00 or 22/11/2026 09:42.", value,
    )


def not_a_day(value: object) -> Refused:
    return _refused(
        "not-a-day", "“{value}” không phải là ngày. Viết 22/11/2026 hoặc 2026-11-22.",
        "“{value}” is not a day. Write 22/11/2026 or 2026-11-22.", value,
    )


def future(value: object) -> Refused:
    return _refused(
        "future", "“{value}” ở tương lai. Kiểm tra ngày tháng hoặc đồng hồ của máy gửi.",
        "“{value}” lies in the future. Check the date, or the clock of the sending machine.", value,
    )


def too_old(value: object, days: int) -> Refused:
    return _refused(
        "too-old", "“{value}” cũ hơn {days} ngày nên cần người xem lại. Nếu đúng, bấm Nhận ở trang dữ liệu chờ rà soát.",
        "“{value}” is older than {days} days, so a person must look. If it is right, accept it on the review page.", value,
        days=days,
    )


def unknown_period(value: object) -> Refused:
    return _refused(
        "unknown-period", "“{value}” không phải là kỳ báo cáo. Viết 10/2026, Quý III/2026, 2026 hoặc 2026-10.",
        "“{value}” is not a reporting period. Write 10/2026, Q3 2026, 2026 or 2026-10.", value,
    )


def too_fine_period(value: object, usual: Text) -> Refused:
    return Refused(
        "period-too-fine",
        Text(
            f"“{_short(value)}” ngắn hơn kỳ của bộ dữ liệu ({usual.vi}). Gửi số liệu theo {usual.vi} hoặc kỳ dài hơn.",
            f"“{_short(value)}” is shorter than this dataset's period ({usual.en}). Report by {usual.en} or longer.",
        ),
    )


def unknown_choice(value: object, nearest: Text | None, allowed: Text) -> Refused:
    guess_vi, guess_en = (f" Có phải “{nearest.vi}”?", f" Did you mean “{nearest.en}”?") if nearest else ("", "")
    return Refused(
        "unknown-choice",
        Text(
            f"“{_short(value)}” không có trong danh mục.{guess_vi} Chọn một trong: {allowed.vi}.",
            f"“{_short(value)}” is not in the list.{guess_en} Choose one of: {allowed.en}.",
        ),
    )


def unknown_unit(value: object, nearest: tuple[str, ...], reason: Text | None, agency: bool = False) -> Refused:
    """`reason` is the resolver's own word (ambiguous, not on that date)."""
    thing = Text("cơ quan", "agency") if agency else Text("đơn vị hành chính", "administrative unit")
    names = ", ".join(nearest)
    guess_vi, guess_en = (f" Gần nhất: {names}.", f" Nearest: {names}.") if names else ("", "")
    why = reason or Text(
        f"“{_short(value)}” không phải là {thing.vi}. Ghi mã hoặc tên đầy đủ.",
        f"“{_short(value)}” is no {thing.en}. Write its code or full name."
    )
    return Refused("unknown-agency" if agency else "unknown-unit", Text(why.vi + guess_vi, why.en + guess_en))


def formula(value: object) -> Refused:
    return _refused(
        "formula", "Ô chứa công thức “{value}”. Dán giá trị thay cho công thức (Paste Special, Values) rồi gửi lại.",
        "The cell holds a formula “{value}”. Paste the value in place of the formula and send again.", value,
    )


def error_cell(value: object) -> Refused:
    return _refused(
        "error-cell", "Ô báo lỗi bảng tính “{value}”. Sửa công thức gốc rồi dán giá trị.",
        "The cell is a spreadsheet error “{value}”. Mend the original formula and paste its value.", value,
    )


def unreadable_characters(value: object) -> Refused:
    return _refused(
        "unreadable-characters", "“{value}” có ký tự không đọc được. Lưu tệp với bảng mã UTF-8 rồi gửi lại.",
        "“{value}” has unreadable characters. Save the file as UTF-8 and send again.", value,
    )


def too_long(value: object, most: int) -> Refused:
    return _refused(
        "too-long", "Giá trị dài quá {most} ký tự (“{value}”). Rút ngắn lại.",
        "The value is longer than {most} characters (“{value}”). Shorten it.", value, most=most,
    )


def duplicate(line: int) -> Refused:
    return _refused(
        "duplicate", "Trùng khóa với dòng {line} nhưng giá trị khác. Giữ một dòng đúng, xóa dòng kia.",
        "Has the key of line {line} but other values. Keep the right one and delete the other.", line=line,
    )


def not_a_row(value: object) -> Refused:
    return _refused(
        "not-a-row", "Dòng không đọc được: “{value}”. Mỗi dòng phải là một bản ghi đầy đủ.",
        "The line cannot be read: “{value}”. Each line must be one whole record.", value,
    )


def cut_row(value: object) -> Refused:
    return _refused(
        "cut", "Dòng cuối bị cắt giữa chừng: “{value}”. Xuất lại tệp và gửi lại dòng này.",
        "The last line was cut in the middle: “{value}”. Export again and resend this line.", value,
    )


def open_quote(value: object) -> Refused:
    return _refused(
        "open-quote", "Dấu nháy kép mở mà không đóng: “{value}”. Thêm dấu nháy đóng hoặc bỏ dấu nháy mở.",
        "A double quote opens and never closes: “{value}”. Close it or remove it.", value,
    )


def cell_count(have: int, want: int) -> Refused:
    return _refused(
        "cell-count", "Dòng có {have} ô, tiêu đề có {want} ô. Đặt ô có dấu phân cách trong dấu nháy kép.",
        "The line has {have} cells but the heading has {want}. Put cells that hold the separator in double quotes.", have=have,
        want=want,
    )


MOST_ROWS, MOST_COLUMNS, MOST_CELLS = 1_000_000, 1_000, 20_000_000  # of one delivery


def refuse_too_many(rows: int, columns: int = 1) -> None:
    """Refuse a table that would not fit into memory, before it is made. `Problem` 413."""
    if rows > MOST_ROWS or columns > MOST_COLUMNS or rows * columns > MOST_CELLS:
        raise refuse_whole(
            "too-many-rows", f"Bảng quá lớn (tối đa {MOST_ROWS} dòng và {MOST_COLUMNS} cột). Chia thành nhiều lần gửi nhỏ hơn.",
            f"The table is too large (at most {MOST_ROWS} rows and {MOST_COLUMNS} columns). Split it into smaller deliveries.",
            413, Text("Dữ liệu quá lớn", "Delivery too large"),
        )


def refuse_whole(code: str, vi: str, en: str, status: int = 422, title: Text | None = None) -> Problem:
    """A delivery that cannot be taken at all."""
    return Problem(code, status, title or Text("Không nhận được dữ liệu", "The data cannot be taken"), Text(vi, en))
