"""What a release says of itself, until when it gets corrections, and the way back to the one
before."""
import hashlib
import json
import os
import re
import shutil
import subprocess
import unittest

from harness import PASSERELLE, ROOT, Gateway, eventually
from standstill_test import StandstillTest
from wrong_clock import believing

EXIT_NOT_DONE = 1
RUNNING = ('SQLite', 'OpenSSL', 'libcoap', 'Paho C', 'libsodium', 'libcurl', 'zstd', 'zlib')


def run(*words, environment=None):
    return subprocess.run([PASSERELLE, *map(str, words)], capture_output=True, text=True,
                          timeout=60, check=False, stdin=subprocess.DEVNULL,
                          env={**os.environ, 'LC_ALL': 'C.UTF-8', **(environment or {})})


def constant(name):
    """As CMakeLists.txt has it."""
    return re.search(rf'set\({name} (\S+)\)', (ROOT / 'CMakeLists.txt').read_text())[1]


class Version(unittest.TestCase):
    def test_the_first_line_is_for_scripts_and_the_rest_for_people(self):
        lines = run('--version').stdout.splitlines()
        self.assertRegex(lines[0], r'^passerelle \d+\.\d+\.\d+$')
        self.assertIn(constant('PASSERELLE_SUPPORT_END'), lines[1])
        for name in RUNNING:
            self.assertTrue(any(re.match(rf'{re.escape(name)} \d+\.\d', line) for line in lines),
                            (name, lines))
        self.assertEqual(lines, run('version').stdout.splitlines())

    def test_a_machine_gets_the_same(self):
        told = json.loads(run('version', '--json').stdout)
        self.assertEqual(told['support_end'], constant('PASSERELLE_SUPPORT_END'))
        self.assertEqual(told['version'], run('--version').stdout.split()[1])
        self.assertLessEqual(set(RUNNING), set(told['libraries']))
        installed = subprocess.run(['dpkg-query', '-W', '-f', '${Version}', 'libsqlite3-0'],
                                   capture_output=True, text=True, check=False).stdout
        if installed:
            self.assertTrue(installed.startswith(told['libraries']['SQLite']), installed)

    @unittest.skipUnless(shutil.which('faketime'), 'needs faketime')
    def test_nothing_depends_on_the_time(self):
        now = run('--version').stdout
        later = subprocess.run(['faketime', '2031-01-01 00:00:00', PASSERELLE, '--version'],
                               capture_output=True, text=True, check=True,
                               env={**os.environ, 'LC_ALL': 'C.UTF-8'}).stdout
        self.assertEqual(later, now)


class OneReleaseBack(StandstillTest):
    def test_nothing_is_to_undo_for_this_release_and_what_is_stored_arrives(self):
        self.fill()
        before = self.digests()
        for release in ('0.1.0', '0.1.0-1~bpo12+1'):
            done = self.downgrade(release)
            self.assertEqual((done.returncode, done.stderr), (0, ''), done)
        self.assertEqual(self.digests(), before)
        self.start_gateway(Gateway)
        self.assert_everything_arrives()

    def test_an_unknown_release_is_refused(self):
        self.fill()
        before = self.digests()
        done = self.downgrade('0.0.9-1')
        self.assertEqual(done.returncode, EXIT_NOT_DONE)
        self.assertIn('0.1.0', done.stderr)
        self.assertEqual(self.digests(), before)

    def test_it_is_refused_beside_a_gateway(self):
        self.start_gateway(Gateway)
        self.assertTrue(self.post(1, 30))
        done = self.downgrade('0.1.0')
        self.assertEqual(done.returncode, EXIT_NOT_DONE, done)
        self.assertIn('systemctl stop passerelle', done.stderr)
        self.assertTrue(self.post(2, 30), 'the gateway goes on')

    def downgrade(self, release):
        return run('--lang', 'en', 'buffer', 'downgrade', '--for', release, '-c', self.settings)

    def digests(self):
        """Of the files that hold what is stored."""
        return {path.name: hashlib.sha256(path.read_bytes()).hexdigest()
                for path in self.disk.iterdir() if not path.name.endswith(('-shm', '-wal'))}


class SupportEnds(StandstillTest):
    def test_the_doctor_and_the_gateway_warn_once_it_is_over(self):
        faked = believing('+20y')
        self.assertEqual(self.support({})['severity'], 'ok')
        found = self.support(faked)
        self.assertEqual(found['severity'], 'warning')
        self.assertIn(constant('PASSERELLE_SUPPORT_END'), found['finding'])
        self.start_gateway(Gateway)
        self.assertNotIn('support-ended', self.problems())
        self.gateway.terminate()
        (self.directory / 'state/clock').unlink()  # a clock that jumps is not believed
        self.start_gateway(Gateway, environment=faked)
        eventually(lambda: 'support-ended' in self.problems(), 'it is told')
        self.assertNotEqual(self.gateway.status()['state'], 'failing')

    def support(self, environment):
        done = run('doctor', '--json', '-c', self.settings, environment=environment)
        return next(check for check in json.loads(done.stdout)['checks']
                    if check['code'] == 'support')

    def problems(self):
        return {problem['code'] for problem in self.gateway.status()['problems']}


if __name__ == '__main__':
    unittest.main()
