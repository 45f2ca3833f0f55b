"""The long tests are dealt out, and nothing is lost on the way."""

from pathlib import Path

import pytest

from tests.house.dealing import deal

pytest_plugins = ["pytester"]
LONG_FILE = """
import pytest
pytestmark = pytest.mark.takes(20)
def test_a(): pass
def test_b(): pass
"""
LONG_TESTS = """
import pytest
@pytest.mark.takes(50)
@pytest.mark.parametrize("n", range(2))
def test_long(n): pass
@pytest.mark.takes(1)
def test_not_so_long(): pass
"""
SHORT = "import pytest\n@pytest.mark.parametrize('n', range(30))\ndef test_short(n): pass\n"


@pytest.fixture
def items(pytester: pytest.Pytester) -> list[pytest.Item]:
    for name, text in (("test_1", LONG_FILE), ("test_2", LONG_TESTS), ("test_3", SHORT)):
        pytester.makepyfile(**{name: text})
    return pytester.inline_genitems()[0]


def names(items: list[pytest.Item]) -> list[str]:
    return [item.name.partition("[")[0] for item in items]


def test_each_process_begins_with_its_share_of_the_long_ones(items: list[pytest.Item]) -> None:
    assert len(items) == 35
    dealt = deal(items, 4)
    assert sorted(dealt, key=id) == sorted(items, key=id)
    first, second, third, last = dealt[:8], dealt[8:17], dealt[17:26], dealt[26:]  # 35 as worksteal cuts it
    assert names(first)[:2] == ["test_long", "test_short"]
    assert names(second)[:2] == ["test_long", "test_short"]
    assert set(names(last)) == {"test_short"}
    assert names(third)[:4] == ["test_a", "test_b", "test_not_so_long", "test_short"], "a file stays together"
    short = [item for item in dealt if item.name.startswith("test_short")]
    assert short == [item for item in items if item.name.startswith("test_short")], "in their order"


@pytest.mark.parametrize("processes", [1, 2, 40])
def test_nothing_is_lost(items: list[pytest.Item], processes: int) -> None:
    assert sorted(deal(items, processes), key=id) == sorted(items, key=id)


def test_worksteal_cuts_as_is_thought_here(pytester: pytest.Pytester, items: list[pytest.Item]) -> None:
    """pytest-xdist itself: the two that take longest run in different processes, each as its first."""
    root = Path(__file__).resolve().parents[2]
    pytester.makeconftest(
        f"""
        import sys
        sys.path.insert(0, {str(root)!r})
        import pytest
        from tests.house import dealing

        def pytest_configure(config):
            config.addinivalue_line("markers", dealing.SAYS)

        def pytest_collection_modifyitems(config, items):
            if hasattr(config, "workerinput"):
                items[:] = dealing.deal(items, config.workerinput["workercount"])

        @pytest.fixture(autouse=True)
        def told(request, worker_id, record_property):
            with open(f"{{request.config.rootpath}}/{{worker_id}}.ran", "a") as file:
                file.write(request.node.name.partition("[")[0] + "\\n")
        """
    )
    done = pytester.runpytest_subprocess("-n", "3", "--dist", "worksteal", "-p", "no:cacheprovider")
    done.assert_outcomes(passed=35)
    ran = [path.read_text().split()[0] for path in sorted(Path(pytester.path).glob("*.ran"))]
    assert sorted(ran) == ["test_a", "test_long", "test_long"]  # whichever process was up first
