"""The anchor of `accept`: aiosmtpd as it is installed, with a handler that stores nothing, on uvloop as leadgate is.

Run as a program: `python -m bench.null_listener PORT`. It serves until it is ended.
"""

import asyncio
import logging
import sys

import uvloop
from aiosmtpd.smtp import SMTP, Envelope, Session


class Nothing:
    """Says 250 and forgets the message."""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Answers the end of a message."""
        del server, session, envelope
        return "250 OK"


async def _serve(port: int) -> None:
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    handler = Nothing()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(handler, hostname="null.example", loop=loop), "127.0.0.1", port, backlog=512
    )
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(_serve(int(sys.argv[1])))
