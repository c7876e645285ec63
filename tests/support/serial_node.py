"""A node of firmware-bridge/README.md in Python: written from its tables, as serial_link.py is."""
import random

from serial_link import (
    ACK, ANSWER_MS, ANSWER_MS_MAX, HEARTBEAT_MS, HELLO, HELLO_AGAIN, NODE_ACK, NODE_HELLO,
    NODE_REFUSED, NODE_STATUS, NODE_WELCOME, POLL, READINGS, READINGS_MESSAGE, REFUSED, STATUS,
    STOPPED_MS, TURNED_AWAY, TURNED_AWAY_MS, TURN_END, UPDATE_OFFER, VERSION, WELCOME, WINDOW_MAX,
    Frame, FrameReader, decode, encode)


class SimulatedNode:
    """One node, without any input or output of its own. Time is in milliseconds since its start.

    `feed(now, bytes)` and `tick(now)` return what it sends. An address other than 0 is a bus: then
    it sends only in answer to a POLL. `reboot` forgets all but the queue, and `updates`, if it has
    any: NodeUpdates of serial_update.py.
    """

    def __init__(self, name, address=0, versions=(VERSION, VERSION), seed=None, updates=None):
        self.name, self.address, self.versions = name, address, versions
        self.updates = updates
        self._random = random.Random(seed)
        self.incarnation = self._random.randrange(1, 1 << 32)
        self.queue = []               # payloads that are not acknowledged
        self.first = 1                # the sequence of queue[0]
        self.lost = 0
        self.refused = []             # (sequence, cause)
        self.turned_away = []         # causes
        self.sent = self.repeated = 0  # READINGS messages
        self.reboot()

    def reboot(self, now=0):
        if self.updates:
            self.updates.started(now)
        self.reader = FrameReader()
        self.session = self.window = self.unix_ms = 0
        self._next = self._sent_end = self.first
        self._gap = 0                 # where a gap has led back to already
        self._wait = ANSWER_MS
        self._answer_due = self._quiet_until = self._last_sent = self._greeted = 0

    @property
    def end(self):
        """The sequence of the next new message."""
        return self.first + len(self.queue)

    def add(self, readings, device=''):
        message = {'device': device} if device else {}
        self.queue.append(encode(READINGS_MESSAGE, {**message, 'readings': readings}))

    def drop_oldest(self, messages, readings):
        """As a full queue does."""
        del self.queue[:messages]
        self.first += messages
        self.lost += readings
        self.session = 0

    def feed(self, now, received):
        sent = b''
        for frame in self.reader.feed(received):
            if frame.address != self.address:
                continue
            try:
                sent += self._take(now, frame)
            except ValueError:
                continue
        return sent + (self.tick(now) if not self.address else b'')

    def tick(self, now):
        self._restart_if_due(now)
        if self.address or now < self._quiet_until:
            return b''
        if not self.session:
            return self._hello(now) if now >= self._answer_due else b''
        if self._next > self.first and now >= self._answer_due:
            self._next, self._gap = self.first, 0
            self._back_off(now)
        sent = self._readings(now)
        silence = STOPPED_MS if self.window == 0 and self.queue else HEARTBEAT_MS
        if not sent and now - self._last_sent >= silence:
            sent = self._status(now)
        return sent + self._updates(now)

    def _restart_if_due(self, now):
        if self.updates and self.updates.restarts(now):
            self.reboot(now)

    def _updates(self, now):
        said = self.updates.say(now) if self.updates else []
        return b''.join(Frame(kind, self.address, self.session, sequence, payload).pack()
                        for kind, sequence, payload in said)

    def _take(self, now, frame):
        if frame.type == WELCOME:
            self._welcome(now, frame)
        elif frame.type == TURNED_AWAY and not self.session:
            self.turned_away.append(decode(NODE_REFUSED, frame.payload)['cause'])
            self._quiet_until = now + TURNED_AWAY_MS
        elif frame.type == HELLO_AGAIN and frame.session in (0, self.session):
            self._forget_session()
        elif frame.type == POLL and self.address:
            return self._turn(now, frame)
        elif frame.session == self.session != 0:
            if frame.type == ACK:
                self._acknowledged(now, frame)
            elif frame.type == REFUSED:
                cause = decode(NODE_REFUSED, frame.payload)['cause']
                self.refused.append((frame.sequence, cause))
            elif self.updates and frame.type >= UPDATE_OFFER:
                self.updates.take(now, frame, self)
        return b''

    def _forget_session(self):
        self.session, self._answer_due, self._wait = 0, 0, ANSWER_MS

    def _welcome(self, now, frame):
        welcome = decode(NODE_WELCOME, frame.payload)
        if (welcome['node'], welcome['incarnation']) != (self.name, self.incarnation):
            return
        if not self.versions[0] <= welcome['version'] <= self.versions[1]:
            return
        if frame.sequence > self.end:  # its queue came back older than it was
            self.lost += len(self.queue)
            self.queue, self.first = [], 1
            self.incarnation = self._random.randrange(1, 1 << 32)
            self._forget_session()
            return
        self.session, self.window = frame.session, min(welcome['window'], WINDOW_MAX)
        self.unix_ms = welcome['unix_ms']
        self._drop_below(frame.sequence)
        self._next = self._sent_end = self.first
        self._gap, self._wait, self._answer_due = 0, ANSWER_MS, now + ANSWER_MS
        self._greeted = self._last_sent

    def _acknowledged(self, now, frame):
        ack = decode(NODE_ACK, frame.payload)
        expected = max(ack['expected'], frame.sequence)
        if expected > self._sent_end:
            return  # it cannot know of what was never sent
        self.window, self.unix_ms = min(ack['window'], WINDOW_MAX), ack['unix_ms']
        is_new = frame.sequence > self.first
        if is_new:
            self._drop_below(frame.sequence)
            self._wait, self._gap = ANSWER_MS, 0
        if self.updates and (is_new or not self.queue and now >= self._greeted + HEARTBEAT_MS):
            self.updates.acknowledged()
        self._answer_due = now + self._wait
        back = ack['gap'] and expected < self._next and expected != self._gap
        if back or expected > self._next:
            self._next, self._gap = max(expected, self.first), expected
        self._next = max(self._next, self.first)

    def _drop_below(self, sequence):
        done = max(0, sequence - self.first)
        del self.queue[:done]
        self.first += done

    def _turn(self, now, frame):
        self._restart_if_due(now)
        if now < self._quiet_until:
            return b''
        if frame.session == 0 or self.session == 0:
            if frame.session != 0:
                return b''  # of another node at this address
            self._forget_session()
            return self._hello(now) + self._frame(now, TURN_END, 0)
        if frame.session != self.session:
            return b''
        self._acknowledged(now, frame)
        self._next = max(self.first, decode(NODE_ACK, frame.payload)['expected'])
        sent = self._readings(now)
        if not sent and (now - self._last_sent >= HEARTBEAT_MS or self.window == 0):
            sent = self._status(now)
        return sent + self._updates(now) + self._frame(now, TURN_END, 0)

    def _readings(self, now):
        sent = b''
        while self._next < min(self.end, self.first + self.window):
            payload = self.queue[self._next - self.first]
            sent += self._frame(now, READINGS, self._next, payload)
            self.sent += 1
            self.repeated += self._next < self._sent_end
            self._next += 1
            self._sent_end = max(self._sent_end, self._next)
            self._answer_due = now + self._wait
        return sent

    def _hello(self, now):
        hello = {'version_min': self.versions[0], 'version_max': self.versions[1],
                 'node': self.name, 'vendor': 'Simulated', 'device_class': 'python',
                 'firmware': 1, 'incarnation': self.incarnation, 'next': self.first,
                 'waiting': len(self.queue), 'lost': self.lost,
                 **(self.updates.hello() if self.updates else {})}
        self._back_off(now)
        return Frame(HELLO, self.address, 0, 0, encode(NODE_HELLO, hello)).pack()

    def _status(self, now):
        status = {'uptime_s': now // 1000, 'waiting': len(self.queue), 'lost': self.lost}
        return self._frame(now, STATUS, self._sent_end, encode(NODE_STATUS, status))

    def _frame(self, now, kind, sequence, payload=b''):
        self._last_sent = now
        return Frame(kind, self.address, self.session, sequence, payload).pack()

    def _back_off(self, now):
        self._answer_due = now + self._wait
        self._wait = min(2 * self._wait, ANSWER_MS_MAX)
