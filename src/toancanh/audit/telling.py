"""After a form was saved: back to a page, whose frame says once what was done, in the words that the record has for the act.

The session keeps it, not the address: a link or a bookmark tells nothing that was not done."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from django.http import HttpRequest, HttpResponseRedirect

from toancanh.audit.words import words_of
from toancanh.kernel.text import Text

SAVED = "saved"  # for an act whose name says more than was done
_KEY = "done"


def after(request: HttpRequest, act: str, address: str) -> HttpResponseRedirect:
    """On to `address`; `act` is the audited verb ("people.add_grant"), or `SAVED`."""
    request.session[_KEY] = [act, unquote(urlsplit(address).path)]
    return HttpResponseRedirect(address)


def told(request: HttpRequest) -> Text | None:
    """What was done by the form that leads to this page, as a sentence, and not again: "Đã cấp quyền."; None when nothing was.
    A page that brings only its parts anew (X-Live-Keys, X-Drawer) prints no frame and leaves it for the one that does."""
    act, path = request.session.get(_KEY, ("", ""))
    if path != request.path or request.method != "GET" or not {"X-Live-Keys", "X-Drawer"}.isdisjoint(request.headers):
        return None
    del request.session[_KEY]
    if act == SAVED:
        return Text("Đã lưu.", "Saved.")
    words = words_of(act)
    return Text(f"Đã {words.vi[0].lower()}{words.vi[1:]}.", f"{words.en}.") if words else None
