"""The first promise where devices connect themselves: the gateway is killed at any moment under a
load of QoS 1, QoS 2 and CoAP at once. What was acknowledged arrives, and QoS 2 has one effect.

    /usr/bin/python3 tests/system/listener_kill_test.py --rounds 100   # a million readings
"""
import random
import sys
import time
import unittest

from harness import eventually
from listener_stage import PASSWORD, ListenerTest
from load import AirSensor
from mqtt_device import MqttDevice
from mqtt_fleet import Fleet
from mqtt_wire import V3_1_1, V5

ROUNDS = 8
READINGS_A_ROUND = 2_000
READINGS_A_LONG_ROUND = 10_500
DEVICES_EACH = 10  # of each QoS
SEED = 20260301
WAIT_SECONDS = 300  # for the city to have everything

rounds, readings_a_round = ROUNDS, READINGS_A_ROUND


class ListenerKill(ListenerTest):
    devices = [f'q{qos}-{number}' for qos in (1, 2) for number in range(DEVICES_EACH)]

    def test_what_was_acknowledged_arrives_and_qos_2_has_one_effect(self):
        fleet = Fleet(self.ports.mqtt, [
            MqttDevice(name, PASSWORD, qos=int(name[1]), version=(V3_1_1, V5)[number % 2])
            for number, name in enumerate(self.devices)])
        sensors = [AirSensor(self.ports.senml_json, f'a-{number}') for number in range(2)]
        for thread in (fleet, *sensors):
            thread.start()
        self._kill_again_and_again(fleet)
        for sensor in sensors:
            sensor.stop()
        fleet.settle()
        fleet.stop()
        self._check(fleet, sensors)

    def _kill_again_and_again(self, fleet):
        chance = random.Random(SEED)
        for _ in range(rounds):
            before = fleet.acknowledged
            eventually(lambda: fleet.failure or (fleet.all_connected() and
                                                 fleet.acknowledged >= before + readings_a_round),
                       'every device is connected, and readings are acknowledged')
            time.sleep(chance.uniform(0, 0.1))  # so that the blow falls anywhere
            self.gateway.kill()
            self.gateway = self.start_gateway()

    def _check(self, fleet, sensors):
        for device in fleet.devices:
            with self.subTest(device=device.name):
                self.assertTrue(device.acknowledged, 'it was heard')
                self.assertEqual(device.refused, [])
                self.assertEqual(device.sessions_lost, 0)
                self.assertGreaterEqual(device.cuts, rounds, 'it was cut')
        self.assertTrue(all(sensor.acknowledged and not sensor.refused for sensor in sensors))
        eventually(lambda: self.gateway.ledger()['uplinks']['city']['waiting'] == 0,
                   'the city has everything', WAIT_SECONDS)
        arrived = self.city.effects('water.volume') | self.city.effects('air.pm10')
        missing = [(device.name, value) for device in (*fleet.devices, *sensors)
                   for value in device.acknowledged if (device.name, value) not in arrived]
        self.assertEqual(missing[:10], [], f'{len(missing)} acknowledged readings are lost')
        twice = [one for one, count in arrived.items() if one[0].startswith('q2') and count > 1]
        self.assertEqual(twice[:10], [], f'{len(twice)} readings of QoS 2 have a second effect')
        again = sum(count - 1 for count in arrived.values())
        total = fleet.acknowledged + sum(len(sensor.acknowledged) for sensor in sensors)
        print(f'{rounds} kills, {total} acknowledged readings, none lost; '
              f'{again} of QoS 1 and CoAP arrived again')
        self.assert_nothing_lost_or_doubled(self.delivered())


if __name__ == '__main__':
    if '--rounds' in sys.argv:
        at = sys.argv.index('--rounds')
        rounds, readings_a_round = int(sys.argv[at + 1]), READINGS_A_LONG_ROUND
        del sys.argv[at:at + 2]
    unittest.main()
