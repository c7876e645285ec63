"""Ten thousand identities of every personal field go in; none is anywhere outside, in no encoding.

    /usr/bin/python3 tests/system/leak_test.py --canaries 10000
"""
import json
import sys
import time
import unittest
from pathlib import Path

from canaries import PREFIXES, Search, canary
from harness import StageTest, eventually
from load import publish, stamp
from privacy_test import inflated

PAYLOAD_BYTES_MAX = 4096  # of the configuration
TELLING = ('phone', 'email', 'iban', 'modem', 'address', 'owner')

canaries = 300


class Leak(StageTest):
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

    def test_no_canary_is_found_in_whatever_the_gateway_shows(self):
        self._send_half(range(0, canaries // 2))
        self.city.kill()  # so that the store keeps the rest
        self._send_half(range(canaries // 2, canaries))
        self.gateway.kill()  # as it stands: the write-ahead log with it
        search = Search(canaries)
        found = self._found(search)
        self.assertEqual({where for where, *_ in found}, set(), sorted(found)[:20])
        self.gateway = self.start_gateway()
        self.assertEqual(self._found(search, self.gateway), set())

    def _send_half(self, numbers):
        now_ms = int(time.time()) * 1000
        good, bad = [], []
        for number in numbers:
            topic = f'water/{canary("device", number)}/reading'
            fields = {field: canary(field, number) for field in (*TELLING, 'customer')}
            fields['note'] = f'call {canary("phone", number)}'
            good.append((topic, json.dumps({'ts': stamp(now_ms + number), 'm3': number} | fields)))
            bad += self._bad(topic, fields, number)
        before = self.gateway.ledger()
        publish(self.ports.mqtt, good + bad)
        eventually(lambda: self.gateway.ledger()['received'] ==
                   before['received'] + len(good) + len(bad), 'everything is counted', 600)
        self.assertEqual(self.gateway.ledger()['stored'], before['stored'] + len(good))

    @staticmethod
    def _bad(topic, fields, number):
        """What is refused must not be shown either."""
        text = json.dumps(fields)
        return [(topic, text), (topic, text[:-1]), (topic, '{"m3": "' + fields['phone'] + '"}'),
                (topic, json.dumps(fields | {'pad': 'x' * PAYLOAD_BYTES_MAX})),
                (f'application/1/device/{canary("device", number)}/event/up', text)]

    def _found(self, search, gateway=None):
        """(where, field, number, encoding): in the files, or on what a running gateway shows."""
        if gateway is not None:
            return self._found_on_show(search, gateway)
        found = set()
        for path in sorted(self.directory.rglob('*')):
            if path.is_file() and path.suffix != '.toml' and path.name != 'mosquitto.log':
                for content in (path.read_bytes(), *inflated(path)):
                    found |= {(path.name, *what) for what in search.found(content)}
        return found

    @staticmethod
    def _found_on_show(search, gateway):
        shown = {path: gateway.get(path)[2].encode() for path in ('/', '/status', '/metrics')}
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
        self._send_half(range(canaries))
        self.gateway.kill()
        found = {(field, number) for where, field, number, _ in self._found(Search(canaries))
                 if where.startswith('buffer')}
        self.assertEqual(
            found, {(field, number) for field in PREFIXES for number in range(canaries)})


class ControlOfEncodings(unittest.TestCase):
    """The search finds a canary in each encoding, wherever it stands."""

    def test_every_encoding_of_every_field_is_found(self):
        import canaries as forms
        search = Search(50)
        for field in PREFIXES:
            for name, encode in forms.ENCODINGS.items():
                encoded = encode(canary(field, 49))
                if len(encoded) < forms.LEAST_BYTES:
                    continue
                found = {what[:2] for what in search.found(b'before ' + encoded + b' after')}
                self.assertIn((field, 49), found, name)


if __name__ == '__main__':
    if '--canaries' in sys.argv:
        at = sys.argv.index('--canaries')
        canaries = int(sys.argv[at + 1])
        del sys.argv[at:at + 2]
    unittest.main()
