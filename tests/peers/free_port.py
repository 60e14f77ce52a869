"""Ports for programs that are told where to listen."""

import random
import socket


def free_port() -> int:
    """A port below those that the system hands out by itself to other connections."""
    while True:
        with socket.socket() as taken:
            port = random.randrange(20000, 32000)
            if taken.connect_ex(("127.0.0.1", port)) != 0:
                return port
