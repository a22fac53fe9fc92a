"""What the pages of this room print: accounts, grants, walls and audit entries as tables and facts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse

from toancanh.audit.models import AuditEntry
from toancanh.audit.words import kind_of, name_of_detail, words_of, words_of_detail
from toancanh.kernel.registry import registry
from toancanh.kernel.text import Text
from toancanh.kernel.vietnamese import person_key
from toancanh.people.models import Grant, User, WallDevice
from toancanh.people.roles import ACTION_TITLES, STANDINGS, Action, Role
from toancanh.ui import formats
from toancanh.ui.language import t, tx
from toancanh.ui.parts import StatusView
from toancanh.ui.tables import Cell, Column, Fact, FactsView, PagerView, TableView

_SHORTEST_MOMENT = len("2026-11-22T02:42:00Z")


def people_table(found: Iterable[User]) -> TableView:
    """Accounts as a Vietnamese office lists people: by given name."""
    rows = tuple(
        (
            Cell(text=user.name, href=reverse("people:person", args=[user.pk]), note=user.post),
            Cell(text=user.username),
            Cell(text=tx(STANDINGS[Role(user.role)].title)),
            Cell(text=tx(user.agency.title) if user.agency else formats.MISSING),
            Cell(status=_state(user)),
            Cell(text=formats.moment(user.last_login)),
        )
        for user in sorted(found, key=lambda each: person_key(each.name))
    )
    heads = (
        t("Họ và tên", "Name"), t("Tên đăng nhập", "Account"), t("Vai trò", "Role"), t("Cơ quan", "Agency"),
        t("Trạng thái", "State"), t("Đăng nhập gần nhất", "Last sign-in"),
    )  # fmt: skip
    return TableView(
        caption=t("Người dùng", "People"),
        columns=tuple(Column(label=each) for each in heads),
        rows=rows,
        state="ready" if rows else "empty",
        message="" if rows else t("Không có tài khoản nào khớp.", "No account matches."),
    )


def person_facts(user: User) -> FactsView:
    return FactsView(
        facts=(
            Fact(t("Tên đăng nhập", "Account name"), user.username),
            Fact(t("Vai trò", "Role"), tx(STANDINGS[Role(user.role)].title)),
            Fact(t("Quyền theo vai trò", "Rights by role"), _role_words(user)),
            Fact(t("Chức vụ", "Post"), user.post or formats.MISSING),
            Fact(t("Cơ quan", "Agency"), tx(user.agency.title) if user.agency else formats.MISSING),
            Fact(t("Trạng thái", "State"), "", status=_state(user)),
            Fact(t("Đăng nhập gần nhất", "Last sign-in"), formats.moment(user.last_login)),
        )
    )


def _role_words(user: User) -> str:
    if user.only_grants:
        return t("Không dùng; chỉ theo quyền được cấp", "Not used; only what was granted")
    standing = STANDINGS[Role(user.role)]
    words = [tx(ACTION_TITLES[each]) for each in Action if each in standing.everywhere]
    own = t("của cơ quan mình", "for the own agency")
    return ", ".join(words + [f"{tx(ACTION_TITLES[each])} {own}" for each in Action if each in standing.own_agency])


def _state(user: User) -> StatusView:
    if not user.is_active:
        return StatusView("none", t("Đã khóa", "Closed"))
    if user.must_change_password:
        return StatusView("info", t("Chờ đổi mật khẩu", "Password to be changed"))
    return StatusView("ok", t("Đang hoạt động", "Open"))


def grant_words(grant: Grant) -> str:
    """A grant as one sentence: acts, field, agency, area."""
    every = t("mọi", "any")
    acts = ", ".join(tx(ACTION_TITLES[Action(each)]) for each in grant.actions)
    pack = registry.pack(grant.field)
    field = tx(pack.title) if pack else grant.field or every
    agency = tx(grant.agency.title) if grant.agency else every
    area = tx(grant.area.title) if grant.area else every
    return t(
        f"{acts} · lĩnh vực: {field} · cơ quan: {agency} · địa bàn: {area}",
        f"{acts} · field: {field} · agency: {agency} · area: {area}",
    )


@dataclass(frozen=True, slots=True)
class WallLine:
    """A wall on the list."""

    pk: int
    name: str
    detail: str
    status: StatusView
    open: bool


def walls(found: Iterable[WallDevice]) -> list[WallLine]:
    return [
        WallLine(
            each.pk,
            each.name,
            f"{t('Người tạo', 'Made by')}: {each.made_by}, {formats.moment(each.made_at)}",
            StatusView("none", t("Đã thu hồi", "Revoked")) if each.revoked_at else StatusView("ok", t("Đang dùng", "In use")),
            each.revoked_at is None,
        )
        for each in found
    ]


def audit_table(entries: Sequence[AuditEntry], names: Mapping[str, str]) -> TableView:
    heads = (t("Số", "Number"), t("Lúc", "When"), t("Ai", "Who"), t("Việc", "Act"), t("Đối tượng", "Subject"),
             t("Từ địa chỉ", "From"), t("Chi tiết", "Details"))  # fmt: skip
    rows = tuple(
        (
            Cell(text=formats.number(each.number, 0)),
            Cell(text=formats.moment(each.at)),
            _who(each.actor, names),
            _act(each.action),
            _subject(each, names),
            Cell(text=each.address),
            Cell(text=" · ".join(_detail_lines(_beside(each.details))), note=each.reason),
        )
        for each in entries
    )
    return TableView(
        caption=t("Nhật ký", "Audit record"),
        columns=tuple(Column(label=each, long=each == heads[-1]) for each in heads),
        rows=rows,
        state="ready" if rows else "empty",
        message="" if rows else t("Không có mục nào khớp.", "No entry matches."),
    )


def _act(action: str) -> Cell:
    """The act in words with its code below; one that nobody has words for by its code."""
    words = words_of(action)
    return Cell(text=tx(words), note=action) if words else Cell(text=action)


def _who(actor: str, names: Mapping[str, str]) -> Cell:
    """A person by name with the account below; the product itself, the public and machines by what they are called."""
    if actor in names:
        return Cell(text=names[actor], note=actor)
    known = {"system": Text("Hệ thống", "The system"), "public": Text("Chưa đăng nhập", "Not signed in")}
    return Cell(text=tx(known[actor]), note=actor) if actor in known else Cell(text=actor)


def _subject(entry: AuditEntry, names: Mapping[str, str]) -> Cell:
    """What an act was about: its kind in words with the record's number or the person's name, the subject's code below."""
    kind, key = kind_of(entry.subject), entry.subject.partition(":")[2]
    if kind is None:
        return Cell(text=entry.subject)
    code = str(entry.details.get("code") or "")
    name = code or names.get(key, "" if key == "*" else key)
    return Cell(text=f"{tx(kind)} {name}".strip(), note=entry.subject)


def _beside(details: Mapping[str, object]) -> Mapping[str, object]:
    """The details without what stands in the column of the subject."""
    return {name: value for name, value in details.items() if name != "code"}


def _detail_lines(details: Mapping[str, object], within: str = "") -> Iterator[str]:
    """`name: value` for what an entry holds, nested values after their path; empty values are left out."""
    for name, value in details.items():
        path = f"{within}.{name}" if within else name
        if isinstance(value, Mapping):
            yield from _detail_lines(value, path)
        elif value not in ("", None):
            values = value if isinstance(value, list) else [value]
            yield f"{_name(path)}: {', '.join(_said(name, each) for each in values)}"


def _name(path: str) -> str:
    """The name of a value in words; one that nobody has words for as the code has it."""
    words = name_of_detail(path)
    return tx(words) if words else path


def _said(name: str, value: object) -> str:
    if name == "changed":  # which values were changed, by name
        return _name(str(value))
    if isinstance(value, list):  # a span of hours
        return "–".join(map(str, value))
    words = words_of_detail(name, value)
    return tx(words) if words else str(_on_the_clock(value))


def _on_the_clock(value: object) -> object:
    """A moment as people here read it; anything else as it is."""
    if not isinstance(value, str) or len(value) < _SHORTEST_MOMENT:
        return value
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return value
    return formats.moment(moment) if moment.tzinfo else value


def audit_pager(entries: Sequence[AuditEntry], asked: Mapping[str, str], page: int) -> PagerView:
    """`entries` holds one more than a page when there are earlier ones."""
    shown = entries[:page]
    text = t("Không có mục nào", "No entries")
    if shown:
        first, last = formats.number(shown[-1].number, 0), formats.number(shown[0].number, 0)
        text = t(f"Mục {first} đến {last}", f"Entries {first} to {last}")
    older = f"?{urlencode({**asked, 'before': shown[-1].number})}" if len(entries) > page else ""
    return PagerView(text=text, later_href=older)
