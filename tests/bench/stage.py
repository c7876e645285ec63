"""What the benches share: the release build, a gateway with its surroundings on one directory, and
what the kernel counts about them.
"""
import json
import os
import platform
import re
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / 'build/release'
PROGRAMS = BUILD / 'tests/bench'
OURS = str(BUILD / 'gateway/passerelle')
os.environ.setdefault('PASSERELLE', OURS)  # another may be measured with the same loads
sys.path.insert(0, str(ROOT / 'tests/system'))

from harness import PASSERELLE, Gateway, Program, eventually  # noqa: E402
from loopback import LOOPBACK, free_port, free_udp_port, listens  # noqa: E402

WAIT_SECONDS_MAX = 3600  # for what a bench waits for: a slow machine is no fault
LEDGER_POLL_SECONDS = 0.1  # each costs the gateway an answer
SLOW_SYNC = BUILD / 'tests/support/libslow_sync.so'


def build(*targets):
    subprocess.run([ROOT / 'packaging/dependencies', 'test'], check=True)
    subprocess.run(['cmake', '--preset', 'release', '-Wno-dev'], cwd=ROOT, check=True,
                   stdout=subprocess.DEVNULL)
    subprocess.run(['cmake', '--build', '--preset', 'release', '--target', *targets], cwd=ROOT,
                   check=True, stdout=subprocess.DEVNULL)


def conditions(directory):
    """A line about the machine, as it is now."""
    processors = Path('/proc/cpuinfo').read_text().splitlines()
    model = next((line.split(':')[1].strip() for line in processors
                  if line.startswith('model name')), platform.machine())
    kind = subprocess.run(['findmnt', '--noheadings', '--output', 'FSTYPE', '--target', directory],
                          capture_output=True, text=True, check=True).stdout.strip()
    cache = (BUILD / 'CMakeCache.txt').read_text()
    build_type = re.search(r'^CMAKE_BUILD_TYPE:\w+=(\w+)', cache, re.M)[1]
    program = f'{build_type} build' if PASSERELLE == OURS else f'program {PASSERELLE}'
    return (f'{os.cpu_count()} x {model}, Linux {platform.release()}, {kind}, {program}, '
            f'load {os.getloadavg()[0]:.1f} at the start')


def cpu_seconds(process):
    """Of a process and all its threads, since its start (/proc/PID/stat)."""
    fields = Path(f'/proc/{process.pid}/stat').read_text().rsplit(')', 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')


def peak_mib(process):
    text = Path(f'/proc/{process.pid}/status').read_text()
    return int(text.split('VmHWM:')[1].split()[0]) / 1024


def drivers():
    """The drivers that this build knows, from what `check` says about one that does not exist."""
    document = '[gateway]\nid = "a"\n[[source]]\nname = "a"\ndriver = "none such"\n'
    check = subprocess.run([PASSERELLE, 'check', '/dev/stdin'], input=document, text=True,
                           capture_output=True, env={**os.environ, 'LC_ALL': 'C'}, check=False)
    return set(re.findall(r'"([a-z-]+)"', check.stdout + check.stderr))


class Sink(Program):
    """The recipient that counts."""

    def __init__(self, directory, port):
        super().__init__([PROGRAMS / 'http_sink', port], Path(directory) / 'sink.log')
        self.port = port
        eventually(lambda: listens(port), 'the sink takes batches')

    def _get(self, route):
        with urllib.request.urlopen(f'http://{LOOPBACK}:{self.port}{route}') as answer:
            return answer.read().decode()

    def counts(self):
        return json.loads(self._get('/'))

    def readings(self):
        return self._get('/readings')


class Mosquitto(Program):
    """A broker alone: no persistence, no log. It keeps everything for a subscriber of QoS 1."""

    def __init__(self, directory, port):
        path = Path(directory) / 'mosquitto.conf'
        path.write_text(f'listener {port} {LOOPBACK}\nallow_anonymous true\npersistence false\n'
                        'max_queued_messages 0\nmax_inflight_messages 0\nlog_type error\n'
                        'connection_messages false\n')
        super().__init__(['/usr/sbin/mosquitto', '-c', path], Path(directory) / 'mosquitto.log')
        self.port = port
        eventually(lambda: listens(port), 'the broker takes connections')


class Ports:
    """Every way in and out of one gateway."""

    def __init__(self):
        self.status, self.city, self.broker = free_port(), free_port(), free_port()
        self.listener, self.alarms = free_port(), free_port()
        self.coap = free_udp_port()


class Stage:
    """A gateway of its own in an empty directory: one source, one sort of reading, one uplink."""

    def __init__(self, directory, way, device='"pseudonym"', linger_ms=0, batch_age_ms=1000,
                 batch_readings_max=10_000, slow_sync_ms=0):
        self.directory = Path(directory)
        self.directory.mkdir()
        self.way = way
        self.ports = Ports()
        self.gateway = self.sink = self.broker = None
        self.ready_seconds = 0  # what the last start took
        self.environment = {}
        if slow_sync_ms:
            self.environment = {'LD_PRELOAD': str(SLOW_SYNC), 'SLOW_SYNC_MS': str(slow_sync_ms)}
        self._settings = self.directory / 'bench.toml'
        self._settings.write_text(_HEAD.format(
            directory=self.directory, status=f'{LOOPBACK}:{self.ports.status}', device=device,
            city=f'http://{LOOPBACK}:{self.ports.city}/', linger_ms=linger_ms,
            batch_age_ms=batch_age_ms, batch_readings_max=batch_readings_max)
            + ''.join(self._sources()))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for program in (self.gateway, self.sink, self.broker):
            if program:
                program.kill()

    def start(self):
        if self.way == 'broker' and not self.broker:
            self.broker = Mosquitto(self.directory, self.ports.broker)
        began = time.monotonic()
        self.gateway = Gateway(self.directory, self._settings, self.ports.status,
                               environment=self.environment)
        self.ready_seconds = time.monotonic() - began
        eventually(self.gateway.connected, 'every way in can receive')
        return self.gateway

    def start_sink(self):
        self.sink = Sink(self.directory, self.ports.city)
        return self.sink

    def load_command(self, *options, dataset='energy', client_id='load'):
        """The words of a load on this gateway, by the way in that was chosen."""
        topic = f'{dataset}/{{device}}'
        if self.way == 'coap':
            return [PROGRAMS / 'coap_load', '--port', self.ports.coap, '--path', topic, *options]
        port = self.ports.broker
        if self.way == 'listener':
            port = self.ports.listener if dataset == 'energy' else self.ports.alarms
        return [PROGRAMS / 'mqtt_load', '--port', port, '--topic', topic, '--client-id', client_id,
                *options]

    def load(self, *options):
        """Runs a load to its end; what it says about itself."""
        return run_load(self.load_command(*options))

    def stored(self, count):
        """Waits until so many readings are on the disk; the ledger then."""
        return self._ledger_where(lambda ledger: ledger['stored'] >= count, f'{count} are stored')

    def delivered(self):
        """Waits until nothing waits; the ledger then."""
        return self._ledger_where(
            lambda ledger: ledger['uplinks']['city']['waiting'] == 0, 'all is delivered')

    def _ledger_where(self, condition, what):
        deadline = time.monotonic() + WAIT_SECONDS_MAX
        while not condition(ledger := self.gateway.ledger()):
            if time.monotonic() > deadline:
                raise SystemExit(f'not within {WAIT_SECONDS_MAX} s: {what}')
            time.sleep(LEDGER_POLL_SECONDS)
        return ledger

    def written(self):
        """Bytes that the gateway says it wrote."""
        return self.gateway.status()['buffer']['bytes_written']

    def _sources(self):
        for name, port in (('energy', self.ports.listener), ('alarm', self.ports.alarms)):
            yield _SOURCE.format(name=name, driver={
                'listener': f'driver = "mqtt-listener"\nlisten = "{LOOPBACK}:{port}"\n'
                            'anonymous = true',
                'broker': f'driver = "mqtt"\nurl = "mqtt://{LOOPBACK}:{self.ports.broker}"',
                'coap': f'driver = "coap"\nlisten = "{LOOPBACK}:{self.ports.coap}"',
            }[self.way])
            if self.way == 'coap':
                return


def run_load(command):
    """Runs a load to its end; what it says about itself."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True,
                          check=False)
    if not done.stdout:
        raise SystemExit(f'{command[0]} failed: {done.stderr}')
    if done.returncode:
        print(f'not everything was taken: {done.stdout}{done.stderr}', file=sys.stderr)
    return json.loads(done.stdout)


_HEAD = '''
[gateway]
id = "bench"
state_directory = "{directory}/state"
[buffer]
path = "{directory}/buffer.db"
linger = "{linger_ms} ms"
[status]
listen = "{status}"
socket = "{directory}/status.sock"
[[dataset]]
name = "energy"
purpose = "bench"
legal_basis = "none"
[dataset.fields]
device = {device}
[[dataset]]
name = "alarm"
purpose = "bench"
legal_basis = "none"
priority = "alarm"
[dataset.fields]
device = {device}
[[uplink]]
name = "city"
kind = "http"
url = "{city}"
batch_age_max = "{batch_age_ms} ms"
batch_readings_max = {batch_readings_max}
retry_min = "100 ms"
retry_max = "1 s"
'''
_SOURCE = '''
[[source]]
name = "{name}"
{driver}
topics = ["{name}/{{device}}"]
format = "json"
dataset = "{name}"
[source.json]
time = "/ts"
readings = [{{ quantity = "energy.active", path = "/energy_kwh", unit = "kW.h" }}]
'''
