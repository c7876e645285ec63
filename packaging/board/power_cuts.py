"""The power goes while readings are acknowledged: what was acknowledged is in the city afterwards.

Two controls show that the test would see a loss: a disk that says it has flushed and has not, and a
service whose syncs do nothing.
"""
import random
import time

import box_settings
from meters import Meters

NAME = 'cuts'
SEED = 20260301
METERS = [f'm-{number}' for number in range(6)]
PACE_SECONDS = 0.1
CUT_SECONDS = (0.5, 4.0)  # after what was acknowledged before has arrived
CITY_AWAY = 0.5  # of the lives: what they acknowledge is nowhere but in the buffer
CONTROL_SECONDS = 3.0
CONTROL_READINGS = 20
# Both calls come back at once, and say that all went well.
WITHOUT_SYNC = '[Service]\nSystemCallFilter=~fsync:0 fdatasync:0\n'


class PowerCuts:
    def __init__(self, board, packages, report, cuts):
        self._board, self._packages, self._report = board, packages, report
        self._cuts, self._chance = cuts, random.Random(SEED)
        self._meters = None

    def run(self):
        with self._report.step(NAME, 'a board with the package'):
            self._prepare()
        with self._report.step(NAME, f'{self._cuts} power cuts, nothing acknowledged is missing'):
            for number in range(1, self._cuts + 1):
                self._live_and_die(number)
        with self._report.step(NAME, 'the buffer and the file system are sound'):
            self._examine()
        with self._report.step(NAME, 'control: a disk that does not flush loses'):
            self._lose(flushes=False)
        with self._report.step(NAME, 'control: a service that does not sync loses'):
            self._lose(flushes=True)
        self._meters.stop()

    def _prepare(self):
        board = self._board
        board.open_city()
        board.boot(quick=True)
        board.install(self._packages.tested)
        board.configure()
        passwords = board.let_in(METERS)
        board.start()
        self._meters = Meters(board, passwords, PACE_SECONDS)
        self._meters.await_acknowledged(CONTROL_READINGS)

    def _live_and_die(self, number):
        board, meters = self._board, self._meters
        away = self._chance.random() < CITY_AWAY
        if away:
            board.close_city()
            meters.await_acknowledged(1)
        lived = self._chance.uniform(*CUT_SECONDS)
        time.sleep(lived)
        board.cut()
        if away:
            board.open_city()
        booted = board.boot(quick=True)
        meters.await_acknowledged(1)
        meters.await_arrived()
        place = 'away' if away else 'there'
        self._report.say(NAME, f'cut {number}: after {lived:.1f} s, city {place}, '
                               f'{meters.acknowledged} acknowledged, booted in {booted:.1f} s')

    def _examine(self):
        """Nothing has a gap, nothing came twice, and nothing on the disk is damaged."""
        board = self._board
        board.machine.must(f'passerelle buffer verify --config {box_settings.FILE}')
        board.cut()
        faults = board.file_system_faults()
        summary = board.city.summary()
        assert not faults, faults
        assert summary['gaps'] == 0 and summary['duplicates'] == 0, summary
        assert not self._meters.refused(), self._meters.refused()
        board.boot(quick=True)

    def _lose(self, flushes):
        """A life that the disk does not keep: readings that were acknowledged in it are lost."""
        board, meters = self._board, self._meters
        meters.await_acknowledged(1)
        meters.await_arrived()
        board.close_city()
        if flushes:
            board.drop_in(WITHOUT_SYNC)
        else:
            board.off()
            board.boot(quick=True, flushes=False)
        meters.await_acknowledged(CONTROL_READINGS)
        time.sleep(CONTROL_SECONDS)
        board.cut()
        board.open_city()
        board.boot(quick=True)
        meters.await_acknowledged(1)
        board.await_delivered()
        lost = meters.missing()
        assert lost, 'a loss that had to happen was not seen'
        meters.write_off(lost)
        self._report.say(NAME, f'{len(lost)} readings that were acknowledged are lost, as expected')
