"""The exercise of the handbook: its first policy lets personal data pass, its solution none, at the
city, in the store and in the log; and its checker tells one from the other."""
import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from harness import PASSERELLE, ROOT
from privacy_test import opened

EXERCISE = ROOT / 'packaging/handbook/exercise'
sys.path.insert(0, str(EXERCISE))
from stage import Stage  # noqa: E402

CANARIES = json.loads((EXERCISE / 'canaries.json').read_text())
HELD_BACK = {'karim.exo@example.org'}  # by the first policy, as an example
SECONDS_MAX = 120


def texts():
    return {canary['text'] for canary in CANARIES}


def found_in(content):
    """The canaries in these bytes, however they are punctuated."""
    def plain(text):
        return text.translate(None, b' -:./+')
    return {text for text in texts()
            if text.encode() in content or plain(text.encode()) in plain(content)}


class Checker(unittest.TestCase):
    def check(self, policy, language='en'):
        return subprocess.run(
            [EXERCISE / 'check', policy], env={**os.environ, 'PASSERELLE': PASSERELLE,
                                               'LC_ALL': f'{language}.UTF-8'},
            capture_output=True, text=True, timeout=SECONDS_MAX, check=False)

    def changed(self, name, *replacements):
        text = (EXERCISE / name).read_text()
        for before, after in replacements:
            self.assertIn(before, text)
            text = text.replace(before, after)
        temporary = tempfile.NamedTemporaryFile('w', suffix='.toml')
        self.addCleanup(temporary.close)
        temporary.write(text)
        temporary.flush()
        return temporary.name

    def test_the_first_policy_lets_personal_data_pass_and_each_is_named(self):
        for language in ('fr', 'en'):
            done = self.check(EXERCISE / 'policy.toml', language)
            self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
            for canary in CANARIES:
                told = canary['text'] in done.stdout
                self.assertEqual(told, canary['text'] not in HELD_BACK, done.stdout)

    def test_the_solution_is_congratulated(self):
        for language, words in (('fr', 'Bravo'), ('en', 'Well done')):
            done = self.check(EXERCISE / 'solution.toml', language)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            self.assertIn(words, done.stdout)

    def test_each_rule_of_the_solution_is_needed(self):
        leaks = {'client = "drop"': 'client = "keep"', 'modem = "drop"': 'modem = "keep"',
                 'remarque = "drop"': 'remarque = { rule = "text", mode = "patterns" }'}
        for kept, leak in leaks.items():
            with self.subTest(leak):
                done = self.check(self.changed('solution.toml', (kept, leak)))
                self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
                self.assertRegex(done.stdout, r'(?m)^[12] of 11 ')

    def test_to_remove_what_the_city_needs_is_no_solution(self):
        done = self.check(self.changed('solution.toml', ('quartier = "keep"', 'quartier = "drop"')))
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn('the city needs the district', done.stdout)

    def test_a_mistake_in_the_policy_is_shown_with_its_line(self):
        policy = self.changed('policy.toml', ('client = "keep"', 'client = "kep"'))
        done = self.check(policy)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stdout, rf'{policy}:\d+:\d+: ')


class Everywhere(unittest.TestCase):
    """What waits in the store, opened with its keys; what the city got; the log."""

    def places(self, policy):
        os.environ['PASSERELLE'] = PASSERELLE
        with tempfile.TemporaryDirectory() as directory:
            stage = Stage(EXERCISE / policy, directory)
            try:
                stage.start_gateway()
                stage.send()
                self.assertGreater(self._waiting(stage), 0)
                stage.programs.stop('gateway')
                stored, log = self._stored(stage), self._log(stage)
                stage.start_city()
                stage.start_gateway()
                self.assertTrue(stage.await_delivery())
                wire = found_in(json.dumps(stage.readings(), ensure_ascii=False).encode())
            finally:
                stage.programs.end()
            return wire, stored, found_in(log + self._log(stage))

    @staticmethod
    def _log(stage):
        return (stage.directory / 'gateway.log').read_bytes()

    @staticmethod
    def _waiting(stage):
        return stage.get(stage.status_port, '/status')['ledger']['uplinks']['plateforme']['waiting']

    @staticmethod
    def _stored(stage):
        state = stage.directory / 'var'
        found = set()
        for path in filter(Path.is_file, state.rglob('*')):
            if not {'configurations', 'policy'} & set(path.parts):  # copies of the policy itself
                for content in (path.read_bytes(), *opened(path, state)):
                    found |= found_in(content)
        return found

    def test_the_solution_leaves_nothing_anywhere(self):
        self.assertEqual(self.places('solution.toml'), (set(), set(), set()))

    def test_the_control_finds_what_the_first_policy_lets_pass(self):
        wire, stored, logged = self.places('policy.toml')
        self.assertEqual(wire, texts() - HELD_BACK)
        self.assertEqual(stored, texts() - HELD_BACK)
        self.assertEqual(logged, set())


if __name__ == '__main__':
    unittest.main()
