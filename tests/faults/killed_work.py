"""Kill every process of a centre while directives and tasks are given and notices leave, again and again: what was acknowledged
is there once, every notice left at least once, and nobody sees anything twice.

Run: python -m tests.faults.killed_work --rounds 100. Exit code 1 when something was lost or doubled.

Each client issues directives and gives tasks under them through the pages' own forms, with the form's key; a form that was not
answered is sent again. A mail server and a receiver of webhooks stand beside it and count by the identity of what they get.
"""

from __future__ import annotations

import argparse
import http.client
import json
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.faults.centre import Centre
from tests.notify.receivers import Mailbox, Receiver, mail_server, receiver

CLIENTS = 3
TOKEN = "k" * 32
FINANCE = "agency:MS-STC"
_EXTRA = """
import django; django.setup()
import os
from toancanh.notify.arranging import webhooks
from toancanh.notify.models import Contact
from toancanh.people import services
from toancanh.people.actors import SYSTEM
from toancanh.people.models import User
from toancanh.units.models import Unit
for name in ("mai", "binh"):
    profile = services.Profile(full_name=name, agency=Unit.objects.get(key="agency:MS-STC"))
    user = services.create_user(SYSTEM, name, "mot-cau-rat-dai-de-nho", "officer", profile, temporary=False)
    Contact.objects.update_or_create(user=user, defaults={"email": f"{name}@example.vn"})
webhooks.add(SYSTEM, webhooks.Wanted(name="SMS", url=os.environ["HOOK"]))
"""
_COUNT = """
import django; django.setup()
import json
from django.db.models import Count
from toancanh.audit import queries as audit
from toancanh.notify.models import Dispatch, Notice
from toancanh.response.models import Directive, Entry, Task
print(json.dumps({
    "directives": list(Directive.objects.values_list("title", flat=True)),
    "tasks": list(Task.objects.values_list("title", flat=True)),
    "openings": Entry.objects.filter(act="open").count(),
    "doubled_notices": Notice.objects.values("key", "user").annotate(n=Count("id")).filter(n__gt=1).count(),
    "waiting": Dispatch.objects.filter(state="waiting").count(),
    "refs": [[d.ref.hex, d.channel] for d in Dispatch.objects.filter(state="sent")],
    "audit": str(audit.verify() or ""),
}))
"""


@dataclass
class Outcome:
    """What came of the rounds."""

    rounds: int = 0
    acknowledged: int = 0
    unanswered: int = 0
    lost: int = 0
    doubled: int = 0
    not_handed_over: int = 0
    repeats: int = 0  # handed over again after a kill, under the same identity: invisible to people
    restarts: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def said(self) -> str:
        """One line for people."""
        restart = statistics.median(self.restarts) if self.restarts else 0.0
        return (
            f"{self.rounds} kills: {self.acknowledged} directives and tasks acknowledged, {self.unanswered} tries without an "
            f"answer; lost {self.lost}, doubled {self.doubled}, notices not handed over {self.not_handed_over}, repeated under "
            f"the same identity {self.repeats}; restart p50 {restart:.1f} s"
        )


class Client(threading.Thread):
    """Gives work until told to rest; never gives up on a form that was not acknowledged."""

    def __init__(self, centre: Centre, number: int, luck: random.Random) -> None:
        super().__init__(daemon=True)
        self.centre, self.number, self.luck = centre, number, luck
        self.session = centre.doors["session"]
        self.going, self.resting, self.ended = threading.Event(), threading.Event(), threading.Event()
        self.acknowledged: list[str] = []
        self.cut_off = 0
        self.refused: list[str] = []

    def run(self) -> None:
        turn = 0
        while not self.ended.is_set():
            if not self.going.is_set():
                self.resting.set()
                time.sleep(0.02)
                continue
            self.resting.clear()
            turn += 1
            where = self.give(f"D{self.number}-{turn}", "/directives/new", {"lead": FINANCE, "deadline": "w5"})
            if where and self.luck.random() < 0.6:
                whole = where.rpartition("/")[2]
                self.give(f"T{self.number}-{turn}", "/tasks/new", {"lead": FINANCE, "deadline": "w3", "directive": whole})

    def give(self, title: str, path: str, form: dict[str, str]) -> str:
        """Until it is acknowledged; the address of what was made."""
        body = urlencode({**form, "title": title, "once": f"form-{title}"})
        while not self.ended.is_set():
            try:
                status, where = self.post(path, body)
            except OSError:
                self.cut_off += 1
                time.sleep(0.2)
                continue
            if status == 302:
                self.acknowledged.append(title)
                return where
            if status < 500:
                self.refused.append(f"{title}: {status}")
                return ""
            time.sleep(0.2)
        return ""

    def post(self, path: str, body: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.centre.port, timeout=60)
        headers = {
            "Cookie": f"sessionid={self.session}; csrftoken={TOKEN}", "X-CSRFToken": TOKEN,
            "Content-Type": "application/x-www-form-urlencoded",
        }  # fmt: skip
        try:
            connection.request("POST", path, body, headers)
            answer = connection.getresponse()
            answer.read()
            return answer.status, answer.headers.get("Location", "")
        except http.client.HTTPException as error:
            raise ConnectionError(str(error)) from error
        finally:
            connection.close()


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--seed", type=int, default=20261123)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="toancanh-work-") as folder:
        outcome = run(Path(folder) / "data", chosen.rounds, chosen.seed, say=lambda line: print(line, flush=True))
    print(outcome.said())
    for line in outcome.wrong[:20]:
        print(line)
    return 1 if outcome.lost or outcome.doubled or outcome.not_handed_over or outcome.wrong else 0


def run(folder: Path, rounds: int, seed: int, say: Any = lambda _line: None) -> Outcome:
    """Prepare a centre, kill it `rounds` times, and count."""
    luck = random.Random(seed)
    with mail_server() as mailbox, receiver() as hook:
        centre = Centre(
            folder, TOANCANH_SMTP=mailbox.address, TOANCANH_WEBHOOK_INTERNAL="localhost", HOOK=hook.url(), TOANCANH_JOBS=""
        )
        centre.prepare()
        inside(centre, _EXTRA)
        outcome = Outcome()
        centre.start()
        clients = [Client(centre, number, random.Random(seed + number)) for number in range(CLIENTS)]
        try:
            for each in clients:
                each.start()
            for _ in range(rounds):
                one_round(centre, clients, outcome, luck)
                say(f"{outcome.rounds:3}: {outcome.acknowledged} acknowledged, restart {outcome.restarts[-1]:.1f} s")
            count(centre, clients, outcome, mailbox, hook)
        finally:
            for each in clients:
                each.ended.set()
            centre.stop()
    return outcome


def one_round(centre: Centre, clients: list[Client], outcome: Outcome, luck: random.Random) -> None:
    """Load, kill, start again, let every client finish what was cut off."""
    for each in clients:
        each.going.set()
    time.sleep(luck.uniform(0.2, 2.0))
    centre.kill()
    for each in clients:
        each.going.clear()
    outcome.restarts.append(centre.start())
    centre.until(lambda: all(each.resting.is_set() for each in clients), 180)
    outcome.rounds += 1
    outcome.acknowledged = sum(len(each.acknowledged) for each in clients)


def count(centre: Centre, clients: list[Client], outcome: Outcome, mailbox: Mailbox, hook: Receiver) -> None:
    """Wait until the outbox is empty; compare what was acknowledged with what is there and what arrived outside."""
    deadline = time.monotonic() + 300
    found = json.loads(inside(centre, _COUNT))
    while found["waiting"] and time.monotonic() < deadline:
        time.sleep(2)
        found = json.loads(inside(centre, _COUNT))
    wanted = Counter(title for each in clients for title in each.acknowledged)
    there = Counter([*found["directives"], *found["tasks"]])
    outcome.unanswered = sum(each.cut_off for each in clients)
    outcome.lost = (wanted - there).total()
    outcome.doubled = sum(number - 1 for number in there.values()) + found["doubled_notices"]
    letters = Counter(str(letter["Message-ID"]).split("@")[0].strip("<") for letter in mailbox.letters)
    posts = Counter(post.headers["webhook-id"].removeprefix("msg_") for post in hook.posts)
    arrived = {"email": letters, "webhook": posts}
    gone = [ref for ref, channel in found["refs"] if channel in arrived and ref not in arrived[channel]]
    outcome.not_handed_over = found["waiting"] + len(gone)
    outcome.repeats = letters.total() - len(letters) + posts.total() - len(posts)
    outcome.wrong += [line for each in clients for line in each.refused]
    outcome.wrong += [found["audit"]] if found["audit"] else []
    if found["openings"] != there.total():
        outcome.wrong.append(f"{there.total()} records, {found['openings']} openings in their timelines")


def inside(centre: Centre, program: str) -> str:
    """Run a program in the centre's environment; what it printed."""
    done = subprocess.run(
        (sys.executable, "-c", program), env=centre.environment, capture_output=True, text=True, timeout=120, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
