"""Every MQTT client that people have is understood: each reading it publishes is in the city once."""
import json
import socket
import ssl
import time
import unittest
from collections import Counter

import paho.mqtt.client as paho

import mqtt_wire as wire
from harness import PASSERELLE, WAIT_SECONDS_MAX, eventually
from listener_stage import PASSWORD, ListenerTest
from load import stamp
from loopback import LOOPBACK
from node_programs import BUILT, NPM, install_npm, run
from public_keys import Authority

QOS = (0, 1, 2)
SIMULATED = 50
DEVICE, CERTIFIED, KEYED = 'd-1', 'certified-1', 'keyed-1'  # by password, certificate, key
KEY = 'a key of sixteen letters'


class Interoperability(ListenerTest):
    devices = [DEVICE]

    def setUp(self):
        self.expected = Counter()
        self._number = 0
        super().setUp()

    def prepare(self):
        authority = Authority(self.directory)
        self.ca = authority.certificate
        certificate, key = authority.issue('gateway', f'IP:{LOOPBACK}')
        self.certificate, self.key = authority.issue(CERTIFIED)
        secret = self.directory / 'keyed-1.psk'
        secret.write_text(KEY)
        secret.chmod(0o600)
        self.secure = f'''listen_secure = "{LOOPBACK}:{self.ports.secure}"
[source.tls]
certificate_file = "{certificate}"
key_file = "{key}"
ca_file = "{self.ca}"
[source.pre_shared_keys]
{KEYED} = {{ file = "{secret}" }}'''

    def reading(self, device):
        """The topic and the payload of a reading like no other."""
        self._number += 1
        self.expected[device, self._number] += 1
        moment = stamp(int(time.time() * 1000) - 60_000 + self._number)
        return f'water/{device}/reading', json.dumps({'ts': moment, 'm3': self._number})

    def check(self, taken=None):
        """Every reading, and no other, has arrived once."""
        count = taken or sum(self.expected.values())
        eventually(lambda: self.gateway.ledger()['received'] >= count, 'the readings are received')
        ledger = self.delivered()
        self.assertEqual(ledger['refused'], {})
        if taken is None:
            self.assertEqual(self.city.effects('water.volume'), self.expected)
        self.assert_nothing_lost_or_doubled(ledger)

    def ways(self, secure):
        """(device, arguments) of the programs of mosquitto and Paho C for each way to connect but a
        pre-shared key; `secure`: how they name the door with TLS."""
        plain = ['-h', LOOPBACK, '-p', self.ports.mqtt]
        password = ['-u', DEVICE, '-P', PASSWORD]
        trusting = [*secure, '--cafile', self.ca]
        yield DEVICE, [*plain, *password]
        yield DEVICE, [*trusting, *password]
        yield CERTIFIED, [*trusting, '--cert', self.certificate, '--key', self.key]

    def mosquitto_ways(self):
        secure = ['-h', LOOPBACK, '-p', self.ports.secure]
        yield from self.ways(secure)
        yield KEYED, [*secure, '--psk-identity', KEYED, '--psk', KEY.encode().hex()]

    def test_mosquitto_pub(self):
        for version in ('mqttv311', 'mqttv5'):
            for device, way in self.mosquitto_ways():
                for qos in QOS:
                    topic, payload = self.reading(device)
                    run('mosquitto_pub', *way, '-V', version, '-q', qos, '-i', device, '-t', topic,
                        '-m', payload)
        self.check()

    def test_mosquitto_sub_gets_its_own_commands_and_no_others(self):
        for version in ('mqttv311', 'mqttv5'):
            for device, way in self.mosquitto_ways():
                subscribe = ['mosquitto_sub', *way, '-V', version, '-i', device, '-E', '-t']
                self.assertNotIn('denied', run(*subscribe, f'passerelle/{device}/#'))
                self.assertIn('denied', run(*subscribe, 'passerelle/other/#'))
        self.assertEqual(self.gateway.ledger()['received'], 0)

    def test_paho_c(self):
        """Without keys: the program of Debian 12 crashes with one, whoever the server is."""
        for version in ('311', '5'):
            for device, way in self.ways(['-c', f'ssl://{LOOPBACK}:{self.ports.secure}']):
                for qos in QOS:
                    topic, payload = self.reading(device)
                    run('paho_c_pub', *way, '-V', version, '-q', qos, '-i', device, '-t', topic,
                        '-m', payload)
        self.check()

    def test_paho_cpp(self):
        run(PASSERELLE, 'simulate', '--mqtt', f'mqtt://{LOOPBACK}:{self.ports.open}', '--rate',
            SIMULATED, '--seconds', 1, '--devices', 5)
        self.check(taken=SIMULATED)
        self.assertEqual(self.city.summary()['readings'], SIMULATED)

    def test_paho_python(self):
        for version in (paho.MQTTv311, paho.MQTTv5):
            for secure in (False, True):
                for qos in QOS:
                    self._publish_with_paho(version, secure, qos)
        self.check()

    def _publish_with_paho(self, version, secure, qos):
        client = paho.Client(DEVICE, protocol=version)
        client.username_pw_set(DEVICE, PASSWORD)
        if secure:
            client.tls_set(str(self.ca), cert_reqs=ssl.CERT_REQUIRED)
        client.connect(LOOPBACK, self.ports.secure if secure else self.ports.mqtt)
        client.loop_start()
        eventually(client.is_connected, 'the client is connected')
        sent = client.publish(*self.reading(DEVICE), qos=qos)
        sent.wait_for_publish(WAIT_SECONDS_MAX)
        self.assertTrue(sent.is_published())
        client.disconnect()
        client.loop_stop()

    def test_tls_sends_no_tickets(self):
        """What a client has not read when it leaves makes its kernel take back its last message."""
        context = ssl.create_default_context(cafile=str(self.ca))
        with socket.create_connection((LOOPBACK, self.ports.secure)) as plain:
            with context.wrap_socket(plain, server_hostname=LOOPBACK) as device:
                device.sendall(wire.connect(DEVICE, name=DEVICE, password=PASSWORD))
                self.assertEqual(device.recv(4), b'\x20\x02\0\0')
                self.assertEqual(device.version(), 'TLSv1.3')
                self.assertFalse(device.session.has_ticket)

    def test_mqtt_of_npm(self):
        install_npm()
        messages = []
        for version in (4, 5):
            for secure in (False, True):
                for qos in QOS:
                    topic, payload = self.reading(DEVICE)
                    connection = {
                        'protocol': 'mqtts' if secure else 'mqtt', 'host': LOOPBACK,
                        'port': self.ports.secure if secure else self.ports.mqtt,
                        'protocolVersion': version, 'clientId': DEVICE, 'username': DEVICE,
                        'password': PASSWORD, **({'ca': str(self.ca)} if secure else {})}
                    messages.append({'connection': connection, 'topic': topic, 'payload': payload,
                                     'qos': qos})
        run('node', NPM / 'publish.js', BUILT, text=json.dumps(messages))
        self.check()


if __name__ == '__main__':
    unittest.main()
