"""Reads the words of a command; what is wrong with them is said in Vietnamese and English, and where the command is explained."""

from __future__ import annotations

import re
import sys
from argparse import ArgumentParser
from typing import NoReturn

from toancanh.kernel.text import Text

# What the standard library says, and both wordings; {1}, {2} are the groups. The first that fits is taken.
_SAID = (
    (r"the following arguments are required: …", Text("thiếu tên lệnh con", "the name of a sub-command is missing")),
    (r"the following arguments are required: (.*)", Text("thiếu {1}", "{1} is missing")),
    (r"unrecognized arguments: (.*)", Text("không hiểu “{1}”", "“{1}” is not understood")),
    (r"argument …: invalid choice: '?(.*?)'? \(choose from .*", Text("không có lệnh “{1}”", "there is no command “{1}”")),
    (
        r"argument (.*): invalid choice: '?(.*?)'? \(choose from (.*)\)",
        Text("{1} không nhận “{2}”; chọn một trong: {3}", "{1} does not take “{2}”; choose one of: {3}"),
    ),
    (
        r"argument (.*): invalid fromisoformat value: '(.*)'",
        Text("{1}: “{2}” không phải ngày dạng YYYY-MM-DD", "{1}: “{2}” is not a day written YYYY-MM-DD"),
    ),
    (r"argument (.*): invalid int value: '(.*)'", Text("{1}: “{2}” không phải số nguyên", "{1}: “{2}” is not a whole number")),
    (r"argument (.*): invalid float value: '(.*)'", Text("{1}: “{2}” không phải số", "{1}: “{2}” is not a number")),
    (r"argument (.*): expected (?:one|at least one) argument", Text("{1} thiếu giá trị", "{1} lacks its value")),
    (r"argument (.*): (.*) \| (.*)", Text("{1}: {2}", "{1}: {3}")),
    (r"(.*)", Text("{1}", "{1}")),
)


class Parser(ArgumentParser):
    """The standard parser, whose refusals are in both languages. Exit code 2."""

    def error(self, message: str) -> NoReturn:
        words = in_words(message)
        sys.stderr.write(f"Lệnh chưa đúng: {words.vi}. Xem: {self.prog} --help\n")
        sys.stderr.write(f"The command is not right: {words.en}. See: {self.prog} --help\n")
        raise SystemExit(2)


def in_words(message: str) -> Text:
    """What the standard library said, in both languages."""
    for pattern, words in _SAID:
        found = re.fullmatch(pattern, message, re.DOTALL)
        if found:
            values = ("", *found.groups())
            return Text(words.vi.format(*values), words.en.format(*values))
    return Text(message, message)
