"""What the system tests share: the real programs on free ports of the loopback, and waiting for
what they do. Nothing sleeps to let something happen: every wait is for a condition, with a bound.
"""
import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.request
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import configuration
from loopback import LOOPBACK, listens

ROOT = Path(__file__).resolve().parents[2]
PASSERELLE = os.environ.get('PASSERELLE', str(ROOT / 'build/debug/gateway/passerelle'))
POLL_SECONDS = 0.02
WAIT_SECONDS_MAX = 180  # for what will never come: a slow machine is no fault
CONNECT_SECONDS_MAX = 240  # Paho connects no source while one receives its backlog


def eventually(condition, what, seconds=WAIT_SECONDS_MAX):
    """The condition's value as soon as it is true; fails with `what` after so many seconds."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f'not within {seconds} s: {what}')
        time.sleep(POLL_SECONDS)
    return value


class Program:
    """A process whose output goes to a file; it ends with the test. `how` is for Popen."""

    def __init__(self, command, log, environment=None, **how):
        self.log = Path(log)
        with self.log.open('ab') as output:
            self.process = subprocess.Popen(
                [str(word) for word in command], stdin=subprocess.DEVNULL, stdout=output,
                stderr=output, env={**os.environ, **(environment or {})}, **how)

    @property
    def running(self):
        return self.process.poll() is None

    def wait(self, seconds=WAIT_SECONDS_MAX):
        return self.process.wait(seconds)

    def terminate(self, seconds=WAIT_SECONDS_MAX):
        """Asks it to stop; its exit status."""
        if self.running:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(seconds)

    def kill(self):
        if self.running:
            self.process.kill()
        self.process.wait()


class Broker(Program):
    """mosquitto, which keeps everything for a client that is away."""

    def __init__(self, directory, port):
        configuration = Path(directory) / 'mosquitto.conf'
        configuration.write_text(
            f'listener {port} {LOOPBACK}\nallow_anonymous true\npersistence false\n'
            'max_queued_messages 0\nmax_inflight_messages 100\n')
        super().__init__(['/usr/sbin/mosquitto', '-c', configuration],
                         Path(directory) / 'mosquitto.log')
        self.port = port
        eventually(lambda: listens(port), 'the broker takes connections')


class City(Program):
    """The receiver that plays the city, with everything it was sent."""

    def __init__(self, directory, port, *options):
        self.database = Path(directory) / 'city.db'
        ready = Path(directory) / 'city.ready'
        ready.unlink(missing_ok=True)
        super().__init__(
            [ROOT / 'tests/support/city_receiver.py', '--port', port, '--database', self.database,
             '--ready-file', ready, *options], Path(directory) / 'city.log')
        eventually(ready.exists, 'the receiver takes batches')
        self.port = port

    def summary(self):
        url = f'http://{LOOPBACK}:{self.port}/summary'
        with urllib.request.urlopen(url, timeout=10) as answer:
            return json.load(answer)

    def readings(self):
        """Every reading in the order of the sequences."""
        with contextlib.closing(sqlite3.connect(f'file:{self.database}?mode=ro', uri=True)) as db:
            return [
                Received(device, *quantity.split('|'), Decimal(mantissa).scaleb(exponent), time_ms,
                         json.loads(attributes), QUALITIES[quality])
                for device, quantity, mantissa, exponent, time_ms, attributes, quality
                in db.execute(_ALL)]

    def effects(self, quantity):
        """How often each (device, whole value) of a quantity has arrived."""
        with contextlib.closing(sqlite3.connect(f'file:{self.database}?mode=ro', uri=True)) as db:
            return {(device, mantissa * 10 ** exponent): count
                    for device, mantissa, exponent, count in db.execute(_EFFECTS, [quantity])}


class Received(NamedTuple):
    device: str
    quantity: str
    unit: str
    value: Decimal
    time_ms: int
    attributes: dict
    time_quality: str


QUALITIES = ('device', 'gateway', 'corrected', 'uncertain')
_ALL = '''
SELECT device.text, quantity.text, mantissa, exponent, time_ms, attributes.text, quality
FROM reading
JOIN name AS device ON device.id = reading.device
JOIN name AS quantity ON quantity.id = reading.quantity
JOIN name AS attributes ON attributes.id = reading.attributes ORDER BY sequence'''

_EFFECTS = '''
SELECT device.text, mantissa, exponent, COUNT(*) FROM reading
JOIN name AS device ON device.id = reading.device
JOIN name AS quantity ON quantity.id = reading.quantity
WHERE quantity.text LIKE ? || '|%' GROUP BY device.text, mantissa, exponent'''


class Gateway(Program):
    """The gateway itself, on a configuration file."""

    def __init__(self, directory, configuration, status_port, language='en', environment=None,
                 program=PASSERELLE, options=(), **how):
        self.directory = Path(directory)
        self.status_port = status_port
        options = (*options, *os.environ.get('PASSERELLE_RUN_OPTIONS', '').split())
        super().__init__([program, 'run', '--config', configuration, *options],
                         self.directory / 'gateway.log',
                         {'LC_ALL': f'{language}.UTF-8', **(environment or {})}, **how)
        eventually(self._ready, 'the gateway is ready to store')

    def get(self, path):
        """(status, headers, text) of a route of the status endpoint."""
        url = f'http://{LOOPBACK}:{self.status_port}{path}'
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                return answer.status, answer.headers, answer.read().decode()
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code, refusal.headers, refusal.read().decode()

    def status(self):
        code, _, text = self.get('/status')
        assert code == 200, text
        return json.loads(text)

    def ledger(self):
        return self.status()['ledger']

    def is_sanitized(self):
        """The address sanitizer keeps for a while what was given back: memory says nothing."""
        return 'libasan' in Path(f'/proc/{self.process.pid}/maps').read_text()

    def resident_bytes(self):
        text = Path(f'/proc/{self.process.pid}/status').read_text()
        return int(text.split('VmRSS:')[1].split()[0]) * 1024

    def connected(self):
        """Every way in is able to receive."""
        return all(source['connected'] for source in self.status()['sources'])

    def _ready(self):
        if not self.running:
            raise AssertionError(f'the gateway ended with {self.process.returncode}')
        try:
            return self.get('/readyz')[0] == 200
        except OSError:
            return False


def balances(ledger):
    """The two equations that hold at every instant the endpoint answers."""
    refused = sum(ledger['refused'].values())
    return ledger['received'] == ledger['stored'] + refused and all(
        uplink['stored'] == sum(uplink[key] for key in ('delivered', 'waiting', 'dead', 'evicted'))
        for uplink in ledger['uplinks'].values())


class SystemTest(unittest.TestCase):
    """A directory and programs that end with the test; their logs are shown if it fails."""

    def setUp(self):
        # Not '-' at its end: a name that goes on with 1 would hold 'm-1', a device that is sought.
        temporary = tempfile.TemporaryDirectory(prefix='passerelle-system_')
        self.addCleanup(temporary.cleanup)
        self.directory = Path(temporary.name)
        self.programs = []
        self.addCleanup(self._end)

    def start(self, program):
        self.programs.append(program)
        return program

    def _end(self):
        for program in reversed(self.programs):
            program.kill()
        result = self._outcome.result
        if any(self.id() in test.id() for test, _ in result.failures + result.errors):
            self._show_logs()

    def _show_logs(self):
        for log in sorted(self.directory.glob('*.log')):
            lines = log.read_text(errors='replace').splitlines()[-60:]
            print(f'--- {log.name}', *lines, sep='\n', file=sys.stderr)


class CityTest(SystemTest):
    """The city and a gateway on `settings`, which setUp() of a test writes, as it does `ports`."""

    environment = {}  # of the gateway

    def start_city(self):
        return self.start(City(self.directory, self.ports.city))

    def start_gateway(self):
        gateway = self.start(self.make_gateway())
        eventually(gateway.connected, 'every way in can receive', CONNECT_SECONDS_MAX)
        return gateway

    def make_gateway(self):
        return Gateway(
            self.directory, self.settings, self.ports.status, environment=self.environment)

    def delivered(self):
        """Waits until the city has everything that the gateway has taken; its ledger then."""
        def done():
            ledger = self.gateway.ledger()
            return ledger if ledger['uplinks']['city']['waiting'] == 0 else None
        ledger = eventually(done, 'the city has everything')
        self.assertTrue(balances(ledger), ledger)
        return ledger

    def assert_nothing_lost_or_doubled(self, ledger):
        summary = self.city.summary()
        self.assertEqual(summary['gaps'], 0, summary)
        self.assertEqual(summary['duplicates'], 0, summary)
        self.assertEqual(summary['readings'], ledger['uplinks']['city']['delivered'])
        self.assertEqual(ledger['stored'], ledger['uplinks']['city']['delivered'])


class StageTest(CityTest):
    """A broker, the city and a gateway between them, on the configuration of configuration.py."""

    device = '"keep"'
    clock = 'trust = "always"'
    fields = ''
    more = ''  # tables, with the names of ports in braces

    def setUp(self):
        super().setUp()
        self.ports = configuration.Ports()
        self.broker = self.start(Broker(self.directory, self.ports.mqtt))
        self.city = self.start_city()
        self.settings = configuration.write(
            self.directory, self.ports, self.device, clock=self.clock, fields=self.fields,
            more=self.more.format(
                ports=self.ports, meter_json=configuration.METER_JSON))
        self.gateway = self.start_gateway()
