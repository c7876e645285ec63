"""A gateway with a serial line, the city behind it, and nodes at the other end of the line.

The nodes are those of tests/support/serial_node.py; a pseudo-terminal is the line. What passes it
can be damaged and doubled, in both directions.
"""
import os
import random
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from harness import ROOT, CityTest
from loopback import LOOPBACK, free_port

sys.path.insert(0, str(ROOT / 'tests/support'))

from serial_node import SimulatedNode  # noqa: E402

POLL_SECONDS = 0.002
READ_BYTES = 4096


@dataclass
class Ports:
    status: int = field(default_factory=free_port)
    city: int = field(default_factory=free_port)


class Disturbance:
    """What a bad line does in one direction to the frames that pass: probabilities of each."""

    def __init__(self, seed, damage=0.0, noise=0.0, doubling=0.0):
        self._random = random.Random(seed)
        self.damage, self.noise, self.doubling = damage, noise, doubling
        self.damaged = self.doubled = 0
        self._begun = b''  # a frame that is not whole yet

    def __call__(self, sent):
        *frames, self._begun = (self._begun + sent).split(b'\0')
        return b''.join(self._pass(frame + b'\0') for frame in frames)

    def _pass(self, frame):
        if self._random.random() < self.damage:
            self.damaged += 1
            at = self._random.randrange(len(frame))
            frame = frame[:at] + bytes([frame[at] ^ 1 << self._random.randrange(8)]) + \
                frame[at + 1:]
        elif self._random.random() < self.doubling:
            self.doubled += 1
            frame = frame + frame
        if self._random.random() < self.noise:
            frame = self._random.randbytes(self._random.randrange(1, 300)) + frame
        return frame


def undisturbed(sent):
    return sent


class Line(threading.Thread):
    """Nodes that live on a line of their own. Who looks into a node holds `lock`. `up` and `down`
    do something to what passes to the gateway and to the nodes."""

    def __init__(self, link, *nodes, up=undisturbed, down=undisturbed):
        super().__init__(daemon=True)
        self.nodes, self.lock = nodes, threading.Lock()
        self.up, self.down = up, down
        self._over = threading.Event()
        self._master, slave = os.openpty()
        os.set_blocking(self._master, False)
        Path(link).unlink(missing_ok=True)
        Path(link).symlink_to(os.ttyname(slave))
        os.close(slave)  # the gateway has it for itself
        self._began = time.monotonic()

    def run(self):
        while not self._over.is_set():
            received = self.down(self._read())
            with self.lock:
                now = int((time.monotonic() - self._began) * 1000)
                sent = b''.join(node.feed(now, received) + node.tick(now) for node in self.nodes)
            self._write(self.up(sent))
            if not received and not sent:
                time.sleep(POLL_SECONDS)

    def stop(self):
        """As an adapter that is pulled out."""
        self._over.set()
        self.join()
        os.close(self._master)

    def _read(self):
        try:
            return os.read(self._master, READ_BYTES)
        except OSError:  # nothing there, or nobody at the other end
            return b''

    def _write(self, sent):
        try:
            while sent:
                sent = sent[os.write(self._master, sent):]
        except OSError:
            pass  # what nobody reads is lost, as on a wire


def configuration(directory, ports, device, line='', firmware_key=''):
    """Of a gateway with a line; `line` are more keys of its source."""
    keys = f'firmware_keys = ["{firmware_key}"]' if firmware_key else ''
    return _TEXT.format(directory=directory, host=LOOPBACK, ports=ports, device=device, line=line,
                        firmware_keys=keys)


class SerialTest(CityTest):
    """The line's device is `device`; `line` are more keys of its source."""

    line = ''

    def setUp(self):
        super().setUp()
        self.ports = Ports()
        self.device = self.directory / 'by-id'
        self.settings = self.directory / 'passerelle.toml'
        self.settings.write_text(configuration(
            self.directory, self.ports, self.device, line=self.line))
        self.city = self.start_city()
        self.lines = []
        self.addCleanup(self._end_lines)

    def _end_lines(self):
        for line in self.lines:
            line.stop()

    def plug_in(self, *nodes, **line):
        line = Line(self.device, *nodes, **line)
        self.lines.append(line)
        line.start()
        return line

    def pull_out(self, line):
        self.device.unlink()
        self.lines.remove(line)
        line.stop()

    def source(self):
        return self.gateway.status()['sources'][0]


class Meter(SimulatedNode):
    """A node that measures 1, 2, 3 …, each once."""

    measured = 0

    def measure(self, count):
        for _ in range(count):
            self.measured += 1
            self.add([{'quantity': 'water.volume',
                       'decimal': {'mantissa': self.measured, 'exponent': 0}, 'unit': 'm3'}])

    @property
    def acknowledged(self):
        return self.first - 1


_TEXT = '''
[gateway]
id = "system-test-01"
city = "Testville"
state_directory = "{directory}/state"
{firmware_keys}

[buffer]
path = "{directory}/buffer.db"

[clock]
trust = "always"

[status]
listen = "{host}:{ports.status}"
socket = "{directory}/socket"

[[source]]
name = "line"
driver = "serial"
device = "{device}"
{line}
format = "protobuf"
dataset = "water"

[[dataset]]
name = "water"
purpose = "to see that the gateway keeps its promises"
legal_basis = "public task"
[dataset.fields]
device = "keep"

[[uplink]]
name = "city"
kind = "http"
url = "http://{host}:{ports.city}/v1/batches"
batch_age_max = "200 ms"
retry_min = "100 ms"
retry_max = "1 s"
'''
