"""The list of devices of the built program: what was heard under which name, and why not."""
import json
import os
import subprocess
import time
import unittest

from harness import PASSERELLE, StageTest, eventually
from load import publish, stamp

METERS = ('meter-of-family-benali', 'meter-of-family-mbarga')
DATASET = 'everything'


class Devices(StageTest):
    device = '{ rule = "pseudonym", epoch = "P1M" }'

    def start_gateway(self):
        text = self.settings.read_text()
        if 'socket =' not in text:
            self.settings.write_text(
                text.replace('[status]\n', f'[status]\nsocket = "{self.directory}/socket"\n'))
        return super().start_gateway()

    def setUp(self):
        super().setUp()
        now_ms = int(time.time()) * 1000
        good = [(f'water/{name}/reading', json.dumps({'ts': stamp(now_ms), 'm3': 7}))
                for name in METERS]
        self.send(good, 2)
        self.send([(f'water/{METERS[1]}/reading', '{"m3": ')], 3)

    def send(self, messages, received):
        publish(self.ports.mqtt, messages)
        eventually(lambda: self.gateway.ledger()['received'] == received, 'everything is counted')

    def ask(self, *words, text='', expected=0):
        done = subprocess.run(
            [PASSERELLE, 'devices', *words, '--config', self.settings], input=text,
            capture_output=True, text=True, timeout=120, check=False,
            env={**os.environ, 'LC_ALL': 'en.UTF-8'})
        self.assertEqual(done.returncode, expected, done.stdout + done.stderr)
        for name in METERS:
            self.assertNotIn(name, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def listed(self):
        return json.loads(self.ask('--json'))

    def of_identity(self, name, expected=0):
        return self.ask('--identity', '--dataset', DATASET, text=name + '\n', expected=expected)

    def test_devices_are_listed_by_their_stored_names(self):
        listed = self.listed()
        self.assertEqual(listed['known'], 2)
        for device in listed['devices']:
            self.assertRegex(device['name'], '^[a-z2-7]{26}$')  # a pseudonym
        self.assertEqual({device['source'] for device in listed['devices']}, {'meters'})
        refused = [device['refused'] for device in listed['devices'] if device['refused']]
        self.assertEqual(refused, [{'truncated': 1}])
        self.assertEqual(self.gateway.status()['devices'], 2)
        table = self.ask()
        self.assertIn('Known devices: 2', table)
        self.assertLessEqual(max(map(len, table.splitlines())), 80)

    def test_a_technician_finds_a_device_by_its_real_name(self):
        name = next(device['name'] for device in self.listed()['devices']
                    if not device['refused'])
        found = self.of_identity(METERS[0])
        self.assertIn(name + '\nIt works', found)
        self.assertIn(name + '\nIt works', self.ask(name))
        self.assertIn(name + '\nIt works', self.ask(name[:8]))
        refused = ' '.join(self.of_identity(METERS[1], expected=1).split())
        self.assertIn('is refused: cut short 1', refused)
        self.assertIn('was not heard', self.of_identity('meter-of-nobody', expected=1))
        self.assertIn('was not heard', self.ask('meter-of-nobody', expected=1))
        self.assertNotIn('meter-of', self.gateway.log.read_text())

    def test_who_is_erased_is_in_the_list_no_more(self):
        before = self.listed()
        subprocess.run(
            [PASSERELLE, 'subject', 'erase', '--dataset', DATASET, '--config', self.settings,
             '--into', self.directory / 'certificate'], input=METERS[0] + '\n', text=True,
            timeout=120, check=True, stdout=subprocess.DEVNULL)
        after = self.listed()
        self.assertEqual((before['known'], after['known']), (2, 1))
        self.assertIn('was not heard', self.of_identity(METERS[0], expected=1))

    def test_nobody_who_has_no_keys_computes_a_name(self):
        keys = self.directory / 'state/keys'
        keys.rename(self.directory / 'elsewhere')
        self.assertIn('no keys yet', self.of_identity(METERS[0], expected=1))


if __name__ == '__main__':
    unittest.main()
