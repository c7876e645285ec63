"""A thousand devices with passwords lose their connections at the same moment, because the gateway
is killed: all come back, and nothing that was acknowledged is lost."""
import time
import unittest

from harness import eventually
from listener_stage import PASSWORD, ListenerTest
from mqtt_device import MqttDevice
from mqtt_fleet import Fleet

DEVICES = 1_000
KILLS = 1
PACE_SECONDS = 1.0
CONNECTED_SECONDS_MAX = 400  # each password takes some ten milliseconds, under a sanitizer far more
READINGS_BETWEEN = 2 * DEVICES


class ListenerStorm(ListenerTest):
    devices = [f's-{number}' for number in range(DEVICES)]

    def test_a_thousand_devices_come_back_and_nothing_acknowledged_is_lost(self):
        fleet = Fleet(self.ports.mqtt, [
            MqttDevice(name, PASSWORD, pace=PACE_SECONDS) for name in self.devices])
        fleet.start()
        self._until_all_connected(fleet)
        for _ in range(KILLS):
            before = fleet.acknowledged
            eventually(lambda: fleet.failure or fleet.acknowledged >= before + READINGS_BETWEEN,
                       'readings are taken')
            self.gateway.kill()
            eventually(lambda: not any(device.connected for device in fleet.devices),
                       'every device has lost its connection')
            self.gateway = self.start_gateway()
            self._until_all_connected(fleet)
        fleet.settle()
        self.assertEqual(self.source('meters')['connections'], DEVICES)
        fleet.stop()
        self._check(fleet)

    def _until_all_connected(self, fleet):
        begun = time.monotonic()
        eventually(lambda: fleet.failure or fleet.all_connected(), 'every device is connected',
                   CONNECTED_SECONDS_MAX)
        print(f'{DEVICES} devices connected within {time.monotonic() - begun:.1f} s')

    def _check(self, fleet):
        self.assertEqual([device.refused for device in fleet.devices if device.refused], [])
        self.assertEqual({device.cuts for device in fleet.devices}, {KILLS})
        ledger = self.delivered()
        arrived = self.city.effects('water.volume')
        lost = [(device.name, value) for device in fleet.devices for value in device.acknowledged
                if (device.name, value) not in arrived]
        self.assertEqual(lost[:10], [], f'{len(lost)} acknowledged readings are lost')
        self.assert_nothing_lost_or_doubled(ledger)
        busy = sum(device.busy for device in fleet.devices)
        print(f'{fleet.acknowledged} acknowledged readings, {busy} connections told to come later')


if __name__ == '__main__':
    unittest.main()
