"""Ports for servers that are told theirs and cannot ask the system for one: a demo takes three in a row."""

from __future__ import annotations

import os
from itertools import count as counting

from checkout_server.cli.listen import PortTaken, close, loopback_ports

# Below those that systems hand to every outgoing connection: from 32768 (Linux) and from 49152 (macOS) on.
_FIRST, _MANY = 20_000, 12_000
# Each process starts elsewhere, so that those that test side by side do not meet, and takes no port twice.
_places = counting(os.getpid() * 100)


def free_ports(count: int) -> int:
    """The first of `count` ports in a row, on both loopback addresses, that nobody uses now."""
    for _ in range(_MANY):
        taken = [_FIRST + next(_places) % _MANY for _ in range(count)]
        if taken[-1] - taken[0] != count - 1:  # around the end
            continue
        try:
            for sockets in loopback_ports(taken[0], count):
                close(sockets)
        except PortTaken:
            continue
        return taken[0]
    raise AssertionError("no free ports")
