"""Events at 50 a second through the outbox of a running centre to a mail server and a webhook on the same machine.

Each event tells one of four people by e-mail and publishes one CloudEvent. The clock starts when the event's transaction has
been committed, in a process of its own, and ends when the other side holds the letter or the post.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.table import Line, share
from tests.faults.centre import Centre
from tests.notify.receivers import Mailbox, Receiver, free_port, mail_server, receiver

PART = "notices"
RATE = 50.0
PATIENCE = 60.0  # seconds for what is still under way at the end
PEOPLE = 4


def main() -> None:
    """The command line; `--happen` is the process in which the events happen."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--happen", type=int, default=0)
    chosen = parser.parse_args()
    if chosen.happen:
        happen(chosen.happen)
        return
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="toancanh-bench-") as folder, receiver() as hook, mail_server(port) as mailbox:
        centre = Centre(
            Path(folder) / "data", TOANCANH_SMTP=mailbox.address, TOANCANH_WEBHOOK_INTERNAL="localhost", HOOK=hook.url()
        )
        centre.prepare()
        centre.start()
        try:
            Run(centre, hook, mailbox).measure(200 if chosen.quick else 3000)
        finally:
            centre.stop()


def happen(events: int) -> None:
    """Let `events` happen, and print when each was committed."""
    import django

    django.setup()

    from django.db import transaction

    from toancanh.kernel.contracts import Severity
    from toancanh.kernel.text import Text
    from toancanh.notify import services
    from toancanh.notify.arranging import webhooks
    from toancanh.notify.messages import Message, Topic
    from toancanh.notify.models import Contact
    from toancanh.people.actors import SYSTEM
    from toancanh.people.models import User

    people = [User.objects.create(username=f"bench{n}", full_name="Bench", role="operator") for n in range(PEOPLE)]
    Contact.objects.bulk_create([Contact(user=each, email=f"{each.username}@example.vn") for each in people])
    webhooks.add(SYSTEM, webhooks.Wanted(name="bench", url=os.environ["HOOK"]))
    begun = time.perf_counter()
    for number in range(events):
        time.sleep(max(0.0, begun + number / RATE - time.perf_counter()))
        words = Text(f"Sự kiện {number}", f"Event {number}")
        message = Message(f"bench:{number}", Topic.ALERT, Severity.MEDIUM, words, words, "/alerts/1", f"alert:{number}")
        with transaction.atomic():
            services.tell(message, [people[number % PEOPLE]])
            services.publish("alert.raised", f"alert:{number}", {"number": number})
        print(number, time.perf_counter(), flush=True)


@dataclass
class Run:
    """What was committed when, and when it arrived (the clock of the machine, the same in every process)."""

    centre: Centre
    hook: Receiver
    mailbox: Mailbox
    letters: list[float] = field(default_factory=list)
    posts: list[float] = field(default_factory=list)

    def measure(self, events: int) -> None:
        """Let it happen, wait, tell."""
        self.hook.arrived = lambda: self.posts.append(time.perf_counter())
        self.mailbox.arrived = lambda: self.letters.append(time.perf_counter())
        before = self.processor()
        command = (sys.executable, "-m", "benchmarks.notices", "--happen", str(events))
        done = subprocess.run(command, env=self.centre.environment, stdout=subprocess.PIPE, text=True, check=True)
        committed = {number: float(at) for number, at in (line.split() for line in done.stdout.splitlines())}
        took = max(committed.values()) - min(committed.values())
        until = time.perf_counter() + PATIENCE
        while min(len(self.letters), len(self.posts)) < events and time.perf_counter() < until:
            time.sleep(0.1)
        spent = self.processor() - before
        by_post = _delays(committed, [json.loads(post.body)["subject"].split(":")[1] for post in self.hook.posts], self.posts)
        by_mail = _delays(committed, [str(each["Subject"]).split()[-1] for each in self.mailbox.letters], self.letters)
        for words, delays, count in (
            ("a letter at the mail server", by_mail, len(self.letters)),
            ("a signed post at the webhook", by_post, len(self.posts)),
        ):
            Line(
                PART, f"from an event to {words}, {events:,} events at {events / took:.0f} a second", told(delays),
                "p99 ≤ 10 s, each once", bool(delays) and share(delays, 0.99) <= 10.0 and len(delays) == events == count,
                f"{count:,} handed over, {len(delays):,} different ones",
            ).tell()
        Line(
            PART, "processor time of the centre for one event handed over by mail and by webhook",
            f"{spent / events * 1000:.1f} ms", bare=f"{spent:.0f} s in {took:.0f} s",
        ).tell()  # fmt: skip

    def processor(self) -> float:
        """Seconds of processor time of the centre's processes so far."""
        return sum(_ticks(pid) for pid in self.centre.processes()) / os.sysconf("SC_CLK_TCK")


def told(delays: Sequence[float]) -> str:
    """Seconds as p50 and p99."""
    if not delays:
        return "nothing arrived"
    return f"p50 {share(delays, 0.5) * 1000:.0f} ms, p99 {share(delays, 0.99) * 1000:.0f} ms"


def _delays(committed: dict[str, float], names: Sequence[str], arrived: Sequence[float]) -> list[float]:
    """From each event to its first arrival."""
    first: dict[str, float] = {}
    for name, at in zip(names, arrived, strict=True):
        first.setdefault(name, at)
    return [max(0.0, at - committed[name]) for name, at in first.items()]


def _ticks(pid: int) -> int:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return int(fields[11]) + int(fields[12])


if __name__ == "__main__":
    main()
