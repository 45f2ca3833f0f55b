"""After-actions: what is done to a mail in its mailbox once it is stored. FOLLOW_UPS is the table.

Only UID commands, and only on UIDs whose mail is stored here: nobody else's mail is touched. A plain EXPUNGE would
remove what other clients have marked as deleted, so without UIDPLUS (RFC 4315) and MOVE (RFC 6851) nothing is
removed at all, and that is told. Each action may be repeated: a crash after it and before its note does it once more,
to a UID that is gone by then, which UID commands pass over (RFC 3501 §6.4.8).
"""

from collections.abc import Callable, Mapping, Sequence

from ingest.imap.faults import CannotRead, Refused
from ingest.imap.findings import Found
from ingest.imap.session import Session
from store.mailbox_values import Values

SEEN, DELETED = b"\\Seen", b"\\Deleted"
NOTHING_REMOVES = "The server can neither MOVE nor UIDPLUS: mail cannot be taken out of the folder safely."


def mark_seen(session: Session, values: Values, uids: Sequence[int]) -> None:
    """Marks mails as seen."""
    del values
    session.add_flag(uids, SEEN)


def move(session: Session, values: Values, uids: Sequence[int]) -> None:
    """Moves mails, making the folder where it is missing."""
    folder = values.move_to
    assert folder is not None
    transfer = session.move if "MOVE" in session.capabilities() else session.copy
    try:
        transfer(uids, folder)
    except Refused:
        if session.folder_exists(folder):
            raise
        session.create_folder(folder)
        transfer(uids, folder)
    if transfer == session.copy:
        delete(session, values, uids)


def delete(session: Session, values: Values, uids: Sequence[int]) -> None:
    """Removes mails for good."""
    del values
    session.add_flag(uids, DELETED)
    session.expunge(uids)


FOLLOW_UPS: Mapping[str, Callable[[Session, Values, Sequence[int]], None]] = {
    "seen": mark_seen,
    "move": move,
    "delete": delete,
}
"""Of Values.after; "leave" has none."""


def possible(session: Session, values: Values) -> Found:
    """What will be done to mails. CannotRead("write") when that is impossible here."""
    if values.after == "leave":
        return Found("left")
    if session.read_only:
        raise CannotRead("write", "read_only", f"The folder {values.folder} may only be read.")
    if values.after == "seen":
        return Found("seen")
    offered = session.capabilities()
    if "UIDPLUS" not in offered and (values.after == "delete" or "MOVE" not in offered):
        raise CannotRead("write", "cannot_remove", NOTHING_REMOVES)
    if values.after == "delete":
        return Found("deleted")
    folder = values.move_to or ""
    if session.folder_exists(folder):
        return Found("moved", folder=folder)
    beginnings = session.beginnings_of_folders()
    if not any(folder.upper().startswith(each.upper()) for each in beginnings):
        beginning = beginnings[0]
        sentence = f"New folders of this server begin with {beginning}: name it {beginning}{folder}."
        raise CannotRead("write", "outside", sentence, f"{beginning}{folder}")
    return Found("moved_and_made", folder=folder)


def carry_out(session: Session, values: Values, uids: Sequence[int]) -> None:
    """The after-action on `uids`. CannotRead("write") when it cannot be done; the connection is whole."""
    try:
        possible(session, values)
        # what is gone by now needs nothing done; some servers say NO to a UID that is
        there = session.uids("UID", ",".join(map(str, uids)))
        if there:
            FOLLOW_UPS[values.after](session, values, there)
    except Refused as fault:
        sentence = f"The server refuses to {_WORDS[values.after]}: {fault}."
        raise CannotRead("write", "write_refused", sentence, fault.said) from fault


_WORDS = {"seen": "mark mail as seen", "move": "move mail", "delete": "delete mail"}
