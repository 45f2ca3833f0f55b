"""The crash harness: a real leadgate under load, killed, starved and cut off; afterwards every 250 is looked for.

    python -m tests.crash kills --kills 200 --database sqlite        random processes, every tenth time all of them
    python -m tests.crash redis                                      FLUSHALL, kill -9 and SIGSTOP of Redis
    python -m tests.crash prospects --count 1000                     new prospects writing four mails at once
    python -m tests.crash failpoints                                 a parser that exits, hangs, eats memory
    python -m tests.crash accounts                                   two accounts with equal everything
    python -m tests.crash imap --messages 2000 --faults 100          mailboxes on a Dovecot that fails in every way
    python -m tests.crash full                                       disk full, database locked, database gone

Black box: it speaks SMTP and HTTP, kills by pid, and reads the database only afterwards, with SQL of its own.
`test_*.py` are the short forms of the same, part of `./run test`.

Rooms
-----
stage        a running deployment, a receiver, a log of 250s, the report
load         clients that send until 250 is said, as a mail server would, and write down every 250
chaos        what is done to the processes
verdict      what must hold afterwards
faults       scenes in which something breaks: processes, Redis, the disk, the database
mailboxes    the scene of IMAP mailboxes
crowds       scenes with many at once: prospects, equal accounts, mails that stop the parser
abuse        clients that hold, dribble, guess and never end, beside good ones
hasty_wiring     the real wiring with short leases, for the short forms
failing_wiring   the real wiring with a parser that fails on demand
"""
