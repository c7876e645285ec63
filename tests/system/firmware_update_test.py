"""Updates of devices: over the serial link and over CoAP, the gateway killed in the middle; a
device that comes back with its former firmware stops the rollout, and what the city did not sign
is not taken.
"""
import base64
import hashlib
import json
import subprocess
import time
import unittest
import unittest.mock

from harness import PASSERELLE, eventually
from loopback import LOOPBACK, free_port
from serial_stage import Meter, SerialTest
import serial_update
from serial_link import decode, encode
from serial_update import (
    CONFIRMED, MANIFEST, NODE_UPDATE_STATE, ROLLED_BACK, SIGNED_MANIFEST, VERIFIED, NodeUpdates)

VENDOR, DEVICE_CLASS = 'acme', 'meter-3'
IMAGE_BYTES = 60_000
WAIT_SECONDS = 180
BLOCK = 512
KEYS = {'air-07': 'sesame-seeds-07', 'air-08': 'sesame-seeds-08'}
REFUSED = 1  # by the gateway; 65: by the command itself


def image_of(seed, size=IMAGE_BYTES):
    blocks = (hashlib.sha256(bytes([seed]) + number.to_bytes(4, 'big')).digest()
              for number in range(size // 32 + 1))
    return b''.join(blocks)[:size]


class UpdateTest(SerialTest):
    """A gateway with a line and with CoAP over DTLS, and the city's key for updates."""

    def setUp(self):
        super().setUp()
        self.coap_port = free_port()
        key = self.directory / 'firmware.key'
        said = self.run_command('firmware', 'keygen', key, configuration=False)
        line = next(line for line in said.splitlines() if 'firmware_keys' in line).strip()
        self.public_key = public_key_in(line)
        keys = self.directory / 'keys'
        keys.write_text(''.join(f'{name}:{secret}\n' for name, secret in KEYS.items()))
        keys.chmod(0o600)
        text = self.settings.read_text()
        text = text.replace('[gateway]\n', f'[gateway]\n{line}\n')
        self.settings.write_text(text + _COAP.format(
            host=LOOPBACK, port=self.coap_port, keys=keys))

    def run_command(self, *words, expected=0, configuration=True):
        options = ('--config', self.settings) if configuration else ()
        done = subprocess.run(
            [str(word) for word in (PASSERELLE, '--lang', 'en', *words, *options)],
            capture_output=True, text=True, timeout=120, check=False, stdin=subprocess.DEVNULL)
        self.assertEqual(done.returncode, expected, done.stdout + done.stderr)
        return done.stdout

    def sign(self, sequence, image):
        """The files of an update, the manifest first."""
        file, manifest = self.directory / f'{sequence}.bin', self.directory / f'{sequence}.manifest'
        file.write_bytes(image)
        self.run_command(
            'firmware', 'sign', '--key', self.directory / 'firmware.key', '--vendor', VENDOR,
            '--class', DEVICE_CLASS, '--sequence', sequence, '--expires', '2099-12-31', file,
            '-o', manifest, configuration=False)
        return manifest, file

    def roll_out(self, sequence, image, *options):
        """Its number."""
        number = self.run_command('firmware', 'add', *self.sign(sequence, image)).strip()
        self.run_command('firmware', 'rollout', number, *options)
        return int(number)

    def firmware(self):
        return json.loads(self.run_command('firmware', 'status', '--json'))

    def update(self, number):
        return next(one for one in self.firmware()['updates'] if one['number'] == number)

    def known_device(self, source):
        return next((one for one in self.firmware()['devices'] if one['source'] == source), None)

    def make_meter(self, name='m-1', works=True):
        updates = NodeUpdates([self.public_key], VENDOR, DEVICE_CLASS)
        updates.works = lambda image: works
        return Meter(name, seed=1, updates=updates)

    def ask(self, path, *options, method='get', identity='air-07'):
        """What libcoap's own client brings: (body, what it says)."""
        body = self.directory / 'body'
        body.unlink(missing_ok=True)
        done = subprocess.run(
            ['coap-client-openssl', '-m', method, '-B', '10', '-u', identity,
             '-k', KEYS[identity], '-o', str(body), *options,
             f'coaps://{LOOPBACK}:{self.coap_port}/{path}'],
            capture_output=True, text=True, timeout=60, check=False)
        return body.read_bytes() if body.exists() else b'', done.stdout + done.stderr

    def introduce(self, firmware=1, settings=0, trial=0, identity='air-07'):
        """The manifest that this device is offered; empty: none."""
        return self.ask(
            f'firmware/offer?vendor={VENDOR}&class={DEVICE_CLASS}&firmware={firmware}'
            f'&settings={settings}&trial={trial}&bytes=1048576', identity=identity)[0]

    def tell(self, update, state, identity='air-07', **more):
        said = self.directory / 'said'
        said.write_bytes(encode(NODE_UPDATE_STATE, {'update': update, 'state': state, **more}))
        answer = self.ask('firmware/state', '-t', '42', '-f', str(said), method='post',
                          identity=identity)
        self.assertEqual(answer, (b'', ''))


class SerialUpdate(UpdateTest):
    def test_an_update_goes_on_after_the_gateway_is_killed(self):
        meter, image = self.make_meter(), image_of(7)
        line = self.plug_in(meter)
        self.gateway = self.start_gateway()
        number = self.roll_out(7, image)
        meter.measure(3)
        eventually(lambda: len(meter.updates.received) > IMAGE_BYTES // 3, 'a third is there',
                   WAIT_SECONDS)
        self.gateway.kill()
        with line.lock:
            kept = len(meter.updates.received)
            self.assertEqual(bytes(meter.updates.received), image[:kept])
            self.assertLess(kept, IMAGE_BYTES)
        self.gateway = self.start_gateway()
        eventually(lambda: self.states(meter, VERIFIED), 'all of it is there', WAIT_SECONDS)
        with line.lock:
            meter.measure(3)
        eventually(lambda: self.update(number)['state'] == 'done', 'it is confirmed', WAIT_SECONDS)
        self.assertEqual((meter.updates.firmware, meter.updates.image), (7, image))
        self.assertEqual(self.states(meter, CONFIRMED), 1)
        self.assertEqual(self.known_device('line')['state'], 'confirmed')
        self.assertEqual(self.known_device('line')['firmware'], 7)
        self.assertNotIn('m-1', json.dumps(self.firmware()))
        # What it measured meanwhile arrived, and once.
        eventually(lambda: meter.acknowledged == 6, 'its readings are acknowledged')
        self.delivered()
        self.assertEqual(set(self.city.effects('water.volume').values()), {1})

    def test_a_node_that_comes_back_with_its_former_firmware_stops_the_rollout(self):
        meter = self.make_meter(works=False)
        self.plug_in(meter)
        self.gateway = self.start_gateway()
        with unittest.mock.patch.object(serial_update, 'TRIAL_MS', 1000):
            number = self.roll_out(7, image_of(7, 2000))
            eventually(lambda: self.states(meter, ROLLED_BACK), 'it has given up', WAIT_SECONDS)
        eventually(lambda: self.update(number)['state'] == 'stopped', 'it is stopped', WAIT_SECONDS)
        update = self.update(number)
        self.assertTrue(update['why'])
        self.assertEqual(update['by_state'].get('rolled-back'), 1)
        self.assertEqual(meter.updates.firmware, 1)
        eventually(self.is_told_as_problem, 'the status says so')
        # Nothing more is offered: also not to a device that has never had it.
        self.assertEqual(self.introduce(identity='air-08'), b'')

    def is_told_as_problem(self):
        problems = self.gateway.status()['problems']
        return any(one['code'].startswith('firmware-stopped') for one in problems)

    @staticmethod
    def states(meter, state):
        return sum(told['state'] == state for told in meter.updates.told)


class CoapUpdate(UpdateTest):
    def test_a_device_fetches_an_update_in_pieces(self):
        image = image_of(9, 30_000)
        self.gateway = self.start(self.make_gateway())
        self.assertEqual(self.introduce(), b'')
        number = self.roll_out(9, image)
        signed = self.introduce()
        manifest = decode(MANIFEST, decode(SIGNED_MANIFEST, signed)['manifest'])
        self.assertEqual(manifest['sequence'], 9)
        self.assertEqual(manifest['image']['sha256'], hashlib.sha256(image).digest())
        # Faster than a device may be: it is told to wait, and has what came until then.
        received, said = self.go_on(b'')
        self.assertIn('4.29', said)
        self.assertEqual(received, image[:len(received)])
        self.assertIn(len(received), range(10 * BLOCK, len(image)))
        self.gateway.kill()
        self.gateway = self.start(self.make_gateway())
        # Unknown until it has introduced itself in this run; then it goes on from any block.
        self.assertIn('4.04', self.go_on(received)[1])
        self.assertEqual(self.introduce(), signed)
        while len(received) < len(image):
            received = self.go_on(received)[0]
            time.sleep(1)
        self.assertEqual(received, image)
        self.tell(9, VERIFIED)
        self.assertEqual(self.known_device('air')['state'], 'verified')
        self.introduce(firmware=9, trial=1)
        self.assertEqual(self.known_device('air')['state'], 'rebooted')
        self.tell(9, CONFIRMED)
        self.assertEqual(self.known_device('air')['state'], 'confirmed')
        eventually(lambda: self.update(number)['state'] == 'done', 'it is done')
        self.assertEqual(self.introduce(firmware=9), b'')
        self.assertNotIn('air-07', json.dumps(self.firmware()))

    def go_on(self, received):
        """From the block that is not there yet: (what is there then, what the client says)."""
        body, said = self.ask('firmware/image/9', '-b', f'{len(received) // BLOCK},{BLOCK}')
        return received + body, said

    def test_a_device_is_given_another_interval(self):
        self.gateway = self.start(self.make_gateway())
        self.assertEqual(self.introduce(), b'')
        manifest = self.directory / 'interval.manifest'
        self.run_command(
            'firmware', 'sign', '--key', self.directory / 'firmware.key', '--vendor', VENDOR,
            '--class', DEVICE_CLASS, '--sequence', 3, '--expires', '2099-12-31',
            '--reporting-interval', 900, '-o', manifest, configuration=False)
        number = self.run_command('firmware', 'add', manifest).strip()
        self.run_command('firmware', 'rollout', number)
        offered = decode(MANIFEST, decode(SIGNED_MANIFEST, self.introduce())['manifest'])
        self.assertEqual(offered['settings'], {'reporting_interval_s': 900})
        self.tell(3, CONFIRMED, is_settings=True)
        self.assertEqual(self.introduce(settings=3), b'')
        eventually(lambda: self.update(int(number))['state'] == 'done', 'it is done')

    def test_what_is_withdrawn_is_not_given_any_more(self):
        self.gateway = self.start(self.make_gateway())
        self.introduce()
        number = self.roll_out(9, image_of(9, 2000))
        self.assertNotEqual(self.introduce(), b'')
        self.run_command('firmware', 'abort', number)
        self.assertIn('4.04', self.ask('firmware/image/9', '-b', '0,64')[1])
        self.assertEqual(self.introduce(), b'')

    def test_what_the_city_did_not_sign_so_is_not_taken(self):
        self.gateway = self.start(self.make_gateway())
        image = image_of(9, 2000)
        manifest, file = self.sign(9, image)
        signed = manifest.read_bytes()
        place = signed.index(hashlib.sha256(image).digest())
        changed = bytearray(signed)
        changed[-1] ^= 1  # of the signature
        manifest.write_bytes(changed)
        self.run_command('firmware', 'add', manifest, file, expected=REFUSED)
        changed = bytearray(signed)
        changed[place] ^= 1  # of the digest: then it is not that image
        manifest.write_bytes(changed)
        self.run_command('firmware', 'add', manifest, file, expected=65)
        self.assertEqual(self.firmware()['updates'], [])
        manifest.write_bytes(signed)  # the control
        self.run_command('firmware', 'add', manifest, file)
        older, older_file = self.sign(8, image)
        self.run_command('firmware', 'add', older, older_file, expected=REFUSED)
        self.assertEqual(len(self.firmware()['updates']), 1)


def public_key_in(line):
    """Of `firmware_keys = ["…"]`."""
    return base64.b64decode(line.split('"')[1])


_COAP = '''
[[source]]
name = "air"
driver = "coap"
listen = ""
listen_secure = "{host}:{port}"
device_keys = {{ file = "{keys}" }}
topics = ["air/{{device}}/reading"]
format = "senml-json"
dataset = "water"
'''


if __name__ == '__main__':
    unittest.main()
