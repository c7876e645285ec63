"""The device library against the other end of its link as README.md's tables have it, in Python:
over a wire that loses, flips and doubles bytes, on a bus, killed again and again, and updated.
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
import serial_update  # noqa: E402
from serial_noise import Noise  # noqa: E402

DEVICE_NODE = Path(os.environ.get('DEVICE_NODE', ROOT / 'build/debug/tests/support/device_node'))
NOISE = 0.0003       # of the bytes are lost, as many flipped, as many doubled
READINGS = 10_000
TURN_SECONDS_MAX = 1
TURNS_MAX = 50  # a node that the machine holds up passes over its turn
SECONDS_MAX = 300
UNIX_MS = 1_772_366_400_000
SLOT_BYTES = 16 * 4096  # of device_node
OFFER_SECONDS = 2


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


class Update(LinkTest):
    """An image's first byte is its sequence, the second says whether it works."""

    def setUp(self):
        super().setUp()
        self.signer = serial_update.Signer()
        self.slots = self.directory / 'slots'
        self.kills = 0

    def image(self, sequence, works=True):
        return bytes([sequence, works]) + random.Random(sequence).randbytes(30_000)

    def offered(self, signed, image=None):
        self.end.updates = serial_update.Updates(signed, image)
        return self.end.updates

    def boot(self, *options):
        return self.start_node('-q', self.directory / 'flash', '-u', self.slots,
                               '-k', self.signer.public.hex(), *options)

    def serve(self, line, noise, until):
        """As converse, with the offer again where nothing comes of it."""
        offered = time.monotonic()
        heard = [None]

        def is_over():
            nonlocal offered
            updates = self.end.updates
            now = len(updates.asked), len(updates.states)
            if now != heard[0]:
                heard[0], offered = now, time.monotonic()
            if 0 in self.end.sessions and time.monotonic() - offered > OFFER_SECONDS:
                offered = time.monotonic()
                line.sendall(noise(updates.offer_again(0, self.end.sessions[0])))
            return until()
        return self.converse(line, noise, is_over)

    def told(self, state):
        return [each for each in self.end.updates.states if each['state'] == state]

    def is_confirmed(self, firmware):
        """It says so, or says HELLO with it if the blow fell in between."""
        hello = self.end.hellos[-1] if self.end.hellos else {'firmware': 0}
        return bool(self.told(serial_update.CONFIRMED)) or \
            hello['firmware'] == firmware and not hello['on_trial']

    def slot(self, number, size):
        return self.slots.read_bytes()[number * SLOT_BYTES:][:size]

    def test_an_update_over_a_bad_wire_is_interrupted_and_goes_on(self):
        image = self.image(5)
        updates = self.offered(self.signer.image(5, image), image)
        noise, chance = Noise(NOISE / 3, seed=3), random.Random(3)
        beginnings = []
        while not self.is_confirmed(5):
            node, line = self.boot('-r', 300)
            asked = len(updates.asked)
            enough = asked + chance.randrange(10, 60)
            self.serve(line, noise,
                       lambda: len(updates.asked) >= enough or self.is_confirmed(5))
            beginnings += [offset for offset, _ in updates.asked[asked:asked + 1]]
            node.kill()
            line.close()
            self.kills += 1
        self.assertGreater(self.kills, 3)
        self.assertEqual(beginnings, sorted(beginnings), 'it never begins before where it was')
        self.assertGreater(beginnings[1], 0)
        self.assertEqual(self.slot(1, len(image)), image)
        said = len(self.end.hellos)
        _, line = self.boot('-r', 300)
        self.serve(line, noise, lambda: len(self.memory.taken) >= 300 and
                   len(self.end.hellos) > said)
        self.assertEqual(self.end.hellos[-1]['firmware'], 5)
        self.assertFalse(self.end.hellos[-1]['on_trial'])
        self.assertTrue(any(hello['on_trial'] for hello in self.end.hellos))
        self.assertEqual(numbers(self.memory, 'node-1'), list(range(1, 301)))
        print(f'killed {self.kills} times, {len(updates.asked)} questions from '
              f'{beginnings}, {noise.spoilt} bytes spoilt')

    def test_an_image_that_does_not_work_is_followed_by_the_former(self):
        image = self.image(5, works=False)
        self.offered(self.signer.image(5, image), image)
        _, line = self.boot('-r', 1)
        self.serve(line, Noise(), lambda: self.told(serial_update.ROLLED_BACK))
        self.assertEqual([state['state'] for state in self.end.updates.states[:3]],
                         [serial_update.OFFERED, serial_update.VERIFIED, serial_update.ROLLED_BACK])
        self.assertEqual(self.end.hellos[-1]['firmware'], 1)
        self.assertEqual([hello['on_trial'] for hello in self.end.hellos],
                         [False, True, True, True, False])

    def test_what_nobody_signed_is_not_asked_for(self):
        image = self.image(5)
        good = self.signer.image(5, image)
        _, line = self.boot('-r', 1)
        for signed in (serial_update.Signer(b'x' * 32).image(5, image),
                       good[:-1] + bytes([good[-1] ^ 1])):
            updates = self.offered(signed, image)
            self.serve(line, Noise(), lambda: self.told(serial_update.FAILED))
            self.assertEqual(updates.states[0]['cause'], serial_update.SIGNATURE)
            self.assertEqual(updates.asked, [])
        self.offered(good, image)  # the control
        self.serve(line, Noise(), lambda: self.end.updates.asked)

    def test_settings_are_in_force_and_kept(self):
        self.offered(self.signer.settings(2, 900))
        node, line = self.boot('-r', 1)
        self.serve(line, Noise(NOISE), lambda: self.told(serial_update.CONFIRMED))
        node.kill()
        line.close()
        self.end.updates = None
        _, line = self.boot('-r', 1)
        self.converse(line, Noise(NOISE), lambda: self.end.hellos[-1]['settings'] == 2)
        self.assertEqual((self.directory / 'node.log').read_text(),
                         2 * 'reporting interval 900\n')


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

    def test_a_node_whose_welcome_was_lost_is_asked_who_it_is(self):
        self.noise = Noise()
        self.lines = {7: self.start_node('-r', 10, '-a', 7)[1]}
        answer = self.end.answer
        self.end.answer = lambda frame: answer(frame) and b''
        self._give_turns(7, lambda: self.end.hellos)
        self.end.answer = answer
        self._give_turns(7, lambda: len(self.memory.taken) >= 10)
        self.assertGreater(len(self.end.hellos), 1)

    def _give_turns(self, address, until):
        turns = 0
        while not until():
            self.assertLess(turns, TURNS_MAX)
            self._give_turn(address)
            turns += 1

    def _give_turn(self, address):
        """Everybody hears everything. What the gateway has to say waits for the end of the turn."""
        ended, answers, is_silent = self.end.turns_ended, b'', True
        self._send(self.end.poll(address), None)
        deadline = time.monotonic() + TURN_SECONDS_MAX
        while self.end.turns_ended == ended and time.monotonic() < deadline:
            for line in select.select(list(self.lines.values()), [], [], 0.1)[0]:
                received = line.recv(4096)
                self._send(received, line)
                answers += self.end.feed(self.noise(received))
                is_silent = False
        self.end.note_turn(address, is_silent)
        self._send(answers, None)

    def _send(self, sent, speaker):
        for line in self.lines.values():
            if line is not speaker:
                line.sendall(self.noise(sent))


if __name__ == '__main__':
    unittest.main(verbosity=2)
