"""Addresses that nobody outside this machine reaches."""
import socket

LOOPBACK = '127.0.0.1'


TRIES_MAX = 1000

_given = set()


def free_port(kind=socket.SOCK_STREAM):
    """A port that nobody has, nor was given here before: the system may offer one twice."""
    for _ in range(TRIES_MAX):
        with socket.socket(socket.AF_INET, kind) as probe:
            probe.bind((LOOPBACK, 0))
            port = probe.getsockname()[1]
        if port not in _given:
            _given.add(port)
            return port
    raise OSError('no port is free')


def free_udp_port():
    return free_port(socket.SOCK_DGRAM)


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex((LOOPBACK, port)) == 0
