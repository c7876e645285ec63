"""passerelle buffer: what is stored is shown, verified and exported, beside a gateway at work and
without one, and nothing is changed."""
import json
import os
import shutil
import stat
import subprocess
import time
import unittest

from harness import PASSERELLE, StageTest, eventually
from load import Meter, publish, stamp

READINGS = 600
PAGE_BYTES = 4096
LOG_HEADER_BYTES = 32 + 24  # of the file, and of the first frame
MEMBERS = {'dataset', 'sequence', 'device', 'quantity', 'value', 'unit', 'time', 'time_quality',
           'attributes'}


class Buffer(StageTest):
    def setUp(self):
        super().setUp()
        self.city.kill()  # everything waits
        self.base_ms = (int(time.time()) - 3600) * 1000
        publish(self.ports.mqtt, [
            (f'water/m-{value % 7}/reading', json.dumps(
                {'ts': stamp(self.base_ms + value * 1000), 'm3': value}))
            for value in range(READINGS)])
        eventually(lambda: self.gateway.ledger()['stored'] == READINGS, 'all are stored')

    def buffer(self, what, *options, language='en'):
        return subprocess.run(
            [PASSERELLE, '--lang', language, 'buffer', what, '-c', self.settings, *options],
            capture_output=True, text=True, timeout=120)

    def exported(self, *options):
        answer = self.buffer('export', *options)
        self.assertEqual(answer.returncode, 0, answer.stderr)
        return [json.loads(line) for line in answer.stdout.splitlines()]

    def files(self):
        """Every file of the box but its logs, with what tells of a change."""
        return {
            path: (path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_ino)
            for path in self.directory.rglob('*')
            if path.is_file() and path.suffix != '.log'}

    def stop(self):
        self.assertEqual(self.gateway.terminate(), 0)

    def test_beside_a_gateway_at_work(self):
        meters = [Meter(self.ports.mqtt, f'busy-{number}') for number in range(3)]
        for meter in meters:
            meter.start()
        try:
            for _ in range(5):
                answer = self.buffer('verify')
                self.assertEqual(answer.returncode, 0, answer.stdout + answer.stderr)
                stats = json.loads(self.buffer('stats', '--json').stdout)
                city = stats['uplinks'][0]
                self.assertEqual(
                    city['stored'], city['delivered'] + city['waiting'] + city['dead'] +
                    city['evicted'])
                self.assertEqual(stats['datasets'][0]['readings'], city['waiting'])
                self.assertGreater(stats['written']['bytes'], 0)
                lines = self.exported()
                numbers = [line['sequence'] for line in lines]
                self.assertEqual(numbers, list(range(1, len(numbers) + 1)))
                self.assertGreaterEqual(len(numbers), city['waiting'])
        finally:
            for meter in meters:
                meter.stop()
        self.assertEqual(self.gateway.status()['problems'][0]['code'], 'uplink-unreachable:city')
        self.assertEqual(self.gateway.get('/readyz')[0], 200)

    def test_nothing_is_changed_without_a_gateway(self):
        self.stop()
        before = self.files()
        for what in ('stats', 'verify', 'export'):
            answer = self.buffer(what)
            self.assertEqual(answer.returncode, 0, answer.stdout + answer.stderr)
        self.assertEqual(self.files(), before)
        stats = json.loads(self.buffer('stats', '--json').stdout)
        self.assertIsNone(stats['written'])
        self.assertEqual(stats['datasets'][0]['readings'], READINGS)
        self.assertEqual(stats['uplinks'][0]['lanes'], [
            {'dataset': 'everything', 'live': READINGS, 'backlog': 0}])

    def test_an_export_has_each_reading_as_it_was_sent(self):
        lines = self.exported()
        self.assertTrue(all(set(line) == MEMBERS for line in lines))
        self.assertEqual(
            {(line['device'], line['value'], line['time']) for line in lines},
            {(f'm-{value % 7}', value, stamp(self.base_ms + value * 1000))
             for value in range(READINGS)})
        some = self.exported('--dataset', 'everything', '--uplink', 'city',
                             '--from', stamp(self.base_ms + 10_000),
                             '--to', stamp(self.base_ms + 20_000))
        self.assertEqual(sorted(line['value'] for line in some), list(range(10, 20)))
        self.assertEqual(self.buffer('export', '--dataset', 'nothing').returncode, 69)
        self.assertEqual(self.buffer('export', '--uplink', 'nobody').returncode, 64)
        self.assertEqual(self.buffer('export', '--from', 'yesterday').returncode, 64)

    def test_what_was_delivered_no_longer_waits(self):
        self.city = self.start_city()
        self.delivered()
        self.assertEqual(self.exported('--uplink', 'city'), [])

    def test_a_file_is_private_and_is_not_overwritten(self):
        into = self.directory / 'readings.jsonl'
        old = os.umask(0)
        self.addCleanup(os.umask, old)
        answer = self.buffer('export', '--into', into)
        self.assertEqual(answer.returncode, 0, answer.stderr)
        self.assertEqual(answer.stdout, '')
        self.assertIn('to see that the gateway keeps its promises', answer.stderr)
        self.assertEqual(stat.S_IMODE(into.stat().st_mode), 0o600)
        content = into.read_bytes()
        self.assertEqual(content.count(b'\n'), READINGS)
        self.assertEqual(self.buffer('export', '--into', into).returncode, 69)
        self.assertEqual(into.read_bytes(), content)

    def test_damage_is_found_and_a_sound_copy_is_not_damaged(self):
        self.stop()
        self.assertEqual(self.buffer('verify').returncode, 0)
        copy = self.directory / 'copy.db'
        shutil.copy(self.directory / 'buffer.db', copy)
        answer = self.buffer('verify', '--file', copy)
        self.assertEqual(answer.returncode, 0, answer.stdout + answer.stderr)
        self.assertIn('is sound', answer.stdout)
        whole = copy.read_bytes()
        for page in range(len(whole) // PAGE_BYTES):
            damaged = bytearray(whole)
            damaged[page * PAGE_BYTES + 200 + page] ^= 0x10
            copy.write_bytes(damaged)
            answer = self.buffer('verify', '--file', copy, '--json')
            self.assertEqual(answer.returncode, 2, answer.stdout)
            checks = {check['code']: check for check in json.loads(answer.stdout)['checks']}
            self.assertEqual(checks['buffer-pages']['severity'], 'failure')
            self.assertIn(f': {page + 1}.', checks['buffer-pages']['finding'])
            self.assertEqual(copy.read_bytes(), damaged)
        answer = self.buffer('verify', '--file', copy, language='fr')
        self.assertIn('endommagé', answer.stdout)
        self.assertIn('carte', answer.stdout)

    def test_a_damaged_log_of_a_killed_gateway_is_found(self):
        # Only in the last transactions damage cannot be told from a power cut.
        for value in range(READINGS, READINGS + 6):
            publish(self.ports.mqtt, [('water/m-1/reading', json.dumps(
                {'ts': stamp(self.base_ms + value * 1000), 'm3': value}))])
            eventually(lambda: self.gateway.ledger()['stored'] > value, 'it is stored')
        self.gateway.kill()
        log = self.directory / 'buffer.db-wal'
        self.assertEqual(self.buffer('verify').returncode, 0)  # the control
        content = bytearray(log.read_bytes())
        content[LOG_HEADER_BYTES + 100] ^= 1
        log.write_bytes(content)
        answer = self.buffer('verify')
        self.assertEqual(answer.returncode, 2, answer.stdout)

    def test_without_the_keys_nothing_is_shown_and_that_is_said(self):
        self.stop()
        keys = self.directory / 'state' / 'keys'
        keys.rename(self.directory / 'elsewhere')
        answer = self.buffer('verify')
        self.assertEqual(answer.returncode, 1, answer.stdout)
        answer = self.buffer('export')
        self.assertNotEqual(answer.returncode, 0)
        self.assertEqual(answer.stdout, '')
        self.assertFalse(keys.exists())
        self.assertEqual(self.buffer('stats').returncode, 0)

    def test_who_was_erased_does_not_come_out(self):
        self.stop()
        self.assertIn('m-3', {line['device'] for line in self.exported()})  # the control
        subprocess.run(
            [PASSERELLE, 'subject', 'erase', '--dataset', 'everything', '--config', self.settings,
             '--into', self.directory / 'certificate'], input='m-3\n', text=True, timeout=120,
            check=True, stdout=subprocess.DEVNULL)
        self.assertEqual(
            {line['device'] for line in self.exported()}, {f'm-{meter}' for meter in range(7)}
            - {'m-3'})
        self.assertEqual(self.buffer('verify').returncode, 0)

    @unittest.skipUnless(os.geteuid() == 0, 'root alone can be somebody else')
    def test_somebody_else_is_told_who_may(self):
        somebody = ['setpriv', '--reuid', '65534', '--clear-groups']
        if subprocess.run([*somebody, 'test', '-x', PASSERELLE], check=False).returncode:
            self.skipTest('the program is where nobody else gets')
        self.directory.chmod(0o755)
        self.settings.chmod(0o644)
        for what in ('stats', 'verify', 'export'):
            answer = subprocess.run(
                [*somebody, PASSERELLE, '--lang', 'en', 'buffer', what, '-c', self.settings],
                capture_output=True, text=True, timeout=120)
            self.assertNotEqual(answer.returncode, 0)
            self.assertIn("gateway's user", ' '.join((answer.stdout + answer.stderr).split()))
            self.assertNotIn('m-1', answer.stdout)


if __name__ == '__main__':
    unittest.main()
