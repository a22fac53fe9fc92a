"""The hash chain: each entry's hash covers its whole content and the hash before it, so a change anywhere shows.

SHA-256 over canonical JSON (NFC, sorted keys, no spaces, UTF-8). Whoever can rewrite the whole database can also recompute the
chain; an anchor (a number and its hash kept elsewhere: on paper, in another system) catches that and a cut tail.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from toancanh.kernel.text import Text

START = "0" * 64
UNREADABLE = "\ufffd"


def clean(text: str) -> str:
    """`text` as it is kept: NFC, without what a database refuses (NUL, lone surrogates)."""
    return unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode("utf-8").replace("\x00", UNREADABLE))


def canonical(value: object) -> str:
    """One text for one content, whatever the order of keys or the form of letters. Unknown types are written as words."""
    return json.dumps(_plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {clean(str(key)): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, set | frozenset):
        return sorted((_plain(each) for each in value), key=str)
    if value is None or isinstance(value, bool | int):
        return value
    return clean(str(value))


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One entry of the chain. `detail` is canonical JSON text."""

    number: int
    at: datetime
    actor: str
    action: str
    subject: str
    detail: str
    reason: str
    address: str
    previous_hash: str
    hash: str = ""

    def computed_hash(self) -> str:
        """The hash this content ought to have."""
        moment = self.at.astimezone(UTC).isoformat(timespec="microseconds")
        content = (
            self.number, moment, self.actor, self.action, self.subject, self.detail, self.reason, self.address,
            self.previous_hash,
        )  # fmt: skip
        return hashlib.sha256(canonical(content).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Anchor:
    """The hash that the entry `number` had when the anchor was taken."""

    number: int
    hash: str


@dataclass(frozen=True, slots=True)
class Fault:
    """The first entry at which the chain is broken, and what is wrong there."""

    number: int
    what: Text


EDITED = Text("nội dung đã bị sửa sau khi ghi", "its content was changed after it was written")
GAP = Text("bị xóa hoặc bị đổi chỗ: ở đây là mục số {found}", "deleted or moved: entry {found} stands here")
BROKEN = Text("không nối với mục đứng trước", "it does not continue the entry before it")
CUT = Text("bị cắt mất: nhật ký dừng ở mục số {found}", "cut off: the record ends at entry {found}")
BEYOND = Text("thừa: đầu chuỗi dừng ở mục số {found}", "one too many: the head of the chain is at entry {found}")
HEAD = Text("không khớp với đầu chuỗi đã lưu", "it differs from the stored head of the chain")
ANCHOR = Text("không khớp với mốc đã lưu bên ngoài", "it differs from the anchor kept outside")


def first_fault(links: Iterable[Link], head: Anchor, anchors: Iterable[Anchor] = ()) -> Fault | None:
    """Walk the whole chain in order of number; None when it is sound. Raises nothing."""
    expected_hash = {anchor.number: anchor.hash for anchor in anchors}
    previous, number = START, 0
    for link in links:
        fault = _fault_of(link, number + 1, previous, expected_hash)
        if fault:
            return fault
        previous, number = link.hash, link.number
    return _fault_of_end(number, previous, head, max(expected_hash, default=0))


def _fault_of(link: Link, due: int, previous: str, anchored: Mapping[int, str]) -> Fault | None:
    if link.number != due:
        return Fault(due, GAP.with_values(found=link.number))
    if link.hash != link.computed_hash():
        return Fault(link.number, EDITED)
    if link.previous_hash != previous:
        return Fault(link.number, BROKEN)
    if anchored.get(link.number, link.hash) != link.hash:
        return Fault(link.number, ANCHOR)
    return None


def _fault_of_end(number: int, last_hash: str, head: Anchor, last_anchored: int) -> Fault | None:
    if number < max(head.number, last_anchored):
        return Fault(number + 1, CUT.with_values(found=number))
    return None if last_hash == head.hash else Fault(number, HEAD)
