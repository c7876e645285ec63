"""`passerelle status --watch` of the built program: on terminals of several kinds, through
absences of the gateway, and what it leaves behind."""
import json
import os
import signal
import subprocess
import time
import unittest

from harness import PASSERELLE, StageTest, eventually
from load import publish, stamp
from terminal import Terminal

METER = 'meter-of-family-benali'


class Watch(StageTest):
    def setUp(self):
        super().setUp()
        self.value = 0

    def command(self, *words):
        return [PASSERELLE, *words, 'status', '--watch', '--config', str(self.settings)]

    def watch(self, *words, **how):
        environment = {'LC_ALL': 'en.UTF-8', **how.pop('environment', {})}
        terminal = Terminal(self.command(*words), environment=environment, **how)
        self.addCleanup(terminal.close)
        return terminal

    def shows(self, terminal, text):
        eventually(lambda: text in terminal.text, f'the screen shows {text}')

    def publish(self, count):
        start_ms = int(time.time()) * 1000 - 3_600_000
        messages = []
        for _ in range(count):
            self.value += 1
            messages.append((f'water/{METER}/reading', json.dumps(
                {'ts': stamp(start_ms + self.value), 'm3': self.value})))
        publish(self.ports.mqtt, messages)

    def test_the_screen_shows_state_and_flow(self):
        terminal = self.watch()
        self.shows(terminal, 'LAST MESSAGE')
        rows = terminal.text.split('\n')
        self.assertRegex(rows[0], r'^system-test-01 \(Testville\) works')
        for part in ('READINGS', 'a second', 'in all', 'buffer', 'UPLINK', 'city', 'SOURCE',
                     'meters', 'kiosks'):
            self.assertIn(part, terminal.text)
        self.assertRegex(rows[-1], r'^q ends  \d{4}-')
        self.publish(30)
        self.shows(terminal, '  in all          30      30        0')
        self.assertTrue(terminal.is_alternate)
        self.assertFalse(terminal.has_cursor)

    def test_a_redraw_is_what_has_changed(self):
        terminal = self.watch()
        self.shows(terminal, 'LAST MESSAGE')
        first = len(terminal.bytes)
        foot = terminal.text.split('\n')[-1]

        def has_redrawn():
            nonlocal foot
            is_new = terminal.text.split('\n')[-1] != foot
            foot = terminal.text.split('\n')[-1]
            return is_new
        for _ in range(3):
            eventually(has_redrawn, 'it is drawn again')
        self.assertLess((len(terminal.bytes) - first) / 3, first / 3)

    def test_it_follows_the_size_of_the_window(self):
        terminal = self.watch()
        self.shows(terminal, 'LAST MESSAGE')
        terminal.resize(10, 40)
        self.shows(terminal, 'more lines')
        rows = terminal.text.split('\n')
        self.assertTrue(rows[0].startswith('system-test-01'))
        self.assertTrue(rows[-1].startswith('q ends'))
        terminal.resize(30, 100)
        eventually(lambda: 'more lines' not in terminal.text and 'LAST MESSAGE' in terminal.text,
                   'everything is there again')

    def test_the_terminal_is_as_it_was(self):
        for end in ('q', 'Ctrl-C', signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            with self.subTest(end=end):
                terminal = self.watch()
                self.shows(terminal, 'LAST MESSAGE')
                self.assertFalse(terminal.is_as_before())
                if isinstance(end, str):
                    terminal.type(b'q' if end == 'q' else b'\x03')
                else:
                    terminal.process.send_signal(end)
                self.assertEqual(terminal.process.wait(20), 0)
                eventually(terminal.is_as_before, 'the terminal is as before')

    def test_it_lets_itself_be_stopped_and_continued(self):
        terminal = self.watch()
        self.shows(terminal, 'LAST MESSAGE')
        terminal.process.send_signal(signal.SIGTSTP)
        eventually(terminal.is_as_before, 'the terminal is as before')
        _, status = os.waitpid(terminal.process.pid, os.WUNTRACED)
        self.assertTrue(os.WIFSTOPPED(status))
        terminal.process.send_signal(signal.SIGCONT)
        eventually(lambda: terminal.is_alternate and 'LAST MESSAGE' in terminal.text,
                   'it is drawn again')

    def test_it_outlives_the_gateway(self):
        terminal = self.watch()
        self.shows(terminal, 'LAST MESSAGE')
        self.publish(3)
        self.shows(terminal, '  in all           3       3        0')
        self.gateway.kill()
        self.shows(terminal, 'No answer since')
        self.assertIn('This is what it said last:', terminal.text)
        self.assertIn('systemctl status passerelle', terminal.text)
        self.gateway = self.start_gateway()
        eventually(lambda: 'No answer' not in terminal.text and 'UPLINK' in terminal.text,
                   'the gateway is back')
        self.assertIsNone(terminal.process.poll())

    def test_a_problem_is_the_first_thing_it_says(self):
        self.city.kill()
        terminal = self.watch()
        self.publish(1)
        eventually(lambda: 'works, but:' in terminal.text.split('\n')[0], 'it says so')
        self.assertIn('  - ', terminal.text.split('\n')[1])

    def test_a_terminal_that_cannot_be_drawn_on_gets_plain_text(self):
        terminal = self.watch(environment={'TERM': 'dumb'})
        eventually(lambda: terminal.bytes.count(b'LAST MESSAGE') > 1, 'it says it again')
        self.assertNotIn(b'\x1b', terminal.bytes)
        terminal.type(b'\x03')
        self.assertEqual(terminal.process.wait(20), 0)
        self.assertTrue(terminal.is_as_before())

    def test_it_needs_no_colour(self):
        for environment in ({}, {'NO_COLOR': '1'}):
            terminal = self.watch(environment=environment)
            self.shows(terminal, 'LAST MESSAGE')
            self.assertNotRegex(terminal.bytes, rb'\x1b\[[0-9;]*m')

    def test_a_pipe_gets_plain_text(self):
        with subprocess.Popen(self.command('--lang', 'fr'), stdout=subprocess.PIPE) as piped:
            text = b''
            while b'DERNIER MESSAGE' not in text:
                text += os.read(piped.stdout.fileno(), 4096)
            piped.send_signal(signal.SIGTERM)
            self.assertEqual(piped.wait(20), 0)
        self.assertNotIn(b'\x1b', text)
        self.assertIn('par seconde'.encode(), text)

    def test_a_gateway_that_never_answered_is_waited_for(self):
        self.gateway.kill()
        terminal = self.watch()
        self.shows(terminal, 'No answer since')
        self.gateway = self.start_gateway()
        self.shows(terminal, 'LAST MESSAGE')


if __name__ == '__main__':
    unittest.main()
