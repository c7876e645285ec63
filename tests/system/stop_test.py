"""The gateway is told to stop under load: it ends soon, with status 0, and nothing is lost."""
import time
import unittest

from harness import StageTest, eventually
from load import AirSensor, Meter

STOP_SECONDS_MAX = 20
READINGS_BEFORE = 300


class Stop(StageTest):
    def test_a_gateway_that_is_told_to_stop_under_load_loses_nothing(self):
        devices = [Meter(self.ports.mqtt, 'm-1'), AirSensor(self.ports.senml_json, 'a-1')]
        for device in devices:
            device.start()
        eventually(lambda: self.gateway.ledger()['stored'] >= READINGS_BEFORE,
                   'readings are stored')
        began = time.monotonic()
        self.assertEqual(self.gateway.terminate(), 0)
        self.assertLess(time.monotonic() - began, STOP_SECONDS_MAX)
        self.gateway = self.start_gateway()
        for device in devices:
            device.stop()
        expected = {(device.name, value) for device in devices for value in device.acknowledged}
        eventually(lambda: expected <= self._arrived(), 'everything acknowledged is in the city')
        self.assert_nothing_lost_or_doubled(self.delivered())

    def _arrived(self):
        return {(reading.device, int(reading.value)) for reading in self.city.readings()}


if __name__ == '__main__':
    unittest.main()
