"""A post with 25 MiB of files: how far each process's memory rises above its idle, in sizes of the post (Linux)."""

import random
from collections.abc import Callable
from pathlib import Path

from tests.forms.hostile import Findings, drain
from tests.forms.site import ORIGIN, Site, site

MIB = 1024 * 1024
SIZES = (10 * MIB, 10 * MIB, 5 * MIB)
MOST = 4.0


def run(*, say: Callable[[str], None] = print) -> Findings:
    """The scene."""
    found = Findings()
    with site() as on:
        for number in range(3):  # warm: what is loaded once is no part of a post's memory
            on.post({"name": f"Warm {number}", "email": f"warm{number}@visitor.example"})
            drain(on.deployment)
        tree = on.deployment.tree()
        for pid in tree:
            Path(f"/proc/{pid}/clear_refs").write_text("5")  # proc(5): the peak begins anew
        idle = {pid: _kib(pid, "VmRSS") for pid in tree}
        size = _post(on)
        drain(on.deployment)
        for pid, word in tree.items():
            rise = (_kib(pid, "VmHWM") - idle[pid]) * 1024 / size
            found.measured[f"{word} {pid}"] = round(rise, 2)
            if rise > MOST:
                found.problems.append(f"{word} rose by {rise:.1f} × the post's size")
        (message,) = [one for one in on.messages() if one["parsed"]["fields"]["name"] == "Large"]
        if len(message["parsed"]["attachments"]) != len(SIZES):
            found.problems.append("files are missing")
        say(str(found.measured))
    return found


def _post(on: Site) -> int:
    chance, body = random.Random(5), bytearray()
    body += b'--B\r\nContent-Disposition: form-data; name="name"\r\n\r\nLarge\r\n'
    for number, size in enumerate(SIZES):
        body += f'--B\r\nContent-Disposition: form-data; name="f"; filename="{number}.bin"\r\n\r\n'.encode()
        body += chance.randbytes(size) + b"\r\n"
    body += b"--B--\r\n"
    headers = {"Content-Type": "multipart/form-data; boundary=B", "Origin": ORIGIN}
    answer = on.send(bytes(body), headers)
    assert answer.status == 200, answer
    return len(body)


def _kib(pid: int, name: str) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1])
    return 0
