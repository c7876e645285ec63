"""The mosquitto of packaging/mosquitto, the real one, with a real gateway behind it: what waits for
the gateway outlives the broker; and its limits, as the README states them."""
import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from trial_package import ROOT, run  # before what it makes importable

from configuration import METER_JSON
from harness import LOOPBACK, PASSERELLE, City, Gateway, Program, SystemTest, eventually
from loopback import free_port, listens

FILES = ROOT / 'packaging/mosquitto'
PASSWORDS = {'passerelle': 'the gateway', 'm-1': 'the meter', 'm-2': 'another meter'}
SETTINGS = '''
[gateway]
id = "behind-a-broker"
city = "Testville"
state_directory = "{directory}/state"
[buffer]
path = "{directory}/buffer.db"
[clock]
trust = "always"
[status]
listen = "{host}:{status}"
[[source]]
name = "meters"
driver = "mqtt"
url = "mqtt://{host}:{broker}"
username = "passerelle"
password = {{ credential = "broker" }}
topics = ["water/{{device}}/reading"]
format = "json"
dataset = "water"
{meter_json}
[[dataset]]
name = "water"
purpose = "a test"
legal_basis = "public task"
[dataset.fields]
device = "keep"
[[uplink]]
name = "city"
kind = "http"
url = "http://{host}:{city}/v1/batches"
batch_age_max = "200 ms"
retry_min = "100 ms"
'''


class Mosquitto(Program):
    """On a configuration as it is packaged, with places of the test in the place of the box's."""

    def __init__(self, directory, port, interval_s):
        self.directory = Path(directory) / 'mosquitto'
        self.database = self.directory / 'mosquitto.db'
        self.directory.mkdir(exist_ok=True)
        text = (FILES / 'passerelle.conf').read_text()
        text = text.replace('/etc/mosquitto/', f'{self.directory}/')
        text = text.replace('listener 1883', f'listener {port}')
        text = re.sub(r'autosave_interval \d+', f'autosave_interval {interval_s}', text)
        # What Debian's own file says, which includes this one.
        text += f'persistence true\npersistence_location {self.directory}/\nuser root\n'
        settings = self.directory / 'mosquitto.conf'
        settings.write_text(text)
        shutil.copy(FILES / 'passerelle.acl', self.directory)
        passwords = self.directory / 'passerelle.passwords'
        passwords.touch(mode=0o600)
        for name, password in PASSWORDS.items():
            run('mosquitto_passwd', '-b', passwords, name, password)
        super().__init__(['/usr/sbin/mosquitto', '-c', settings],
                         Path(directory) / 'mosquitto.log')
        eventually(lambda: listens(port), 'the broker takes connections')


class Broker(SystemTest):
    def setUp(self):
        super().setUp()
        self.port, self.status, self.city_port = free_port(), free_port(), free_port()
        # As systemd gives them to a service: LoadCredentialEncrypted= of a drop-in.
        self.credentials = self.directory / 'credentials'
        self.credentials.mkdir(mode=0o700)
        (self.credentials / 'broker').write_text(PASSWORDS['passerelle'])
        self.settings = self.directory / 'passerelle.toml'
        self.settings.write_text(SETTINGS.format(
            directory=self.directory, host=LOOPBACK, status=self.status, broker=self.port,
            city=self.city_port, meter_json=METER_JSON))
        self.city = self.start(City(self.directory, self.city_port))

    def start_broker(self, interval_s=60):
        return self.start(Mosquitto(self.directory, self.port, interval_s))

    def start_gateway(self):
        gateway = self.start(Gateway(
            self.directory, self.settings, self.status,
            environment={'CREDENTIALS_DIRECTORY': str(self.credentials)}))
        eventually(gateway.connected, 'the gateway has its session')
        return gateway

    def publish(self, value, *options, name='m-1', topic='water/m-1/reading'):
        """Until the broker has acknowledged it: QoS 1."""
        message = json.dumps({'ts': f'2026-01-31T08:{value:02}:00Z', 'm3': value})
        return run('mosquitto_pub', '-h', LOOPBACK, '-p', self.port, '-u', name,
                   '-P', PASSWORDS[name], '-q', '1', '-t', topic, '-m', message, *options)

    def values(self):
        return sorted(int(reading.value) for reading in self.city.readings())

    def arrived(self, *values):
        eventually(lambda: self.values() == sorted(values), f'{values} are at the city')

    def test_what_waits_outlives_a_restart_of_the_broker(self):
        broker = self.start_broker()
        gateway = self.start_gateway()
        self.publish(1)
        self.arrived(1)
        self.assertEqual(gateway.terminate(), 0)
        self.publish(2)
        self.publish(3)
        self.assertEqual(broker.terminate(), 0)
        self.start_broker()
        self.start_gateway()
        self.arrived(1, 2, 3)

    def test_what_was_written_outlives_a_killed_broker(self):
        broker = self.start_broker(interval_s=1)
        self.assertEqual(self.start_gateway().terminate(), 0)
        self.publish(2)
        eventually(lambda: broker.database.is_file() and b'm-1' in broker.database.read_bytes(),
                   'the broker has written what waits')
        broker.kill()
        self.start_broker()
        self.start_gateway()
        self.arrived(2)

    def test_what_was_not_yet_written_is_lost_with_a_killed_broker(self):
        """The control of the test above, and what the README says: acknowledged, and gone."""
        broker = self.start_broker()
        self.assertEqual(self.start_gateway().terminate(), 0)
        broker.terminate()  # its session is on the disk
        broker = self.start_broker(interval_s=86400)
        self.publish(2)
        broker.kill()
        self.start_broker()
        self.start_gateway()
        self.publish(3)
        self.arrived(3)

    def test_what_waits_lies_on_the_disk_in_the_clear(self):
        """Why the README sends who has personal data to the listener."""
        broker = self.start_broker()
        self.assertEqual(self.start_gateway().terminate(), 0)
        run('mosquitto_pub', '-h', LOOPBACK, '-p', self.port, '-u', 'm-1', '-P', PASSWORDS['m-1'],
            '-q', '1', '-t', 'water/m-1/reading', '-m', '{"owner": "Ada Lovelace"}')
        broker.terminate()
        self.assertIn(b'Ada Lovelace', broker.database.read_bytes())

    def test_a_device_writes_below_its_own_name_and_nobody_reads(self):
        self.start_broker()
        self.start_gateway()
        self.publish(1, name='m-2')  # acknowledged by the broker, and dropped
        self.publish(2)
        self.arrived(2)
        self.publish(3, '-r')
        self.assertIn('"m3": 3', self.read_as('passerelle'))
        self.assertEqual(self.read_as('m-2'), 'Timed out\n')
        self.assertRegex(self.read_as('nobody'), '(?i)not authori[sz]ed')
        self.assertNotIn('m-1', (self.directory / 'mosquitto.log').read_text())

    def read_as(self, name):
        """What is shown to a subscriber at once: the retained message, if it may see it."""
        return subprocess.run(
            ['mosquitto_sub', '-h', LOOPBACK, '-p', str(self.port), '-u', name, '-P',
             PASSWORDS.get(name, 'guessed'), '-q', '1', '-t', 'water/#', '-C', '1', '-W', '3'],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60).stdout

    def test_a_credential_that_the_unit_does_not_load_is_named(self):
        (self.credentials / 'broker').rename(self.credentials / 'borker')
        said = run(PASSERELLE, '--lang', 'en', 'run', '--config', self.settings, status=78,
                   environment={'CREDENTIALS_DIRECTORY': str(self.credentials)})
        self.assertIn("the service has no credential 'broker'", said)

    def test_systemd_takes_the_drop_in(self):
        with tempfile.TemporaryDirectory() as folder:
            unit = Path(shutil.copy('/lib/systemd/system/mosquitto.service', folder))
            drop_in = unit.with_name('mosquitto.service.d') / 'passerelle.conf'
            drop_in.parent.mkdir()
            text = (FILES / 'mosquitto.service.conf').read_text()
            drop_in.write_text(text)
            self.assertEqual(self.verify(unit), '')
            drop_in.write_text(text.replace('MemoryMax=', 'MemoryMaximum='))
            self.assertIn('MemoryMaximum', self.verify(unit))

    @staticmethod
    def verify(unit):
        done = subprocess.run(
            ['systemd-analyze', 'verify', '--man=no', unit], stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, timeout=60,
            env={**os.environ, 'LC_ALL': 'C'})
        return ''.join(line for line in done.stdout.splitlines(True) if 'mosquitto' in line)


if __name__ == '__main__':
    unittest.main()
