"""E-mail over SMTP: plain text in the person's language. A repeat has the same Message-ID, so that mail programs show it once."""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from email.header import Header
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime

from django.utils import timezone

from toancanh.kernel.contracts import Severity
from toancanh.kernel.text import Text
from toancanh.notify.channels.handing import TIMEOUT, Result, down, dropped, failed, refused, sent
from toancanh.notify.channels.mail_server import MailServer, absolute, configured
from toancanh.notify.messages import SEVERITY_TITLES
from toancanh.notify.models import Dispatch, Notice

_ABOUT = Text("Bạn nhận thư này từ trung tâm điều hành. Đặt cách nhận tin:", "The operations centre sent this. Your settings:")
_ANSWER = Text("Cần bạn xác nhận đã nhận việc tại địa chỉ trên.", "Please confirm at the address above that you have it.")
SETTINGS = "/inbox/settings"
_WIRE = compat32.clone(linesep="\r\n")


class MailSession:
    """A connection to the centre's mail server, made when the first letter goes out."""

    def __init__(self) -> None:
        self._smtp: smtplib.SMTP | None = None

    def hand_over(self, dispatch: Dispatch) -> Result:
        """Send one letter."""
        try:
            server = configured()
        except ValueError as error:
            return down(error)
        if server is None:
            return down("TOANCANH_SMTP is not set")
        letter = letter_of(dispatch, server)
        if letter is None:
            return dropped("nothing unread is left to tell")
        try:
            answer = self._connected(server).sendmail(server.sender, [dispatch.address], letter)
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            return _answered(code, said)
        except smtplib.SMTPDataError as error:
            return _answered(error.smtp_code, error.smtp_error)
        except (smtplib.SMTPException, OSError, ValueError) as error:
            self.close()
            return down(error)
        return sent(answer or "")

    def close(self) -> None:
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            with suppress(smtplib.SMTPException, OSError):
                smtp.quit()

    def _connected(self, server: MailServer) -> smtplib.SMTP:
        if self._smtp is not None:
            return self._smtp
        if server.tls == "tls":
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT, context=ssl.create_default_context())
        else:
            smtp = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT)
        self._smtp = smtp
        if server.tls == "starttls":
            smtp.starttls(context=ssl.create_default_context())
        if server.user:
            smtp.login(server.user, server.password)
        return smtp


def _answered(code: int, said: bytes | str) -> Result:
    words = f"{code} {said.decode('utf-8', 'replace') if isinstance(said, bytes) else said}"
    return refused(words) if code >= 500 else failed(words)


def letter_of(dispatch: Dispatch, server: MailServer) -> bytes | None:
    """The letter, the same at every try. None when a digest has nothing left that is unread."""
    user = dispatch.user
    language = user.language if user is not None else "vi"
    if dispatch.notice is not None:
        subject, lines = _one(dispatch.notice, language)
    else:
        notices = list(Notice.objects.filter(user=user, digest_on=dispatch.digest_on, read_at=None).order_by("at", "id"))
        if not notices:
            return None
        subject, lines = _digest(notices, language)
    letter = MIMEText("\n".join([*lines, "", "-- ", f"{_ABOUT.to(language)} {absolute(SETTINGS)}", ""]), "plain", "utf-8")
    letter["From"] = server.sender
    letter["To"] = dispatch.address
    letter["Subject"] = Header(" ".join(subject.split()), "utf-8")  # type: ignore[assignment]  # folded when it is written
    letter["Date"] = format_datetime(dispatch.made_at)
    letter["Message-ID"] = f"<{dispatch.ref.hex}@{server.sender.rpartition('@')[2]}>"
    letter["Auto-Submitted"] = "auto-generated"
    return letter.as_bytes(policy=_WIRE)


def _one(notice: Notice, language: str) -> tuple[str, list[str]]:
    severity = Severity(notice.severity)
    mark = f"[{SEVERITY_TITLES[severity].to(language)}] " if severity in (Severity.HIGH, Severity.URGENT) else ""
    answer = [_ANSWER.to(language)] if notice.needs_answer else []
    lines = [notice.title.to(language), "", notice.body.to(language), "", absolute(notice.link), *answer]
    return mark + notice.title.to(language), lines


def _digest(notices: list[Notice], language: str) -> tuple[str, list[str]]:
    day = timezone.localtime(notices[-1].at).strftime("%d/%m/%Y")
    count = len(notices)
    matters = "matter" if count == 1 else "matters"
    subject = Text(f"Bản tin: {count} việc đến {day}", f"Digest: {count} {matters} up to {day}")
    lines = []
    for notice in notices:
        at = timezone.localtime(notice.at).strftime("%d/%m %H:%M")
        lines += [f"- {at} {notice.title.to(language)}", f"  {absolute(notice.link)}"]
    return subject.to(language), lines
