"""One device of a fleet: what it has sent, what was acknowledged, and what it says next."""
import time

import mqtt_wire as wire
from load import stamp

IDENTIFIERS = 0xFFFF
SESSION_SECONDS = b'\x11\x00\x00\x0e\x10'  # Session Expiry Interval: an hour


class MqttDevice:
    """Publishes readings with the values 1, 2, 3 …, and again after a cut what is not acknowledged.
    It knows no socket: it takes and makes bytes. Only its fleet's thread touches it.

    `acknowledged` holds the values of PUBACK (QoS 1) or PUBREC (QoS 2). With QoS 2 it has a session
    that lasts, and does what the standard asks of the sender (4.3.3, 4.4)."""

    def __init__(self, name, password=None, qos=1, window=50, version=wire.V3_1_1, pace=0):
        self.name, self.password = name, password
        self.qos, self.window, self.version = qos, window, version
        self.pace = pace  # seconds between two readings; 0: whenever there is room
        self.acknowledged, self.waits = set(), []  # seconds of each acknowledgement
        self.sent = self.cuts = self.busy = self.sessions_lost = 0
        self.refused = []  # (what, reason) of every answer that says no for good
        self.connected = False
        self._had_session = False
        self._under_way = {}  # packet identifier: (value, when it was sent)
        self._releasing = {}  # identifiers of PUBREL without PUBCOMP, in their order
        self._identifier = 0
        self._received = b''
        self._topic = f'water/{name}/reading'.encode()
        self._start_ms = int(time.time() * 1000) - 3_600_000

    def is_idle(self):
        return not self._under_way and not self._releasing

    def hello(self):
        """The bytes of a new connection."""
        self._received = b''
        lasting = SESSION_SECONDS if self.version == wire.V5 and self.qos == 2 else b''
        name = None if self.password is None else self.name
        return wire.connect(self.name, self.version, name, self.password, self.qos < 2, lasting)

    def cut(self):
        """Its connection has ended."""
        self.cuts += self.connected
        self.connected = False

    def readings(self, count):
        """The bytes of so many new readings at most, as far as there is room."""
        room = min(count, self.window - len(self._under_way) - len(self._releasing))
        now = time.monotonic()
        return b''.join(self._publish(now) for _ in range(room)) if self.connected else b''

    def take(self, chunk, now):
        """The answer to what has come from the gateway."""
        packets, self._received = wire.split(self._received + chunk)
        return b''.join([self._take(kind, body, now) for kind, body in packets])

    def _take(self, kind, body, now):
        if kind == wire.CONNACK:
            return self._on_connack(body)
        if kind == wire.DISCONNECT:
            self.refused.append(('DISCONNECT', body[0] if body else 0))
            return b''
        identifier = int.from_bytes(body[:2], 'big')
        if kind == wire.PUBCOMP:  # also one that does not know the identifier any more (4.3.3)
            self._releasing.pop(identifier, None)
            return b''
        if len(body) > 2 and body[2] >= wire.FAILURE:
            self._under_way.pop(identifier, None)
            self.refused.append(('PUBLISH', body[2]))
            return b''
        if kind in (wire.PUBACK, wire.PUBREC) and identifier in self._under_way:
            value, sent_at = self._under_way.pop(identifier)
            self.acknowledged.add(value)
            self.waits.append(now - sent_at)
        return self._release(identifier) if kind == wire.PUBREC else b''

    def _release(self, identifier):
        self._releasing[identifier] = None
        return wire.acknowledgement(wire.PUBREL, identifier)

    def _on_connack(self, body):
        present, reason = body[0] & 1, body[1]
        if reason in (3, 0x88, 0x89):  # not now
            self.busy += 1
            return b''
        if reason:
            self.refused.append(('CONNECT', reason))
            return b''
        self.connected = True
        self.sessions_lost += self._had_session and not present
        self._had_session = self.qos == 2
        return self._unfinished()

    def _unfinished(self):
        now = time.monotonic()
        resent = []
        for identifier, (value, _) in list(self._under_way.items()):
            self._under_way[identifier] = (value, now)
            resent.append(self._message(identifier, value, again=self.qos == 2))
        released = [wire.acknowledgement(wire.PUBREL, one) for one in self._releasing]
        return b''.join(released + resent)

    def _publish(self, now):
        while True:
            self._identifier = self._identifier % IDENTIFIERS + 1
            if self._identifier not in self._under_way and self._identifier not in self._releasing:
                break
        self.sent += 1
        self._under_way[self._identifier] = (self.sent, now)
        return self._message(self._identifier, self.sent)

    def _message(self, identifier, value, again=False):
        payload = b'{"ts":"%s","m3":%d}' % (stamp(self._start_ms + value).encode(), value)
        return wire.publish(self._topic, payload, self.qos, identifier, self.version, again)
