"""Two hundred good devices are heard while others hold thousands of connections without a CONNECT,
send what breaks the rules of MQTT, never release QoS 2, and never read what they are answered.

    /usr/bin/python3 tests/system/listener_hostile_test.py --full   # 5,000 half-open
"""
import sys
import unittest
from collections import Counter

import hostile_packets
import mqtt_wire as wire
from harness import balances, eventually
from hostile_packets import GOOD, NAME, TOPIC
from hostile_peers import Peer, Siege, deafen, strike
from listener_stage import PASSWORD, ListenerTest
from mqtt_device import SESSION_SECONDS, MqttDevice
from mqtt_fleet import Fleet

GOOD_DEVICES = 200
PACE_SECONDS = 1.0
DEAF_PEERS = 4
IDENTIFIERS_MAX = 1023  # of QoS 2 that a session may hold, beside itself
RECEIVE_MAXIMUM = 128
STALL_SECONDS_MAX = 120  # the gateway waits 30 s for a deaf peer
# The bounds of the listener added up: 512 strangers of some 16 KiB each, their coroutines included
# (8 MiB); a packet of 84 KiB and 64 KiB of answers for each of the few that are let in (1 MiB); the
# identifiers of QoS 2 (1 MiB); what the store and the uplink take for readings that were not there
# before (6 MiB); and as much again for what the allocator keeps.
GROWTH_BYTES_MAX = 32 << 20

half_open, rounds = 2_000, 1


class ListenerHostile(ListenerTest):
    devices = [NAME, *(f'good-{number}' for number in range(GOOD_DEVICES))]

    def setUp(self):
        super().setUp()
        self.fleet = Fleet(self.ports.mqtt, [
            MqttDevice(name, PASSWORD, pace=PACE_SECONDS, version=(wire.V3_1_1, wire.V5)[i % 2])
            for i, name in enumerate(self.devices[1:])])
        self.fleet.start()
        self.addCleanup(self.fleet.stop)
        eventually(lambda: self.fleet.failure or self.fleet.all_connected(),
                   'every good device is connected')
        self.process = self.gateway.process.pid
        self.before = self.gateway.resident_bytes()

    def test_good_devices_are_heard_while_others_attack(self):
        self._until_heard(GOOD_DEVICES)
        deaf = deafen(self.ports.mqtt, PASSWORD, [f'deaf-{one}' for one in range(DEAF_PEERS)])
        siege = Siege(self.ports.mqtt, half_open)
        siege.start()
        eventually(lambda: siege.failure or siege.opened >= half_open, 'the siege is laid')
        expected = self._strike_all()
        for version in (wire.V3_1_1, wire.V5):
            self._never_release(version)
            expected['refused'] += 1
        self._send_byte_by_byte()
        self._until_heard(GOOD_DEVICES)
        eventually(lambda: self.turned_away().get('stalled', 0) == DEAF_PEERS,
                   'the deaf peers are cut', STALL_SECONDS_MAX)
        siege.stop()
        for peer in deaf:
            peer.close()
        self.fleet.settle()
        self._check_good_devices()
        self._check_turned_away(expected, siege)
        self._check_gateway()

    def _until_heard(self, count):
        before = self.fleet.acknowledged
        eventually(lambda: self.fleet.failure or self.fleet.acknowledged >= before + count,
                   'the good devices are heard')

    def _strike_all(self):
        """How often each cause must be counted."""
        expected = Counter()
        attacks = [*hostile_packets.before_connect(PASSWORD), *hostile_packets.after_connect()]
        for _ in range(rounds):
            for attack in attacks:
                survived = strike(self.ports.mqtt, PASSWORD, attack)
                if survived != (attack.cause is None):
                    with self.subTest(attack=attack.what):
                        self.fail('it survived' if survived else 'its connection has ended')
                expected[attack.cause] += 1
        print(f'{sum(expected.values())} bad packets of {len(attacks)} kinds')
        del expected[None]
        return expected

    def _never_release(self, version):
        """Takes every identifier of QoS 2 that a session may hold, and one more: the connection
        ends, and the session is as good as before once it releases one."""
        lasting = SESSION_SECONDS if version == wire.V5 else b''
        how = {'version': version, 'client': f'hoarder-{version}', 'clean': False,
               'content': lasting}
        peer = Peer(self.ports.mqtt)
        peer.greet(PASSWORD, **how)
        for first in range(1, IDENTIFIERS_MAX + 1, RECEIVE_MAXIMUM):
            numbers = range(first, min(first + RECEIVE_MAXIMUM, IDENTIFIERS_MAX + 1))
            peer.send(b''.join(wire.publish(TOPIC, GOOD, 2, one, version) for one in numbers))
            answers = [peer.packet() for _ in numbers]
            self.assertEqual({kind for kind, _ in answers}, {wire.PUBREC})
        peer.send(wire.publish(TOPIC, GOOD, 2, IDENTIFIERS_MAX + 1, version))
        self.assertFalse(peer.survives(), 'one identifier more than a session may hold')
        peer.close()
        peer = Peer(self.ports.mqtt)
        self.assertEqual(peer.greet(PASSWORD, **how)[0], 1, 'the session is present')
        peer.send(wire.acknowledgement(wire.PUBREL, 1))
        self.assertEqual(peer.packet()[0], wire.PUBCOMP)
        peer.send(wire.publish(TOPIC, GOOD, 2, IDENTIFIERS_MAX + 1, version))
        self.assertEqual(peer.packet()[0], wire.PUBREC)
        peer.close()

    def _send_byte_by_byte(self):
        peer = Peer(self.ports.mqtt)
        peer.greet(PASSWORD, wire.V3_1_1)
        for byte in wire.publish(TOPIC, GOOD, 1, 1):
            peer.send(bytes([byte]))
        self.assertEqual(peer.packet(), (wire.PUBACK, b'\0\1'))
        peer.close()

    def _check_good_devices(self):
        devices = self.fleet.devices
        self.assertEqual([one.name for one in devices if one.cuts or one.refused], [])
        waits = sorted(wait for one in devices for wait in one.waits)
        median, late = (waits[len(waits) * percent // 100] for percent in (50, 99))
        print(f'{len(waits)} good messages, acknowledged after {median:.3f} s (median), '
              f'{late:.3f} s (99 %), {waits[-1]:.3f} s (longest)')

    def _check_turned_away(self, expected, siege):
        told = self.turned_away()
        print(f'{siege.opened} connections without a CONNECT; {told}')
        for cause, count in expected.items():
            with self.subTest(cause=cause):
                self.assertEqual(told.get(cause), count)
        self.assertGreater(told['not-introduced'], 0)
        unknown = set(told) - set(expected) - {'not-introduced', 'stalled', 'full'}
        self.assertEqual(unknown, set())

    def _check_gateway(self):
        self.assertTrue(self.gateway.running)
        growth = self.gateway.resident_bytes() - self.before
        print(f'grown by {growth / (1 << 20):.1f} MiB')
        if not self.gateway.is_sanitized():
            self.assertLess(growth, GROWTH_BYTES_MAX)
        self.assertTrue(balances(self.gateway.ledger()))
        eventually(lambda: self.source('meters')['connections'] <= GOOD_DEVICES,
                   'only good devices are left')
        self.assert_nothing_lost_or_doubled(self.delivered())


if __name__ == '__main__':
    if '--full' in sys.argv:
        sys.argv.remove('--full')
        half_open, rounds = 5_000, 451
    unittest.main()
