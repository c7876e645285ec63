"""Addresses that nobody outside this machine reaches."""
import socket

LOOPBACK = '127.0.0.1'


def free_port(kind=socket.SOCK_STREAM):
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind((LOOPBACK, 0))
        return probe.getsockname()[1]


def free_udp_port():
    return free_port(socket.SOCK_DGRAM)


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex((LOOPBACK, port)) == 0
