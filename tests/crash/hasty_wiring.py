"""The real wiring with short leases: what a killed process held comes back after LEADGATE_TEST_LEASE seconds and not
after 20, 45 or 60. So a short run need not sit and wait for them; the long forms have the real ones. For tests only.
"""

import os
from datetime import timedelta
from functools import cached_property, partial
from typing import TYPE_CHECKING

from config.parts import Role
from config.settings import Settings
from config.wiring import Wired, database_problem, key_problem, migrate, schema_problem

if TYPE_CHECKING:
    from ingest.automate import Automator
    from ingest.process import Processor
    from webhooks.deliver import Deliverer

__all__ = ["Hasty", "build", "database_problem", "key_problem", "lease", "migrate", "schema_problem"]

DEADLINE = 5.0
"""Seconds that a receiver has for its answer, which must fit into a delivery's lease."""


def lease() -> float | None:
    """Seconds of a lease; None: the real ones."""
    given = os.environ.get("LEADGATE_TEST_LEASE")
    return None if given is None else float(given)


class Hasty(Wired):
    """The parts of one process; each kind of work is hurried when it is first done, as the wiring builds it then."""

    @cached_property
    def _processor(self) -> "Processor":
        import ingest.process

        if (seconds := lease()) is not None:
            ingest.process.LEASE = timedelta(seconds=seconds)
            ingest.process.RENEW_AFTER = seconds / 4
        return super()._processor

    @cached_property
    def _automator(self) -> "Automator":
        import ingest.automate

        if (seconds := lease()) is not None:
            made = ingest.automate.Automator
            vars(ingest.automate)["Automator"] = partial(made, lease=timedelta(seconds=seconds))
        return super()._automator

    @cached_property
    def _deliverer(self) -> "Deliverer":
        import webhooks.deliver

        if (seconds := lease()) is not None:
            options = webhooks.deliver.DelivererOptions(deadline=DEADLINE, lease=DEADLINE + 1 + seconds)
            vars(webhooks.deliver)["Deliverer"] = partial(webhooks.deliver.Deliverer, options=options)
        return super()._deliverer


def build(settings: Settings, role: Role) -> Wired:
    """The parts of one process, with short leases."""
    return Hasty(settings, role)
