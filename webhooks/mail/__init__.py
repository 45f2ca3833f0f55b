"""Outgoing mail: rows of `store.outgoing` become messages, and messages reach a server.

Whoever wants a mail sent writes a row; this folder sends it. It must not know what mails are about.

Rooms
- `compose`   a row as the bytes of a message; pure
- `faults`    what goes wrong with a server, as stable codes and what helps
- `options`   what the rooms are told
- `session`   one connection to a server: its stages, and mails over it
- `attempt`   the stages of a connection as a test
- `retry`     the schedule as data, and the decision after an attempt; pure
- `mailer`    claims what is due, sends it, records it
"""
