"""What happens to the box of the handbook: what its chapters say in `<!-- box: … -->`, and what the
platform and the devices do, which are not on the box."""
import json
import os
import shutil
import signal
import subprocess
import threading
import time

from harness import City, eventually
from load import stamp
from loopback import LOOPBACK
from wrong_clock import believing

DEVICE_SECONDS_MAX = 20
DISK = '64m'  # of it less than 16 MiB are left, which is too little
SPARE_BYTES = 4 << 20
METER, SENSOR = 'compteur-1', 'capteur-1'
FLOOD_MESSAGES = 12_000  # 4 MiB are nearly full of them
GARBAGE_MESSAGES, GARBAGE_BYTES = 600, 4000  # what 1 MiB cannot hold


class Impossible(Exception):
    """What the text needs cannot be brought about on this machine."""


class Events:
    """What Box gives: test, root, home, etc, var, ports, platform_port, secret, gateway."""

    def happen(self, event):
        getattr(self, f'on_{event.replace("-", "_")}')()

    def clock_environment(self):
        return believing(self.says) if self.says else {}

    def prepare_platform(self):
        """The platform has an authority, a certificate and a token, and gives them to the city."""
        self.says, self.sent = '', 0
        self.mark = self.root / 'clock-is-set'
        self.mark.touch()
        self.platform = self.root / 'platform'
        self._openssl('req', '-x509', *_KEY, '-days', '3650', '-subj', '/CN=authority',
                      '-keyout', 'authority.key', '-out', 'ca.crt')
        self._certify('valid')
        self._certify('expired', 'faketime', '2024-01-01 00:00:00')
        shutil.copy(self.platform / 'ca.crt', self.home / 'ca.crt')
        self._give_token('first-token')
        self.on_platform_up()

    def on_stop(self):
        """Ctrl-C."""
        self.gateway.process.send_signal(signal.SIGINT)
        self.test.assertEqual(self.gateway.wait(), 0)

    def on_platform_down(self):
        self.city.terminate()

    def on_platform_up(self, certificate='valid'):
        self.city = self.test.start(City(
            self.platform, self.platform_port, '--token-file', self.platform / 'token',
            '--tls-cert', self.platform / f'{certificate}.crt',
            '--tls-key', self.platform / f'{certificate}.key'))

    def on_platform_expired(self):
        self.on_platform_down()
        self.on_platform_up('expired')

    def on_platform_renewed(self):
        self.on_platform_down()
        self.on_platform_up()

    def on_platform_refuses(self):
        """The old token is good no longer, and the city was given another."""
        self._give_token('second-token')

    def on_clock_wrong(self):
        """As after a power cut, of which nothing is known but that it was: the box boots in 2006."""
        self.says = '-20y'
        self.mark.unlink()
        (self.var / 'clock').unlink()

    def on_clock_right(self):
        self.says = ''
        self.mark.touch()

    def on_disk_full(self):
        """Everything of the state goes to a small disk, which something else then fills."""
        if os.geteuid() != 0:
            raise Impossible('a small disk can be mounted by root alone')
        self.on_stop()
        aside = self.root / 'aside'
        self.var.rename(aside)
        self.var.mkdir()
        mounted = subprocess.run(['mount', '-t', 'tmpfs', '-o', f'size={DISK}', 'none', self.var],
                                 capture_output=True, text=True, check=False)
        if mounted.returncode:
            self.var.rmdir()
            aside.rename(self.var)
            self.restart()
            raise Impossible(f'no small disk can be mounted: {mounted.stderr.strip()}')
        self.test.addCleanup(subprocess.run, ['umount', '--lazy', self.var], check=True)
        shutil.copytree(aside, self.var, dirs_exist_ok=True)
        with (self.var / 'filler').open('wb', 0) as filler:
            size = os.statvfs(self.var)
            filler.write(bytes(size.f_bavail * size.f_frsize - SPARE_BYTES))
        self.restart()

    def on_disk_freed(self):
        (self.var / 'filler').unlink()

    def on_buffer_small(self):
        """A buffer that fills in seconds; to be taken at the next start."""
        file = self.etc / 'passerelle.toml'
        file.write_text(file.read_text().replace('size_max = "2 GiB"', 'size_max = "4 MiB"'))

    def on_meter_talks(self):
        """A message every fifth of a second, for four seconds."""
        for _ in range(20):
            self._publish([self._message()])
            time.sleep(0.2)  # the rhythm of the meter, by which it is then found silent

    def on_meter_sends(self):
        self._publish([self._message()])

    def on_sensor_talks(self):
        """As often as it takes to know its rhythm."""
        for number in range(6):
            time.sleep(1.1)  # its rhythm, in which seconds count
            (self.home / 'sensor.json').write_text(
                f'[{{"n": "temperature", "u": "Cel", "v": {20 + number / 10}}}]')
            self._post('sensor.json')

    def on_sensor_talks_meanwhile(self):
        """While the next command goes on."""
        sensor = threading.Thread(target=self.on_sensor_talks)
        sensor.start()
        self.test.addCleanup(sensor.join)

    def on_meter_floods(self):
        self._publish([self._message() for _ in range(FLOOD_MESSAGES)])

    def on_meter_garbles(self):
        """More than the quarantine can keep."""
        self._publish(['{"m3": "' + 'x' * GARBAGE_BYTES] * GARBAGE_MESSAGES)

    def on_wrong_password(self):
        self._publish([self._message()], 'a wrong password', expected=134)  # reason 0x86

    def on_keys_gone(self):
        (self.var / 'keys').rename(self.var / 'keys.old')

    def on_card_decays(self):
        """A bit is not as it was written, in a page of readings."""
        buffer = self.var / 'buffer.db'
        content = bytearray(buffer.read_bytes())
        content[-2000] ^= 1
        buffer.write_bytes(content)

    def _message(self):
        self.sent += 1
        at = int(time.time() * 1000) - 86_400_000 + self.sent
        return json.dumps({'ts': stamp(at), 'm3': self.sent * 48271 % 1_000_000 / 1000})

    def _publish(self, messages, password=None, expected=0):
        """As the meter does, a line a message; it tries again while the gateway is away."""
        eventually(lambda: self._published(messages, password) == expected, 'the meter sends')

    def _published(self, messages, password):
        """With which status mosquitto's client ends; it would wait for ever for a gateway that is
        gone."""
        seconds = DEVICE_SECONDS_MAX + len(messages) // 100
        done = subprocess.run(
            ['timeout', str(seconds), 'mosquitto_pub', '-h', LOOPBACK,
             '-p', str(self.ports['8883']), '--cafile', str(self.etc / 'box.crt'),
             '-u', METER, '-P', password or self.meter_password, '-V', '5', '-q', '1',
             '-i', METER, '-t', f'water/{METER}/reading', '-l'],
            input='\n'.join(messages) + '\n', text=True, capture_output=True, check=False)
        return done.returncode

    def _post(self, file):
        """As the sensor does."""
        done = subprocess.run(
            ['coap-client-openssl', '-m', 'post', '-t', 'json', '-u', SENSOR, '-k', self.sensor_key,
             '-f', file, f'coaps://{LOOPBACK}:{self.ports["5684"]}/air/{SENSOR}'],
            cwd=self.home, capture_output=True, text=True, check=False, timeout=120)
        self.test.assertEqual(done.stdout + done.stderr, '')

    def _give_token(self, token):
        for file in (self.platform / 'token', self.home / 'token'):
            file.write_text(f'{token}\n')
            file.chmod(0o600)

    def _certify(self, name, *prefix):
        """A certificate of the platform's authority for 90 days; a prefix says from when."""
        self._openssl('req', '-new', *_KEY, '-subj', '/CN=localhost',
                      '-keyout', f'{name}.key', '-out', f'{name}.csr')
        (self.platform / 'names').write_text('subjectAltName=DNS:localhost\n')
        self._openssl('x509', '-req', '-in', f'{name}.csr', '-days', '90', '-CA', 'ca.crt',
                      '-CAkey', 'authority.key', '-CAcreateserial', '-extfile', 'names',
                      '-out', f'{name}.crt', prefix=prefix)

    def _openssl(self, *words, prefix=()):
        subprocess.run([*prefix, 'openssl', *words], cwd=self.platform, check=True,
                       capture_output=True, timeout=60)


_KEY = ('-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes')
