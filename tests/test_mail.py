"""Mail reaches a real server, over TLS where it is offered; nothing that is typed makes more of it."""

import smtplib
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask

from racing import mail
from racing.services import letters
from tests.support.mailbox import mailbox
from tests.support.ports import free_port

SENDER, ANN = "Offtime <no-reply@offtime.example>", "ann@example.org"
LINK = "https://offtime.example/reset?token=abc=def.ghi_" + "j" * 120


def test_a_letter_arrives_whole_with_who_sent_it(app: Flask) -> None:
    with mailbox() as box:
        app.config.update(SMTP_URL=box.url, MAIL_FROM=SENDER)
        letters.reset_link(ANN, LINK)
        came, told, over_tls = box.next()

    assert (came["To"], came["From"], told, over_tls) == (ANN, SENDER, [ANN], False)
    assert came["Subject"] == "A new password at Offtime"
    assert came["Message-ID"].endswith("@offtime.example>")
    assert LINK in came.get_content().splitlines()


def test_tls_is_spoken_where_it_is_offered_before_the_password(tmp_path: Path) -> None:
    with mailbox(tls_in=tmp_path) as box:
        whole = f"smtp://{box.user}:{quote(box.password, safe='')}@127.0.0.1:{box.port}"
        mail.hand_over(mail.message(SENDER, ANN, "Hello", "Hello."), whole, must_be_private=True)
        assert box.next()[2]


def test_a_server_elsewhere_without_tls_gets_no_mail_in_production(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "_THIS_HOST", ())  # as if the server were another host
    made = mail.message(SENDER, ANN, "Hello", "Hello.")
    with mailbox() as box:
        with pytest.raises(smtplib.SMTPNotSupportedError):
            mail.hand_over(made, box.url, must_be_private=True)
        assert box.is_empty


@pytest.mark.parametrize(
    "to",
    ["ann@example.org\nBcc: bob@example.org", "ann@example.org, bob@example.org", "a,bob@example.org", "a<bob@e.org>"],
)
def test_no_address_makes_more_of_a_mail(to: str) -> None:
    with pytest.raises((ValueError, LookupError)):
        mail.message(SENDER, to, "Hello", "Hello.")


def test_without_a_server_development_reads_it_on_the_console(app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    letters.reset_link(ANN, LINK)

    assert f"\n{LINK}\n" in capsys.readouterr().err


def test_what_cannot_be_sent_leaves_one_line_without_address_or_link(
    app: Flask, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letters, "BETWEEN_TRIES_S", 0)
    app.config["SMTP_URL"] = f"smtp://127.0.0.1:{free_port()}"

    letters.reset_link(ANN, LINK)

    (line,) = capsys.readouterr().err.splitlines()
    assert "level='error' event='a mail was not sent' why='ConnectionRefusedError'" in line
    assert "ann" not in line
    assert "token" not in line
