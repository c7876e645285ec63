"""The handbook does what it says: each of its commands is run, in the order of the chapters, on a
box with a real platform and real devices, and what it shows is what is said. Incidents are brought
about, seen, mended, and seen to be over.

    /usr/bin/python3 tests/system/handbook_test.py French
    /usr/bin/python3 tests/system/handbook_english_test.py

Not brought about: the wear that an eMMC tells of, which takes one; readings that are refused by a
disk that has nothing left, and a buffer so full that the oldest go, which takes too long here and
is done by full_disk_test.py and ledger_test.py. What the chapters quote of them is looked for in
the catalogue of the program. A full disk takes root, and is left out, and told, otherwise.
"""
import re
import unittest

from handbook_box import NOT_RUN, Box
from handbook_chapter import chapters_of, steps_of
from handbook_reader import HANDBOOK, INDEX, HandbookTest, Reader
from harness import ROOT, SystemTest

# The only difference between the commands of both languages: names that a person gives.
WORDS = {'nouvelle.toml': 'new.toml', 'essai.toml': 'trial.toml', 'cles.tar.gz': 'keys.tar.gz',
         'delegue.key': 'officer.key', 'exercice.toml': 'exercise.toml',
         'releves.jsonl': 'readings.jsonl', 'enregistrement.jsonl': 'recording.jsonl',
         'dossier.tar.gz': 'bundle.tar.gz', 'capteur.bin': 'sensor.bin', 'court.bin': 'short.bin',
         'quart.manifest': 'quarter.manifest'}


class French(HandbookTest):
    language = 'fr'

    def test_every_chapter(self):
        self.read_handbook()


class Control(SystemTest):
    """What the reader finds when a chapter is wrong."""

    def read(self, text):
        chapter = self.directory / 'chapter.md'
        chapter.write_text(text)
        Reader(self.box).read(chapter)

    def setUp(self):
        super().setUp()
        self.box = Box(self, 'en')

    def assert_wrong(self, text, *words):
        with self.assertRaises(AssertionError) as caught:
            self.read(text)
        for word in words:
            self.assertIn(word, str(caught.exception))

    def test_a_chapter_that_is_right_is_read_to_its_end(self):
        self.read('```console\n$ echo a; echo b\na\nb\n$ echo one two three\none … three\n```\n'
                  '<!-- exit: 3 -->\n```console\n$ exit 3\n```\n'
                  '```console\n$ false\n$ echo $?\n1\n```\n'
                  '```message\nThe eMMC … is worn\n```\n')

    def test_a_command_that_does_not_exist(self):
        self.assert_wrong('# A\n\n```console\n$ passerelle statsu\n…\n```\n',
                          'chapter.md:4', 'statsu')

    def test_a_command_that_fails(self):
        self.assert_wrong('```console\n$ cat nothing\n…\n```\n', 'nothing', '(1)')

    def test_a_failure_that_does_not_come(self):
        self.assert_wrong('<!-- exit: 1 -->\n```console\n$ true\n```\n', 'true')

    def test_output_that_does_not_come(self):
        for shown in ('passerelle 99', 'passerelle', '… 0.1.0\nand more', '0.1.0'):
            with self.subTest(shown):
                self.assert_wrong(f'```console\n$ passerelle --version\n{shown}\n```\n', shown)

    def test_output_that_is_not_shown(self):
        self.assert_wrong('```console\n$ echo a\n```\n', 'echo a')

    def test_a_text_that_the_program_does_not_have(self):
        self.assert_wrong('```message\nThe eMMC sings.\n```\n', 'never says: The eMMC sings.')

    def test_a_place_of_a_gateway_that_does_not_start(self):
        self.assert_wrong('```console\n$ passerelle run\n…\n```\n', 'not ready')


class Books(unittest.TestCase):
    """What holds of the chapters as they are written."""

    def test_both_languages_do_the_same_in_the_same_order(self):
        french, english = (chapters_of(index) for index in INDEX.values())
        self.assertEqual(len(french), len(english))
        for one, other in zip(french, english):
            with self.subTest(chapter=one.name):
                self.assertEqual(done_in(one, WORDS), done_in(other, {}))

    def test_every_chapter_is_in_its_contents(self):
        listed = {path for index in INDEX.values() for path in (index, *chapters_of(index))}
        self.assertEqual(listed, set(HANDBOOK.glob('*.md')))

    def test_there_are_ten_incidents_at_least_and_each_is_seen_mended_and_over(self):
        for name in ('incidents.fr.md', 'incidents.md'):
            text = (HANDBOOK / name).read_text()
            incidents = re.split(r'(?m)^## \d+\. ', text)[1:]
            self.assertGreaterEqual(len(incidents), 10)
            for incident in incidents:
                for part in ('On voit|One sees', 'Cela veut dire|It means', 'Que faire|What to do',
                             'C’est fini|It is over'):
                    self.assertRegex(incident, rf'\*\*({part})')
                self.assertIn('```console', incident)

    def test_what_is_not_run_here_is_run_elsewhere(self):
        commands = [step.command for chapter in chapters_of(INDEX['fr'])
                    for step in steps_of(chapter.read_text()) if step.kind == 'console']
        for prefix, elsewhere in NOT_RUN.items():
            self.assertTrue(any(command.startswith(prefix) for command in commands), prefix)
            if elsewhere:
                file, line = elsewhere
                self.assertIn(line, (ROOT / file).read_text())


def done_in(chapter, words):
    """The commands, the kinds of what is looked at, and the events, with words in their place."""
    done = [(step.kind, step.command, step.status) for step in steps_of(chapter.read_text())]
    for word, other in words.items():
        done = [(kind, command.replace(word, other), status) for kind, command, status in done]
    return done


if __name__ == '__main__':
    unittest.main()
