"""kill -9 between handing over and writing it down: everything arrives at least once, and a repeat says that it is one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from tests.notify.receivers import Mailbox, Receiver, mail_server, receiver

from toancanh.notify.outbox.sending import GROUP

SOURCE = Path(__file__).parents[2] / "src"
EVENTS = 8
_BEGIN = "import django; django.setup()\n"
_FILL = f"""
from django.core.management import call_command
call_command("migrate", verbosity=0)
from toancanh.kernel.contracts import Severity
from toancanh.kernel.text import Text
from toancanh.notify import services
from toancanh.notify.arranging import webhooks
from toancanh.notify.messages import Message, Topic
from toancanh.notify.models import Contact
from toancanh.people.actors import SYSTEM
from toancanh.people.models import User
import os
lan = User.objects.create(username="lan", full_name="Lan", role="operator")
Contact.objects.create(user=lan, email="lan@example.vn")
webhooks.add(SYSTEM, webhooks.Wanted(name="Cổng", url=os.environ["HOOK"]))
for number in range({EVENTS}):
    words = Text("Cảnh báo", "Alert")
    message = Message(f"alert:{{number}}", Topic.ALERT, Severity.HIGH, words, words, "/alerts/1", f"alert:{{number}}")
    services.tell(message, [lan])
    services.publish("alert.raised", f"alert:{{number}}", {{"number": number}})
"""
_DRAIN = "from toancanh.notify.outbox import lanes, sending\nsending.take_over()\nlanes.send_now()\n"
_COUNT = """
import json
from toancanh.notify.models import Dispatch
print(json.dumps([[d.ref.hex, d.channel, d.state] for d in Dispatch.objects.all()]))
"""


class Killer:
    """Kills the process that is draining at the n-th arrival, before the other side has answered it."""

    def __init__(self, after: int) -> None:
        self.left = after
        self.child: subprocess.Popen | None = None
        self.kills = 0

    def __call__(self) -> None:
        self.left -= 1
        if self.left == 0 and self.child is not None:
            self.child.kill()
            self.child.wait()
            self.kills += 1


@pytest.mark.slow
def test_killed_between_sending_and_writing_nothing_is_lost_and_repeats_are_known(tmp_path):
    with mail_server() as mailbox, receiver() as other_side:
        environment = {
            **os.environ, "TOANCANH_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "toancanh.site.settings",
            "PYTHONPATH": str(SOURCE), "TOANCANH_SMTP": mailbox.address, "HOOK": other_side.url(),
            "TOANCANH_WEBHOOK_INTERNAL": "localhost", "TOANCANH_JOBS": "",
        }  # fmt: skip
        environment.pop("DATABASE_URL", None)

        def run(program: str) -> str:
            done = subprocess.run(
                [sys.executable, "-c", _BEGIN + program],
                env=environment,
                capture_output=True,
                text=True,
                timeout=120,
                check=False,
            )
            assert done.returncode == 0, done.stderr
            return done.stdout

        def drain_and_die(side: Mailbox | Receiver) -> int:
            mailbox.arrived = other_side.arrived = lambda: None
            killer = side.arrived = Killer(after=2)
            killer.child = subprocess.Popen([sys.executable, "-c", _BEGIN + _DRAIN], env=environment)
            killer.child.wait(timeout=60)
            return killer.kills

        run(_FILL)
        kills = sum(drain_and_die(side) for side in (mailbox, mailbox, mailbox, other_side, other_side))
        mailbox.arrived = other_side.arrived = lambda: None
        run(_DRAIN)
        rows = json.loads(run(_COUNT))

    letters = Counter(str(letter["Message-ID"]).split("@")[0].strip("<") for letter in mailbox.letters)
    posts = Counter(post.headers["webhook-id"].removeprefix("msg_") for post in other_side.posts)
    assert kills == 5
    assert {state for _, _, state in rows} == {"sent"}
    assert set(letters) == {ref for ref, channel, _ in rows if channel == "email"}
    assert set(posts) == {ref for ref, channel, _ in rows if channel == "webhook"}
    assert len(letters) == len(posts) == EVENTS
    assert letters.total() == EVENTS + 3, "a killed hand-over repeats one letter"
    assert EVENTS < posts.total() <= EVENTS + 2 * GROUP, "and no more posts than are written down together"
