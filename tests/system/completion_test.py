"""The completion that the built program writes, in a real bash."""
import codecs
import os
import pty
import re
import select
import subprocess
import time
import unittest

import configuration
from command_tree import commands, run
from harness import PASSERELLE, WAIT_SECONDS_MAX, SystemTest

# Fills COMP_WORDS as bash does and prints what the function offers, a line each.
ASK = '''
source "$SCRIPT"
COMP_WORDS=(passerelle "${@:2}")
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_passerelle "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
printf '%s\\n' "${COMPREPLY[@]}"
'''


class Completion(SystemTest):
    def setUp(self):
        super().setUp()
        self.script = self.directory / 'passerelle.bash'
        self.script.write_text(run('completion', 'bash').stdout)

    def test_the_script_is_the_same_in_every_language(self):
        self.assertEqual(run('completion', 'bash', language='fr').stdout, self.script.read_text())

    def test_every_command_offers_its_commands_and_options_and_no_others(self):
        everywhere = {'-h', '--help', '--lang'}
        for command in commands():
            with self.subTest(command=command.words):
                self.assertEqual(set(self.offers(*command.words, '-')),
                                 set(command.options) | everywhere)
                if command.parts:
                    self.assertEqual(set(self.offers(*command.words, '')), set(command.parts))

    def test_a_command_is_completed_and_another_is_not_offered(self):
        self.assertEqual(self.offers('hist'), ['history'])
        self.assertEqual(self.offers('device', 're'), ['revoke'])
        self.assertNotIn('status', self.offers('device', ''))
        self.assertNotIn('--silent', self.offers('status', '--'))

    def test_values_of_a_closed_set_are_offered_before_and_after_other_options(self):
        formats = self.offers('decode', '--format', '')
        self.assertIn('senml-json', formats)
        self.assertNotIn('xml', formats)
        self.assertNotIn('--hex', formats)
        for words in (['--lang', 'en', 'decode', '--hex', '--format', 'senml'],
                      ['decode', '--topic', 'check', '--key=00', '--format', 'senml'],
                      ['decode', '--format', '=', 'senml'],
                      ['decode', '--topic', 'a', ':', 'b', '--format', 'senml']):
            with self.subTest(words=words):
                self.assertEqual(set(self.offers(*words)), {'senml-json', 'senml-cbor'})
        self.assertEqual(self.offers('--lang', ''), ['fr', 'en'])
        self.assertEqual(self.offers('status', '--lang', 'f'), ['fr'])
        self.assertEqual(self.offers('--lang', 'fr', 'hist'), ['history'])
        self.assertEqual(self.offers('device', 'add', 'm-1', '--with', 'c'), ['certificate'])

    def test_nothing_is_offered_where_nobody_can_know(self):
        for words in (['simulate', '--rate', ''], ['device', 'add', ''], ['check', 'a.toml', ''],
                      ['no-such-command', 'x']):
            with self.subTest(words=words):
                self.assertEqual(self.offers(*words), [])

    def test_files_and_directories(self):
        (self.directory / 'new one.toml').touch()
        (self.directory / 'new').mkdir()
        begun = str(self.directory / 'new')
        both = {begun, f'{begun} one.toml'}
        for words in (['check'], ['check', '--against'], ['run', '-c'], ['status', '--config']):
            with self.subTest(words=words):
                self.assertEqual(set(self.offers(*words, begun)), both)
        self.assertEqual(self.offers('device', 'add', 'm-1', '--into', begun), [begun])

    def test_names_are_those_of_the_configuration_on_the_line(self):
        path = str(configuration.write(self.directory, configuration.Ports()))
        text = run('completion', 'datasets', '-c', path)
        self.assertEqual(text.returncode, 0)
        datasets = text.stdout.split()
        self.assertIn('everything', datasets)
        self.assertEqual(self.offers('explain', '--config', path, '--dataset', ''), datasets)
        self.assertEqual(self.offers('explain', '--config', '=', path, '--dataset', 'eve'),
                         ['everything'])
        sources = run('completion', 'sources', '-c', path).stdout.split()
        self.assertEqual(self.offers('device', 'list', '-c', path, '--source', ''), sources)
        self.assertNotEqual(sources, datasets)
        self.assertEqual(run('completion', 'uplinks', '-c', path).stdout, 'city\n')

    def test_a_configuration_that_cannot_be_used_offers_nothing_and_says_nothing(self):
        path = self.directory / 'wrong.toml'
        path.write_text('[gateway\n')
        self.assertEqual(self.offers('explain', '--config', str(path), '--dataset', ''), [])
        self.assertEqual(run('completion', 'datasets', '-c', str(path)).returncode, 78)

    def test_the_shell_runs_nothing_that_a_name_holds(self):
        trap = self.directory / 'run'
        program = self.directory / 'program'
        program.write_text(f"#!/bin/sh\necho 'a$(touch {trap})'\necho 'a`touch {trap}`'\n")
        program.chmod(0o755)
        offered = self.offers('explain', '--dataset', 'a', program=program)
        self.assertEqual(offered, [f'a$(touch {trap})', f'a`touch {trap}`'])
        self.assertFalse(trap.exists())

    def test_the_tab_key_completes_in_a_shell(self):
        with Shell(self.directory, self.script) as shell:
            for typed, completed in (('passerelle hist\t', 'passerelle history '),
                                     ('passerelle --lang=f\t', 'passerelle --lang=fr '),
                                     ('passerelle decode --form\t', 'passerelle decode --format ')):
                shell.type(typed)
                shell.expect(completed)
                shell.type('\x15')  # clears the line

    def offers(self, *words, program=PASSERELLE):
        """What bash would offer for the last of the words."""
        done = subprocess.run(['bash', '--norc', '-c', ASK, 'bash', str(program), *words],
                              env={**os.environ, 'SCRIPT': str(self.script)}, text=True,
                              capture_output=True, timeout=60, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ''))
        return done.stdout.split('\n')[:-1] if done.stdout != '\n' else []


class Shell:
    """An interactive bash on a terminal of its own."""

    def __init__(self, directory, script):
        start = directory / 'bashrc'
        start.write_text(f'PS1="$ "\nbind "set enable-bracketed-paste off"\nsource "{script}"\n')
        self._child, self._terminal = pty.fork()
        if self._child == 0:
            os.execvpe('bash', ['bash', '--noprofile', '--rcfile', str(start), '-i'],
                       {**os.environ, 'TERM': 'dumb', 'LC_ALL': 'C.UTF-8'})
        self._decoder = codecs.getincrementaldecoder('utf-8')()
        self._shown = ''

    def __enter__(self):
        self.expect('$ ')
        return self

    def __exit__(self, *_):
        os.close(self._terminal)  # hangs up
        os.waitpid(self._child, 0)

    def type(self, text):
        self._shown = ''
        os.write(self._terminal, text.encode())

    def expect(self, text):
        deadline = time.monotonic() + WAIT_SECONDS_MAX
        while text not in re.sub(r'[\a\r]', '', self._shown):
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self._terminal], [], [], left)[0]:
                raise AssertionError(f'no {text!r} in {self._shown!r}')
            self._shown += self._decoder.decode(os.read(self._terminal, 4096))


if __name__ == '__main__':
    unittest.main()
