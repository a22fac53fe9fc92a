"""Views of lists, tables, forms and the page frame itself; see `parts` for what all parts share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from toancanh.ui.parts import ChipView, Kind, Link, Part, Share, StatusView


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column: `number=True` aligns figures to the right, `long=True` lets words run over several lines; `sort_href` makes
    the head a link, `sorted` says which way."""

    label: str
    number: bool = False
    long: bool = False
    sort_href: str = ""
    sorted: Literal["", "ascending", "descending"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell: text, where it leads, its status and a second line. `mark` strikes a value that was refused or replaced.
    `drawer`: it is a figure, and `href` its proof. `also` is the same in another language, `also_lang`."""

    text: str = ""
    href: str = ""
    status: StatusView | None = None
    note: str = ""
    also: str = ""
    also_lang: Literal["", "vi", "en"] = ""
    mark: Literal["", "refused", "replaced"] = ""
    drawer: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TableView(Part):
    """A table of figures or records. The first cell of a row is its head. `caption` is read aloud; printed without `title`.
    `folds`: on a phone the cells of a row stand below its head instead of beyond the edge; for cells that explain themselves."""

    title: str = ""
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    folds: bool = False
    more: Link | None = None
    downloads: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PagerView:
    """Earlier and later pages, and where we are ("1–50 trong 1.234"); `earlier` and `later` where they are no pages but weeks."""

    text: str
    earlier_href: str = ""
    later_href: str = ""
    earlier: str = ""
    later: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One option of a select or radio field."""

    value: str
    label: str
    chosen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldView:
    """A form field: label, hint, error (what to do), and the control. `kind` text, password, search, number, date,
    select, checkbox, file, textarea, hidden."""

    name: str
    label: str
    kind: str = "text"
    value: str = ""
    hint: str = ""
    error: str = ""
    required: bool = False
    autocomplete: str = ""
    choices: tuple[Choice, ...] = ()
    accept: str = ""
    checked: bool = False
    form: str = ""  # which form of the page, where two have a field of this name


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkRow:
    """A line of work or a matter: shape, title, who, and the clock at the end. `number` is printed in the badge on the wall."""

    kind: Kind
    title: str
    detail: str = ""
    clock: str = ""
    clock_note: str = ""
    href: str = ""
    number: str = ""
    late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkView(Part):
    """A list of work ordered by urgency. `part(view, "wall")` prints the numbered rows of the wall, and how many of `total` it
    leaves out."""

    title: str
    subtitle: str = ""
    more: Link | None = None
    rows: tuple[WorkRow, ...]
    total: int = 0


@dataclass(frozen=True, slots=True)
class Fact:
    """A name and its value in a list of facts; `drawer` opens the value's page beside this one."""

    name: str
    text: str
    href: str = ""
    status: StatusView | None = None
    drawer: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FactsView(Part):
    """Names and values: the definition of an indicator, the head of a record."""

    title: str = ""
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a proof, from the figure back to who sent it."""

    title: str
    text: str = ""
    facts: tuple[Fact, ...] = ()
    table: TableView | None = None
    status: StatusView | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofView(Part):
    """Why a figure is what it is: the figure, the verdict of recomputing it now, and the steps back to the source."""

    title: str
    value_text: str
    unit_text: str = ""
    verdict: StatusView
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """A page of a set of pages (links, not scripted tabs)."""

    label: str
    href: str
    current: bool = False
    count: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TabsView:
    """The set; `label` names it to a screen reader."""

    label: str
    tabs: tuple[Tab, ...]


@dataclass(frozen=True, slots=True)
class TrailView:
    """Where we are: field, indicator, place. The last link is this page."""

    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class AskView:
    """One date asked by GET at `href` under `name`, from `value` on; `kept` are the other parts of the address that stay."""

    href: str
    name: str
    label: str
    value: str
    latest: str
    button: str
    kept: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PickerView:
    """A drop-down of links: period, map date, place; `ask` takes what is not in the list."""

    label: str
    current: str
    options: tuple[Tab, ...]
    ask: AskView | None = None


@dataclass(frozen=True, slots=True)
class NoticeView:
    """What the frame says above a page, and the one thing to do about it."""

    word: str
    link: Link


@dataclass(frozen=True, slots=True, kw_only=True)
class NavLink:
    """A line of the side bar or a tab of the phone: icon, words, worst status or count; `counted` says of what the count is."""

    label: str
    href: str
    icon: str
    current: bool = False
    status: StatusView | None = None
    count: str = ""
    counted: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NavGroup:
    """A titled group of the side bar."""

    title: str
    links: tuple[NavLink, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BellView:
    """The way to the inbox with how much of it is unread; `key` and `live_href` keep the number fresh."""

    href: str
    count: int
    key: str
    live_href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UserView:
    """Who is signed in: initials in the disc, name and post in the menu. `account` ("" for a wall or a preview) lets the browser
    keep pages and unsent acts for that account alone."""

    initials: str
    name: str
    post: str = ""
    links: tuple[Link, ...] = ()
    sign_out_href: str = ""
    account: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShellView:
    """The frame of every page; the context variable is called `shell`.

    `theme` light, dark or auto. `preferences_href` receives POST theme=, language= (vi, en) or keys= (on, off), with next=
    (the page to come back to).
    `search_href` answers GET q= (a page; with the HX-Request header a list of links). `live_href` is the event stream.
    `preview` is the sentence of "xem như" when an administrator looks through somebody's eyes, `preview_end` the way out."""

    province: str
    place_note: str = ""
    home_href: str = "/"
    nav: tuple[NavGroup, ...] = ()
    tabs: tuple[NavLink, ...] = ()
    pickers: tuple[PickerView, ...] = ()
    search_href: str = ""
    live_href: str = ""
    preferences_href: str = ""
    user: UserView | None = None
    bell: BellView | None = None
    theme: Literal["light", "dark", "auto", "wall"] = "light"
    sample: bool = False
    single_keys: bool = True
    preview: str = ""
    preview_end: Link | None = None
    notice: NoticeView | None = None
    messages: tuple[ChipView, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WallView:
    """The frame of a wall scene; the context variable is called `wall`.

    `counts` indicators by status in the header (word "đạt", amount 28). `scenes` the rotation in the footer, `sources`
    the health of the feeds. `code` is the wall's name and its live key is `wall@CODE`; `state_href` answers JSON
    `{"scene": code, "href": url, "held": bool, "visitor": bool, "seconds": int, "scenes": [{"code", "href"}]}`."""

    code: str
    title: str
    subtitle: str
    province: str
    clock_text: str
    date_text: str
    scene: str
    counts: tuple[Share, ...] = ()
    scenes: tuple[Tab, ...] = ()
    sources: tuple[StatusView, ...] = ()
    state_href: str = ""
    live_href: str = ""
    sample: bool = False
    visitor: bool = False
    layout: Literal["overview", "lines", "lists"] = "overview"
