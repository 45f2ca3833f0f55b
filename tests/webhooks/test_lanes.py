"""Who is sent to next: few per endpoint, those in trouble one at a time, turns for all, quick ones in large claims."""

from store.outbox import Due, DueEndpoint
from webhooks.lanes import (
    AT_ONCE,
    MOST_AHEAD,
    MOST_HELD,
    MOST_RUNNING,
    MOST_TROUBLED,
    NO_ROOM,
    Held,
    Lanes,
)


def endpoint(name: str, *, failing: bool = False, is_open: bool = True) -> DueEndpoint:
    return DueEndpoint("account", name, "https://x.example/", b"", is_open, failing)


def due(target: DueEndpoint, number: int) -> Due:
    return Due("account", f"{target.id}-{number}", target.id, f"e{number}", "lead.created", "{}", 0, 1, 7)


def claim(lanes: Lanes, *targets: DueEndpoint, start_by: float = 100.0) -> dict[str, int]:
    """Claims as many as there is room for; how many of each."""
    shares = lanes.room().share(targets)
    for target, number in shares:
        lanes.take([due(target, n) for n in range(number)], [target], start_by)
    return {target.id: number for target, number in shares}


def started(lanes: Lanes, now: float = 0.0) -> list[Held]:
    return lanes.start(now)


def end(lanes: Lanes, held: Held, *, delivered: bool = True, milliseconds: int = 10) -> None:
    lanes.finished(held.due, delivered=delivered, milliseconds=milliseconds)


def test_an_endpoint_runs_four_at_once_and_one_in_trouble_one() -> None:
    lanes = Lanes()
    well, ill = endpoint("well"), endpoint("ill", failing=True)
    assert claim(lanes, well, ill) == {"well": AT_ONCE, "ill": 1}
    assert len(started(lanes)) == AT_ONCE + 1
    assert claim(lanes, well, ill) == {}


def test_what_is_closed_gets_nothing() -> None:
    lanes = Lanes()
    assert claim(lanes, endpoint("closed", is_open=False)) == {}
    assert NO_ROOM.share([endpoint("x")]) == []


def test_a_quick_endpoint_is_claimed_in_growing_numbers_but_runs_four() -> None:
    lanes = Lanes()
    quick = endpoint("quick")
    claim(lanes, quick)
    while lanes.running or lanes.waiting:
        running = started(lanes)
        assert len(running) <= AT_ONCE
        for held in running:
            end(lanes, held)
    assert claim(lanes, quick) == {"quick": MOST_AHEAD}
    (*_, last) = started(lanes)
    end(lanes, last, milliseconds=2_000)
    assert (
        len(lanes.surplus(0)) == MOST_AHEAD - 1 - AT_ONCE
    )  # slow: it may hold four again, three of them run


def test_a_failure_sends_back_what_waits() -> None:
    lanes = Lanes()
    target = endpoint("target")
    claim(lanes, target)
    first, *_ = started(lanes)
    end(lanes, first)
    claim(lanes, target)
    (again,) = started(lanes)
    end(lanes, again, delivered=False)
    assert lanes.surplus(0)
    assert lanes.waiting == 0
    assert claim(lanes, target) == {}


def test_what_can_no_longer_be_started_in_time_goes_back() -> None:
    lanes = Lanes()
    target = endpoint("target")
    claim(lanes, target, start_by=10.0)
    assert started(lanes, now=11.0) == []
    assert len(lanes.surplus(11.0)) == AT_ONCE
    assert (lanes.running, lanes.waiting) == (0, 0)


def test_those_in_trouble_leave_room_for_the_others() -> None:
    lanes = Lanes()
    ill = [endpoint(f"ill{n:02}", failing=True) for n in range(50)]
    claim(lanes, *ill)
    assert len(started(lanes)) == MOST_TROUBLED
    well = [endpoint(f"well{n}") for n in range(20)]
    claim(lanes, *well)
    assert len(started(lanes)) == MOST_RUNNING - MOST_TROUBLED
    assert lanes.running == MOST_RUNNING


def test_an_endpoint_that_recovers_gives_its_place_back() -> None:
    lanes = Lanes()
    ill = [endpoint(f"ill{n:02}", failing=True) for n in range(40)]
    claim(lanes, *ill)
    for held in started(lanes):
        end(lanes, held, delivered=True)
    assert len(started(lanes)) == 40 - MOST_TROUBLED
    assert claim(lanes, ill[0]) != {}


def test_endpoints_take_turns() -> None:
    lanes = Lanes()
    many = [endpoint(f"e{n:03}") for n in range(100)]
    first = claim(lanes, *many)
    assert sum(first.values()) == MOST_HELD
    running = started(lanes)
    assert len({held.endpoint.id for held in running}) == 64  # one of each before a second of any
    for held in running:
        end(lanes, held)
    after = claim(lanes, *many)
    assert min(after) > max(first)  # those who got nothing come first


def test_everything_goes_back_at_the_end() -> None:
    lanes = Lanes()
    claim(lanes, endpoint("a"), endpoint("b"))
    running = started(lanes)
    claim(lanes, endpoint("c"))
    assert len(lanes.surplus(0, everything=True)) == AT_ONCE
    assert lanes.running == len(running)
