"""After a form was saved: back to a page, whose frame says what was done in the words that the record has for the act."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit, urlunsplit

from django.http import HttpResponseRedirect

from toancanh.audit.words import words_of
from toancanh.kernel.text import Text

SAVED = "saved"  # for an act whose name says more than was done


def after(act: str, address: str) -> HttpResponseRedirect:
    """On to `address`; `act` is the audited verb ("people.add_grant"), or `SAVED`."""
    parts = urlsplit(address)
    query = "&".join(each for each in (parts.query, urlencode({"done": act})) if each)
    return HttpResponseRedirect(urlunsplit(parts._replace(query=query)))


def told(act: str) -> Text | None:
    """What the address says was done, as a sentence: "Đã cấp quyền."; None for what has no words."""
    if act == SAVED:
        return Text("Đã lưu.", "Saved.")
    words = words_of(act)
    return Text(f"Đã {words.vi[0].lower()}{words.vi[1:]}.", f"{words.en}.") if words else None
