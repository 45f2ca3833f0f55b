"""A process that dies between the server's answer and the record of it: sent twice under one Message-ID, never lost."""

import signal
import subprocess
import sys
from pathlib import Path

from store.tables.outgoing import outgoing_mails
from tests.support.rows import rows
from tests.webhooks.mail.room import Room
from tests.webhooks.mail.server import MailServer

ROOT = Path(__file__).parents[3]


def test_a_mail_that_was_taken_and_not_recorded_is_sent_again(room: Room, server: MailServer) -> None:
    mail_id = room.queued()
    command = [sys.executable, "-m", "tests.webhooks.mail.dies", room.database.url, str(server.port)]
    died = subprocess.run(command, cwd=ROOT, timeout=120, check=False)
    assert died.returncode == -signal.SIGKILL
    assert len(server.taken) == 1
    (row,) = rows(room.database, outgoing_mails)
    assert (row["state"], row["result"], room.mail(mail_id)["attempts"]) == ("claimed", "pending", [])
    mailer = room.mailer(server.smarthost())
    mailer.send_batch()
    mailer.close()
    assert len(server.taken) == 1, "nobody else sends it before the lease has run out"
    room.overdue()
    assert room.send_one(room.mailer(server.smarthost()), mail_id)["state"] == "sent"
    first, second = server.taken
    assert first.message["Message-ID"] == second.message["Message-ID"]
    assert (first.raw, first.mail_from) == (second.raw, second.mail_from)
