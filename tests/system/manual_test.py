"""The manual pages that the built program writes: every command, every option, no warnings."""
import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

from command_tree import commands, run

PLACES = {'en': 'man1', 'fr': 'fr/man1'}
SECTIONS = {'en': ('NAME', 'SYNOPSIS', 'DESCRIPTION', 'EXIT STATUS', 'SEE ALSO'),
            'fr': ('NOM', 'SYNOPSIS', 'DESCRIPTION', 'CODE DE RETOUR', 'VOIR AUSSI')}
ENVIRONMENT = {**os.environ, 'LC_ALL': 'C.UTF-8', 'MANWIDTH': '200'}


def man(*arguments):
    return subprocess.run(['man', '--warnings', *map(str, arguments)], env=ENVIRONMENT, text=True,
                          capture_output=True, timeout=60, check=False)


class Manual(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        temporary = tempfile.TemporaryDirectory(prefix='passerelle-manual-')
        cls.addClassCleanup(temporary.cleanup)
        cls.directory = Path(temporary.name)
        written = run('manual', '--into', cls.directory)
        assert written.returncode == 0, written.stderr
        cls.commands = commands()
        assert len(cls.commands) > len(cls.commands[0].parts) > 1

    def test_every_command_has_a_page_in_both_languages_that_man_shows_without_warnings(self):
        for language, place in PLACES.items():
            for command in self.commands:
                with self.subTest(language=language, command=command.words):
                    self.assertTrue((self.directory / place / f'{page_of(command)}.1').is_file())
                    shown = man('-M', self._root(language), page_of(command))
                    self.assertEqual((shown.returncode, shown.stderr), (0, ''))
                    for section in SECTIONS[language]:
                        self.assertRegex(shown.stdout, f'(?m)^{section}$')

    def test_every_option_and_command_of_the_help_is_on_the_page(self):
        for language in PLACES:
            for command in self.commands:
                text = man('-M', self._root(language), page_of(command)).stdout
                if command.words[1:]:  # its part of the page of the command it belongs to
                    head = f'passerelle {" ".join(command.words)}'
                    text = re.split(rf'(?m)^   {head}$', text)[1]
                    text = re.split(r'(?m)^ {0,3}\S', text)[0]
                for name in command.options:
                    with self.subTest(language=language, command=command.words, option=name):
                        self.assertRegex(text, rf'(?m)^       [-\w, ]*{re.escape(name)}\b')
                for part in command.parts:
                    self.assertIn(part, text)

    def test_the_name_of_a_page_is_found_by_whatis(self):
        for language, place in PLACES.items():
            for command in self.commands:
                if command.words[1:]:
                    continue
                page = self.directory / place / f'{page_of(command)}.1'
                found = subprocess.run(['lexgrog', page], env=ENVIRONMENT, text=True,
                                       capture_output=True, check=False).stdout
                names = [page_of(other) for other in self.commands
                         if other is command
                         or command.words and other.words[:1] == command.words]
                with self.subTest(page=page.name, language=language):
                    for name in names:
                        self.assertRegex(found, f'(?m): "{name} - [^"A-Z][^"]+"$')

    def test_french_is_french(self):
        pages = {page.name: page.read_text(encoding='utf-8')
                 for page in (self.directory / PLACES['fr']).glob('passerelle*.1')}
        for name, text in pages.items():
            if text.startswith('.so '):
                continue
            with self.subTest(page=name):
                english = (self.directory / PLACES['en'] / name).read_text(encoding='utf-8')
                self.assertFalse(prose(text) & prose(english), 'left in English')
                self.assertNotIn("'", text.replace("\\&'", ''))
        shown = man('-M', self._root('fr'), 'passerelle-check').stdout
        for words in ('vérifie une configuration', 'Donne toutes les erreurs d’un coup'):
            self.assertIn(words, ' '.join(shown.split()))

    def test_a_page_that_is_wrong_is_noticed(self):
        wrong = self.directory / 'wrong.1'
        wrong.write_text('.TH WRONG 1\n.SH NAME\nwrong \\- is wrong\n.SH ONE\n.nothing\n')
        self.assertIn('nothing', man('-l', wrong).stderr)

    def _root(self, language):
        return self.directory / PLACES[language].removesuffix('man1')


def prose(page):
    """Its sentences: no requests, no examples."""
    text = re.sub(r'(?ms)^\.EX$.*?^\.EE$', '', page)
    return {line for line in text.splitlines()
            if line[:1] not in ('.', '\\') and len(line.split()) > 3}


def page_of(command):
    return '-'.join(('passerelle', *command.words))


if __name__ == '__main__':
    unittest.main()
