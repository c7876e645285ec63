"""What opens more than the configuration that ran last starts with the city's signature alone."""
import shutil
import subprocess
import unittest
from pathlib import Path

import configuration
from harness import PASSERELLE, Gateway, SystemTest

EXIT_CONFIGURATION = 78
PSEUDONYM = '"pseudonym"'
KEEP = '"keep"'


class Loosening(SystemTest):
    def setUp(self):
        super().setUp()
        self.ports = configuration.Ports()
        self.file = self.directory / 'passerelle.toml'
        self.signature = self.directory / 'passerelle.toml.sig'
        self.city, self.other = self._make_key('city.key'), self._make_key('other.key')

    def test_what_opens_more_needs_the_signature_of_this_file(self):
        self._write(PSEUDONYM)
        self._assert_starts('No configuration ran here before')
        self._write(KEEP)
        self._assert_refused("'device' may tell more: keep; before: pseudonym", 'policy sign')
        # The signature of another file, then one by another key, then the right one.
        self._write(PSEUDONYM, 'drop')
        self._sign('city.key')
        self._write(KEEP)
        self._assert_refused('no signature of this file')
        self._sign('other.key')
        self._assert_refused('no signature of this file')
        self._sign('city.key')
        self._assert_starts('and is signed')
        # One byte more, and it is another file.
        self.file.write_text(self.file.read_text() + '\n')
        self.signature.unlink()
        self._assert_starts()

    def test_what_opens_no_more_starts_without(self):
        self._write(KEEP)
        self._assert_starts()
        self._write(PSEUDONYM)
        self._assert_starts()
        self._write(KEEP)
        self._assert_refused('may tell more')

    def test_a_start_that_failed_is_none_that_ran(self):
        self._write(PSEUDONYM)
        self._assert_starts()
        text = self.file.read_text()
        self.file.write_text(text.replace('keys = "file"', 'keys = "tpm2"').replace(
            PSEUDONYM, '{ rule = "pseudonym", epoch = "P1D" }'))
        code, said = self._run()
        self.assertEqual(code, EXIT_CONFIGURATION, said)
        self.assertIn('has-tpm2', said)
        self.file.write_text(text)
        self._assert_starts()

    def test_the_key_is_not_taken_out_without_it(self):
        self._write(PSEUDONYM)
        self._assert_starts()
        self.file.write_text(self.file.read_text().replace('loosening_key', '#'))
        self._assert_refused('must be signed with is gone')
        self._sign('city.key')
        self._assert_starts('and is signed')

    def test_a_copy_that_is_lost_is_no_way_around(self):
        self._write(PSEUDONYM)
        self._assert_starts()
        shutil.rmtree(self.directory / 'state/policy')
        self._write(KEEP)
        self._assert_refused('is lost or cannot be understood')
        self.file.write_text(self.file.read_text().replace('loosening_key', '#'))
        self._assert_refused('is lost or cannot be understood')
        # Another state directory, and the buffer of the gateway that has run.
        self._write(KEEP)
        self.file.write_text(self.file.read_text().replace('/state"', '/elsewhere"'))
        self._assert_refused('is lost or cannot be understood')

    def test_without_a_key_it_starts_and_says_so(self):
        """The control: what the others refuse is refused because of the key."""
        for device in (PSEUDONYM, KEEP):
            self._write(device)
            self.file.write_text(self.file.read_text().replace('loosening_key', '#'))
            self._assert_starts()
        self.assertIn('No loosening_key asks', (self.directory / 'gateway.log').read_text())

    def test_check_says_what_must_be_signed(self):
        self._write(PSEUDONYM)
        before = self.directory / 'before.toml'
        shutil.copy(self.file, before)
        self._write(KEEP)
        code, said = run('check', self.file, '--against', before)
        self.assertEqual(code, 0, said)
        self.assertIn('there is none in', said)
        self._sign('city.key')
        code, said = run('check', self.file, '--against', before)
        self.assertEqual(code, 0, said)
        self.assertIn('The change is signed', said)

    def test_french_words(self):
        self._write(PSEUDONYM)
        self._assert_starts()
        self._write(KEEP)
        program = subprocess.run([PASSERELLE, '--lang', 'fr', 'run', '--config', self.file],
                                 stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                 stderr=subprocess.STDOUT, timeout=60)
        self.assertEqual(program.returncode, EXIT_CONFIGURATION)
        self.assertIn('policy sign', program.stdout.decode())

    def _make_key(self, name):
        code, said = run('policy', 'keygen', self.directory / name)
        self.assertEqual(code, 0, said)
        self.assertEqual((self.directory / name).stat().st_mode & 0o777, 0o600)
        line = said.splitlines()[-1]
        self.assertTrue(line.startswith('loosening_key = "'), said)
        return line

    def _write(self, device, customer='keep'):
        configuration.write(self.directory, self.ports, device=device)
        self.file.write_text(f'{self.file.read_text()}\n# {customer}\n'
                             f'[privacy]\nkeys = "file"\n{self.city}\n')

    def _sign(self, key):
        code, said = run('policy', 'sign', '--key', self.directory / key, self.file)
        self.assertEqual(code, 0, said)
        self.assertTrue(self.signature.exists())

    def _run(self):
        return run('run', '--config', self.file)

    def _assert_refused(self, *words):
        code, said = self._run()
        self.assertEqual(code, EXIT_CONFIGURATION, said)
        for text in words:
            self.assertIn(text, said)

    def _assert_starts(self, words=''):
        log = Path(self.directory / 'gateway.log')
        log.unlink(missing_ok=True)
        gateway = self.start(Gateway(self.directory, self.file, self.ports.status))
        self.assertEqual(gateway.terminate(), 0)
        self.assertIn(words, log.read_text())


def run(*arguments):
    """(exit status, everything it says)"""
    program = subprocess.run([PASSERELLE, '--lang', 'en', *map(str, arguments)],
                             stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, timeout=60)
    return program.returncode, program.stdout.decode()


if __name__ == '__main__':
    unittest.main()
