"""The roof: the only folder that knows every other one, and that no other folder imports.

Here the environment is read, concrete parts are put together and processes are started. It must not hold
any behaviour of its own that a lower folder could be asked for: no SQL, no parsing, no rule.

Rooms:
    bootstrap       makes .venv from the lock; runs before anything is installed, so standard library only
    installer       which pip does that, and what its failures mean
    settings        LEADGATE_* and leadgate.toml as one validated value, all errors at once
    mail_settings   those of outgoing mail;  contradictions: what does not go together
    values          the types of single settings: sizes, addresses, networks
    keys            the secret key: read, or made at the first start
    wiring          the one place where concrete parts meet;  ground: what they stand on;  upkeep: what the scheduler
                    asks for now and then
    doors           the listener's and the pages' parts;  web_services: what the pages are given from below
    mailboxes       how mailboxes are read;  outgoing: what mail leaves by;  trust: who asks the DNS
    certificate     which one STARTTLS uses;  open_files, memory: what a process may have of the machine
    jobs            RQ entry points; their dotted names are wire format
    reader          the process that reads mails ahead of a worker
    worker          the process that works when the bell rings;  bell_worker: RQ's, fitted to that
    sweeper         the scheduler: rings again for what waits
    supervisor      one process tree, started and stopped in order;  instance: only one per data;  lifeline: no orphans
    embedded_redis  the Redis that is run when none is given;  redis_guard: ends when that ends
    cli             the command line;  part, parts: what each process does around its own work
    setup_link      the one-time link to the first account
    metrics         the figures at /metrics
    doctor          `check`: its stages, each with a fix;  patient: whom they look at
    logs            the log;  tracebacks: where a fault happened, and nothing of what was worked on
    secret_check, schema_check   whether key and database fit this version
    backup          backup and restore
"""

__version__ = "0.1.0"
