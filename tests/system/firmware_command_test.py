"""`passerelle firmware`: what the city signs, what a gateway takes and what it refuses, and what an
operator sees. No device is here: an update that is rolled out waits for one."""
import json
import os
import select
import socket
import subprocess
import unittest

import configuration
from harness import PASSERELLE, Gateway, SystemTest, eventually
from wrong_clock import believing

DONE, NOT_DONE, USAGE, DAMAGED, NO_GATEWAY = 0, 1, 64, 65, 69
IMAGE = bytes(range(256)) * 200


class FirmwareCommand(SystemTest):
    def setUp(self):
        super().setUp()
        self.ports = configuration.Ports()
        self.socket = self.directory / 'socket'
        self.image = self.write('meter.bin', IMAGE)
        self.key = self.directory / 'firmware.key'
        self.line = self.make_key(self.key)
        self.settings = self.configure(self.line)
        self.gateway = self.start(
            Gateway(self.directory, self.settings, self.ports.status))

    def test_an_update_is_signed_added_rolled_out_and_withdrawn(self):
        manifest = self.sign(12)
        code, said, number = self.firmware('add', manifest, self.image)
        self.assertEqual((code, number), (DONE, '1\n'), said)
        self.assertIn('firmware 12 for acme / meter-3', said)
        update = self.update(1)
        self.assertEqual(update['state'], 'stored')
        self.assertEqual((update['vendor'], update['device_class']), ('acme', 'meter-3'))
        self.assertEqual((update['sequence'], update['size']), (12, len(IMAGE)))
        self.assertFalse(update['is_settings'])
        self.assert_done('rollout', 1, '--up-to', 'one')
        update = self.update(1)
        self.assertEqual((update['state'], update['stage'], update['up_to']),
                         ('running', 'one', 'one'))
        self.assertEqual(update['by_state'], {})
        text = self.assert_done('status')
        for words in ('Update 1: firmware 12 (50 KiB)', 'acme / meter-3', 'running',
                      'No device that takes updates was heard yet.'):
            self.assertIn(words, text.replace('\u00a0', ' '))
        self.assert_done('abort', 1)
        self.assertEqual(self.update(1)['state'], 'aborted')

    def test_settings_are_an_update_without_an_image(self):
        self.assert_done('add', self.sign_settings(1))
        update = self.update(1)
        self.assertTrue(update['is_settings'])
        self.assertEqual(update['reporting_interval_s'], 900)
        self.assert_done('rollout', 1)
        self.assertEqual(self.update(1)['up_to'], 'all')

    def test_one_flipped_bit_is_refused(self):
        """Wherever it is, on this side or by the gateway; the control is the manifest as it was."""
        manifest = self.sign(12)
        whole = manifest.read_bytes()
        for bit in range(0, len(whole) * 8, 13):
            flipped = bytearray(whole)
            flipped[bit // 8] ^= 1 << bit % 8
            code, said, _ = self.firmware('add', self.write('flipped', flipped), self.image)
            self.assertIn(code, (NOT_DONE, DAMAGED), f'bit {bit}: {said}')
        self.assertEqual(self.report()['updates'], [])
        self.assert_done('add', manifest, self.image)

    def test_what_is_not_newer_is_refused(self):
        self.assert_done('add', self.sign(12), self.image)
        for sequence in (12, 11):
            self.assert_refused(self.sign(sequence, node='north-7'), self.image)
        # Also when what was newer is withdrawn, and after a restart.
        self.assert_done('abort', 1)
        self.assert_refused(self.sign(11), self.image)
        self.restart()
        self.assert_refused(self.sign(11), self.image)
        self.assert_done('add', self.sign(13), self.image)

    def test_settings_and_firmware_are_numbered_apart(self):
        self.assert_done('add', self.sign(12), self.image)
        self.assert_done('add', self.sign_settings(1))
        self.assertEqual([update['number'] for update in self.report()['updates']], [2, 1])

    def test_an_expired_one_is_refused(self):
        code, said = self.signing(12, self.image, expires='2025-12-31', believed='-20y')
        self.assertEqual(code, DONE, said)
        self.assert_refused(self.directory / '12.manifest', self.image)
        code, said = self.signing(13, self.image, expires='2025-12-31')
        self.assertEqual(code, USAGE, said)
        self.assertIn('is over', said)

    def test_another_image_is_refused_here(self):
        manifest = self.sign(12)
        for name, content, words in (
                ('short.bin', IMAGE[:-1], 'cut short'), ('long.bin', IMAGE + b'x', 'not the image'),
                ('other.bin', IMAGE[:-1] + b'\0', 'SHA-256'), ('empty.bin', b'', 'empty')):
            code, said, _ = self.firmware('add', manifest, self.write(name, content))
            self.assertEqual(code, DAMAGED, said)
            self.assertIn(words, said)
        self.assertEqual(self.report()['updates'], [])

    def test_a_key_that_the_gateway_does_not_have_is_refused(self):
        self.make_key(self.directory / 'other.key')
        self.assert_refused(self.sign(12, key=self.directory / 'other.key'), self.image)
        self.assert_done('add', self.sign(12), self.image)

    def test_what_is_added_is_there_after_a_restart(self):
        self.assert_done('add', self.sign(12), self.image)
        self.assert_done('rollout', 1, '--up-to', 'tenth')
        before = self.update(1)
        self.gateway.kill()
        self.restart()
        self.assertEqual(self.update(1), before)

    def test_the_status_has_them(self):
        self.assert_done('add', self.sign(12), self.image)
        update, = self.gateway.status()['firmware']['updates']
        self.assertEqual((update['number'], update['state']), (1, 'stored'))
        self.assertIn('passerelle_firmware_updates{state="stored"} 1', self.gateway.get('/metrics')[2])
        self.assertIn('acme / meter-3', self.gateway.get('/')[2])
        code, said, text = passerelle('status', '--config', self.settings)
        self.assertIn('updates', text, said)

    def test_without_a_gateway_it_says_so(self):
        manifest = self.sign(12)
        self.gateway.terminate()
        for words in (('add', manifest, self.image), ('rollout', 1), ('status',), ('abort', 1)):
            code, said, _ = self.firmware(*words)
            self.assertEqual(code, NO_GATEWAY, said)
            self.assertIn('No gateway answers', said)

    def test_a_gateway_without_keys_takes_none(self):
        self.gateway.terminate()
        self.settings = self.configure('')
        self.gateway = self.start(Gateway(self.directory, self.settings, self.ports.status))
        code, said, _ = self.firmware('add', self.sign(12), self.image)
        self.assertEqual(code, NOT_DONE)
        self.assertIn('firmware_keys', said)
        self.assertNotIn('firmware', self.gateway.status())

    def test_one_large_body_is_read_at_a_time(self):
        with self.announce(8 << 20) as first:
            self.assertTrue(self.is_waited_for(first))
            with self.announce(8 << 20) as second:  # turned away before its body
                self.assertTrue(second.recv(4096).startswith(b'HTTP/1.1 503 '))
            self.assertTrue(self.is_waited_for(first))
        eventually(self.has_room, 'there is room again')
        with self.announce(1 << 30) as third:
            self.assertTrue(third.recv(4096).startswith(b'HTTP/1.1 413 '))

    def has_room(self):
        with self.announce(8 << 20) as talk:
            return self.is_waited_for(talk)

    @staticmethod
    def is_waited_for(talk):
        return not select.select([talk], [], [], 0.5)[0]

    def announce(self, size):
        """A request to add something of so many bytes, of which none comes."""
        talk = socket.socket(socket.AF_UNIX)
        talk.settimeout(10)
        talk.connect(str(self.socket))
        talk.sendall(b'POST /firmware/add HTTP/1.1\r\nHost: localhost\r\n'
                     b'Content-Length: %d\r\n\r\n' % size)
        return talk

    def test_an_update_that_is_not_there(self):
        for words in (('rollout', 7), ('abort', 7)):
            code, said, _ = self.firmware(*words)
            self.assertEqual(code, NOT_DONE, said)
            self.assertTrue(said.strip())

    def test_french_words(self):
        self.assert_done('add', self.sign(12), self.image)
        _, _, text = self.firmware('status', language='fr')
        self.assertIn('Mise à jour 1 : micrologiciel 12', text.replace('\u00a0', ' '))
        code, said, _ = self.firmware('add', self.sign(11), self.image, language='fr')
        self.assertEqual(code, NOT_DONE)
        self.assertNotIn('sequence', said)

    def write(self, name, content):
        path = self.directory / name
        path.write_bytes(content)
        return path

    def configure(self, line):
        path = configuration.write(self.directory, self.ports)
        text = path.read_text().replace('[gateway]\n', f'[gateway]\n{line}\n')
        path.write_text(text.replace('[status]\n', f'[status]\nsocket = "{self.socket}"\n'))
        return path

    def make_key(self, path):
        code, said, line = passerelle('firmware', 'keygen', path)
        self.assertEqual(code, DONE, said)
        self.assertTrue(line.startswith('firmware_keys = ["'), line)
        return line.strip()

    def sign(self, sequence, **how):
        code, said = self.signing(sequence, self.image, **how)
        self.assertEqual(code, DONE, said)
        return self.directory / f'{sequence}.manifest'

    def sign_settings(self, sequence):
        code, said = self.signing(sequence, '--reporting-interval', 900)
        self.assertEqual(code, DONE, said)
        return self.directory / f'{sequence}.manifest'

    def signing(self, sequence, *content, expires='2099-12-31', key=None, node=None, believed=None):
        code, said, _ = passerelle(
            'firmware', 'sign', '--key', key or self.key, '--vendor', 'acme', '--class', 'meter-3',
            '--sequence', sequence, '--expires', expires, *(['--node', node] if node else []),
            '-o', self.directory / f'{sequence}.manifest', *content, believed=believed)
        return code, said

    def firmware(self, *words, language='en'):
        return passerelle('firmware', *words, '--config', self.settings, language=language)

    def assert_done(self, *words):
        code, said, text = self.firmware(*words)
        self.assertEqual(code, DONE, said)
        return text

    def assert_refused(self, manifest, image):
        before = self.report()['updates']
        code, said, _ = self.firmware('add', manifest, image)
        self.assertEqual(code, NOT_DONE, said)
        self.assertTrue(said.strip())
        self.assertEqual(self.report()['updates'], before)

    def report(self):
        return json.loads(self.assert_done('status', '--json'))

    def update(self, number):
        found, = (each for each in self.report()['updates'] if each['number'] == number)
        return found

    def restart(self):
        self.gateway.terminate()
        self.gateway = self.start(Gateway(self.directory, self.settings, self.ports.status))


def passerelle(*words, language='en', believed=None):
    """(exit status, what it says of it, what it gives); `believed` is a date that it takes for now."""
    clock = believing(believed) if believed else {}
    done = subprocess.run(
        [PASSERELLE, *map(str, words)], stdin=subprocess.DEVNULL, capture_output=True, text=True,
        timeout=120, check=False, env={**os.environ, 'LC_ALL': f'{language}.UTF-8', **clock})
    return done.returncode, done.stderr, done.stdout


if __name__ == '__main__':
    unittest.main()
