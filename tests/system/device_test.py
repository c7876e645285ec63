"""Devices that come and go on the built program: real clients with what `device` gives them, let in
while the gateway runs, and refused when it is taken from them."""
import os
import shlex
import subprocess
import time
import unittest
from dataclasses import dataclass, field

from harness import PASSERELLE, CityTest, eventually
from loopback import LOOPBACK, free_port, free_udp_port

CLIENT_SECONDS_MAX = 30


@dataclass
class Ports:
    listener: int = field(default_factory=free_port)
    air: int = field(default_factory=free_udp_port)
    status: int = field(default_factory=free_port)
    city: int = field(default_factory=free_port)


class DeviceTest(CityTest):
    def setUp(self):
        super().setUp()
        self.ports = Ports()
        self.settings = self.directory / 'passerelle.toml'
        for name in ('devices', 'keys', 'air-keys'):
            (self.directory / name).touch(0o600)
        (self.directory / 'state').mkdir(0o700)
        self.run_tool('openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt',
                      'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=localhost',
                      '-addext', f'subjectAltName=DNS:localhost,IP:{LOOPBACK}',
                      '-keyout', self.directory / 'box.key', '-out', self.directory / 'box.crt')
        self.settings.write_text(_TEXT.format(
            directory=self.directory, host=LOOPBACK, ports=self.ports))
        self.device('ca')
        self.city = self.start_city()
        self.gateway = self.start_gateway()

    def run_tool(self, *words):
        subprocess.run([str(word) for word in words], check=True, capture_output=True, timeout=60)

    def device(self, *words, expected=0):
        done = subprocess.run(
            [PASSERELLE, 'device', *words, '--config', self.settings], capture_output=True,
            text=True, timeout=60, check=False, env={**os.environ, 'LC_ALL': 'en.UTF-8'})
        self.assertEqual(done.returncode, expected, done.stdout + done.stderr)
        return done.stdout

    def give(self, *words):
        """Lets a device in; the command that its sheet says tries it."""
        sheet = self.device(*words, '--host', LOOPBACK, '--into', self.directory)
        lines = [line.strip() for line in sheet.splitlines()]
        return next(line for line in lines if line.startswith(('mosquitto_pub', 'coap-client')))

    def send(self, command, value):
        """Does as a sheet says, with one reading; what the client says, and whether it went."""
        message = self.directory / 'message.json'
        message.write_text(
            f'[{{"n":"water.volume","u":"m3","v":{value},"bt":{int(time.time()) - 600 + value}}}]')
        words = shlex.split(command.replace('FILE', str(message)).replace(
            'BOX.crt', str(self.directory / 'box.crt')))
        if words[0].startswith('coap'):
            words[1:1] = ['-t', 'json', '-B', '5']
        done = subprocess.run(words, capture_output=True, text=True, timeout=CLIENT_SECONDS_MAX,
                              check=False)
        said = done.stdout + done.stderr
        return done.returncode == 0 and '4.01' not in said, said

    def stored(self):
        return self.gateway.ledger()['stored']

    def assert_sends(self, command, value):
        """As soon as the gateway has read its files again."""
        before = self.stored()
        eventually(lambda: self.send(command, value)[0] and self.stored() > before,
                   'the device is let in', 20)

    def assert_refused(self, command, value):
        """As soon as the gateway has read its files again; a value of its own each time."""
        values = iter(range(value, value + 500))

        def is_refused():
            before = self.stored()
            self.send(command, next(values))
            return self.stored() == before
        eventually(is_refused, 'the device is refused', 30)

    def check_life(self, name, *way):
        """Let in, given something new and ended, while the gateway runs."""
        first = self.give('add', name, *way)
        self.assert_sends(first, 1)
        for path in self.directory.glob(f'{name}.*'):
            path.rename(path.with_name('former-' + path.name))
        second = self.give('rotate', name, *way)
        self.assert_sends(second, 2)
        self.assert_refused(first.replace(f'/{name}.', f'/former-{name}.'), 10)
        self.assert_sends(second, 3)
        self.device('revoke', name)
        self.assert_refused(second, 600)
        self.assertNotIn(name, self.device('list'))

    def test_a_password(self):
        self.check_life('m-1', '--source', 'meters', '--with', 'password')

    def test_a_key_for_tls(self):
        self.check_life('m-2', '--source', 'meters', '--with', 'key')

    def test_a_certificate(self):
        self.check_life('m-3', '--source', 'meters', '--with', 'certificate')

    def test_a_key_for_dtls(self):
        self.check_life('air-1', '--source', 'air')

    def test_who_is_connected_is_sent_away(self):
        for name, way in (('m-4', 'password'), ('m-5', 'key'), ('m-6', 'certificate')):
            command = self.give('add', name, '--source', 'meters', '--with', way)
            self.assert_sends(command, 1)
            words = shlex.split(command.replace('BOX.crt', str(self.directory / 'box.crt')))
            words[words.index('-f'):] = ['-l']  # a line of standard input a message: it stays
            with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL, text=True) as client:
                try:
                    eventually(lambda: self.connections() == 1, 'it is connected')
                    self.device('revoke', name)
                    eventually(lambda: self.connections() == 0, 'it is sent away', 20)
                finally:
                    client.kill()

    def connections(self):
        sources = self.gateway.status()['sources']
        return next(source['connections'] for source in sources if source['name'] == 'meters')

    def test_a_code_on_the_terminal_can_be_scanned(self):
        sheet = self.device('add', 'm-7', '--source', 'meters', '--with', 'password')
        password = next(line.split()[1] for line in sheet.splitlines()
                        if line.strip().startswith('password'))
        image = self.directory / 'code.pgm'
        image.write_bytes(_drawn(sheet))
        scanned = subprocess.run(['zbarimg', '--quiet', '--raw', image], capture_output=True,
                                 text=True, timeout=60, check=True).stdout
        self.assertIn(f'"user":"m-7","password":"{password}"', scanned)
        self.assertIn('"topic":"water/m-7/reading"', scanned)


HALVES = {'█': (255, 255), '▀': (255, 0), '▄': (0, 255), ' ': (0, 0)}
PIXELS = 4  # of a module


def _drawn(sheet):
    """The half blocks of a sheet as an image: light letters on a dark ground."""
    lines = [line for line in sheet.splitlines() if line.startswith('█')]
    rows = []
    for line in lines:
        for half in (0, 1):
            row = bytes(HALVES[block][half] for block in line for _ in range(PIXELS))
            rows += [row] * PIXELS
    return f'P5 {len(rows[0])} {len(rows)} 255\n'.encode() + b''.join(rows)


_TEXT = '''
[gateway]
id = "system-test-01"
city = "Testville"
state_directory = "{directory}/state"

[buffer]
path = "{directory}/buffer.db"

[clock]
trust = "always"

[status]
listen = "{host}:{ports.status}"

[[source]]
name = "meters"
driver = "mqtt-listener"
listen_secure = "{host}:{ports.listener}"
accounts = {{ file = "{directory}/devices" }}
device_keys = {{ file = "{directory}/keys" }}
topics = ["water/{{device}}/reading"]
format = "senml-json"
dataset = "water"
[source.tls]
certificate_file = "{directory}/box.crt"
key_file = "{directory}/box.key"
ca_file = "{directory}/state/ca/ca.crt"
crl_file = "{directory}/state/ca/crl.pem"

[[source]]
name = "air"
driver = "coap"
listen = ""
listen_secure = "{host}:{ports.air}"
device_keys = {{ file = "{directory}/air-keys" }}
topics = ["air/{{device}}"]
format = "senml-json"
dataset = "water"

[[dataset]]
name = "water"
purpose = "to see that the gateway keeps its promises"
legal_basis = "public task"
[dataset.fields]
device = "keep"

[[uplink]]
name = "city"
kind = "http"
url = "http://{host}:{ports.city}/v1/batches"
batch_age_max = "200 ms"
retry_min = "100 ms"
retry_max = "1 s"
'''


if __name__ == '__main__':
    unittest.main()
