"""What is wrong with a kind or a procedure that somebody wants to save: the place in the form, and what to do about it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from toancanh.kernel.agency_roles import ROLES as AGENCY_ROLES
from toancanh.kernel.registry import registry
from toancanh.kernel.text import Text
from toancanh.people.entrance.credentials import plain
from toancanh.response.handling.kinds import OTHER, REGIMES, SEVERITIES, STAGES, WORKING_DAYS, IncidentKind, Term
from toancanh.response.handling.procedures import ROLES, Procedure, Stage

Mistake = tuple[str, Text]
CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
RESERVED = "new"  # the address of the form for one more
LONGEST_TITLE, LONGEST_STEP, LONGEST_BASIS, MOST_STEPS, MOST_MINUTES = 80, 300, 200, 40, 525_600
MOST = {WORKING_DAYS: 366.0}  # of every other regime a year of hours
MOST_HOURS = 24.0 * 366
ICONS = {
    "rain": Text("Mưa", "Rain"), "flag": Text("Cờ", "Flag"), "air": Text("Gió", "Wind"), "leaf": Text("Lá cây", "Leaf"),
    "building": Text("Tòa nhà", "Building"), "home": Text("Ngôi nhà", "House"), "source": Text("Nguồn dữ liệu", "Data source"),
    "traffic": Text("Đèn giao thông", "Traffic light"), "heart": Text("Trái tim", "Heart"), "lock": Text("Khóa", "Lock"),
    "school": Text("Trường học", "School"), "shield": Text("Khiên", "Shield"), "stamp": Text("Con dấu", "Stamp"),
    "document": Text("Văn bản", "Document"), "chart": Text("Biểu đồ", "Chart"), "message": Text("Lời nhắn", "Message"),
    "bell": Text("Chuông", "Bell"), "tasks": Text("Danh mục việc", "Checklist"), "camera": Text("Camera", "Camera"),
    "map": Text("Bản đồ", "Map"), "eye": Text("Con mắt", "Eye"), "users": Text("Nhiều người", "People"),
    "audit": Text("Đồng hồ", "Clock"), "settings": Text("Thanh trượt", "Sliders"),
}  # fmt: skip


def tidy_kind(kind: IncidentKind) -> IncidentKind:
    """The kind with its words on one line and in NFC."""
    return replace(kind, title=_tidy(kind.title))


def tidy_procedure(procedure: Procedure) -> Procedure:
    """The procedure with its words on one line and in NFC."""
    stages = tuple(
        Stage(_tidy(each.words), each.role, each.minutes, plain(" ".join(each.basis.split()))) for each in procedure.stages
    )
    return replace(procedure, title=_tidy(procedure.title), stages=stages)


def kind_mistakes(kind: IncidentKind, others: Collection[IncidentKind], procedures: Collection[str]) -> Iterator[Mistake]:
    """Every mistake of a kind that is to stand beside `others` and may start one of `procedures`."""
    yield from _code(kind.code)
    yield from _title(kind.title)
    if kind.icon not in ICONS:
        yield "icon", Text("Chọn biểu tượng trong danh mục.", "Choose an icon of the list.")
    if kind.procedure and kind.procedure not in procedures:
        yield "procedure", Text("Chọn quy trình trong danh mục.", "Choose a procedure of the list.")
    if kind.role and kind.role not in {each.code for each in AGENCY_ROLES}:
        yield "role", Text("Chọn vai trò cơ quan trong danh mục.", "Choose an agency's role of the list.")
    if not kind.offered and kind.code == OTHER:
        yield "offered", Text(
            "“Việc khác” nhận mọi việc không thuộc loại nào, nên không ngừng được.",
            "“Other” takes what fits no kind: it cannot be switched off.",
        )
    for stage in STAGES:
        for severity in SEVERITIES:
            why = term_mistake(kind.term(stage, severity))
            if why is not None:
                yield f"{stage}_{severity.value}", why
    yield from _fields(kind, others)


def procedure_mistakes(procedure: Procedure) -> Iterator[Mistake]:
    """Every mistake of a procedure."""
    yield from _code(procedure.code)
    yield from _title(procedure.title)
    if not procedure.stages:
        yield "steps", Text("Thêm ít nhất một bước.", "Add one step at least.")
    if len(procedure.stages) > MOST_STEPS:
        yield "steps", Text(f"Một quy trình có nhiều nhất {MOST_STEPS} bước.", f"A procedure has at most {MOST_STEPS} steps.")
    for number, each in enumerate(procedure.stages, 1):
        for place, why in _stage(each):
            yield f"s{number}_{place}", why


def term_mistake(term: Term) -> Text | None:
    """What is wrong with one term."""
    if term.regime not in REGIMES:
        return Text("Chọn cách tính thời gian trong danh mục.", "Choose of the list how time is counted.")
    most = MOST.get(term.regime, MOST_HOURS)
    if not 0 < term.amount <= most:
        return Text("Nhập thời hạn lớn hơn 0, không quá một năm.", "Enter a term above 0 and of at most a year.")
    if term.regime == WORKING_DAYS and term.amount != int(term.amount):
        return Text("Ngày làm việc được tính trọn ngày.", "Working days are counted whole.")
    return None


def _fields(kind: IncidentKind, others: Collection[IncidentKind]) -> Iterator[Mistake]:
    known = {each.code for each in registry.packs()}
    if not set(kind.fields) <= known:
        yield "fields", Text("Chọn lĩnh vực trong danh mục.", "Choose fields of the list.")
    taken: Mapping[str, IncidentKind] = {field: each for each in others if each.offered for field in each.fields}
    for field in kind.fields if kind.offered else ():
        pack = registry.pack(field)
        if field in taken and pack is not None:
            other = taken[field].title
            yield "fields", Text(
                f"Cảnh báo của “{pack.title.vi}” đang thuộc loại “{other.vi}”: bỏ chọn ở đó trước.",
                f"Alerts of “{pack.title.en}” are of the kind “{other.en}”: take them out there first.",
            )


def _stage(stage: Stage) -> Iterator[Mistake]:
    for place, words in (("vi", stage.words.vi), ("en", stage.words.en)):
        if len(words) < 2 or len(words) > LONGEST_STEP:
            yield place, Text(f"Viết việc phải làm, tối đa {LONGEST_STEP} chữ.", f"Say what to do ({LONGEST_STEP} letters).")
    if stage.role not in ROLES:
        yield "role", Text("Chọn vai trò trong danh mục.", "Choose a role of the list.")
    minutes = stage.minutes
    if minutes is not None and (type(minutes) is not int or not 0 < minutes <= MOST_MINUTES):
        yield "minutes", Text("Nhập số phút nguyên từ 1, hoặc để trống.", "Enter whole minutes from 1 on, or leave it empty.")
    if len(stage.basis) > LONGEST_BASIS:
        yield "basis", Text(f"Rút gọn căn cứ còn {LONGEST_BASIS} chữ.", f"Shorten the basis to {LONGEST_BASIS} letters.")


def _code(code: str) -> Iterator[Mistake]:
    if not CODE.fullmatch(code) or code == RESERVED:
        yield "title_vi", Text(
            "Mã gồm chữ thường không dấu, số và gạch dưới, tối đa 40 chữ.",
            "A code is of lower-case letters, digits and underscores, 40 at most.",
        )


def _title(title: Text) -> Iterator[Mistake]:
    for place, words in (("title_vi", title.vi), ("title_en", title.en)):
        if len(words) < 2 or len(words) > LONGEST_TITLE:
            yield place, Text(f"Nhập tên, tối đa {LONGEST_TITLE} chữ.", f"Enter a name of at most {LONGEST_TITLE} letters.")


def _tidy(words: Text) -> Text:
    return Text(plain(" ".join(words.vi.split())), plain(" ".join(words.en.split())))
