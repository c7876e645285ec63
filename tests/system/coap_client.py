"""A CoAP client (RFC 7252) that tells exactly what was acknowledged, and can send anything."""
import itertools
import os
import select
import socket
import time

from loopback import LOOPBACK

CON, NON, ACK, RST = 0, 1, 2, 3
POST = 2
CONTENT_FORMATS = {'json': 50, 'cbor': 60, 'octets': 42, 'senml-json': 110, 'senml-cbor': 112}
ANSWER_SECONDS_MAX = 2.0  # then the request is sent again
DATAGRAM_BYTES_MAX = 65535


class CoapClient:
    """Sends one confirmable request at a time."""

    def __init__(self, port):
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.connect((LOOPBACK, port))
        self._ids = itertools.count(int.from_bytes(os.urandom(2), 'big'))

    def close(self):
        self._socket.close()

    def post(self, path, payload, content_format, deadline):
        """The answer's code ('2.04'), or None if none comes before time.monotonic() is `deadline`.

        The same message goes out again until then, as the standard has it."""
        identity = next(self._ids) & 0xFFFF
        token = os.urandom(4)
        request = message(CON, POST, identity, token, path, content_format, payload)
        while time.monotonic() < deadline:
            self.send(request)
            patience = min(deadline, time.monotonic() + ANSWER_SECONDS_MAX)
            code = self._answer(identity, token, patience)
            if code:
                return code
        return None

    def send(self, datagram):
        try:
            self._socket.send(datagram)
        except ConnectionRefusedError:
            pass  # nobody listens at the moment: an ICMP of an earlier datagram

    def receive(self, deadline):
        """The next datagram, or None."""
        while (left := deadline - time.monotonic()) > 0:
            if not select.select([self._socket], [], [], left)[0]:
                return None
            try:
                return self._socket.recv(DATAGRAM_BYTES_MAX)
            except ConnectionRefusedError:
                time.sleep(0.02)  # the server is away: no use in hurrying
                return None
        return None

    def _answer(self, identity, token, deadline):
        while datagram := self.receive(deadline):
            kind, code, number, answered = header(datagram)
            if kind == RST and number == identity:
                return None
            if kind == ACK and number == identity and code == '0.00':
                continue  # the answer comes on its own
            if answered == token:
                if kind == CON:
                    self.send(bytes([0x60, 0]) + number.to_bytes(2, 'big'))
                return code
        return None


def message(kind, method, identity, token, path, content_format, payload):
    options, previous = b'', 0
    numbered = [(11, segment.encode()) for segment in path.split('/')]
    numbered.append((12, content_format.to_bytes(1, 'big')))
    for number, value in numbered:
        options += _option(number - previous, value)
        previous = number
    head = bytes([0x40 | kind << 4 | len(token), method]) + identity.to_bytes(2, 'big') + token
    return head + options + (b'\xff' + payload if payload else b'')


def _option(delta, value):
    size = len(value)
    if size < 13:
        return bytes([delta << 4 | size]) + value
    return bytes([delta << 4 | 13, size - 13]) + value


def header(datagram):
    """(type, code, message id, token)"""
    if len(datagram) < 4:
        return None, None, None, None
    kind, token_size, code = datagram[0] >> 4 & 3, datagram[0] & 15, datagram[1]
    number = int.from_bytes(datagram[2:4], 'big')
    return kind, f'{code >> 5}.{code & 31:02}', number, datagram[4:4 + token_size]
