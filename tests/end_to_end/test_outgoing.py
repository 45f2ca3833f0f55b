"""An invitation from a running leadgate: mailed through a real server, its bounce received, its link used."""

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.support.deployment import PASSWORD, Deployment, send
from tests.web.browsing import TOKEN
from tests.webhooks.mail.server import MailServer, running

pytestmark = [pytest.mark.end_to_end, pytest.mark.timeout(180)]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[MailServer]:
    with running(tmp_path) as made:
        yield made


@pytest.fixture
def deployment(server: MailServer) -> Iterator[Deployment]:
    with tempfile.TemporaryDirectory(prefix="leadgate-outgoing-") as place:
        made = Deployment(
            Path(place),
            redis_url="none",
            smarthost=f"smtp+plain://127.0.0.1:{server.port}",
            admin_password=PASSWORD,
        )
        yield made
        made.close()


def form_token(page: requests.Response) -> str:
    found = TOKEN.search(page.text)
    assert found is not None
    return found[1]


def test_an_invitation_goes_out_and_comes_back(deployment: Deployment, server: MailServer) -> None:
    made = deployment.init()
    deployment.start()
    browser, base = requests.Session(), deployment.base
    login = {"email": "anna@acme.example", "password": PASSWORD}
    browser.post(f"{base}/login", {"csrf": form_token(browser.get(f"{base}/login")), **login})
    form = {"csrf": form_token(browser.get(f"{base}/team")), "name": "Ben", "email": "ben@acme.example"}
    assert "mailed to ben@acme.example" in browser.post(f"{base}/team", form).text
    deployment.wait_until(lambda: server.taken, 20)
    (taken,) = server.taken
    assert taken.rcpt_to == ("ben@acme.example",) and taken.message["Auto-Submitted"] == "auto-generated"
    (link,) = re.findall(r"http://\S+/password\?token=\S+", taken.message.get_content())
    assert requests.get(link, timeout=10).status_code == 200
    api = deployment.api(made)
    deployment.wait_until(lambda: api.get("/outgoing-mails")[0]["state"] == "sent", 10)
    bounce = (
        b"From: MAILER-DAEMON@provider.example\r\nTo: x@acme.test\r\nSubject: Undelivered\r\n"
        b"Message-ID: <b@provider.example>\r\nContent-Type: multipart/report; report-type=delivery-status; "
        b'boundary="b"\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n'
        b"Reporting-MTA: dns; provider.example\r\n\r\nFinal-Recipient: rfc822; ben@acme.example\r\n"
        b"Action: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 nobody\r\n\r\n--b--\r\n"
    )
    with pytest.raises(Exception, match=r"550"):
        send(deployment.smtp_port, "", taken.mail_from.replace("bounce-", "bounce-0"), bounce)
    send(deployment.smtp_port, "", taken.mail_from, bounce)
    deployment.wait_until(lambda: api.get("/outgoing-mails")[0]["state"] == "bounced", 20)
    assert "550 nobody" in api.get("/outgoing-mails")[0]["diagnostic"]
    api.close()
