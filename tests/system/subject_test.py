"""A person's rights on the built program: what is stored is shown, erased, or stored no longer."""
import contextlib
import hashlib
import json
import os
import sqlite3
import subprocess
import time
import unittest
import urllib.error
import urllib.request

from harness import PASSERELLE, StageTest, balances, eventually
from load import publish, stamp
from loopback import LOOPBACK

PERSON = 'meter-of-family-benali'
OTHERS = ('meter-of-family-mbarga', 'meter-of-family-rakoto')
DATASET = 'everything'


class SubjectTest(StageTest):
    device = '{ rule = "pseudonym", epoch = "P1M" }'
    consent = ''  # a key of the dataset

    def start_gateway(self):
        text = self.settings.read_text()
        if 'socket =' not in text:
            text = text.replace('[status]\n', f'[status]\nsocket = "{self.directory}/socket"\n')
            text = text.replace('[dataset.fields]', f'{self.consent}\n[dataset.fields]')
            self.settings.write_text(text)
        return super().start_gateway()

    def ask(self, *words, identity=PERSON, expected=0):
        """Runs a command of the clerk's; what it says."""
        return self.run_program(*words, '--dataset', DATASET, '--config', self.settings,
                                text=identity + '\n', expected=expected)

    def run_program(self, *words, text='', expected=0):
        done = subprocess.run(
            [PASSERELLE, *words], input=text, capture_output=True, text=True, timeout=120,
            check=False, env={**os.environ, 'LC_ALL': 'en.UTF-8'})
        self.assertEqual(done.returncode, expected, done.stdout + done.stderr)
        self.assertNotIn(PERSON, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def send(self, names, values):
        """Publishes readings and waits until they are counted; how many there were."""
        before = self.gateway.ledger()['received']
        now_ms = int(time.time()) * 1000
        messages = [(f'water/{name}/reading',
                     json.dumps({'ts': stamp(now_ms + value), 'm3': value}))
                    for value in values for name in names]
        publish(self.ports.mqtt, messages)
        eventually(lambda: self.gateway.ledger()['received'] == before + len(messages),
                   'everything is counted')
        return len(messages)

    def export(self, name):
        """The rows of an export."""
        directory = self.directory / name
        self.ask('subject', 'export', '--into', directory)
        return self.rows_in(directory)

    def rows_in(self, directory):
        """The rows of the files of an export, which are checked."""
        manifest = json.loads((directory / 'manifest.json').read_text())
        for file in manifest['files']:
            content = (directory / file['name']).read_bytes()
            self.assertEqual(hashlib.sha256(content).hexdigest(), file['sha256'], file['name'])
        for path in directory.iterdir():
            self.assertEqual(path.stat().st_mode & 0o777, 0o600, path)
            self.assertNotIn(PERSON, path.read_text())
        lines = (directory / 'readings.jsonl').read_text().splitlines()
        rows = [json.loads(line) for line in lines]
        self.assertEqual(manifest['datasets'][0]['readings'], len(rows))
        table = (directory / 'readings.csv').read_text().splitlines()
        self.assertEqual(len(table), 1 + len(rows))
        return rows

    def stored_where(self, text):
        """The names of the store's files in which the text stands."""
        return {path.name for path in self.directory.glob('buffer.db*')
                if text.encode() in path.read_bytes()}

    def values_at_the_city(self):
        counts = {}
        for reading in self.city.readings():
            key = (reading.device, int(reading.value))
            counts[key] = counts.get(key, 0) + 1
        return counts

    def erasures_at_the_city(self):
        with contextlib.closing(
                sqlite3.connect(f'file:{self.city.database}?mode=ro', uri=True)) as database:
            return database.execute('SELECT device, attribute FROM erasure').fetchall()


class Erasure(SubjectTest):
    def test_an_erasure_takes_everything_of_a_person_and_nothing_of_others(self):
        early, late = range(1, 21), range(101, 121)
        self.send((PERSON, *OTHERS), early)
        self.delivered()
        known = {device for device, _ in self.values_at_the_city()}
        self.city.kill()
        self.send((PERSON, *OTHERS), late)
        rows = self.export('before')
        self.assertEqual({row['value'] for row in rows}, set(late))
        pseudonym = rows[0]['device']
        self.assertEqual({row['device'] for row in rows}, {pseudonym})
        # The control: the search finds what is there.
        self.assertNotEqual(self.stored_where(pseudonym), set())

        certificate = self.erase(pseudonym)
        self.assertEqual(certificate['sha256'], self.sha256('before/readings.jsonl'))
        self.assertEqual(certificate['readings'], len(late))
        self.assertEqual(certificate['undelivered'], len(late))
        self.assertEqual(certificate['told'], {'city': 1})
        self.assertEqual(self.export('after'), [])
        self.check_ledger(erased=len(late))
        self.assertEqual(self.gateway.terminate(), 0)
        self.gateway = self.start_gateway()
        self.assertEqual(self.export('restarted'), [])
        self.check_ledger(erased=len(late))

        self.city = self.start_city()
        self.wait_until_told()
        # The city is told the name that it has of the person, not the stored one.
        left = {device for device, _ in self.values_at_the_city()}
        self.assertEqual(self.erasures_at_the_city(), [(name, '') for name in known - left])
        self.assertNotIn(pseudonym, known)
        self.send(OTHERS, [201])
        ledger = self.delivered()
        counts = self.values_at_the_city()
        others = {device for device, _ in counts}
        self.assertNotIn(pseudonym, others)
        self.assertEqual(len(others), len(OTHERS))
        self.assertEqual(counts, {(device, value): 1 for device in others
                                  for value in (*early, *late, 201)})
        self.assertEqual(ledger['evicted'], {'erased': len(late)})
        self.assertEqual(self.stored_where(pseudonym), set())
        self.assertEqual(self.gateway.terminate(), 0)
        self.assertEqual(self.stored_where(pseudonym), set())
        log = (self.directory / 'gateway.log').read_text()
        self.assertNotIn(PERSON, log)
        # Each kind of request is told at once, not held back as the repetition of another.
        self.assertRegex(log.partition('/subject/erase')[0], r'/subject/export')
        self.assertRegex(log, r'subject-request: .*/subject/erase')

    def erase(self, pseudonym):
        """The certificate; the papers name nobody."""
        self.ask('subject', 'erase', '--into', self.directory / 'papers')
        papers = {path.name: path.read_text() for path in (self.directory / 'papers').iterdir()}
        self.assertEqual(set(papers), {'erasure-certificate.json', 'erasure-certificate.fr.txt',
                                       'erasure-certificate.en.txt'})
        certificate = json.loads(papers['erasure-certificate.json'])
        for text in papers.values():
            self.assertNotIn(PERSON, text)
            self.assertNotIn(pseudonym, text)
            self.assertIn(certificate['sha256'], text)
        return certificate

    def sha256(self, name):
        return hashlib.sha256((self.directory / name).read_bytes()).hexdigest()

    def check_ledger(self, erased):
        ledger = self.gateway.ledger()
        self.assertTrue(balances(ledger), ledger)
        self.assertEqual(ledger['evicted'], {'erased': erased})

    def wait_until_told(self):
        eventually(lambda: self.gateway.ledger()['uplinks']['city']['erasures'] == 0,
                   'the city has confirmed the erasure')
        self.delivered()


class ErasureOfATokenHolder(Erasure):
    device = '"token"'

    def test_a_token_outlives_restarts_and_not_an_erasure(self):
        self.send((PERSON, *OTHERS), [1])
        self.gateway.kill()
        self.gateway = self.start_gateway()
        self.send((PERSON, *OTHERS), [2])
        self.delivered()
        self.assertEqual(len({device for device, _ in self.values_at_the_city()}), 3)
        self.city.kill()
        self.send((PERSON,), [3])
        token = self.export('before')[0]['device']
        self.erase(token)
        self.send((PERSON, *OTHERS), [4])
        self.assertEqual([row['value'] for row in self.export('after')], [4])
        self.assertNotEqual(self.export('again')[0]['device'], token)
        self.city = self.start_city()
        self.wait_until_told()
        self.assertEqual(self.stored_where(token), set())
        names = {device for device, value in self.values_at_the_city() if value == 4}
        self.assertEqual(len(names), 3)


class TwoSteps(SubjectTest):
    def test_only_what_was_prepared_is_destroyed(self):
        self.city.kill()
        self.send((PERSON, *OTHERS), range(1, 6))
        self.ask('subject', 'erase', '--two-step', '--into', self.directory / 'a', expected=1)
        self.ask('subject', 'erase', '--prepare', '--into', self.directory / 'b')
        prepared = json.loads((self.directory / 'b/erasure-prepared.json').read_text())
        self.assertEqual(prepared['readings'], 5)
        self.assertIn(prepared['sha256'],
                      (self.directory / 'b/erasure-prepared.fr.txt').read_text())
        self.send((PERSON,), [6])
        confirm = ('subject', 'erase', '--two-step', '--confirm', prepared['sha256'])
        self.ask(*confirm, '--into', self.directory / 'c', expected=1)
        self.assertEqual(len(self.export('still')), 6)
        self.ask('subject', 'erase', '--prepare', '--into', self.directory / 'd')
        prepared = json.loads((self.directory / 'd/erasure-prepared.json').read_text())
        self.ask('subject', 'erase', '--confirm', prepared['sha256'],
                 '--into', self.directory / 'e')
        self.assertEqual(self.export('gone'), [])

    def test_a_gateway_that_does_not_run_is_asked_in_its_store(self):
        self.city.kill()
        self.send((PERSON, *OTHERS), range(1, 6))
        self.gateway.terminate()
        self.assertEqual(len(self.export('stopped')), 5)
        self.ask('subject', 'erase', '--into', self.directory / 'papers')
        self.gateway = self.start_gateway()
        self.assertEqual(self.export('started'), [])
        self.assertEqual(self.gateway.ledger()['uplinks']['city']['waiting'], 10)

    def test_nothing_is_erased_whose_certificate_has_no_place(self):
        self.city.kill()
        self.send((PERSON,), range(1, 4))
        papers = self.directory / 'papers'
        papers.mkdir()
        (papers / 'erasure-certificate.json').write_text('of somebody else')
        said = self.ask('subject', 'erase', '--into', papers, expected=69)
        self.assertIn(str(papers), said)
        self.assertEqual(len(self.export('before')), 3)
        self.ask('subject', 'erase', '--into', self.directory / 'papers' / 'of' / 'today')
        self.assertEqual(self.export('after'), [])

    def test_the_store_of_a_gateway_that_runs_is_nobody_elses(self):
        text = self.settings.read_text()
        self.settings.write_text(text.replace(f'socket = "{self.directory}/socket"\n', ''))
        said = self.ask('subject', 'erase', '--into', self.directory / 'papers', expected=69)
        self.assertIn('socket', said)
        self.settings.write_text(text)

    def test_nothing_is_asked_over_the_network(self):
        url = f'http://{LOOPBACK}:{self.ports.status}/subject/erase'
        request = urllib.request.Request(url, data=b'{}', method='POST')
        with self.assertRaises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request, timeout=10)
        with refused.exception as answer:
            self.assertIn(answer.code, (404, 405))


class Pack(SubjectTest):
    """A sealed export: what the clerk hands out and cannot read."""

    def setUp(self):
        super().setUp()
        self.city.kill()
        self.send((PERSON, *OTHERS), range(1, 301))

    def keygen(self, name):
        """Makes a pair of keys; the file of the private one, and the public one."""
        file = self.directory / name
        said = self.run_program('subject', 'keygen', file)
        self.assertEqual(file.stat().st_mode & 0o777, 0o600)
        return file, said.splitlines()[0]

    def seal(self, public_key):
        """The pack, which is all that there is in its directory."""
        directory = self.directory / 'sealed'
        pack = directory / 'export.pack'
        said = self.ask('subject', 'export', '--seal-to', public_key, '--into', directory)
        # Not even how many rows there are.
        self.assertEqual(said, f'The sealed export is in {pack}; only the holder of the private '
                               'key can open it.\n')
        self.assertEqual(list(directory.iterdir()), [pack])
        self.assertEqual(pack.stat().st_mode & 0o777, 0o600)
        return pack

    def open(self, pack, key, into, expected=0):
        return self.run_program('subject', 'open', pack, '--key', key,
                                '--into', self.directory / into, expected=expected)

    def test_the_holder_opens_what_the_clerk_cannot_read(self):
        key, public_key = self.keygen('holder.key')
        pack = self.seal(public_key)
        plain = self.export('plain')
        self.assertEqual(len(plain), 300)
        # The control: the search finds the person's pseudonym in what is not sealed.
        words = (plain[0]['device'], plain[0]['quantity'], DATASET, 'readings.jsonl', 'sequence')
        clear = b''.join(path.read_bytes() for path in (self.directory / 'plain').iterdir())
        for word in words:
            self.assertIn(word.encode(), clear)
            self.assertNotIn(word.encode(), pack.read_bytes())
        self.gateway.terminate()
        self.settings.unlink()
        self.open(pack, key, 'opened')
        self.assertEqual(self.rows_in(self.directory / 'opened'), plain)
        for name in ('readings.jsonl', 'readings.csv', 'consents.jsonl'):
            self.assertEqual((self.directory / 'opened' / name).read_bytes(),
                             (self.directory / 'plain' / name).read_bytes())

    def test_another_key_and_a_changed_byte_are_told_apart(self):
        key, public_key = self.keygen('holder.key')
        other, _ = self.keygen('other.key')
        pack = self.seal(public_key)
        said = self.open(pack, other, 'by-another', expected=65)
        self.assertIn('another key', said)
        self.assertFalse((self.directory / 'by-another').exists())
        content = bytearray(pack.read_bytes())
        content[len(content) // 2] ^= 1
        pack.write_bytes(content)
        self.assertIn('damaged', self.open(pack, key, 'changed', expected=65))
        self.assertEqual(list((self.directory / 'changed').iterdir()), [])

    def test_a_gateway_that_does_not_run_seals_as_well(self):
        key, public_key = self.keygen('holder.key')
        self.gateway.terminate()
        self.open(self.seal(public_key), key, 'opened')
        self.assertEqual(len(self.rows_in(self.directory / 'opened')), 300)

    def test_a_mistyped_key_seals_nothing(self):
        _, public_key = self.keygen('holder.key')
        mistyped = ('Y' if public_key[0] == 'Z' else 'Z') + public_key[1:]
        self.ask('subject', 'export', '--seal-to', mistyped, '--into', self.directory / 'sealed',
                 expected=64)
        self.assertFalse((self.directory / 'sealed').exists())


class Restriction(SubjectTest):
    def test_a_restricted_person_is_not_stored_until_it_is_lifted(self):
        self.ask('subject', 'restrict', '--reference', 'letter of 3 March')
        self.assertEqual(self.gateway.status()['restrictions'], 1)
        self.send((PERSON, *OTHERS), [1])
        self.assertEqual(self.gateway.ledger()['refused'], {'restricted': 1})
        self.gateway.terminate()
        self.gateway = self.start_gateway()
        self.send((PERSON, *OTHERS), [2])
        self.assertEqual(self.gateway.ledger()['refused'], {'restricted': 2})
        self.ask('subject', 'restrict', '--lift')
        self.send((PERSON, *OTHERS), [3])
        ledger = self.delivered()
        self.assertEqual(ledger['refused'], {'restricted': 2})
        self.assertEqual(ledger['stored'], 7)
        self.assert_name_is_nowhere()

    def assert_name_is_nowhere(self):
        for path in self.directory.rglob('*'):
            if path.is_file() and path.name not in ('mosquitto.log', 'passerelle.toml'):
                self.assertNotIn(PERSON.encode(), path.read_bytes(), path)


class Consent(Restriction):
    consent = 'consent = "each"'

    def test_a_restricted_person_is_not_stored_until_it_is_lifted(self):
        self.send((PERSON, *OTHERS), [1])
        self.assertEqual(self.gateway.ledger()['refused'], {'no-consent': 3})
        self.ask('consent', 'grant', '--reference', 'form 2026-113')
        self.assertEqual(self.gateway.status()['consents'], 1)
        self.send((PERSON, *OTHERS), [2])
        self.gateway.terminate()
        self.gateway = self.start_gateway()
        self.send((PERSON, *OTHERS), [3])
        self.ask('consent', 'revoke')
        self.send((PERSON, *OTHERS), [4])
        ledger = self.delivered()
        self.assertEqual(ledger['stored'], 2)
        self.assertEqual(ledger['refused'], {'no-consent': 3 + 2 + 2 + 3})
        listed = [json.loads(line) for line in self.ask('consent', 'list').splitlines()]
        self.assertEqual([entry['act'] for entry in listed], ['grant', 'revoke'])
        self.assertEqual(listed[0]['reference'], 'form 2026-113')
        self.assert_name_is_nowhere()


if __name__ == '__main__':
    unittest.main()
