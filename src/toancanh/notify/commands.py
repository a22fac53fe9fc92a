"""What the notify room offers on the command line."""

from __future__ import annotations

import sys
from argparse import Namespace

from toancanh.jobs.commands import Command
from toancanh.kernel.text import Text


def status(_chosen: Namespace) -> int:
    """How much waits in the outbox and how much was given up. Exit code 1 when something was given up."""
    from toancanh.notify.channels.mail_server import configured
    from toancanh.notify.queries import backlog

    try:
        server = configured()
        sys.stdout.write(f"smtp: {f'{server.host}:{server.port} ({server.tls})' if server else '-'}\n")
    except ValueError as error:
        sys.stdout.write(f"smtp: {error}\n")
    rows = backlog()
    for each in rows:
        oldest = each.oldest.isoformat(timespec="seconds") if each.oldest else "-"
        sys.stdout.write(f"{each.channel}: waiting {each.waiting}, oldest {oldest}, given up {each.given_up}\n")
    return 1 if any(each.given_up for each in rows) else 0


def retry(_chosen: Namespace) -> int:
    """Put everything that was given up back into the outbox."""
    from toancanh.notify.outbox.waking import begin_again

    sys.stdout.write(f"{begin_again()}\n")
    return 0


def keys(_chosen: Namespace) -> int:
    """The public key that browsers subscribe with; made when there is none."""
    from toancanh.notify.channels.kept_secrets import vapid_public_key

    sys.stdout.write(f"{vapid_public_key()}\n")
    return 0


COMMANDS: list[Command] = [
    Command(("notify", "status"), Text("Tình trạng hộp gửi đi", "State of the outbox"), status),
    Command(("notify", "retry"), Text("Gửi lại các tin đã ngừng gửi", "Try again what was given up"), retry),
    Command(("notify", "keys"), Text("Khóa công khai của thông báo đẩy", "Public key of web push"), keys),
]
