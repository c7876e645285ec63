"""Sums of groups on the built program: released once, across kill -9, and of nobody alone."""
import json
import time
import unittest
from decimal import Decimal

import configuration
from harness import StageTest, eventually
from load import publish, stamp
from wrong_clock import following

NORTH = [f'home-of-benali-{number}' for number in range(12)]
SOUTH = [f'home-of-mbarga-{number}' for number in range(3)]
HOUR_MS = 3_600_000


class Sums(StageTest):
    """Two districts, of which one has too few meters to be told."""

    device = '{ rule = "pseudonym", epoch = "P1D" }'
    meters_min = 11
    told = {'north'}

    @property
    def environment(self):
        return following(self._clock)

    def start_gateway(self):
        self._clock = self.directory / 'faketime'
        if not self._clock.exists():
            self._set_clock(0)
            self._configure()
        return super().start_gateway()

    def _configure(self):
        members = self.directory / 'members.csv'
        members.write_text(''.join(f'{name};north\n' for name in NORTH) +
                           ''.join(f'{name};south\n' for name in SOUTH))
        more = f'''
[[dataset]]
name = "districts"
purpose = "to see that sums name nobody"
legal_basis = "public task"
fields = {{ device = "keep", meters = "keep", seconds = "keep" }}

[[sum]]
name = "by-district"
from = "everything"
quantity = "water.volume"
into = "districts"
groups = ["north", "south"]
members = "{members}"
grace = "0 s"
meters_min = {self.meters_min}
'''
        self.settings = configuration.write(
            self.directory, self.ports, self.device, more=more)
        # The city gets the sums alone.
        text = self.settings.read_text()
        self.settings.write_text(text.replace(
            'name = "city"\n', 'name = "city"\ndatasets = ["districts"]\n'))

    def _set_clock(self, seconds_ahead):
        fresh = self.directory / 'faketime.new'
        fresh.write_text(f'+{seconds_ahead}\n')
        fresh.rename(self._clock)

    def _sum(self):
        return self.gateway.status()['sums'][0]

    def test_a_window_is_released_once_whatever_is_killed(self):
        now_ms = int(time.time() * 1000)
        eventually(lambda: (self.directory / 'state/sums.db').exists(), 'windows can be opened')
        publish(self.ports.mqtt, [
            (f'water/{name}/reading', json.dumps({'ts': stamp(now_ms), 'm3': 2}))
            for name in NORTH + SOUTH])
        eventually(lambda: self._sum()['taken'] == len(NORTH + SOUTH), 'the window has all of it')
        self.assertEqual(self.city.summary()['readings'], 0)
        self.gateway.kill()
        self._set_clock(2 * 3600)
        (self.directory / 'state/clock').unlink()  # within one boot no jump is believed
        self.gateway = self.start_gateway()
        eventually(lambda: self.city.summary()['readings'] == len(self.told), 'the sums arrive')
        self.gateway.kill()
        self.gateway = self.start_gateway()
        eventually(lambda: self._sum()['releases'] == 1, 'the sums are where they were')
        self._check(now_ms)

    def _check(self, now_ms):
        readings = self.city.readings()
        self.assertEqual({reading.device for reading in readings}, self.told)
        for reading in readings:
            meters = len(NORTH if reading.device == 'north' else SOUTH)
            self.assertEqual(reading.value, Decimal(2 * meters))
            self.assertEqual(reading.attributes, {'meters': meters, 'seconds': 3600})
            self.assertEqual(reading.time_ms, now_ms - now_ms % HOUR_MS)
        suppressed = self._sum()['suppressed']
        self.assertEqual(suppressed, {} if len(self.told) == 2 else {'few-meters': 1})
        self.assertEqual(list((self.directory / 'state/keys/windows').iterdir()), [])
        self.assertEqual(self._names_found(), set())

    def _names_found(self):
        files = [path for path in self.directory.rglob('*') if path.is_file() and
                 path.name not in ('members.csv', 'mosquitto.log')]
        return {name for name in NORTH + SOUTH for path in files
                if name.encode() in path.read_bytes()}


class ControlOfSums(Sums):
    """With a floor of three the other district is told as well."""

    meters_min = 3
    told = {'north', 'south'}


if __name__ == '__main__':
    unittest.main()
