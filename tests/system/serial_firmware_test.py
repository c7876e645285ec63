"""The sample firmware on an emulated board, a wire that loses, flips and doubles bytes, and the
gateway, which is killed again and again: every reading arrives at the city once.
"""
import random
import sys
import time
import unittest

from emulated_board import BOARDS, FIRMWARE_NODE, FIRMWARE_READINGS, Board
from harness import ROOT, CityTest, eventually
from serial_stage import Ports, configuration

sys.path.insert(0, str(ROOT / 'tests/support'))
from serial_noise import NoisyLine  # noqa: E402

NOISE = 0.0002  # of the bytes are lost, as many flipped, as many doubled
KILLS = 4
SEED = 20260301
WAIT_SECONDS = 300


class SerialFirmware(CityTest):
    def setUp(self):
        super().setUp()
        self.ports = Ports()
        self.board = self.start(Board(BOARDS[0], self.directory))
        self.line = NoisyLine(self.board.line, NOISE, SEED)
        self.addCleanup(self.line.close)
        self.settings = self.directory / 'passerelle.toml'
        self.settings.write_text(configuration(self.directory, self.ports, self.line.path))
        self.city = self.start_city()
        self.gateway = self.start_gateway()

    def test_every_reading_arrives_once(self):
        chance = random.Random(SEED)
        for kill in range(1, KILLS + 1):
            self._stored(kill * FIRMWARE_READINGS // (KILLS + 1))
            time.sleep(chance.uniform(0, 0.1))  # so that the blow falls anywhere
            self.gateway.kill()
            self.gateway = self.start_gateway()
        self._stored(FIRMWARE_READINGS)
        self.board.kill()
        ledger = self.delivered()
        self.assert_nothing_lost_or_doubled(ledger)
        readings = self.city.readings()
        self.assertEqual([int(reading.value * 1000) for reading in readings],
                         list(range(1, len(readings) + 1)))
        self.assertGreaterEqual(len(readings), FIRMWARE_READINGS)
        self.assertEqual({reading.device for reading in readings}, {FIRMWARE_NODE})
        spoilt = self.line.there.spoilt + self.line.back.spoilt
        self.assertGreater(spoilt, 10, 'it was a bad wire')
        print(f'{KILLS} kills, {len(readings)} readings, each once; {spoilt} bytes spoilt')

    def _stored(self, readings):
        eventually(lambda: self.gateway.ledger()['stored'] >= readings,
                   f'{readings} readings are stored', WAIT_SECONDS)


if __name__ == '__main__':
    unittest.main(verbosity=2)
