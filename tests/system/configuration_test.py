"""A wrong configuration is refused whole: each mistake with its place, in the reader's language."""
import re
import subprocess
import unittest
from pathlib import Path

import configuration
from harness import PASSERELLE, ROOT, SystemTest

EXIT_CONFIGURATION = 78
PLACE = re.compile(r'^(?P<file>[^:]+):(?P<line>\d+):(?P<column>\d+): (?P<text>.+): .+$')

# What to write wrong instead of what, and where the complaint points: at which text of that line.
MISTAKES = [
    ('state_directory =', 'state_directry =', 'state_directry'),
    ('payload_bytes_max = 4096', 'payload_bytes_max = "many"', '"many"'),
    ('format = "senml-json"', 'format = "senml-yaml"', '"senml-yaml"'),
    ('path = "/m3"', 'path = "m3"', '"m3"'),
    ('retry_max = "1 s"', 'retry_max = "1 sec."', '"1 sec."')]


class Configuration(SystemTest):
    def setUp(self):
        super().setUp()
        self.path = configuration.write(self.directory, configuration.Ports())

    def test_every_mistake_is_told_at_once_with_its_line_and_column(self):
        expected = self._make_mistakes()
        for command in (['check', self.path], ['run', '--config', self.path]):
            with self.subTest(command=command[0]):
                code, text = run(*command)
                self.assertEqual(code, EXIT_CONFIGURATION)
                places = [PLACE.match(line) for line in text.splitlines()]
                told = {(int(place['line']), int(place['column'])) for place in places
                        if place and 'warning' not in place['text']}
                self.assertEqual(told, expected, text)

    def test_the_mistakes_are_told_in_french_and_in_english(self):
        self._make_mistakes()
        english, french = (run('--lang', language, 'check', self.path)[1]
                           for language in ('en', 'fr'))
        self.assertIn('did you mean', english)
        self.assertNotIn('did you mean', french)
        self.assertEqual(len(english.splitlines()), len(french.splitlines()))
        self.assertTrue(all(a != b for a, b in zip(english.splitlines(), french.splitlines())))

    def test_the_configurations_that_are_shipped_are_right(self):
        shipped = sorted((ROOT / 'config').rglob('*.toml'))
        self.assertTrue(shipped)
        for path in [*shipped, self.path]:
            with self.subTest(path=path):
                code, text = run('check', '--without-files', path)
                self.assertEqual(code, 0, text)

    def _make_mistakes(self):
        """Puts the mistakes into the configuration; their places."""
        text = Path(self.path).read_text()
        for right, wrong, _ in MISTAKES:
            self.assertEqual(text.count(right), 1, right)
            text = text.replace(right, wrong)
        Path(self.path).write_text(text)
        return {place(text, pointed_at) for _, _, pointed_at in MISTAKES}


def place(text, wanted):
    """(line, column) of a text, counted from 1."""
    before = text[:text.index(wanted)]
    return before.count('\n') + 1, len(before) - before.rfind('\n')


def run(*arguments):
    """(exit status, everything it says)"""
    program = subprocess.run([PASSERELLE, *map(str, arguments)], stdin=subprocess.DEVNULL,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
    return program.returncode, program.stdout.decode()


if __name__ == '__main__':
    unittest.main()
