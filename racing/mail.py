"""Mail: a message in the form that mail servers take, handed to one of them."""

import smtplib
import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, make_msgid, parseaddr
from urllib.parse import SplitResult, unquote, urlsplit

TIMEOUT_S = 10
_PORTS = {"smtp": 587, "smtps": 465}
_THIS_HOST = ("localhost", "127.0.0.1", "::1")


def message(sender: str, to: str, subject: str, text: str) -> EmailMessage:
    """Return a mail of plain text. Raises ValueError where an address or the subject would make more than itself."""
    made = EmailMessage(policy=SMTP)
    made["From"] = sender
    made["To"] = Address(addr_spec=to)
    made["Subject"] = subject
    made["Date"] = formatdate()
    made["Message-ID"] = make_msgid(domain=parseaddr(sender)[1].rpartition("@")[2])
    made["Auto-Submitted"] = "auto-generated"  # no out-of-office answers it
    made.set_content(text)
    return made


def is_server(url: str) -> bool:
    """Tell whether `url` names a mail server: smtp://user:password@host:587, or smtps:// for TLS from the start."""
    try:
        place = urlsplit(url)
        return place.scheme in _PORTS and bool(place.hostname) and (place.port or 1) > 0
    except ValueError:  # a port that is no number
        return False


def hand_over(mail: EmailMessage, url: str, *, must_be_private: bool) -> None:
    """Give the mail to the server at `url`. Raises smtplib.SMTPException or OSError where that fails.

    TLS is spoken wherever it is offered; with `must_be_private` a server elsewhere that does not offer it gets nothing.
    """
    place = urlsplit(url)
    with _connected(place, must_be_private=must_be_private) as server:
        if place.username:
            server.login(unquote(place.username), unquote(place.password or ""))
        server.send_message(mail)


def _connected(place: SplitResult, *, must_be_private: bool) -> smtplib.SMTP:
    host, port = str(place.hostname), place.port or _PORTS[place.scheme]
    if place.scheme == "smtps":
        return smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_S, context=_trusting(host))
    server = smtplib.SMTP(host, port, timeout=TIMEOUT_S)
    try:
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=_trusting(host))
        elif must_be_private and host not in _THIS_HOST:
            raise smtplib.SMTPNotSupportedError("the mail server offers no STARTTLS")
    except (smtplib.SMTPException, OSError):
        server.close()
        raise
    return server


def _trusting(host: str) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if host in _THIS_HOST:
        # A mail server on this host has a certificate that it made itself, and nobody is in between.
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
