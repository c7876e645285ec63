"""What the program costs a board: memory, disk, the time of a start, instructions for a reading.

Instructions are counted by a board on which each takes a nanosecond (QEMU's -icount): the processor
time that Linux accounts to the service then is their number, of the program and of the kernel on
its behalf, on any machine and under any load within a few per cent. The time of a start is measured
on that board, too: its second is that of a Cortex-A72 of 1.5 GHz at two instructions in three
cycles.
"""
import os
import time
import tomllib
from pathlib import Path

import box_settings
from harness import eventually
from installation import publish

NAME = 'size'
BOUNDS = Path(__file__).with_name('bounds.toml')
COUNTING = ('-icount', 'shift=0')
METER = 'm-1'
READINGS = 1000
IDLE_SECONDS = 5
ARRIVED_SECONDS_MAX = 600
MIB = 1 << 20
CGROUP = '/sys/fs/cgroup/system.slice/passerelle.service'
EMPTY = 'board-empty'  # the unit that has nothing to do


class Footprint:
    def __init__(self, board, packages, report):
        self._board, self._packages, self._report = board, packages, report
        self._bounds = tomllib.loads(BOUNDS.read_text())

    def run(self):
        steps = ((self._prepare, 'a board with the package'),
                 (self._measure_sizes, 'sizes'),
                 (self._measure_memory, 'memory'),
                 (self._measure_start, 'the time of a start'),
                 (self._count_instructions, 'the instructions of a reading'))
        for step, what in steps:
            with self._report.step(NAME, what):
                step()

    def _prepare(self):
        board = self._board
        board.open_city()
        board.boot()
        before = self._used()
        board.install(self._packages.tested)
        self._figure('used on the disk by the package', self._used() - before, 'MiB')
        board.configure()
        self._passwords = board.let_in([METER])
        board.start()
        board.machine.must(f'systemctl enable {EMPTY}')

    def _measure_sizes(self):
        self._figure('package', os.path.getsize(self._packages.tested) / MIB, 'MiB')
        self._figure('used on the disk by all of the system', self._used(), 'MiB')

    def _measure_memory(self):
        board = self._board
        board.off()
        self._figure('boot until the board takes commands', board.boot(), 's')
        board.await_ready()
        time.sleep(IDLE_SECONDS)
        said = board.machine.must(
            f'cat /proc/{board.property("MainPID")}/status {CGROUP}/memory.current')
        resident = int(said.split('VmRSS:')[1].split()[0]) / 1024
        self._figure('resident, idle', resident, 'MiB')
        self._figure('memory of the service, with its files', int(said.split()[-1]) / MIB, 'MiB')

    def _measure_start(self):
        """Beside a unit that has nothing to do, in the same boot."""
        board = self._board
        board.off()
        board.boot(*COUNTING, quick=True)
        board.await_ready()
        self._figure('instructions of a start', self._instructions() / 1e6, 'million')
        ready, empty = (self._after_network(unit) for unit in ('passerelle', EMPTY))
        self._figure('ready after network.target, counted', ready, 's')
        self._figure('the same of a unit that has nothing to do', empty, 's')
        self._figure('start', ready - empty, 's')

    def _count_instructions(self):
        board = self._board
        before = self._instructions()
        publish(board, METER, self._passwords[METER], [
            '{"ts":"2026-03-01T06:%02d:%02dZ","m3":%d}' % (each // 60, each % 60, each)
            for each in range(READINGS)])
        eventually(lambda: board.city.summary()['readings'] == READINGS, 'all have arrived',
                   ARRIVED_SECONDS_MAX)
        each = (self._instructions() - before) / READINGS
        self._figure('instructions of a reading', each / 1e3, 'thousand')

    def _figure(self, name, value, unit):
        self._report.figure(name, value, unit, self._bounds.get(name))

    def _used(self):
        """MiB of the disk, once all is written."""
        used = self._board.machine.must("sync; df --output=used --block-size=1 / | tail -n 1")
        return int(used) / MIB

    def _after_network(self, unit):
        """Seconds from the network to the unit's word that it is ready, of this boot."""
        times = [int(self._board.machine.must(
            f'systemctl show --value --property=ActiveEnterTimestampMonotonic {each}'))
                 for each in ('network.target', unit)]
        return (times[1] - times[0]) / 1e6

    def _instructions(self):
        """Of the service since its start."""
        said = self._board.machine.must(f'cat {CGROUP}/cpu.stat')
        return int(said.split('usage_usec')[1].split()[0]) * 1000
