"""Ten thousand identities of every personal field go in; none is anywhere outside, in no encoding.

    /usr/bin/python3 tests/system/leak_test.py --canaries 10000
"""
import contextlib
import json
import os
import shutil
import subprocess
import sys
import time
import unittest
from pathlib import Path

import canaries as forms
from canaries import FIELDS, Search, canary
from coap_client import CONTENT_FORMATS, CoapClient
from harness import PASSERELLE, WAIT_SECONDS_MAX, StageTest, eventually
from load import Meter, publish, senml_reading, stamp
from loopback import LOOPBACK
from memory_test import CrashingGateway
from privacy_test import opened
from process_memory import memory_of

PAYLOAD_BYTES_MAX = 4096  # of the configuration
NOBODY = 65534
YAMA = Path('/proc/sys/kernel/yama/ptrace_scope')
TELLING = ('phone', 'email', 'iban', 'modem', 'address', 'owner')

canaries = 300


class Identities(StageTest):
    """What sends canaries, and rules that let none of them pass."""

    device = '{ rule = "pseudonym", epoch = "P1M" }'
    fields = '''
phone = { rule = "phone", country = "221" }
email = "email"
iban = "iban"
modem = "mac"
address = "ip"
owner = { rule = "name", then = "pseudonym" }
note = { rule = "text", mode = "patterns" }
'''

    def send(self, numbers):
        good = [good_message(number) for number in numbers]
        bad = [message for number in numbers for message in bad_messages(number)]
        with self.counted(len(good), len(bad)):
            publish(self.ports.mqtt, good + bad)

    @contextlib.contextmanager
    def counted(self, good, bad):
        """Afterwards the gateway has stored and refused as many more."""
        before = self.gateway.ledger()
        yield
        eventually(lambda: self.gateway.ledger()['received'] == before['received'] + good + bad,
                   'everything is counted', 600)
        self.assertEqual(self.gateway.ledger()['stored'], before['stored'] + good)


def personal_fields(number):
    fields = {field: canary(field, number) for field in (*TELLING, 'customer')}
    return fields | {'note': f'call {canary("phone", number)}'}


def topic_of(number):
    return f'water/{canary("device", number)}/reading'


def good_message(number):
    now_ms = int(time.time()) * 1000
    return topic_of(number), json.dumps(
        {'ts': stamp(now_ms + number), 'm3': number} | personal_fields(number))


def bad_messages(number):
    """What is refused must not be shown either."""
    topic, fields = topic_of(number), personal_fields(number)
    text = json.dumps(fields)
    return [(topic, text), (topic, text[:-1]), (topic, '{"m3": "' + fields['phone'] + '"}'),
            (topic, json.dumps(fields | {'pad': 'x' * PAYLOAD_BYTES_MAX})),
            (f'application/1/device/{canary("device", number)}/event/up', text)]


class Leak(Identities):
    def test_no_canary_is_found_in_whatever_the_gateway_shows(self):
        self.send(range(0, canaries // 2))
        self.city.kill()  # so that the store keeps the rest
        self.send(range(canaries // 2, canaries))
        self.gateway.kill()  # as it stands: the write-ahead log with it
        search = Search(canaries)
        found = self._found(search)
        self.assertEqual({where for where, *_ in found}, set(), sorted(found)[:20])
        self.gateway = self.start_gateway()
        self.assertEqual(self._found(search, self.gateway), set())

    def _found(self, search, gateway=None):
        """(where, field, number, encoding): in the files, or on what a running gateway shows."""
        if gateway is not None:
            return self._found_on_show(search, gateway)
        found = set()
        for path in sorted(self.directory.rglob('*')):
            if path.is_file() and path.suffix != '.toml' and path.name != 'mosquitto.log':
                for content in (path.read_bytes(), *opened(path, self.directory / 'state')):
                    found |= {(path.name, *what) for what in search.found(content)}
        return found

    @staticmethod
    def _found_on_show(search, gateway):
        paths = ('/', '/status', '/metrics', '/devices?limit=1000')
        shown = {path: gateway.get(path)[2].encode() for path in paths}
        process = Path(f'/proc/{gateway.process.pid}')
        shown |= {name: (process / name).read_bytes() for name in ('cmdline', 'environ')}
        return {(where, *what) for where, content in shown.items()
                for what in search.found(content)}


class ControlOfLeak(Leak):
    """With `keep` the same search finds every canary of every field."""

    device = '"keep"'
    fields = '\n'.join(f'{field} = "keep"' for field in (*TELLING, 'note', 'customer'))

    def test_no_canary_is_found_in_whatever_the_gateway_shows(self):
        self.city.kill()
        self.send(range(canaries))
        self.gateway.kill()
        found = {(field, number) for where, field, number, _ in self._found(Search(canaries))
                 if where.startswith('buffer')}
        self.assertEqual(
            found, {(field, number) for field in FIELDS for number in range(canaries)})


class ControlOfEncodings(unittest.TestCase):
    """The search finds a canary in each encoding, wherever it stands."""

    def test_every_encoding_of_every_field_is_found(self):
        search = Search(50)
        for field in FIELDS:
            for name, encode in forms.ENCODINGS.items():
                encoded = encode(canary(field, 49))
                if len(encoded) < forms.LEAST_BYTES:
                    continue
                found = {what[:2] for what in search.found(b'before ' + encoded + b' after')}
                self.assertIn((field, 49), found, name)


def run_by():
    """As whom the gateway runs, for Popen: never root, who may look into everything."""
    if os.geteuid() != 0:
        return {'user': os.getuid(), 'group': os.getgid()}
    return {'user': NOBODY, 'group': NOBODY, 'extra_groups': []}


LISTENER = '''
[[source]]
name = "listener"
driver = "mqtt-listener"
listen = "%s:{ports.listener}"
anonymous = true
topics = ["water/{{device}}/reading"]
payload_bytes_max = 4096
format = "json"
dataset = "everything"
{meter_json}''' % LOOPBACK


class InMemory(Identities):
    """Of a gateway whose memory may be looked into by who runs it, which is nobody else."""

    more = LISTENER
    options = ()

    def setUp(self):
        super().setUp()
        if self.gateway.is_sanitized():
            self.skipTest('the sanitizer keeps what was given back')

    def make_gateway(self):
        for path in (self.directory, *self.directory.rglob('*')):
            os.chown(path, run_by()['user'], run_by()['group'])
        program = shutil.copy(PASSERELLE, self.directory)  # where its user can reach it
        return CrashingGateway(
            self.directory, self.settings, self.ports.status, program=program,
            options=self.options, **run_by())

    def send_all_ways(self, numbers):
        self.send(numbers)
        with self.counted(len(numbers), 0):
            publish(self.ports.listener, map(good_message, numbers))
        with self.counted(len(numbers), len(numbers)), contextlib.closing(
                CoapClient(self.ports.senml_json)) as client:
            for number in numbers:
                self._post(client, number)

    @staticmethod
    def _post(client, number):
        path = f'air/{canary("device", number)}'
        good = senml_reading('pm10', number + 1, int(time.time() * 1000))
        bad = json.dumps(personal_fields(number)).encode()
        for payload in (good, bad):
            code = client.post(path, payload, CONTENT_FORMATS['senml-json'],
                               time.monotonic() + WAIT_SECONDS_MAX)
            assert code, 'no answer'

    def found(self, search):
        return {what for content in memory_of(self.gateway.process.pid)
                for what in search.found(content)}

    def debugger_gets_in(self):
        """Whether another process of the same user may look into the memory."""
        look = f'open("/proc/{self.gateway.process.pid}/mem", "rb")'
        return subprocess.run(['/usr/bin/python3', '-c', look], stdin=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, **run_by()).returncode == 0


class Crash(InMemory):
    def test_a_crash_under_load_leaves_no_core_and_no_debugger_gets_in(self):
        self.send(range(canaries))
        before = self.gateway.ledger()['stored']
        meter = Meter(self.ports.mqtt, 'one')
        meter.start()
        eventually(lambda: self.gateway.ledger()['stored'] > before, 'readings come')
        self.assertEqual(Path(f'/proc/{self.gateway.process.pid}/mem').stat().st_uid, 0)
        self.assertFalse(self.debugger_gets_in())
        self.assertFalse(self.gateway.abort())
        self.assertEqual(self.gateway.cores(), [])
        meter.stop()


class Memory(InMemory):
    """What a core would hold, if one was asked for. The readings are acknowledged."""

    options = ('--debuggable',)

    def test_no_canary_is_in_memory_once_it_was_dealt_with(self):
        self.send_all_ways(range(canaries))
        self._push_out_of_libraries()
        search, found = Search(canaries), []

        def nothing_left():
            found[:] = sorted(self.found(search))[:20]
            return not found
        eventually(nothing_left, found)

    def test_a_debugger_gets_in_where_that_is_asked_for(self):
        """The control of Crash."""
        if YAMA.exists() and YAMA.read_text().strip() != '0':
            self.skipTest('this kernel lets only parents look into a process')
        self.assertTrue(self.debugger_gets_in())
        self.assertTrue(self.gateway.abort(), 'this machine writes no core dumps')

    def _push_out_of_libraries(self):
        """Paho keeps the last message it read until the next one comes: longer ones than before."""
        pad = 'x' * 2 * PAYLOAD_BYTES_MAX
        fillers = [(f'water/{pad[:100]}/reading', pad)] * 3
        with self.counted(0, len(fillers)):
            publish(self.ports.mqtt, fillers)


class ControlOfMemory(InMemory):
    """What is kept is found, of every field."""

    options = ('--debuggable',)
    device, fields = ControlOfLeak.device, ControlOfLeak.fields

    def test_what_is_kept_is_in_memory(self):
        self.send_all_ways(range(canaries))
        self.assertEqual({field for field, *_ in self.found(Search(canaries))}, set(FIELDS))


if __name__ == '__main__':
    while '--canaries' in sys.argv:  # the last one counts
        at = sys.argv.index('--canaries')
        canaries = int(sys.argv[at + 1])
        del sys.argv[at:at + 2]
    unittest.main()
