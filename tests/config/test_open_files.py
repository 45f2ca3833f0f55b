"""The limit of open files, in a process of its own."""

import subprocess
import sys

SCRIPT = """
import resource
from config import open_files
resource.setrlimit(resource.RLIMIT_NOFILE, ({soft}, {hard}))
print(open_files.allow(512), resource.getrlimit(resource.RLIMIT_NOFILE)[0])
"""


def allowed(soft: int, hard: int) -> str:
    script = SCRIPT.format(soft=soft, hard=hard)
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return ran.stdout.strip()


def test_the_limit_is_raised_as_far_as_the_system_lets_it() -> None:
    assert allowed(256, 2048) == "512 512"
    assert allowed(256, 300) == "300 300"
    assert allowed(1024, 1024) == "1024 1024", "a limit that is high enough is left alone"
