"""The state machines of work, as tables: what is not in a table cannot be done, from a page, the API or the command line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text


class IncidentState(StrEnum):
    NEW = "new"
    TAKEN = "taken"  # somebody on duty has it
    HANDLING = "handling"  # an agency leads
    FIXED = "fixed"  # reported done, waiting for confirmation
    CLOSED = "closed"
    REFUSED = "refused"
    MERGED = "merged"


class DirectiveState(StrEnum):
    ISSUED = "issued"
    ACCEPTED = "accepted"
    REPORTED = "reported"  # the lead agency says it is done
    WATCHING = "watching"  # done; the number has to recover
    PROPOSED = "proposed"  # the number recovered: closing is proposed
    CLOSED = "closed"
    RECALLED = "recalled"


class TaskState(StrEnum):
    ASSIGNED = "assigned"
    DOING = "doing"
    REPORTED = "reported"
    DONE = "done"
    CANCELLED = "cancelled"


class By(StrEnum):
    """Who makes a move: the centre (DIRECT), the lead agency (HANDLE), a leader (APPROVE), the system itself. An agency that only
    supports (HANDLE) moves nothing: it adds what it knows."""

    CENTRE = "centre"
    AGENCY = "agency"
    SUPPORT = "support"
    LEADER = "leader"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Move:
    """`verb` leads from any state of `begins` to `ends`. `reason`: words must be given. `basis` stands beside an odd move."""

    verb: str
    begins: tuple[StrEnum, ...]
    ends: StrEnum
    by: tuple[By, ...]
    title: Text
    reason: bool = False
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Machine:
    """A table of moves and the words of its states."""

    moves: tuple[Move, ...]
    words: dict[StrEnum, Text]

    def move(self, state: str, verb: str) -> Move:
        """The move `verb` out of `state`. Raises `Problem` "impossible-move" (409) when the table has none."""
        for each in self.moves:
            if each.verb == verb and state in each.begins:
                return each
        raise self._impossible(state, verb)

    def possible(self, state: str, by: Iterable[By]) -> tuple[Move, ...]:
        """The moves out of `state` that one of `by` may make."""
        who = set(by)
        return tuple(each for each in self.moves if state in each.begins and who & set(each.by))

    def word(self, state: str) -> Text:
        """The state as people read it."""
        return next(word for code, word in self.words.items() if code == state)

    def _impossible(self, state: str, verb: str) -> Problem:
        now = self.word(state)
        title = next((each.title for each in self.moves if each.verb == verb), Text(verb, verb))
        return Problem(
            "impossible-move", 409, Text("Không thực hiện được ở trạng thái này", "Not possible in this state"),
            Text(
                f"Đang ở trạng thái “{now.vi}” nên không thể “{title.vi}”. Tải lại trang để xem tình trạng mới nhất.",
                f"It is “{now.en}”, so “{title.en}” is not possible. Reload the page to see how it stands.",
            ),
        )  # fmt: skip


_I, _D, _T = IncidentState, DirectiveState, TaskState
RUNS = frozenset({_D.ISSUED, _D.ACCEPTED, _T.ASSIGNED, _T.DOING})  # an order or a task that an agency works on, by the clock
_OPEN_INCIDENT = (_I.NEW, _I.TAKEN, _I.HANDLING, _I.FIXED)

INCIDENT = Machine(
    moves=(
        Move("take", (_I.NEW,), _I.TAKEN, (By.CENTRE,), Text("Nhận xử lý", "Take")),
        Move("assign", (_I.NEW, _I.TAKEN, _I.HANDLING), _I.HANDLING, (By.CENTRE,), Text("Chuyển xử lý", "Route for handling")),
        Move("report_fixed", (_I.HANDLING,), _I.FIXED, (By.CENTRE, By.AGENCY), Text("Báo đã khắc phục", "Report fixed")),
        Move("send_back", (_I.FIXED,), _I.HANDLING, (By.CENTRE,), Text("Trả lại để xử lý tiếp", "Send back"), reason=True),
        Move("close", (_I.TAKEN, _I.HANDLING, _I.FIXED), _I.CLOSED, (By.CENTRE,), Text("Kết thúc", "Close"), reason=True),
        Move("refuse", (_I.NEW, _I.TAKEN), _I.REFUSED, (By.CENTRE,), Text("Từ chối", "Refuse"), reason=True),
        Move("merge", _OPEN_INCIDENT, _I.MERGED, (By.CENTRE,), Text("Gộp vào việc khác", "Merge")),
        Move("split_off", (_I.MERGED,), _I.TAKEN, (By.CENTRE,), Text("Tách lại", "Split off"), reason=True),
        Move("reopen", (_I.CLOSED, _I.REFUSED), _I.TAKEN, (By.CENTRE, By.SYSTEM), Text("Mở lại", "Reopen"), reason=True),
    ),
    words={
        _I.NEW: Text("Mới", "New"), _I.TAKEN: Text("Đã nhận", "Taken"), _I.HANDLING: Text("Đang xử lý", "In progress"),
        _I.FIXED: Text("Đã khắc phục, chờ xác nhận", "Fixed, awaiting confirmation"), _I.CLOSED: Text("Đã kết thúc", "Closed"),
        _I.REFUSED: Text("Từ chối", "Refused"), _I.MERGED: Text("Đã gộp", "Merged"),
    },
)  # fmt: skip

_RUNNING = (_D.ISSUED, _D.ACCEPTED, _D.REPORTED, _D.WATCHING, _D.PROPOSED)
DIRECTIVE = Machine(
    moves=(
        Move("accept", (_D.ISSUED,), _D.ACCEPTED, (By.AGENCY,), Text("Tiếp nhận", "Accept")),
        Move("report_done", (_D.ACCEPTED,), _D.REPORTED, (By.AGENCY,), Text("Báo hoàn thành", "Report done")),
        Move("send_back", (_D.REPORTED, _D.WATCHING, _D.PROPOSED), _D.ACCEPTED, (By.LEADER,),
             Text("Yêu cầu làm tiếp", "Send back"), reason=True),
        Move("watch", (_D.REPORTED,), _D.WATCHING, (By.SYSTEM,), Text("Theo dõi chỉ tiêu", "Watch the number")),
        Move("propose", (_D.REPORTED, _D.WATCHING), _D.PROPOSED, (By.SYSTEM,), Text("Đề xuất kết thúc", "Propose to close")),
        Move("close", (_D.REPORTED, _D.WATCHING, _D.PROPOSED), _D.CLOSED, (By.LEADER,),
             Text("Xác nhận kết thúc", "Confirm closing")),
        Move("fall_back", (_D.WATCHING, _D.PROPOSED), _D.ACCEPTED, (By.SYSTEM,),
             Text("Mở lại vì chỉ tiêu chưa đạt", "Reopen: the number has not recovered"), reason=True),
        Move("reopen", (_D.CLOSED,), _D.ACCEPTED, (By.LEADER,), Text("Mở lại", "Reopen"), reason=True),
        Move("recall", _RUNNING, _D.RECALLED, (By.LEADER,), Text("Thu hồi", "Recall"), reason=True),
    ),
    words={
        _D.ISSUED: Text("Mới giao", "Issued"), _D.ACCEPTED: Text("Đang thực hiện", "In progress"),
        _D.REPORTED: Text("Đã báo hoàn thành", "Reported done"),
        _D.WATCHING: Text("Đang theo dõi chỉ tiêu", "Watching the number"),
        _D.PROPOSED: Text("Chờ lãnh đạo xác nhận", "Awaiting the leader"), _D.CLOSED: Text("Đã kết thúc", "Closed"),
        _D.RECALLED: Text("Đã thu hồi", "Recalled"),
    },
)  # fmt: skip

TASK = Machine(
    moves=(
        Move("begin", (_T.ASSIGNED,), _T.DOING, (By.AGENCY,), Text("Tiếp nhận", "Accept")),
        Move("report_done", (_T.DOING,), _T.REPORTED, (By.AGENCY,), Text("Báo hoàn thành", "Report done")),
        Move("confirm", (_T.REPORTED,), _T.DONE, (By.CENTRE,), Text("Xác nhận hoàn thành", "Confirm done")),
        Move("send_back", (_T.REPORTED,), _T.DOING, (By.CENTRE,), Text("Trả lại để làm tiếp", "Send back"), reason=True),
        Move("reopen", (_T.DONE,), _T.DOING, (By.CENTRE,), Text("Mở lại", "Reopen"), reason=True),
        Move("cancel", (_T.ASSIGNED, _T.DOING, _T.REPORTED), _T.CANCELLED, (By.CENTRE,), Text("Hủy", "Cancel"), reason=True),
    ),
    words={
        _T.ASSIGNED: Text("Mới giao", "Assigned"), _T.DOING: Text("Đang thực hiện", "In progress"),
        _T.REPORTED: Text("Đã báo hoàn thành", "Reported done"), _T.DONE: Text("Hoàn thành", "Done"),
        _T.CANCELLED: Text("Đã hủy", "Cancelled"),
    },
)  # fmt: skip
