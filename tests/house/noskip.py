"""pytest plugin: with LEADGATE_TEST_NO_SKIPS=1 (as CI sets it) a skipped test is a failed one.

Without the variable it does nothing. A test that rightly cannot run somewhere says so by a marker that leaves it
out of the collection there, not by a skip; an expected failure (xfail) stays what it is.
"""

import os
from collections.abc import Generator

import pytest

SWITCH = "LEADGATE_TEST_NO_SKIPS"


def _skip_is_failure(report: pytest.TestReport | pytest.CollectReport) -> None:
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get(SWITCH) == "1":
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        report.outcome = "failed"
        report.longrepr = (
            f"{reason}\n({SWITCH}=1: everything that a test needs is installed here, so none is skipped)"
        )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that skipped itself, or that a marker skipped."""
    report = yield
    _skip_is_failure(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """A module that skipped itself while it was read (`pytest.importorskip`)."""
    report = yield
    _skip_is_failure(report)
    return report
