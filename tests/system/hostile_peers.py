"""Peers that mean no good: those that connect and say nothing, those that never listen, and those
that send what is in hostile_packets.py."""
import ipaddress
import itertools
import selectors
import socket
import threading
import time
from collections import deque

import mqtt_wire as wire
from harness import WAIT_SECONDS_MAX, eventually
from hostile_packets import NAME
from loopback import LOOPBACK

ADDRESSES = 250  # 127.0.1.1 and after; a home of bots has many
FIRST_ADDRESS = int(ipaddress.IPv4Address('127.0.1.1'))
PAUSE_SECONDS = 0.02
OPENED_AT_ONCE = 100  # until the siege is laid
REOPENED_AT_ONCE = 5
OPEN_SECONDS = 0.05
DRIP_SECONDS = 0.5
DEAF_BUFFER_BYTES = 4096
# The answers are longer than the questions: a topic that is nobody's, and why it is refused.
DEAF_CHUNK = 512 * wire.publish('x', b'', 1, 1, wire.V5)
FULL_SECONDS = 2.0  # nothing was taken for so long


def address(number):
    return str(ipaddress.IPv4Address(FIRST_ADDRESS + number % ADDRESSES))


class Siege(threading.Thread):
    """Opens `count` connections that never finish their CONNECT: a third is silent, a third stops
    in the middle, a third sends a byte now and then. Those that are cut come again, from another
    address, a hundred in a second."""

    def __init__(self, port, count):
        super().__init__(name='siege', daemon=True)
        self.opened = 0
        self._port, self._count = port, count
        self._selector = selectors.DefaultSelector()
        self._numbers = itertools.count()
        self._stopping = False
        self.failure = None

    def stop(self):
        self._stopping = True
        self.join(WAIT_SECONDS_MAX)
        if self.failure:
            raise self.failure

    def run(self):
        try:
            opens = drips = time.monotonic()
            while not self._stopping:
                now = time.monotonic()
                if now >= opens:
                    opens = now + OPEN_SECONDS
                    self._open()
                if now >= drips:
                    drips = now + DRIP_SECONDS
                    self._drip()
                for key, _ in self._selector.select(PAUSE_SECONDS):
                    self._read(key.fileobj)
        except Exception as failure:  # shown by the test's own thread
            self.failure = failure
        for key in list(self._selector.get_map().values()):
            key.fileobj.close()
        self._selector.close()

    def _open(self):
        held = len(self._selector.get_map())
        pace = OPENED_AT_ONCE if self.opened < self._count else REOPENED_AT_ONCE
        for _ in range(min(pace, self._count - held)):
            number = next(self._numbers)
            peer = socket.socket()
            peer.bind((address(number), 0))
            peer.setblocking(False)
            peer.connect_ex((LOOPBACK, self._port))
            hello = wire.connect(f'siege-{number}')[:-1]
            self._selector.register(peer, selectors.EVENT_READ, (number % 3, iter(hello)))
            if number % 3 == 1:
                self._send(peer, hello)
            self.opened += 1

    def _drip(self):
        for key in list(self._selector.get_map().values()):
            kind, hello = key.data
            if kind == 2:
                self._send(key.fileobj, bytes(itertools.islice(hello, 1)))

    def _send(self, peer, content):
        try:
            peer.send(content)
        except OSError:
            pass  # not connected yet, or cut: seen where it is read

    def _read(self, peer):
        try:
            if peer.recv(1):
                return
        except BlockingIOError:
            return
        except OSError:
            pass
        self._selector.unregister(peer)
        peer.close()


class Peer:
    """One connection that says exactly what it is told to, and waits for what comes."""

    def __init__(self, port, buffer_bytes=None):
        self.socket = socket.socket()
        if buffer_bytes:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer_bytes)
        self.socket.bind((address(0), 0))
        self.socket.settimeout(WAIT_SECONDS_MAX)
        self.socket.connect((LOOPBACK, port))
        self._received, self._packets = b'', deque()

    def close(self):
        self.socket.close()

    def send(self, content):
        """What the gateway has closed meanwhile takes no more: that is seen by its answer."""
        try:
            self.socket.sendall(content)
        except (BrokenPipeError, ConnectionResetError):
            pass

    def packet(self):
        """The next (type, body), or (None, b'') when the gateway has ended the connection."""
        while not self._packets:
            try:
                chunk = self.socket.recv(65536)
            except ConnectionResetError:
                chunk = b''
            if not chunk:
                return None, b''
            packets, self._received = wire.split(self._received + chunk)
            self._packets.extend(packets)
        return self._packets.popleft()

    def greet(self, password, version, client=NAME, clean=True, content=b'', name=NAME):
        """A good CONNECT; the CONNACK's body."""
        self.send(wire.connect(client, version, name, password, clean, content))
        kind, body = self.packet()
        assert kind == wire.CONNACK and body[1] == 0, (kind, body)
        return body

    def survives(self):
        """Whether it still gets an answer; without one, waits for the end of the connection."""
        self.send(wire.PING)
        kind = None
        while kind != wire.PINGRESP:
            kind, _ = self.packet()
            if kind is None:
                return False
        return True


def strike(port, password, attack):
    """Whether the connection survives the attack."""
    peer = Peer(port)
    try:
        if attack.greets:
            peer.greet(password, attack.version)
        peer.send(attack.content)
        return peer.survives()
    finally:
        peer.close()


def deafen(port, password, clients):
    """Peers that ask until nothing more is taken from them, because they read no answer."""
    peers = [Peer(port, DEAF_BUFFER_BYTES) for _ in clients]
    for peer, client in zip(peers, clients):
        peer.greet(password, wire.V5, client)
        peer.socket.setblocking(False)
    taken_at = time.monotonic()

    def are_full():
        nonlocal taken_at
        if any([_ask(peer) for peer in peers]):
            taken_at = time.monotonic()
        return time.monotonic() > taken_at + FULL_SECONDS

    eventually(are_full, 'the gateway reads no more from peers that take no answers')
    return peers


def _ask(peer):
    """Whether the gateway has taken something more from the peer."""
    try:
        return peer.socket.send(DEAF_CHUNK) > 0
    except BlockingIOError:
        return False
