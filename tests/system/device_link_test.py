"""The device library against the other end of its link as README.md's tables have it, in Python:
over a wire that loses, flips and doubles bytes, on a bus, and killed again and again.
"""
import os
import random
import select
import socket
import sys
import time
import unittest
from pathlib import Path

from harness import ROOT, Program, SystemTest

sys.path.insert(0, str(ROOT / 'tests/support'))
import serial_link  # noqa: E402
from serial_noise import Noise  # noqa: E402

DEVICE_NODE = Path(os.environ.get('DEVICE_NODE', ROOT / 'build/debug/tests/support/device_node'))
NOISE = 0.0003       # of the bytes are lost, as many flipped, as many doubled
READINGS = 10_000
TURN_SECONDS_MAX = 1
SECONDS_MAX = 300
UNIX_MS = 1_772_366_400_000


def numbers(memory, node):
    return [readings['readings'][0]['decimal']['mantissa']
            for name, _, _, readings in memory.taken if name == node]


class LinkTest(SystemTest):
    def setUp(self):
        super().setUp()
        self.memory = serial_link.GatewayMemory()
        self.end = self.make_end(1)

    def make_end(self, seed, **how):
        return serial_link.GatewayEnd(self.memory, lambda: UNIX_MS, seed=seed, **how)

    def start_node(self, *options):
        """The program and its line."""
        path = self.directory / 'line'
        path.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(path))
            listener.listen()
            node = self.start(Program([DEVICE_NODE, *options, path], self.directory / 'node.log'))
            line, _ = listener.accept()
        self.addCleanup(line.close)
        return node, line

    def converse(self, line, noise, until):
        """Answers what comes until the condition holds; False where the line ends before."""
        deadline = time.monotonic() + SECONDS_MAX
        while not until():
            self.assertLess(time.monotonic(), deadline, 'the conversation has come to its end')
            if not select.select([line], [], [], 1)[0]:
                continue
            try:
                received = line.recv(4096)
                line.sendall(noise(self.end.feed(noise(received))))
            except OSError:
                return False
            if not received:
                return False
        return True


class Line(LinkTest):
    def test_every_reading_has_one_effect_over_a_wire_without_noise(self):
        _, line = self.start_node('-r', 1000)
        self.converse(line, Noise(), lambda: len(self.memory.taken) >= 1000)
        self.assertEqual(numbers(self.memory, 'node-1'), list(range(1, 1001)))
        self.assertEqual((self.end.reader.damaged, self.end.gaps, self.end.unknown), (0, 0, 0))
        hello, = self.end.hellos
        self.assertEqual((hello['node'], hello['vendor'], hello['device_class'], hello['firmware'],
                          hello['version_min'], hello['version_max'], hello['next']),
                         ('node-1', 'Passerelle', 'program', 1, 1, 1, 1))
        for _, incarnation, _, readings in self.memory.taken[1:]:
            self.assertEqual(incarnation, hello['incarnation'])
            reading, = readings['readings']
            self.assertEqual((reading['quantity'], reading['unit']), ('water.volume', 'L'))
            self.assertLess(abs(reading['observed_at_ms'] - UNIX_MS), 1000 * SECONDS_MAX)

    def test_every_reading_has_one_effect_over_a_bad_wire_and_two_starts_of_the_gateway(self):
        noise = Noise(NOISE)
        _, line = self.start_node('-r', READINGS)
        self.converse(line, noise, lambda: len(self.memory.taken) >= READINGS // 2)
        first, self.end = self.end, self.make_end(2)
        self.converse(line, noise, lambda: len(self.memory.taken) >= READINGS)
        self.assertEqual(numbers(self.memory, 'node-1'), list(range(1, READINGS + 1)))
        self.assertGreater(first.reader.damaged, 10, 'it was a bad wire')
        self.assertGreater(first.gaps, 10)
        print(f'{noise.spoilt} bytes spoilt, {first.reader.damaged + self.end.reader.damaged} '
              f'frames damaged, {first.gaps + self.end.gaps} out of order')

    def test_control_a_gateway_that_takes_what_comes_loses_or_doubles(self):
        self.end = self.make_end(1, dedup=False)
        _, line = self.start_node('-r', READINGS)
        self.converse(line, Noise(NOISE), lambda: READINGS in numbers(self.memory, 'node-1')[-8:])
        self.assertNotEqual(numbers(self.memory, 'node-1'), list(range(1, READINGS + 1)))

    def test_a_commit_that_takes_time_and_a_refusal(self):
        refused = {3, 500}
        self.end.refuse = lambda readings: serial_link.NOT_ADMITTED if \
            readings['readings'][0]['decimal']['mantissa'] in refused else None
        self.end.hold = True
        _, line = self.start_node('-r', 600)
        while len(self.memory.taken) < 600 - len(refused):
            if select.select([line], [], [], 0.02)[0]:
                line.sendall(self.end.feed(line.recv(4096)))
            else:
                line.sendall(self.end.commit())
        self.assertEqual(numbers(self.memory, 'node-1'),
                         [number for number in range(1, 601) if number not in refused])

    def test_a_node_with_flash_is_killed_again_and_again(self):
        chance = random.Random(7)
        noise = Noise(NOISE / 3, seed=7)
        kills = 0
        while len(self.memory.taken) < 5000:
            node, line = self.start_node('-r', 5000, '-q', self.directory / 'flash')
            enough = min(5000, len(self.memory.taken) + chance.randrange(100, 600))
            self.converse(line, noise, lambda: len(self.memory.taken) >= enough)
            node.kill()
            line.close()
            kills += 1
        self.assertEqual(numbers(self.memory, 'node-1'), list(range(1, 5001)))
        self.assertEqual(len({incarnation for _, incarnation, _, _ in self.memory.taken}), 1)
        self.assertEqual(self.end.hellos[-1]['lost'], 0)
        print(f'killed {kills} times')


class Bus(LinkTest):
    addresses = (1, 7, 247)

    def test_nodes_on_a_bus_take_turns(self):
        self.noise = Noise(NOISE)
        self.lines = {}
        for address in self.addresses:
            _, self.lines[address] = self.start_node(
                '-r', 1000, '-a', address, '-n', f'node-{address}')
        deadline = time.monotonic() + SECONDS_MAX
        turns = 0
        while len(self.memory.taken) < 1000 * len(self.addresses):
            self.assertLess(time.monotonic(), deadline)
            self._give_turn(self.addresses[turns % len(self.addresses)])
            turns += 1
            if turns == 200:
                self.end = self.make_end(3)
        for address in self.addresses:
            self.assertEqual(numbers(self.memory, f'node-{address}'), list(range(1, 1001)))
        print(f'{turns} turns, {self.noise.spoilt} bytes spoilt')

    def _give_turn(self, address):
        """Everybody hears everything. What the gateway has to say waits for the end of the turn."""
        ended, answers = self.end.turns_ended, b''
        self._send(self.end.poll(address), None)
        deadline = time.monotonic() + TURN_SECONDS_MAX
        while self.end.turns_ended == ended and time.monotonic() < deadline:
            for line in select.select(list(self.lines.values()), [], [], 0.1)[0]:
                received = line.recv(4096)
                self._send(received, line)
                answers += self.end.feed(self.noise(received))
        self._send(answers, None)

    def _send(self, sent, speaker):
        for line in self.lines.values():
            if line is not speaker:
                line.sendall(self.noise(sent))


if __name__ == '__main__':
    unittest.main(verbosity=2)
