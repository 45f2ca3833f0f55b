"""How fast leadgate is, as ratios against something that everybody can install, measured in the same run.

Each benchmark is one command and takes about a minute. Progress goes to stderr; stdout gets one JSON line per
figure (`figures.Figure`). Absolute rates say something about the machine, only the ratios about leadgate.

    python -m bench accept        durable accept against aiosmtpd with a handler that does nothing
    python -m bench understand    reading mail against mail-parser; growth with size; memory
    python -m bench end_to_end    mail to signed webhook against django-helpdesk, which only stores

Rooms
-----
figures          a figure, and how it is printed
sample_mails     the mails that are sent;  large_mails of any size;  signed_mails: with DKIM and a zone
smtp_load        clients: smtp-source of Postfix, or our own on one event loop
null_listener    the anchor of `accept`
hook_receiver    takes webhooks and remembers when each came
helpdesk         the anchor of `end_to_end`: its environment, and running it;  helpdesk_program runs in there
profiles         where the time goes: CPU per mail and per event of the parts, in one process
accept, understand, end_to_end   the benchmarks

It uses the servers of `tests.support` (a leadgate, a PostgreSQL) and is used by nothing but its own tests.
"""
