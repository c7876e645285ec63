"""What is refused is kept so that the data-protection officer reads it, and nobody else."""
import contextlib
import json
import subprocess
import time
import unittest

from coap_client import CONTENT_FORMATS, CoapClient
from harness import PASSERELLE, WAIT_SECONDS_MAX, StageTest, eventually
from load import publish

FAMILIES = ('benali', 'mbarga', 'rakoto')
COUNT = 40
SENML = CONTENT_FORMATS['senml-json']


class Quarantine(StageTest):
    def setUp(self):
        self.key_made = False
        super().setUp()

    def start_gateway(self):
        if not self.key_made:
            self.key_made = True
            self.line = self._run('keygen', self.directory / 'officer.key').splitlines()[-1]
            self.settings.write_text(f'{self.settings.read_text()}\n[privacy.quarantine]\n'
                                     f'{self.line}\nsize_max = "1 MiB"\n')
        return super().start_gateway()

    @property
    def vault(self):
        return self.directory / 'state/quarantine'

    def test_the_officer_reads_everything_and_nobody_else_anything(self):
        canaries = self._send_what_cannot_be_taken()
        records = self._records_when_stopped()
        self.assertEqual(found_in(json.dumps(record) for record in records), canaries)
        self.assertEqual(len(records), COUNT * len(FAMILIES) + 1)
        self.assertEqual({record['cause'] for record in records},
                         {'malformed', 'unknown-quantity'})
        self.assertEqual({record['source'] for record in records}, {'meters', 'air'})
        self.assertTrue(all(record['time'].startswith('20') for record in records))
        # The same search over everything that the gateway has written, but for the officer's key.
        files = [path for path in self.directory.rglob('*') if path.is_file()
                 and path.name not in ('mosquitto.log', 'passerelle.toml')]
        self.assertIn('1.sealed', [path.name for path in files])
        self.assertEqual(found_in(path.read_bytes().decode('latin-1') for path in files), set())

    def test_the_list_tells_when_and_why_and_no_more(self):
        self._send_what_cannot_be_taken()
        records = self._records_when_stopped()
        text = self._run('list', self.vault)
        self.assertEqual(len(text.splitlines()), len(records) + 1)
        self.assertEqual(text.count('malformed'), COUNT * len(FAMILIES))
        self.assertEqual(found_in([text]), set())

    def test_what_a_power_cut_tore_costs_that_record_alone(self):
        self._send_what_cannot_be_taken()
        records = self._records_when_stopped()
        file = self.vault / '1.sealed'
        with file.open('r+b') as stream:
            stream.truncate(file.stat().st_size - 1)
        self.gateway = self.start_gateway()
        self.assertEqual(self._report()['records'], len(records) - 1)
        self.assertEqual(self._report()['damaged'], 1)
        publish(self.ports.mqtt, [('water/last/reading', '{broken')])
        eventually(lambda: self.gateway.ledger()['received'] > len(records), 'it is counted')
        again = self._records_when_stopped()
        self.assertEqual(again[:-1], records[:-1])
        self.assertEqual(again[-1]['topic'], 'water/last/reading')

    def test_a_flood_is_bounded_counted_and_told(self):
        payload = '{"m3":' + 'x' * 4000
        count = 600
        publish(self.ports.mqtt, [('water/flood/reading', payload)] * count)
        eventually(lambda: self.gateway.ledger()['received'] == count, 'all of it is counted')
        def settled():
            report = self._report()
            return report if report['sealed'] + sum(report['lost'].values()) >= count - 20 else None
        report = eventually(settled, 'the quarantine has taken or lost it')
        self.assertLessEqual(report['bytes'], 1 << 20)
        self.assertGreater(report['lost']['spared-flash'], 0)
        codes = eventually(
            lambda: {problem['code'] for problem in self.gateway.status()['problems']}
            & {'quarantine-loses'}, 'the operator is told')
        self.assertEqual(codes, {'quarantine-loses'})
        self.assertIn('passerelle_quarantine_lost_total{cause="spared-flash"}',
                      self.gateway.get('/metrics')[2])
        self.gateway.terminate()
        self.assertLessEqual(sum(path.stat().st_size for path in self.vault.iterdir()), 1 << 20)

    def test_another_key_opens_nothing(self):
        self._send_what_cannot_be_taken()
        self._records_when_stopped()
        self._run('keygen', self.directory / 'other.key')
        text = self._run('open', '--key', self.directory / 'other.key', self.vault, status=65)
        self.assertNotIn('{', text)
        self.assertIn('sealed for another key', text)

    def _send_what_cannot_be_taken(self):
        """The canaries that are in it: in payloads, topics and paths."""
        publish(self.ports.mqtt, [
            (f'water/meter-of-{family}/reading', f'{{"m3": 1,,"x":"canary-{family}-{number}"}}')
            for family in FAMILIES for number in range(COUNT)])
        with contextlib.closing(CoapClient(self.ports.senml_json)) as client:
            client.post('air/station-of-canary', b'[{"n": "canary-quantity", "v": 1}]', SENML,
                        time.monotonic() + WAIT_SECONDS_MAX)
        count = COUNT * len(FAMILIES) + 1
        eventually(lambda: self.gateway.ledger()['received'] == count, 'all of it is counted')
        return set(CANARIES)

    def _records_when_stopped(self):
        self.assertEqual(self.gateway.terminate(), 0)
        text = self._run('open', '--key', self.directory / 'officer.key', self.vault)
        return [json.loads(line) for line in text.splitlines()]

    def _report(self):
        return self.gateway.status()['quarantine']

    def _run(self, *arguments, status=0):
        program = subprocess.run(
            [PASSERELLE, '--lang', 'en', 'quarantine', *map(str, arguments)], timeout=60,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        text = program.stdout.decode()
        self.assertEqual(program.returncode, status, text)
        return text


CANARIES = [f'canary-{family}-{number}' for family in FAMILIES for number in range(COUNT)] + [
    *(f'meter-of-{family}' for family in FAMILIES), 'station-of-canary', 'canary-quantity']


def found_in(texts):
    texts = list(texts)
    return {canary for canary in CANARIES if any(canary in text for text in texts)}


if __name__ == '__main__':
    unittest.main()
