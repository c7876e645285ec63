"""The sample firmware on emulated boards, over a wire that loses, flips and doubles bytes, with a
gateway in Python that is started again in the middle: every reading has one effect. And updated:
the boot loader starts what came over the line.
"""
import random
import select
import sys
import time
import unittest

from emulated_board import BOARDS, FIRMWARE_NODE, FIRMWARE_READINGS, Board, UpdatedBoard
from harness import ROOT, SystemTest

sys.path.insert(0, str(ROOT / 'tests/support'))
import serial_link  # noqa: E402
import serial_update  # noqa: E402
from serial_noise import Noise  # noqa: E402

NOISE = 0.0002  # of the bytes are lost, as many flipped, as many doubled
SECONDS_MAX = 400
OFFER_SECONDS = 2
# Of RFC 8032, section 7.1, test 1, whose public half the sample has.
SEED = bytes.fromhex('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60')


class Firmware(SystemTest):
    def _run(self, name, noise, **how):
        """Until the last reading is there; the numbers of what was taken."""
        memory = serial_link.GatewayMemory()
        end = first = serial_link.GatewayEnd(memory, lambda: int(time.time() * 1000), **how)
        board = self.start(Board(name, self.directory))
        deadline = time.monotonic() + SECONDS_MAX
        last = ()
        while not last or last[0] != FIRMWARE_READINGS:
            self.assertLess(time.monotonic(), deadline, f'{len(memory.taken)} readings')
            if end is first and len(memory.taken) > FIRMWARE_READINGS // 2:
                end = serial_link.GatewayEnd(memory, first.unix_ms, seed=2, **how)
            if select.select([board.line], [], [], 1)[0]:
                board.line.sendall(noise(end.feed(noise(board.line.recv(4096)))))
            last = [_number(taken) for taken in memory.taken[-1:]]
        board.kill()
        self.assertEqual({node for node, _, _, _ in memory.taken}, {FIRMWARE_NODE})
        print(f'{name}: {len(memory.taken)} readings, {noise.spoilt} bytes spoilt, '
              f'{first.reader.damaged + end.reader.damaged} frames damaged, '
              f'{first.gaps + end.gaps} out of order')
        return [_number(taken) for taken in memory.taken]

    def test_every_reading_of_either_board_has_one_effect(self):
        for name in BOARDS:
            with self.subTest(board=name):
                self.assertEqual(self._run(name, Noise(NOISE)),
                                 list(range(1, FIRMWARE_READINGS + 1)))

    def test_control_a_gateway_that_takes_what_comes_loses_or_doubles(self):
        self.assertNotEqual(self._run(BOARDS[1], Noise(NOISE), dedup=False),
                            list(range(1, FIRMWARE_READINGS + 1)))


class Update(SystemTest):
    def setUp(self):
        super().setUp()
        self.signer = serial_update.Signer(SEED)
        self.end = serial_link.GatewayEnd(serial_link.GatewayMemory(),
                                          lambda: int(time.time() * 1000))
        self.board = self.start(UpdatedBoard(self.directory))

    def offer(self, number):
        image = self.board.image(number)
        signed = self.signer.image(number, image, device_class=BOARDS[0])
        self.end.updates = serial_update.Updates(signed, image)
        return image

    def serve(self, noise, until):
        deadline = time.monotonic() + SECONDS_MAX
        offered = 0
        while not until():
            self.assertLess(time.monotonic(), deadline, self.end.updates.states)
            if self.end.sessions and time.monotonic() - offered > OFFER_SECONDS and \
                    not self.end.updates.asked:
                offered = time.monotonic()
                self.board.line.sendall(
                    noise(self.end.updates.offer_again(0, self.end.sessions[0])))
            if select.select([self.board.line], [], [], 0.1)[0]:
                self.board.line.sendall(
                    noise(self.end.feed(noise(self.board.line.recv(4096)))))

    def is_told(self, state):
        return any(each['state'] == state for each in self.end.updates.states)

    def is_running(self, firmware):
        hello = self.end.hellos[-1]
        return hello['firmware'] == firmware and not hello['on_trial']

    def test_a_board_that_is_switched_off_again_and_again_is_updated(self):
        image = self.offer(2)
        noise, chance = Noise(NOISE / 2), random.Random(5)
        beginnings = []
        for _ in range(4):
            asked = self.end.updates.asked
            begin, enough = len(asked), len(asked) + chance.randrange(20, 50)
            self.serve(noise, lambda: len(asked) >= enough)
            beginnings.append(asked[begin][0])
            self.board.kill()
            self.board = self.start(UpdatedBoard(self.directory))
        self.serve(noise, lambda: self.is_told(serial_update.CONFIRMED))
        self.assertTrue(all(offset > 0 for offset in beginnings[1:]), beginnings)
        self.assertEqual(self.board.slot(1, len(image)), image)
        self.board.kill()
        said = len(self.end.hellos)
        self.board = self.start(UpdatedBoard(self.directory))
        self.serve(noise, lambda: len(self.end.hellos) > said and self.is_running(2))
        print(f'{len(image)} bytes, {len(self.end.updates.asked)} questions, '
              f'went on from {beginnings[1:]}, {noise.spoilt} bytes spoilt')

    def test_an_image_that_faults_is_followed_by_the_former(self):
        self.offer(3)
        self.serve(Noise(), lambda: self.is_told(serial_update.ROLLED_BACK))
        self.assertTrue(self.is_running(1))
        self.offer(2)
        self.serve(Noise(), lambda: self.is_told(serial_update.CONFIRMED))

    def test_a_trial_that_nobody_answers_ends_in_the_former_image(self):
        self.offer(2)
        self.serve(Noise(), lambda: self.is_told(serial_update.VERIFIED))
        self.board.kill()
        self.board = self.start(UpdatedBoard(self.directory, hurries=True))
        said = len(self.end.hellos)
        deadline = time.monotonic() + SECONDS_MAX
        while not self.end.hellos[said:] or not self.is_running(1):
            self.assertLess(time.monotonic(), deadline, self.end.hellos[said:])
            self.end.feed(self.board.line.recv(4096))
        self.assertTrue(all(hello['on_trial'] for hello in self.end.hellos[said:-1]))
        self.assertGreater(len(self.end.hellos), said + 1)
        self.serve(Noise(), lambda: self.is_told(serial_update.ROLLED_BACK))

    def test_settings_are_kept(self):
        signed = self.signer.settings(1, 1, device_class=BOARDS[0])
        self.end.updates = serial_update.Updates(signed)
        self.serve(Noise(), lambda: self.is_told(serial_update.CONFIRMED))
        self.board.kill()
        self.board = self.start(UpdatedBoard(self.directory))
        self.serve(Noise(), lambda: self.end.hellos[-1]['settings'] == 1)


def _number(taken):
    return taken[3]['readings'][0]['decimal']['mantissa']


if __name__ == '__main__':
    unittest.main(verbosity=2)
