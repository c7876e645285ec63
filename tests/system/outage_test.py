"""The city is away for a while: everything arrives later, once, and in each device's order.

    /usr/bin/python3 tests/system/outage_test.py --seconds 60   # away for a minute at least
"""
import itertools
import sys
import time
import unittest
from collections import defaultdict

from harness import City, StageTest, eventually
from load import AirSensor, Meter

READINGS_BEFORE = 200
READINGS_DURING = 1000

seconds_away = 0


class Outage(StageTest):
    def test_what_comes_in_while_the_city_is_away_arrives_once_and_in_order(self):
        devices = [Meter(self.ports.mqtt, 'm-1'), Meter(self.ports.mqtt, 'm-2'),
                   AirSensor(self.ports.senml_json, 'a-1')]
        for device in devices:
            device.start()
        self._until_stored(READINGS_BEFORE)
        self.city.kill()  # with a batch under way, perhaps
        time.sleep(seconds_away)
        self._until_stored(READINGS_BEFORE + READINGS_DURING)
        self.assertGreater(self.gateway.ledger()['uplinks']['city']['waiting'], 0)
        self.assertEqual(self.gateway.status()['state'], 'degraded')
        self.assertIn('uplink', ' '.join(p['code'] for p in self.gateway.status()['problems']))
        self.city = self.start_city()
        for device in devices:
            device.stop()
        self._until_taken(devices)
        ledger = self.delivered()
        self.assert_nothing_lost_or_doubled(ledger)
        self._check_order(devices)
        print(f'{len(self.city.readings())} readings, each once and in the order of its device')
        eventually(lambda: self.gateway.status()['state'] == 'ok', 'the gateway is well again')

    def _until_stored(self, count):
        eventually(lambda: self.gateway.ledger()['stored'] >= count, f'{count} readings are stored')

    def _until_taken(self, devices):
        """What the broker still holds comes after the devices have stopped."""
        sent = sum(len(device.acknowledged) for device in devices)
        eventually(lambda: self.gateway.ledger()['received'] >= sent, f'{sent} readings are taken')

    def _check_order(self, devices):
        values = defaultdict(list)
        for reading in self.city.readings():
            values[reading.device].append(int(reading.value))
        for device in devices:
            with self.subTest(device=device.name):
                arrived = values[device.name]
                self.assertTrue(device.acknowledged <= set(arrived))
                self.assertTrue(all(a < b for a, b in itertools.pairwise(arrived)))


class FirstAnswer(StageTest):
    def start_city(self):
        return self.start(City(self.directory, self.ports.city, '--fail', 'slow=3'))

    def test_a_recipient_that_was_only_just_asked_is_no_problem(self):
        meter = Meter(self.ports.mqtt, 'm-1')
        meter.start()
        eventually(lambda: self.gateway.ledger()['uplinks']['city']['waiting'] > 0, 'some wait')
        meter.stop()
        self.delivered()
        self.assertNotIn('uplink-unreachable', (self.directory / 'gateway.log').read_text())


if __name__ == '__main__':
    if '--seconds' in sys.argv:
        at = sys.argv.index('--seconds')
        seconds_away = float(sys.argv[at + 1])
        del sys.argv[at:at + 2]
    unittest.main()
