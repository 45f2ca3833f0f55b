"""The mail listener: SMTP and LMTP on any number of sockets, in one event loop.

It takes bytes and hands them to an acceptor; it never reads what is in a message, and knows neither the
database nor settings (`ListenerOptions` tells it everything).

Rooms
-----
listener          the sockets and the loop: open, run, stop
limits            every limit is a number here: `ListenerOptions`
gate              counts what comes, and says what does not fit;  allowance: how often a client may
floor             all conversations: who has a place, who waits for one, who loses it
conversation      one connection: last words, taking in DATA, TLS;  pace: how its client uses its time
smtp, lmtp        the commands of each protocol;  frame: aiosmtpd's SMTP, on which all stands
certificate       of STARTTLS: the operator's, or one made at the first start; read again when it changed
envelope          arguments of MAIL and RCPT, and what they add up to
data              between DATA and its end: found, measured, un-stuffed
known_recipients  the address book, asked in a thread and remembered for a few seconds
replies           every sentence a client hears
"""
