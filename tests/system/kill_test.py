"""The first promise: the gateway is killed at any moment, and what was acknowledged arrives."""
import random
import time
import unittest
from collections import defaultdict

from harness import StageTest, eventually
from load import AirSensor, Meter

ROUNDS = 12
READINGS_A_ROUND = 150
SEED = 20260301


class Kill(StageTest):
    def test_what_was_acknowledged_survives_a_gateway_that_is_killed_again_and_again(self):
        chance = random.Random(SEED)
        devices = [Meter(self.ports.mqtt, 'm-1'), Meter(self.ports.mqtt, 'm-2'),
                   AirSensor(self.ports.senml_json, 'a-1'), AirSensor(self.ports.senml_json, 'a-2')]
        for device in devices:
            device.start()
        for _ in range(ROUNDS):
            stored = self.gateway.ledger()['stored']
            eventually(lambda: self.gateway.ledger()['stored'] >= stored + READINGS_A_ROUND,
                       'readings are stored')
            time.sleep(chance.uniform(0, 0.1))  # so that the blow falls anywhere
            self.gateway.kill()
            self.gateway = self.start_gateway()
        for device in devices:
            device.stop()
        self._check(devices)

    def _check(self, devices):
        acknowledged = {device.name: device.acknowledged for device in devices}
        self.assertTrue(all(acknowledged.values()), 'every device was heard')

        def missing():
            arrived = defaultdict(set)
            for reading in self.city.readings():
                arrived[reading.device].add(int(reading.value))
            return {name: sorted(values - arrived[name])
                    for name, values in acknowledged.items() if values - arrived[name]}

        eventually(lambda: not missing(), 'every acknowledged reading is in the city')
        self.assertEqual([device.refused for device in devices if hasattr(device, 'refused')],
                         [[], []])
        self.assert_nothing_lost_or_doubled(self.delivered())


if __name__ == '__main__':
    unittest.main()
