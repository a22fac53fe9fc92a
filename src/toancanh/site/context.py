"""What the frame of every page needs: the place, the fields with their worst status, who is signed in, the event stream."""

from __future__ import annotations

from functools import cached_property
from typing import Literal

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from toancanh.audit.telling import told
from toancanh.boards import marks
from toancanh.boards.home import home
from toancanh.boards.memory import Memory
from toancanh.boards.pages.places import level_below
from toancanh.boards.sources import health, in_trouble
from toancanh.kernel.contracts import Level
from toancanh.kernel.problem import Problem
from toancanh.kernel.registry import registry
from toancanh.notify.views.inbox import bell_of
from toancanh.people import policy
from toancanh.people.actors import PUBLIC, PreviewActor
from toancanh.people.models import User
from toancanh.people.permissions import Actor
from toancanh.people.roles import STANDINGS, Action, Role
from toancanh.response.queries.shown import Open, open_counts
from toancanh.ui.language import t, tx
from toancanh.ui.parts import ChipView, Link, StatusView
from toancanh.ui.stream import stream_address
from toancanh.ui.tables import NavGroup, NavLink, ShellView, UserView
from toancanh.units import queries as units
from toancanh.units.models import Unit
from toancanh.watch import queries as alerts

# Lines under "Điều hành": address name, words, icon, and the act that the line is for.
_RUN = (
    ("boards:briefing", ("Bản tin sáng", "Morning briefing"), "document", Action.APPROVE),
    ("response:board", ("Nhiệm vụ", "Tasks"), "tasks", Action.HANDLE),
    ("response:desk", ("Bàn trực", "Duty desk"), "message", Action.DIRECT),
    ("response:incidents", ("Sự việc", "Incidents"), "bell", Action.HANDLE),
    ("watch:alerts", ("Cảnh báo", "Alerts"), "flag", Action.VIEW),
    ("watch:rules", ("Quy tắc cảnh báo", "Alert rules"), "settings", Action.CONFIGURE),
    ("boards:sources", ("Nguồn dữ liệu", "Data sources"), "source", Action.VIEW),
    ("intake:upload", ("Gửi tệp số liệu", "Send a data file"), "upload", Action.ENTER),
    ("intake:quarantine", ("Dữ liệu chờ rà soát", "Held rows"), "retry", Action.ENTER),
    ("notify:roster", ("Lịch trực", "Duty roster"), "users", Action.DIRECT),
    ("boards:wall_control", ("Tường màn hình", "Video wall"), "wall", Action.DIRECT),
)
_OFFICE = (
    ("people:people", ("Người dùng", "People"), "users", Action.ADMINISTER),
    ("notify:webhooks", ("Webhook", "Webhooks"), "source", Action.ADMINISTER),
    ("response:kinds", ("Loại việc, quy trình", "Kinds, procedures"), "tasks", Action.CONFIGURE),
    ("response:working_days", ("Lịch làm việc", "Working days"), "stamp", Action.CONFIGURE),
    ("people:audit", ("Nhật ký", "Audit record"), "audit", Action.AUDIT),
)
# What is the whole centre's: a permission for one field or place is enough for none of it.
_WHOLE = frozenset({"notify:roster", "boards:wall_control", "response:working_days", "response:kinds"})
# The phone's tabs after the first, in the order in which they are wanted; the side bar has the rest.
_TABS = (
    ("boards:briefing", ("Bản tin", "Briefing"), "document", (Action.APPROVE,)),
    ("response:desk", ("Bàn trực", "Desk"), "message", (Action.DIRECT, Action.ENTER)),  # operators; leaders have other cares
    ("response:board", ("Nhiệm vụ", "Tasks"), "tasks", (Action.HANDLE,)),
    ("watch:alerts", ("Cảnh báo", "Alerts"), "flag", (Action.VIEW,)),
    ("intake:upload", ("Gửi tệp", "Send a file"), "upload", (Action.ENTER,)),
    ("boards:sources", ("Nguồn", "Sources"), "source", (Action.VIEW,)),
)
MOST_TABS = 4
_places: Memory[int] = Memory(60.0)  # how many places there are within the centre's own
_open: Memory[Open] = Memory(15.0, most=512)  # what is open, by account
_unanswered: Memory[int] = Memory(15.0, most=512)  # grave alerts that nobody has taken, by account
_MARK_WORDS = {
    "bad": ("có chỉ tiêu chưa đạt", "off target"),
    "warn": ("cần chú ý", "to watch"),
    "none": ("chưa có số liệu", "no data"),
}


class _Counts:
    """What the frame counts for one person, asked for once a page."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor

    @cached_property
    def opened(self) -> Open:
        return _open.get(self.actor.label, lambda: open_counts(self.actor))

    @cached_property
    def unanswered(self) -> int:
        return _unanswered.get(self.actor.label, lambda: alerts.unanswered(self.actor))


def page(request: HttpRequest) -> dict[str, object]:
    """The context processor of every template: `shell`. The kit brings its own frame."""
    match = request.resolver_match
    if match is not None and match.app_name == "ui" and (match.url_name or "").startswith("kit"):
        return {}
    actor: Actor = getattr(request, "actor", PUBLIC)
    return {"shell": _shell(request, actor, getattr(request, "root", None) or _root())}


def _shell(request: HttpRequest, actor: Actor, root: Unit | None) -> ShellView:
    inside, counts = actor.is_authenticated and root is not None, _Counts(actor)
    return ShellView(
        province=tx(root.title) if root else t("Trung tâm điều hành", "Operations centre"),
        place_note=_place_note(root) if root else "",
        nav=_nav(request, actor, root, counts) if inside and root else (),
        tabs=_tabs(request, actor, counts) if inside else (),
        pickers=getattr(request, "pickers", ()),
        search_href="/search" if inside else "",
        live_href=_stream(request, actor, root) if inside and root else "",
        preferences_href=_address("people:preferences"),
        bell=bell_of(actor) if inside else None,
        user=_user(actor) if actor.is_authenticated else None,
        theme=_theme(actor),
        sample=bool(root and root.sample),
        single_keys=getattr(actor, "single_keys", True),
        preview=_preview(actor),
        preview_end=_preview_end() if isinstance(actor, PreviewActor) else None,
        notice=getattr(request, "notice", None),
        messages=_done(request) if inside else (),
    )


def _done(request: HttpRequest) -> tuple[ChipView, ...]:
    """What the form that leads here did, said once at the top of the page."""
    words = told(request)
    return (ChipView("ok", tx(words)),) if words else ()


def _root() -> Unit | None:
    try:
        return home()
    except Problem:  # the register is empty: the page that says so still needs its frame
        return None


def _place_note(root: Unit) -> str:
    day = timezone.localdate()
    number = _places.get((root.pk, day), lambda: len(units.descendants(root, level_below(root), day)))
    if root.level in (Level.COUNTRY, Level.REGION):
        return t(f"{number} tỉnh, thành phố", f"{number} provinces and cities")
    return t(f"{number} xã, phường", f"{number} communes and wards") if number else ""


def _nav(request: HttpRequest, actor: Actor, root: Unit, counts: _Counts) -> tuple[NavGroup, ...]:
    here, fields = request.path, policy.visible_fields(actor)
    marked = marks.open_marks(actor, root, timezone.now())
    watch = [NavLink(label=t("Tổng quan", "Overview"), href="/", icon="home", current=here == "/")]
    for pack in registry.packs():
        if fields is None or pack.code in fields:
            kind = marked.get(pack.code)
            mark = StatusView(kind, spoken=t(*_MARK_WORDS[kind])) if kind else None
            current = here == f"/fields/{pack.code}" or getattr(request, "field", "") == pack.code
            watch.append(NavLink(label=tx(pack.title), href=f"/fields/{pack.code}", icon=pack.icon, current=current, status=mark))
    groups = [NavGroup(title=t("Theo dõi", "Watch"), links=tuple(watch))]
    for title, lines in ((t("Điều hành", "Run"), _RUN), (t("Quản trị", "Administration"), _OFFICE)):
        links = _links(here, actor, lines, counts)
        if links:
            groups.append(NavGroup(title=title, links=links))
    return tuple(groups)


def _links(
    here: str, actor: Actor, lines: tuple[tuple[str, tuple[str, str], str, Action], ...], counts: _Counts
) -> tuple[NavLink, ...]:  # fmt: skip
    found = []
    for name, words, icon, act in lines:
        href = _address(name)
        may = policy.covers(actor, act) if name in _WHOLE else actor.can(act)
        if href and may:
            found.append(NavLink(label=t(*words), href=href, icon=icon, current=here == href, count=_count(actor, name, counts)))
    return tuple(found)


def _count(actor: Actor, name: str, counts: _Counts) -> str:
    """How much is open behind a line of the side bar; "" for none."""
    if name == "boards:sources":
        return str(len(in_trouble(health(actor))) or "")
    if name in ("response:board", "response:incidents"):
        counted = counts.opened
        return str((counted.work if name == "response:board" else counted.incidents) or "")
    return ""


def _tabs(request: HttpRequest, actor: Actor, counts: _Counts) -> tuple[NavLink, ...]:
    """The phone's bottom bar: home, and the three pages that somebody of this kind needs first."""
    here = request.path
    tabs = [NavLink(label=t("Tổng quan", "Overview"), href="/", icon="home", current=here == "/")]
    for name, words, icon, acts in _TABS:
        href = _address(name)
        if href and all(actor.can(each) for each in acts) and len(tabs) < MOST_TABS:
            count, counted = _waiting(name, counts)
            tabs.append(
                NavLink(label=t(*words), href=href, icon=icon, current=here == href, count=count, counted=counted)
            )  # fmt: skip
    return tuple(tabs)


def _waiting(name: str, counts: _Counts) -> tuple[str, str]:
    """How much behind a tab of the phone waits for this person, and what it is; "" for none."""
    if name == "watch:alerts":
        found, what = counts.unanswered, t("nặng, chưa ai nhận", "grave, not taken")
    elif name == "response:board":
        found, what = counts.opened.waiting, t("chờ bạn", "waiting for you")
    elif name == "response:desk":
        found, what = counts.opened.free, t("chưa ai nhận", "not taken")
    else:
        return "", ""
    return ("99+" if found > 99 else str(found or "")), what


def _stream(request: HttpRequest, actor: Actor, root: Unit) -> str:
    own = (f"user:{actor.pk}",) if isinstance(actor, User) else ()
    return stream_address(request, (root.key, *own, *getattr(request, "scopes", ())))


def _user(actor: Actor) -> UserView:
    links: list[Link] = []
    post = ""
    if isinstance(actor, User):
        post = actor.post or tx(STANDINGS[Role(actor.role)].title)
        links.append(Link(t("Đổi mật khẩu", "Change password"), _address("people:own_password")))
    if isinstance(actor, PreviewActor):
        links.append(_preview_end())
    return UserView(
        initials=_initials(actor.name),
        name=actor.name,
        post=post,
        links=tuple(links),
        sign_out_href=_address("people:sign_out"),
        account=actor.label if isinstance(actor, User) else "",
    )


def _initials(name: str) -> str:
    """The first letters of the last two words: Nguyễn Thu Hà is "TH"."""
    words = name.split()
    return "".join(word[0] for word in words[-2:]).upper() or "?"


def _theme(actor: Actor) -> Literal["light", "dark", "auto"]:
    return "light" if actor.theme == "light" else "dark" if actor.theme == "dark" else "auto"


def _preview(actor: Actor) -> str:
    if not isinstance(actor, PreviewActor):
        return ""
    return t(f"Đang xem như {actor.name}. Chỉ xem, không ghi.", f"Looking as {actor.name}. View only, nothing is written.")


def _preview_end() -> Link:
    return Link(t("Thôi xem như", "Stop the preview"), _address("people:stop_preview"), post=True)


def _address(name: str) -> str:
    """The address of a named page; "" when this centre does not have it."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
