"""The short forms; `python -m tests.forms` has the long ones."""

import sys

import pytest

from tests.forms import hostile, kills, memory

pytestmark = [pytest.mark.crash, pytest.mark.timeout(420)]


@pytest.mark.takes(10)
def test_hostile_posts_come_to_nothing_and_good_ones_come_through() -> None:
    found = hostile.run(2 * len(hostile.KINDS), within=10.0)  # the tests beside this one are a crowd too
    assert found.problems == [], found.measured


@pytest.mark.takes(20)
def test_what_was_answered_is_there_after_a_kill() -> None:
    found = kills.run(6)
    assert found.problems == [], found.measured


@pytest.mark.takes(10)
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_large_files_cost_four_times_their_size_at_most() -> None:
    found = memory.run()
    assert found.problems == [], found.measured
