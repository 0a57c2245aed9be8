# SPDX-License-Identifier: Apache-2.0
"""
ports - ports of 127.0.0.1 that are free for TCP and UDP: free_port(), or `ports.py COUNT`.

From below those that the system gives to outgoing connections: a port that a test keeps for a
program it starts later, or starts again, is not taken meanwhile by somebody's question.
"""
import contextlib
import random
import socket
import sys

FIRST, LAST = 10240, 32767
given = set()


def free_port():
    while True:
        port = random.SystemRandom().randint(FIRST, LAST)
        with contextlib.suppress(OSError), socket.socket() as tcp, \
                socket.socket(type=socket.SOCK_DGRAM) as udp:
            tcp.bind(("127.0.0.1", port))
            udp.bind(("127.0.0.1", port))
            if port not in given:
                given.add(port)
                return port


if __name__ == "__main__":
    print(*(free_port() for _ in range(int(sys.argv[1]))))
