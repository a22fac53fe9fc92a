"""Text as people mean it: without the characters that nobody sees and that databases, letters and documents do not take."""

from __future__ import annotations

import re

_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_BREAKS = re.compile(r"[\x0b\x0c]")  # how word processors break a line within a paragraph


def plain(text: str) -> str:
    """`text` without control characters; line ends and tabs stay."""
    return _UNSEEN.sub("", _BREAKS.sub("\n", text)) if _UNSEEN.search(text) else text
