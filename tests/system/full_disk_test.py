"""The disk of the buffer is full: the gateway refuses, or lets the oldest go, as it was told; it
goes on by itself when there is room again, and what it acknowledged arrives."""
import contextlib
import json
import os
import subprocess
import time
import unittest

import configuration
from coap_client import CONTENT_FORMATS, CoapClient
from harness import Broker, StageTest, eventually

DISK = '24m'
SIZE_MAX = '16 MiB'
RESERVE_BYTES = 2 << 20  # an eighth of SIZE_MAX
READINGS_A_MESSAGE = 20  # they fit a datagram
MESSAGES_BEFORE = 600  # some dozen pages: in fewer there is nothing to make room of
MESSAGES_MAX = 3000


def scattered(number):
    """Seconds of the last hour that do not compress."""
    return number * 48271 % 3_600_000 / 1000


@unittest.skipUnless(os.geteuid() == 0, 'mounting a small disk takes root')
class FullDisk(StageTest):
    def setUp(self):
        super(StageTest, self).setUp()  # the stage begins with the disk
        self.disk = self.directory / 'disk'
        self.disk.mkdir()
        mounted = subprocess.run(['mount', '-t', 'tmpfs', '-o', f'size={DISK}', 'none', self.disk],
                                 capture_output=True, text=True)
        if mounted.returncode:
            self.skipTest(f'no small disk can be mounted: {mounted.stderr.strip()}')
        self.addCleanup(subprocess.run, ['umount', '--lazy', self.disk], check=True)
        self.ports = configuration.Ports()
        self.broker = self.start(Broker(self.directory, self.ports.mqtt))
        self.sent, self.acknowledged = 0, set()
        self.client = CoapClient(self.ports.senml_json)
        self.addCleanup(self.client.close)

    def begin(self, full):
        """A gateway whose city is away, with some readings, on a disk that something else fills."""
        self.settings = configuration.write(self.directory, self.ports)
        text = self.settings.read_text().replace(
            f'path = "{self.directory}/buffer.db"',
            f'path = "{self.disk}/buffer.db"\nsize_max = "{SIZE_MAX}"\nfull = "{full}"')
        self.settings.write_text(text)
        self.gateway = self.start_gateway()
        self.reserve = self.disk / 'buffer.db.reserve'
        self.assertEqual(self.reserve.stat().st_size, RESERVE_BYTES)
        for _ in range(MESSAGES_BEFORE):
            self.assertEqual(self.post(), '2.04')
        with contextlib.suppress(OSError), (self.disk / 'filler').open('wb', 0) as filler:
            while True:
                filler.write(bytes(4096))

    def post(self):
        """The answer to a message of many readings; their values count in hundredths."""
        values = range(self.sent + 1, self.sent + 1 + READINGS_A_MESSAGE)
        self.sent += READINGS_A_MESSAGE
        now = int(time.time())
        payload = json.dumps([{'n': 'pm10', 'v': value / 100, 't': now - scattered(value)}
                              for value in values]).encode()
        code = self.client.post('air/a-1', payload, CONTENT_FORMATS['senml-json'],
                                time.monotonic() + 30)
        if code == '2.04':
            self.acknowledged.update(values)
        return code

    def problems(self):
        return {problem['code'] for problem in self.gateway.status()['problems']}

    def arrived(self):
        return {int(reading.value * 100) for reading in self.city.readings()}

    def test_it_refuses_without_acknowledging_and_takes_again_when_there_is_room(self):
        self.begin('refuse')
        codes = (self.post() for _ in range(MESSAGES_MAX))
        self.assertTrue(next(code for code in codes if code != '2.04').startswith('5.03'))
        self.assertFalse(self.reserve.exists(), 'the reserve was given to the log')
        self.assertTrue(self.gateway.running)
        eventually(lambda: 'buffer-full' in self.problems(), 'it is told')
        self.assertEqual(self.gateway.status()['state'], 'failing')
        (self.disk / 'filler').unlink()
        eventually(lambda: self.post() == '2.04', 'readings are taken again')
        eventually(lambda: 'buffer-full' not in self.problems(), 'it is over')
        self.assertTrue(self.reserve.exists(), 'the reserve is back')
        self.city = self.start_city()
        eventually(lambda: self.acknowledged <= self.arrived(), 'the city has all acknowledged')
        self.assert_nothing_lost_or_doubled(self.delivered())

    def test_the_way_out_goes_on_while_the_disk_is_full(self):
        self.begin('refuse')
        while self.post() == '2.04':
            self.assertLess(self.sent, MESSAGES_MAX * READINGS_A_MESSAGE)
        self.city = self.start_city()
        eventually(lambda: self.acknowledged <= self.arrived(), 'the city has all acknowledged')
        eventually(lambda: self.post() == '2.04', 'what was delivered makes room')
        self.assert_nothing_lost_or_doubled(self.delivered())

    def test_the_oldest_makes_room_and_is_counted(self):
        self.begin('evict')

        def evicted():
            self.assertEqual(self.post(), '2.04')
            return self.gateway.ledger()['evicted'].get('size', 0)
        eventually(evicted, 'old readings make room')
        self.assertTrue(self.gateway.running)
        eventually(lambda: 'readings-evicted' in self.problems(), 'it is told')
        self.city = self.start_city()
        ledger = self.delivered()
        self.assertEqual(ledger['stored'], len(self.acknowledged))
        uplink = ledger['uplinks']['city']
        self.assertEqual(uplink['delivered'] + uplink['evicted'], len(self.acknowledged))
        # A batch may lose readings to eviction while it is sent.
        self.assertGreaterEqual(len(self.arrived()), uplink['delivered'])
        self.assertLessEqual(self.arrived(), self.acknowledged)


if __name__ == '__main__':
    unittest.main()
