"""The sample firmware on an emulated board, updated by the gateway: over a bad wire, with both of
them killed in the middle. What runs in the end is the image that was signed.
"""
import base64
import json
import subprocess
import sys
import unittest

from emulated_board import BOARDS, UpdatedBoard
from harness import PASSERELLE, ROOT, CityTest, eventually
from serial_stage import Ports, configuration

sys.path.insert(0, str(ROOT / 'tests/support'))
from serial_noise import NoisyLine  # noqa: E402

NOISE = 0.0001  # of the bytes are lost, as many flipped, as many doubled
WAIT_SECONDS = 240
# Of RFC 8032, section 7.1, test 1, whose public half the sample has.
PRIVATE = bytes.fromhex('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60')
PUBLIC = bytes.fromhex('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a')


class SerialFirmwareUpdate(CityTest):
    def setUp(self):
        super().setUp()
        self.ports = Ports()
        self.device = self.directory / 'by-id'
        self.key = self.directory / 'firmware.key'
        self.key.touch(mode=0o600)
        self.key.write_text(base64.b64encode(PRIVATE).decode() + '\n')
        self.settings = self.directory / 'passerelle.toml'
        self.settings.write_text(configuration(
            self.directory, self.ports, self.device,
            firmware_key=base64.b64encode(PUBLIC).decode()))
        self.line = None
        self.seed = 0
        self.city = self.start_city()
        self.switch_on()
        self.addCleanup(lambda: self.line.close())
        self.gateway = self.start_gateway()

    def switch_on(self):
        """The line is a new one, too: the gateway finds it by its name."""
        if self.line is not None:
            self.line.close()
        self.seed += 1
        self.board = self.start(UpdatedBoard(self.directory))
        self.line = NoisyLine(self.board.line, NOISE, self.seed)
        self.device.unlink(missing_ok=True)
        self.device.symlink_to(self.line.path)

    def ask(self, *words):
        done = subprocess.run(
            [str(word) for word in (PASSERELLE, '--lang', 'en', 'firmware', *words)],
            capture_output=True, text=True, timeout=60, check=False, stdin=subprocess.DEVNULL)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def roll_out(self, number):
        """The number that the gateway gives it."""
        image = self.directory / 'image'
        manifest = self.directory / f'{number}.manifest'
        image.write_bytes(self.board.image(number))
        self.ask('sign', '--key', self.key, '--vendor', 'Passerelle', '--class', BOARDS[0],
                 '--sequence', number, '--expires', '2099-12-31', image, '-o', manifest)
        given = self.ask('add', manifest, image, '--config', self.settings).strip()
        self.ask('rollout', given, '--config', self.settings)
        return int(given)

    def state(self, number):
        report = json.loads(self.ask('status', '--json', '--config', self.settings))
        return next(one['state'] for one in report['updates'] if one['number'] == number)

    def comes(self, image, size):
        eventually(lambda: self.board.slot(1, size) == image[:size], f'{size} bytes are there',
                   WAIT_SECONDS)

    def test_an_update_outlives_the_gateway_and_the_board(self):
        image = self.board.image(2)
        number = self.roll_out(2)
        self.comes(image, 8192)
        self.gateway.kill()
        self.gateway = self.start_gateway()
        self.comes(image, 20_480)
        self.assertNotEqual(self.board.slot(1, len(image)), image)
        self.board.kill()
        self.switch_on()
        eventually(lambda: self.state(number) == 'done', 'it is confirmed', WAIT_SECONDS)
        self.assertEqual(self.board.slot(1, len(image)), image)
        print(f'{len(image)} bytes; {self.line.there.spoilt + self.line.back.spoilt} spoilt since '
              'the board was switched on again')

    def test_an_image_that_faults_stops_the_rollout(self):
        number = self.roll_out(3)
        eventually(lambda: self.state(number) == 'stopped', 'it is stopped', WAIT_SECONDS)


if __name__ == '__main__':
    unittest.main(verbosity=2)
