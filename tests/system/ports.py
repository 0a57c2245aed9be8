# SPDX-License-Identifier: Apache-2.0
"""
ports - ports of 127.0.0.1 that are free for TCP and UDP: free_port(), or `ports.py COUNT`.

From below those that the system gives to outgoing connections: a port that a test keeps for a
program it starts later, or starts again, is not taken meanwhile by somebody's question. Nor is it
given to another test that runs at the same time: what was given is written down for KEPT_S, longer
than any test may take.
"""
import contextlib
import fcntl
import os
import random
import re
import socket
import sys
import tempfile
import time

FIRST, LAST = 10240, 32767
KEPT_S = 1200


@contextlib.contextmanager
def given():
    """Port -> when it was given; changes are kept. One process at a time."""
    path = os.path.join(tempfile.gettempdir(), f"yumen-test-ports-{os.getuid()}")
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
    with os.fdopen(os.open(path, flags, 0o600), "r+", encoding="ascii") as book:
        fcntl.flock(book, fcntl.LOCK_EX)
        now = int(time.time())
        rows = re.findall(r"(?m)^(\d+) (\d+)$", book.read())
        ports = {int(port): int(at) for port, at in rows if now - KEPT_S < int(at) <= now}
        yield ports
        book.seek(0)
        book.truncate()
        book.write("".join(f"{port} {at}\n" for port, at in ports.items()))


def free_port():
    with given() as ports:
        while True:
            port = random.SystemRandom().randint(FIRST, LAST)
            with contextlib.suppress(OSError), socket.socket() as tcp, \
                    socket.socket(type=socket.SOCK_DGRAM) as udp:
                tcp.bind(("127.0.0.1", port))
                udp.bind(("127.0.0.1", port))
                if port not in ports:
                    ports[port] = int(time.time())
                    return port


if __name__ == "__main__":
    print(*(free_port() for _ in range(int(sys.argv[1]))))
