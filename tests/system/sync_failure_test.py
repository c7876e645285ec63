"""The disk fails to sync, once: nothing that was acknowledged is lost by it, and nothing is
acknowledged any more until the store has been read again."""
import os
import unittest

from harness import ROOT, StageTest, eventually
from load import AirSensor, Meter

FAILING_SYNC = os.environ.get(
    'FAILING_SYNC', str(ROOT / 'build/debug/tests/support/libfailing_sync.so'))
EXIT_STORE = 74
READINGS_BEFORE = 200
READINGS_AFTER = 100


class SyncFailure(StageTest):
    def setUp(self):
        self.moment = None
        super().setUp()

    def start_gateway(self):
        if self.moment is None:  # the gateway that will fail
            self.moment = self.directory / 'fail-the-next-sync'
            sanitizer = os.environ.get('ASAN_OPTIONS', '')
            self.environment = {
                'LD_PRELOAD': FAILING_SYNC, 'PASSERELLE_SYNC_FAILS': str(self.moment),
                'ASAN_OPTIONS': f'{sanitizer}:verify_asan_link_order=0'}
        else:
            self.environment = {}
        return super().start_gateway()

    def test_a_failed_sync_ends_the_gateway_and_costs_nothing_acknowledged(self):
        devices = [Meter(self.ports.mqtt, 'm-1'), AirSensor(self.ports.senml_json, 'a-1'),
                   AirSensor(self.ports.senml_json, 'a-2')]
        for device in devices:
            device.start()
        eventually(lambda: self.gateway.ledger()['stored'] >= READINGS_BEFORE,
                   'readings are stored')
        self.moment.touch()
        self.assertEqual(self.gateway.wait(), EXIT_STORE)
        self.assertFalse(self.moment.exists(), 'the sync failed')
        self.assertIn('store-failed', self.gateway.log.read_text())
        self.gateway = self.start_gateway()
        stored = self.gateway.ledger()['stored']
        eventually(lambda: self.gateway.ledger()['stored'] >= stored + READINGS_AFTER,
                   'readings are stored again')
        for device in devices:
            device.stop()
        expected = {(device.name, value) for device in devices for value in device.acknowledged}
        eventually(lambda: expected <= self._arrived(), 'everything acknowledged is in the city')
        self.assert_nothing_lost_or_doubled(self.delivered())

    def _arrived(self):
        return {(reading.device, int(reading.value)) for reading in self.city.readings()}


if __name__ == '__main__':
    unittest.main()
