"""The IMAP door: mail is fetched from mailboxes that somebody else keeps, and ends in `ingest.accept` like any other.

The cursor is UIDVALIDITY and UID. A UID is decided once: its mail is stored, or a tombstone says why not; only then the
cursor moves, and only then the after-action is done. So whatever breaks, and wherever, mail is read again at worst, and
`store.mailbox_cursor.known_here` finds that it came by this mailbox before.

What others learnt and is kept to here (nylas/sync-engine `generic.py`, RFC 3501, 4315, 6851, 2177):

- UIDs are compared only under one UIDVALIDITY. A new one means that every UID is new: all mail is looked at again.
- `UID SEARCH n:*` gives the last mail even where its UID is below n (RFC 3501 §6.4.8): what is below is left out.
- A server may tell of new mail (EXISTS) in the answer to a search that does not name it, and never again.
- A mail may be gone between being listed and being fetched. Its FETCH is OK without data on some servers, NO on others.
- A plain EXPUNGE removes what other clients have marked. Only MOVE and UID EXPUNGE are used; without them nothing goes.
- BODY.PEEK, and EXAMINE where nothing is to be changed: reading leaves no trace.
- A connection can hang for ever in any place: every wait has an end, and a reader without progress loses its socket.
- RFC822.SIZE may be wrong (Exchange), and a piece shorter than asked for: a large mail is fetched until nothing comes.
- A server may announce IDLE and refuse it, or tell of mail before it says that it idles.
- One mail that a server cannot give, at which it crashes or stalls, must not hold up those behind it.

Rooms
-----
options      what the rooms are told;  faults: what they raise
dial         name → address → socket, to public addresses only
session      one connection: greeting, TLS, folder, commands;  idle: waiting for mail
client       imapclient with bounds, below the session
login        password and XOAUTH2;  tokens: access tokens, got and renewed
senders      whose word about senders stands on top of the mails
attempt      the stages of a connection in their order, for the reader and for the connection test
findings     what the stages find
fetch        what is there, how large, and the bytes
recipients   for whom a mail is: the mailbox's kind, or addresses of ours in its header
follow_up    after-actions: seen, move, delete
intake       from UIDs to stored messages and the cursor;  suspects: mails at which the connection broke
reader       one mailbox from claim to release;  readers: all of a process
"""
