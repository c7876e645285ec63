"""The sample firmware on emulated boards, over a wire that loses, flips and doubles bytes, with a
gateway in Python that is started again in the middle: every reading has one effect.
"""
import select
import sys
import time
import unittest

from emulated_board import BOARDS, FIRMWARE_NODE, FIRMWARE_READINGS, Board
from harness import ROOT, SystemTest

sys.path.insert(0, str(ROOT / 'tests/support'))
import serial_link  # noqa: E402
from serial_noise import Noise  # noqa: E402

NOISE = 0.0002  # of the bytes are lost, as many flipped, as many doubled
SECONDS_MAX = 400


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


def _number(taken):
    return taken[3]['readings'][0]['decimal']['mantissa']


if __name__ == '__main__':
    unittest.main(verbosity=2)
