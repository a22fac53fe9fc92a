"""What every way out answers when it was asked to hand something over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from toancanh.notify.models import Dispatch, Outcome

TIMEOUT = 10.0  # seconds for one hand-over


@dataclass(frozen=True, slots=True)
class Result:
    """How one try ended. `lane_down`: the other side as a whole is away, so whoever waits behind need not knock as well."""

    outcome: Outcome
    detail: str = ""
    lane_down: bool = False


class Session(Protocol):
    """An open way to one mail server, webhook or push service."""

    def hand_over(self, dispatch: Dispatch) -> Result:
        """Try once. Never raises for what the other side does."""

    def close(self) -> None: ...


def sent(detail: object) -> Result:
    return Result(Outcome.SENT, _short(detail))


def failed(detail: object) -> Result:
    """This one is tried again later."""
    return Result(Outcome.FAILED, _short(detail))


def refused(detail: object) -> Result:
    """Trying again is of no use."""
    return Result(Outcome.REFUSED, _short(detail))


def dropped(detail: object) -> Result:
    """Nothing is left to say, or nobody to say it to."""
    return Result(Outcome.DROPPED, _short(detail))


def down(detail: object) -> Result:
    """Nobody answers there; everything behind waits."""
    return Result(Outcome.FAILED, _short(detail), lane_down=True)


def _short(detail: object) -> str:
    said = f"{type(detail).__name__}: {detail}" if isinstance(detail, Exception) else str(detail)
    return " ".join(said.split())[:300]
