"""Many devices at once in one thread, for a test that counts what each was told."""
import errno
import heapq
import itertools
import random
import selectors
import socket
import threading
import time

import mqtt_wire as wire
from harness import WAIT_SECONDS_MAX, eventually
from loopback import LOOPBACK

RECONNECT_SECONDS = (0.05, 0.3)  # somewhere between, so that the devices do not come all at once
BUSY_FACTOR_MAX = 10  # a device that is not let in waits longer each time
TICK_SECONDS = 0.02
CHUNK_BYTES = 65536
UNWRITTEN_BYTES_MAX = 65536  # then a device says nothing new


class _Line:
    """A device's connection."""

    def __init__(self, device):
        self.device, self.socket, self.unwritten, self.events = device, None, b'', 0
        self.busy = 0  # connections since the last that was accepted


class Fleet(threading.Thread):
    """Keeps its devices connected and publishing until told to stop."""

    def __init__(self, port, devices, seed=1):
        super().__init__(name='fleet', daemon=True)
        self.devices = devices
        self._port, self._chance = port, random.Random(seed)
        self._selector = selectors.DefaultSelector()
        self._alarms, self._order = [], itertools.count()
        self._publishing, self._stopping = True, False
        self.failure = None
        for device in devices:
            line = _Line(device)
            now = time.monotonic()
            self._alarm(now, self._connect, line)
            if device.pace:
                self._alarm(now + self._chance.uniform(0, device.pace), self._beat, line)

    @property
    def acknowledged(self):
        return sum(len(device.acknowledged) for device in self.devices)

    def all_connected(self):
        return all(device.connected for device in self.devices)

    def settle(self):
        """No new readings; returns when every one that was sent is acknowledged."""
        self._publishing = False
        eventually(lambda: self.failure or all(device.is_idle() for device in self.devices),
                   'everything that was sent is acknowledged')

    def stop(self):
        self._stopping = True
        self.join(WAIT_SECONDS_MAX)
        if self.failure:
            raise self.failure

    def run(self):
        try:
            while not self._stopping:
                self._ring()
                for key, events in self._selector.select(TICK_SECONDS):
                    self._serve(key.data, events)
        except Exception as failure:  # shown by the test's own thread
            self.failure = failure
        for key in list(self._selector.get_map().values()):
            self._send(key.data, wire.GOODBYE)
            key.data.socket.close()
        self._selector.close()

    # --- what happens at a time

    def _alarm(self, when, what, line):
        heapq.heappush(self._alarms, (when, next(self._order), what, line))

    def _ring(self):
        now = time.monotonic()
        while self._alarms and self._alarms[0][0] <= now:
            when, _, what, line = heapq.heappop(self._alarms)
            what(line, when)

    def _connect(self, line, _):
        line.socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        line.socket.setblocking(False)
        line.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        line.socket.connect_ex((LOOPBACK, self._port))
        line.unwritten = line.device.hello()
        line.events = selectors.EVENT_READ | selectors.EVENT_WRITE
        self._selector.register(line.socket, line.events, line)

    def _beat(self, line, when):
        """The next reading of a device with a pace."""
        if self._publishing and line.device.connected:
            self._send(line, line.device.readings(1))
        self._alarm(when + line.device.pace, self._beat, line)

    # --- what happens on a connection

    def _serve(self, line, events):
        if events & selectors.EVENT_READ and not self._receive(line):
            return
        if events & selectors.EVENT_WRITE:
            self._send(line, b'')

    def _receive(self, line):
        try:
            chunk = line.socket.recv(CHUNK_BYTES)
        except BlockingIOError:
            return True
        except OSError:
            chunk = b''
        if not chunk:
            self._lose(line)
            return False
        device = line.device
        answer = device.take(chunk, time.monotonic())
        if not device.pace and self._publishing and len(line.unwritten) < UNWRITTEN_BYTES_MAX:
            answer += device.readings(device.window)
        self._send(line, answer)
        return True

    def _send(self, line, content):
        line.unwritten += content
        try:
            while line.unwritten:
                line.unwritten = line.unwritten[line.socket.send(line.unwritten):]
        except BlockingIOError:
            pass
        except OSError as failure:
            if failure.errno == errno.ENOTCONN:
                return
            line.unwritten = b''  # the end of the connection is seen where it is read
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if line.unwritten else 0)
        if events != line.events:
            line.events = events
            self._selector.modify(line.socket, events, line)

    def _lose(self, line):
        self._selector.unregister(line.socket)
        line.socket.close()
        line.busy = 0 if line.device.connected else line.busy + 1
        line.device.cut()
        delay = self._chance.uniform(*RECONNECT_SECONDS) * min(1 + line.busy, BUSY_FACTOR_MAX)
        self._alarm(time.monotonic() + delay, self._connect, line)
