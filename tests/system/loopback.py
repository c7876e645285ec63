"""Addresses that nobody outside this machine reaches."""
import atexit
import contextlib
import random
import socket

LOOPBACK = '127.0.0.1'

PORTS = range(20_000, 32_000)  # below those that the system gives to who asks for none
TRIES_MAX = 1000

_claims = contextlib.ExitStack()
atexit.register(_claims.close)


def free_port(kind=socket.SOCK_STREAM):
    """A port that nobody has, nor gets from here before this process ends: programs that are killed
    and started again find it free, whatever other tests do meanwhile."""
    for _ in range(TRIES_MAX):
        port = random.choice(PORTS)
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as claim:
            claim.bind(f'\0passerelle-test-port-{port}')  # gone with the process
            with socket.socket(socket.AF_INET, kind) as probe:
                probe.bind((LOOPBACK, port))
            _claims.enter_context(socket.socket(fileno=claim.detach()))
            return port
    raise OSError('no port is free')


def free_udp_port():
    return free_port(socket.SOCK_DGRAM)


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex((LOOPBACK, port)) == 0
