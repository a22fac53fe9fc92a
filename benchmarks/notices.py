"""Events at 50 a second through the outbox of a running centre to a mail server and a webhook on the same machine.

Each event tells one person by e-mail and publishes one CloudEvent. The clock starts when the event's transaction has been
committed and ends when the other side holds the letter or the post.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.table import Line, share
from tests.faults.centre import Centre
from tests.notify.receivers import Mailbox, Receiver, free_port, mail_server, receiver

PART = "notices"
RATE = 50.0
PATIENCE = 60.0  # seconds for what is still under way at the end


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--full", action="store_true")
    chosen = parser.parse_args()
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="toancanh-bench-") as folder, receiver() as hook:
        centre = Centre(
            Path(folder) / "data", TOANCANH_SMTP=f"smtp://127.0.0.1:{port}?tls=none", TOANCANH_WEBHOOK_INTERNAL="localhost"
        )
        centre.prepare()
        for name in ("TOANCANH_DATA", "DJANGO_SETTINGS_MODULE", "TOANCANH_SMTP", "TOANCANH_WEBHOOK_INTERNAL"):
            os.environ[name] = centre.environment[name]
        centre.start()
        try:
            import django

            django.setup()
            run = Run(centre, port, hook)
            run.prepare()
            run.measure(200 if chosen.quick else 3000)
        finally:
            centre.stop()


@dataclass
class Run:
    """What was committed when, and when it arrived."""

    centre: Centre
    port: int
    hook: Receiver
    committed: dict[str, float] = field(default_factory=dict)
    letters: dict[str, list[float]] = field(default_factory=dict)
    posts: dict[str, list[float]] = field(default_factory=dict)

    def prepare(self) -> None:
        """One person with an address, one webhook."""
        from toancanh.notify.arranging import webhooks
        from toancanh.notify.models import Contact
        from toancanh.people.actors import SYSTEM
        from toancanh.people.models import User

        self.user = User.objects.create(username="bench", full_name="Bench", role="operator")
        Contact.objects.create(user=self.user, email="bench@example.vn")
        webhooks.add(SYSTEM, webhooks.Wanted(name="bench", url=self.hook.url()))

    def measure(self, events: int) -> None:
        """Send, wait, tell."""
        with mail_server(self.port) as mailbox:
            self.hook.arrived = lambda: self._note(self.posts, self.hook.posts[-1].headers["webhook-id"])
            mailbox.arrived = lambda: self._note(self.letters, str(mailbox.letters[-1]["Subject"]))
            before, begun = self.processor(), time.perf_counter()
            for number in range(events):
                time.sleep(max(0.0, begun + number / RATE - time.perf_counter()))
                self.event(number)
            took = time.perf_counter() - begun
            self.wait(lambda: len(self.letters) >= events and len(self.posts) >= events)
            spent = self.processor() - before
            self.tell(events, took, spent, mailbox)

    def event(self, number: int) -> None:
        """One event, as a rule or a person sets it off."""
        from django.db import transaction

        from toancanh.kernel.contracts import Severity
        from toancanh.kernel.text import Text
        from toancanh.notify import services
        from toancanh.notify.messages import Message, Topic

        words = Text(f"Sự kiện {number}", f"Event {number}")
        message = Message(f"bench:{number}", Topic.ALERT, Severity.MEDIUM, words, words, "/alerts/1", f"alert:{number}")
        with transaction.atomic():
            services.tell(message, [self.user])
            services.publish("alert.raised", f"alert:{number}", {"number": number})
        self.committed[str(number)] = time.perf_counter()

    def _note(self, found: dict[str, list[float]], name: str) -> None:
        found.setdefault(name, []).append(time.perf_counter())

    def wait(self, done: Callable[[], bool]) -> None:
        """Until everything arrived, or patience ends."""
        until = time.perf_counter() + PATIENCE
        while not done() and time.perf_counter() < until:
            time.sleep(0.1)

    def tell(self, events: int, took: float, spent: float, mailbox: Mailbox) -> None:
        """The lines."""
        arrived = {json.loads(post.body)["subject"].split(":")[1]: post for post in self.hook.posts}
        by_post = [self.posts[post.headers["webhook-id"]][0] - self.committed[name] for name, post in arrived.items()]
        by_mail = [times[0] - self.committed[subject.split()[-1]] for subject, times in self.letters.items()]
        for words, delays, count in (
            ("a letter at the mail server", by_mail, len(mailbox.letters)),
            ("a signed post at the webhook", by_post, len(self.hook.posts)),
        ):
            whole = len(delays) == events == count
            Line(
                PART, f"from an event to {words}, {events:,} events at {events / took:.0f} a second", told(delays),
                "p99 ≤ 10 s, each exactly once here", share(delays, 0.99) <= 10.0 and whole if delays else False,
                f"{count:,} handed over, {len(delays):,} different ones",
            ).tell()
        Line(
            PART, "processor time of the centre for one event told by mail and webhook", f"{spent / events * 1000:.1f} ms",
            bare=f"{spent:.0f} s in {took:.0f} s",
        ).tell()

    def processor(self) -> float:
        """Seconds of processor time of the centre's processes so far."""
        ticks = os.sysconf("SC_CLK_TCK")
        return sum(_ticks(pid) for pid in self.centre.processes()) / ticks


def told(delays: list[float]) -> str:
    """Seconds as p50 and p99."""
    if not delays:
        return "nothing arrived"
    return f"p50 {share(delays, 0.5) * 1000:.0f} ms, p99 {share(delays, 0.99) * 1000:.0f} ms"


def _ticks(pid: Any) -> int:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return int(fields[11]) + int(fields[12])


if __name__ == "__main__":
    main()
