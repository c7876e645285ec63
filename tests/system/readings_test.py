"""The main job: readings of every format come in by MQTT and CoAP and reach the city exactly."""
import base64
import json
import struct
import subprocess
import time
import unittest
from decimal import Decimal

import configuration
from harness import ROOT, StageTest, eventually
from load import publish, stamp
from loopback import LOOPBACK

DEV_EUI = '0a1b2c3d4e5f6071'


class Readings(StageTest):
    def setUp(self):
        super().setUp()
        self.now_ms = int(time.time()) * 1000 - 60_000

    def test_every_format_reaches_the_city_with_its_exact_values(self):
        publish(self.ports.mqtt, [
            ('water/m-1/reading', json.dumps({'ts': stamp(self.now_ms), 'm3': 1}).replace(
                '"m3": 1', '"m3": 1234.5670')),
            (f'application/city/device/{DEV_EUI}/event/up', self._chirpstack()),
            ('energy/kiosk-9', self._protobuf())])
        seconds = self.now_ms // 1000
        self._post(self.ports.senml_json, 'air/a-3', 110, json.dumps(
            [{'bt': seconds, 'n': 'pm10', 'v': 17.25},
             {'n': 'temperature', 'u': 'Cel', 'v': -3.5, 't': 0}]).encode())
        # The decimal fraction 619e-1 (RFC 8949, 3.4.4): no binary float comes near the value.
        self._post(self.ports.senml_cbor, 'noise/n-4', 112, b'\x81\xa3\x00\x64laeq\x02\xc4\x82\x20'
                   b'\x19\x02\x6b\x06\x1a' + struct.pack('>I', seconds))
        self.assertEqual(self._arrived(7), {
            ('m-1', 'water.volume', 'm3', Decimal('1234.567')),
            (DEV_EUI, 'air.temperature', 'Cel', Decimal('27.2')),
            ('kiosk-9', 'voltage', 'V', Decimal('231.04')),
            ('kiosk-9', 'energy.active.import', 'kW.h', Decimal('9007199254.740993')),
            ('a-3', 'air.pm10', 'ug/m3', Decimal('17.25')),
            ('a-3', 'air.temperature', 'Cel', Decimal('-3.5')),
            ('n-4', 'noise.laeq', 'dB[SPL]', Decimal('61.9'))})
        self.assertEqual({reading.time_ms for reading in self.city.readings()}, {self.now_ms})
        self.assert_nothing_lost_or_doubled(self.delivered())

    def test_a_device_with_a_key_of_its_own_is_known_by_its_identity(self):
        payload = b'\x81\xa3\x00\x64laeq\x02\x18\x32\x06\x1a' + struct.pack(
            '>I', self.now_ms // 1000)
        identity = configuration.SECRET_IDENTITY
        for device, expected in (('n-7', '4.03 not-authorised'), (identity, '')):
            answer = self._post(self.ports.secure, f'noise/{device}', 112, payload, '-u',
                                identity, '-k', configuration.SECRET_KEY, scheme='coaps')
            self.assertEqual(answer, expected, device)
        self.assertEqual(self._arrived(1), {(identity, 'noise.laeq', 'dB[SPL]', Decimal(50))})

    def test_a_device_with_a_wrong_key_is_not_heard(self):
        self._post(self.ports.secure, 'noise/n-7', 112, b'\x80', '-B', '2', '-u',
                   configuration.SECRET_IDENTITY, '-k', 'another key', scheme='coaps')
        self.assertEqual(self.gateway.ledger()['received'], 0)

    def test_every_route_of_the_status_endpoint_answers(self):
        publish(self.ports.mqtt, [('water/m-1/reading', '{"m3":1}'), ('water/m-1/reading', 'x')])
        eventually(lambda: self.gateway.ledger()['received'] == 2, 'both messages are counted')
        self.delivered()
        for path, kind in (('/', 'text/html'), ('/healthz', 'text/plain'),
                           ('/readyz', 'text/plain'),
                           ('/status', 'application/json'),
                           ('/metrics', 'application/openmetrics-text')):
            with self.subTest(path=path):
                code, headers, text = self.gateway.get(path)
                self.assertEqual(code, 200)
                self.assertEqual(headers.get_content_type(), kind)
                self.assertTrue(text)
        self.assertEqual(self.gateway.get('/nothing')[0], 404)
        status = self.gateway.status()
        self.assertEqual(status['gateway'], 'system-test-01')
        self.assertEqual(status['ledger']['stored'], 1)
        self.assertEqual(sum(status['ledger']['refused'].values()), 1)
        self.assertEqual(status['devices'], 1)
        self.assertEqual({source['name'] for source in status['sources']},
                         {'meters', 'lorawan', 'kiosks', 'air', 'noise'})

    def _arrived(self, count):
        eventually(lambda: self.city.summary()['readings'] >= count,
                   f'the city has {count} readings')
        return {reading[:4] for reading in self.city.readings()}

    def _post(self, port, path, content_format, payload, *options, scheme='coap'):
        """What coap-client prints: nothing when the answer is 2.04."""
        client = subprocess.run(
            ['coap-client-openssl', '-m', 'post', '-t', str(content_format), '-f', '-', *options,
             f'{scheme}://{LOOPBACK}:{port}/{path}'], input=payload, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, timeout=60)
        return client.stdout.decode(errors='replace').strip()

    def _chirpstack(self):
        return json.dumps({
            'deduplicationId': '3ac7e3c4-4401-4b8d-9386-a5c902f9202d', 'time': stamp(self.now_ms),
            'deviceInfo': {'devEui': DEV_EUI, 'deviceName': 'room 7', 'applicationName': 'city'},
            'fPort': 2, 'fCnt': 1, 'data': base64.b64encode(bytes.fromhex('01670110')).decode()})

    def _protobuf(self):
        readings = ''.join(
            f'readings {{ quantity: "{quantity}" observed_at_ms: {self.now_ms} '
            f'decimal {{ mantissa: {mantissa} exponent: {exponent} }} }}'
            for quantity, mantissa, exponent in (('voltage', 23104, -2),
                                                 ('energy.active.import', 9007199254740993, -6)))
        return subprocess.run(
            ['protoc', f'--proto_path={ROOT}/proto', '--encode=passerelle.v1.Readings',
             'passerelle/v1/reading.proto'], input=readings.encode(), stdout=subprocess.PIPE,
            check=True).stdout


if __name__ == '__main__':
    unittest.main()
