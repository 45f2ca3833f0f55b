"""The commands of the command line, thin: read the arguments, call what does it, write the answer.

Rooms:
    serve    `serve` and its parts: smtp, web, worker, sender, scheduler, migrate
    parse    what is understood of a message; loads the parsers only
    pipe     `ingest`, one message from a mail server's pipe
    account  `init`, `check`, `settings`
    keeping  `backup`, `restore`, `resume`
"""
