"""Every sentence the SMTP and LMTP doors say, with its code: what an operator reads in the sender's log.

RFC 5321 §4.2 (reply codes), RFC 3463 (enhanced codes; RFC 2034 wants them on every reply but the greeting and
EHLO's). A reply says 4xx whenever the fault may be ours or may pass, so that the sender keeps the message; 5xx
only for what no second try can mend. None repeats what the client said, none shows our insides.
"""

from typing import Final

from ingest.listening.gate import Refusal

# -- it went well
HELLO = "220 {hostname} {protocol} leadgate"
GOODBYE = "221 2.0.0 Goodbye"
READY_FOR_TLS = "220 2.0.0 Ready to start TLS"
DONE = "250 2.0.0 Done"
SENDER_NOTED = "250 2.1.0 Sender noted"
RECIPIENT_TAKEN = "250 2.1.5 Recipient accepted"
STORED = "250 2.6.0 stored as {message_id}"
CANNOT_VERIFY = "252 2.1.5 Addresses are not verified here; send the message and see"
HELP = "214 2.0.0 RFC 5321: EHLO MAIL RCPT DATA RSET NOOP STARTTLS QUIT"
GO_AHEAD = "354 End data with <CR><LF>.<CR><LF>"

# -- come back later: the connection is closed after each of these
TOO_MANY_CONNECTIONS = "421 4.3.2 Too many connections; try again later"
TOO_MANY_FROM_YOU = "421 4.7.0 Too many connections from your address; try again later"
TOO_OFTEN = "421 4.7.0 Too many connections from your address in a minute; try again later"
TOO_MANY_UNKNOWN = "421 4.7.1 Too many unknown recipients from your address; try again in an hour"
SHUTTING_DOWN = "421 4.3.2 Service is shutting down; try again in a minute"
TOO_SLOW = "421 4.4.2 Waited too long for you; closing the connection"
TOO_MUCH_TALK = "421 4.7.0 Too many commands without a message; closing the connection"
TOO_MUCH_JUNK = "421 4.7.0 Too many errors; closing the connection"

# -- come back later with this message
OUR_FAULT = "451 4.3.0 Something went wrong on our side; try again later"
NOT_STORED = "451 4.3.0 The message could not be stored; try again later"
CANNOT_LOOK_UP = "451 4.3.0 The recipient cannot be looked up at the moment; try again later"
NO_ROOM = "452 4.3.1 Too much mail at once; try again later"
TOO_MUCH_MAIL = "451 4.7.1 Too much mail from your address in a minute; try again later"
TOO_MANY_RECIPIENTS = "452 4.5.3 Too many recipients; send the rest in another transaction"
TLS_UNAVAILABLE = "454 4.7.0 TLS is not available"

# -- no
UNKNOWN_RECIPIENT = "550 5.1.1 No such recipient here"
MESSAGE_TOO_LARGE = "552 5.3.4 The message is larger than {message} bytes"
LINE_TOO_LONG = "554 5.6.0 The message has a line longer than {line} bytes"
BAD_SENDER = "553 5.1.7 That is no sender address"
BAD_RECIPIENT = "553 5.1.3 That is no recipient address"
NO_RECIPIENTS = "554 5.5.1 No valid recipients"

# -- that is not how the protocol goes
COMMAND_TOO_LONG = "500 5.5.2 Command line too long"
UNKNOWN_COMMAND = "500 5.5.1 Command not recognised"
NOT_OFFERED = "502 5.5.1 Command not offered here"
SAY_HELLO_FIRST = "503 5.5.1 Say {hello} first"
MAIL_FIRST = "503 5.5.1 Say MAIL first"
RECIPIENT_FIRST = "503 5.5.1 Say RCPT first"
NESTED_MAIL = "503 5.5.1 A transaction is already open"
ALREADY_TLS = "503 5.5.1 TLS is already in use"
HELLO_SYNTAX = "501 5.5.4 Syntax: {hello} hostname"
MAIL_SYNTAX = "501 5.5.4 Syntax: MAIL FROM:<address> [parameters]"
RCPT_SYNTAX = "501 5.5.4 Syntax: RCPT TO:<address>"
NO_ARGUMENT = "501 5.5.4 This command takes no argument"
BAD_PARAMETER = "501 5.5.4 A parameter has a wrong value"
UNKNOWN_PARAMETER = "555 5.5.4 A parameter is not recognised"

# What a client hears last when it is turned away.
LAST_WORDS: Final = {
    Refusal.CONNECTIONS: TOO_MANY_CONNECTIONS,
    Refusal.CROWDED_OUT: TOO_MANY_CONNECTIONS,
    Refusal.CONNECTIONS_OF_CLIENT: TOO_MANY_FROM_YOU,
    Refusal.CONNECTION_RATE_OF_CLIENT: TOO_OFTEN,
    Refusal.UNKNOWN_RECIPIENTS_OF_CLIENT: TOO_MANY_UNKNOWN,
    Refusal.TOO_SLOW: TOO_SLOW,
    Refusal.TOO_MUCH_TALK: TOO_MUCH_TALK,
    Refusal.TOO_MUCH_JUNK: TOO_MUCH_JUNK,
}
