"""The second promise: under the rule `pseudonym` no device's name is found anywhere outside."""
import json
import sqlite3
import time
import unittest

import stored_fields
import zstandard

from follower import FollowedTest
from harness import eventually
from load import publish, stamp

NAMES = [f'meter-of-family-{family}' for family in ('benali', 'mbarga', 'rakoto')]
CUSTOMER = 'customer-4711'


class Privacy(FollowedTest):
    device = '{ rule = "pseudonym", epoch = "P1M" }'

    def setUp(self):
        super().setUp()
        # What a follower has seen is searched with everything else.
        _, self.seen = self.follow('--json')

    def assert_followed(self, readings):
        eventually(lambda: self.seen.read_text().count('"event":"stored"') == readings,
                   'the follower has seen every reading')

    def test_no_device_name_is_found_in_the_store_the_log_or_the_city(self):
        self._send()
        self.assert_followed(20 * len(NAMES))
        self.assertEqual(self._found(), set())
        devices = {reading.device for reading in self.city.readings()}
        self.assertEqual(len(devices), len(NAMES), 'each device is still told from the others')

    def _send(self):
        now_ms = int(time.time()) * 1000
        good = [(f'water/{name}/reading', json.dumps(
            {'ts': stamp(now_ms + 1000 * i), 'm3': i, 'customer': CUSTOMER}))
            for i in range(20) for name in NAMES]
        # What is refused must not show the device either.
        bad = [(f'water/{name}/reading', f'{{"m3": "{name}"}}') for name in NAMES]
        publish(self.ports.mqtt, good + bad)
        eventually(lambda: self.gateway.ledger()['received'] == len(good) + len(bad),
                   'everything is counted')
        self.delivered()

    def _found(self, texts=(*NAMES, CUSTOMER)):
        """(where, text) of every text that is found in what the gateway has written or sent."""
        wanted = [text.encode() for text in texts]
        shown = {path: self.gateway.get(path)[2].encode() for path in ('/', '/status', '/metrics')}
        self.gateway.terminate()
        found = {(path, text.decode()) for text in wanted for path in shown if text in shown[path]}
        for path in sorted(self.directory.rglob('*')):
            if path.is_file() and path.suffix != '.toml' and path.name != 'mosquitto.log':
                contents = [path.read_bytes(), *opened(path, self.directory / 'state')]
                found |= {(path.name, text.decode()) for text in wanted
                          for content in contents if text in content}
        return found


class ControlOfPrivacy(Privacy):
    """The same search finds the names where the rule is `keep`."""

    device = '"keep"'

    def test_no_device_name_is_found_in_the_store_the_log_or_the_city(self):
        # The delivered segments are deleted: hold some back, so that the store has them.
        self.city.kill()
        now_ms = int(time.time()) * 1000
        payload = json.dumps({'ts': stamp(now_ms), 'm3': 1, 'customer': CUSTOMER})
        publish(self.ports.mqtt, [(f'water/{name}/reading', payload) for name in NAMES])
        eventually(lambda: self.gateway.ledger()['stored'] == len(NAMES), 'everything is stored')
        self.assert_followed(len(NAMES))
        found = self._found()
        for place in ('buffer', self.seen.name):
            self.assertEqual({name for where, name in found if where.startswith(place)}, set(NAMES))
        self.assertNotIn(CUSTOMER, {name for _, name in found})


# The same person in two spellings each, and a part that must not be shown alone.
PERSON = {
    'phone': ('+216 71 908 172', '71908172', '908172'),
    'email': ('Amira.Benali@example.org', 'amira.benali@EXAMPLE.org', 'benali@'),
    'iban': ('TN59 1000 6035 1835 9847 8831', 'tn5910006035183598478831', '98478831'),
    'modem': ('00:1B:C5:0A:BC:DE', '001b.c50a.bcde', '1B:C5:0A'),
    'address': ('198.51.100.77', '::ffff:198.51.100.77', '.100.77'),
    'owner': ('N’Diaye-Sène', 'NDIAYE SENE', 'Diaye'),
    'note': ('call 71 908 172 at six', 'call 71.908.172 at six', '908 172'),
}


class PersonalFields(Privacy):
    """Fields of a personal type: the types' rules show nothing of them, in whatever spelling."""

    fields = '''
phone = { rule = "phone", country = "216" }
email = "email"
iban = "iban"
modem = "mac"
address = "ip"
owner = { rule = "name", then = "pseudonym" }
note = { rule = "text", mode = "patterns" }
'''

    def test_no_device_name_is_found_in_the_store_the_log_or_the_city(self):
        self._send_person()
        self.delivered()
        self.assert_followed(2)
        passed, in_the_other_spelling = (
            reading.attributes for reading in self.city.readings())
        self.assertEqual(passed, in_the_other_spelling, 'both spellings are one person')
        self.assertEqual(set(passed), set(PERSON))
        self.assertEqual(passed['address'], '198.51.100.0/24')
        self.assertEqual(passed['note'], 'call [removed] at six')
        self.assertEqual(self._found(PARTS), set())

    def _send_person(self):
        now_ms = int(time.time()) * 1000
        messages = [json.dumps({'ts': stamp(now_ms + 1000 * i), 'm3': i} |
                               {field: texts[i] for field, texts in PERSON.items()})
                    for i in range(2)]
        publish(self.ports.mqtt, [(f'water/{NAMES[0]}/reading', text) for text in messages])
        eventually(lambda: self.gateway.ledger()['stored'] == len(messages), 'all is stored')


PARTS = {text for texts in PERSON.values() for text in texts}


class ControlOfPersonalFields(PersonalFields):
    """The same search finds every one of them where the rule is `keep`."""

    fields = '\n'.join(f'{field} = "keep"' for field in PERSON)

    def test_no_device_name_is_found_in_the_store_the_log_or_the_city(self):
        self.city.kill()  # or the delivered segments are deleted
        self._send_person()
        found = {text for where, text in self._found(PARTS) if where.startswith('buffer')}
        self.assertEqual(found, PARTS)


def opened(path, state):
    """The sealed and the compressed values of an SQLite database, opened; `state` is the gateway's
    state directory."""
    if not path.read_bytes().startswith(b'SQLite format 3'):
        return
    database = sqlite3.connect(f'file:{path}?mode=ro', uri=True)
    tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    for table, in tables:
        for row in database.execute(f'SELECT * FROM "{table}"'):
            values = [value for value in row if isinstance(value, bytes)]
            if table == 'segment':
                values = [stored_fields.unsealed(row[0], row[-1], state / 'keys')]
            for value in values:
                yield value
                if zstandard.FRAME_HEADER in value:
                    start = value.index(zstandard.FRAME_HEADER)
                    yield zstandard.ZstdDecompressor().decompressobj().decompress(value[start:])
    database.close()


if __name__ == '__main__':
    unittest.main()
