"""What is done to mails in their mailbox once they are stored, and what never is."""

from datetime import timedelta

import pytest

from ingest.imap.session import Session
from tests.ingest.imap.rig import Rig

OLD = timedelta(days=3)


def without(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """A server that lacks these capabilities."""
    offered = Session.capabilities
    monkeypatch.setattr(Session, "capabilities", lambda session: offered(session) - set(names))


def test_mail_is_marked_as_seen(rig: Rig) -> None:
    rig.append("old", age=OLD)
    mailbox = rig.make(after="seen")
    rig.append("new")
    rig.read_once(mailbox)
    assert [("\\Seen" in flags) for flags in rig.dovecot.flags(rig.user).values()] == [False, True]


@pytest.mark.parametrize("lacks", [(), ("MOVE",)])
def test_mail_is_moved_into_a_folder_that_is_made(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, lacks: tuple[str, ...]
) -> None:
    without(monkeypatch, *lacks)
    rig.append("old", "marked by another", age=OLD, flags="(\\Deleted)")
    mailbox = rig.make(after="move", move_to="Bücher/Archiv".replace("/", "."))
    rig.append("a", "b")
    rig.read_once(mailbox)
    assert rig.left("B&APw-cher.Archiv") == ["a", "b"]
    assert rig.left() == ["marked by another", "old"], "nobody else's deletion was carried out"


def test_mail_is_deleted_and_nobody_elses(rig: Rig) -> None:
    rig.append("old", "marked by another", age=OLD, flags="(\\Deleted)")
    mailbox = rig.make(after="delete")
    rig.append("a", "b")
    rig.read_once(mailbox)
    assert rig.left() == ["marked by another", "old"]
    assert rig.subjects() == ["a", "b"]


@pytest.mark.parametrize("after", ["move", "delete"])
def test_without_move_and_uidplus_nothing_is_removed_and_that_is_told(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, after: str
) -> None:
    without(monkeypatch, "MOVE", "UIDPLUS")
    mailbox = rig.make(after=after, move_to="Archive")
    rig.append("a")
    mailbox = rig.read_once(mailbox)
    assert rig.subjects() == ["a"] and rig.left() == ["a"]
    assert mailbox.health.error_stage == "write" and "safely" in str(mailbox.health.error)
    assert mailbox.health.last_poll is not None, "reading goes on"


def test_what_was_not_done_before_a_crash_is_done_later(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    mailbox = rig.make(after="delete")
    rig.append("a", "b")
    with monkeypatch.context() as patched:
        without(patched, "UIDPLUS")
        rig.read_once(mailbox)
    assert rig.left() == ["a", "b"]
    mailbox = rig.read_once(mailbox)
    assert rig.left() == [] and len(rig.arrivals()) == 2
    assert mailbox.health.error is None


def test_a_mail_that_somebody_took_away_meanwhile_is_passed_over(rig: Rig) -> None:
    mailbox = rig.make(after="leave")
    rig.append("a", "gone", "c")
    rig.read_once(mailbox)
    rig.change(mailbox, after="delete")
    rig.dovecot.expunge(rig.user, "gone")
    rig.append("d")
    rig.read_once(mailbox)
    assert rig.subjects() == ["a", "c", "d", "gone"]
    assert rig.left() == ["a", "c"], "what came before the change stays as it was"
