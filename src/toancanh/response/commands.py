"""What the response room offers on the command line."""

from __future__ import annotations

from toancanh.jobs.commands import Command

COMMANDS: list[Command] = []
