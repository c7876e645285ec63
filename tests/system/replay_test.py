"""passerelle replay: what mosquitto_sub recorded at a broker arrives at a gateway, each message
once, and every one that does not is counted."""
import json
import signal
import subprocess
import time
import unittest

from harness import PASSERELLE, Broker, eventually
from listener_stage import PASSWORD, ListenerTest
from load import publish, stamp
from loopback import LOOPBACK, free_port
from public_keys import Authority

MESSAGES = 120
DEVICE, CERTIFIED = 'd-1', 'certified-1'
HEX = '{"tst":"%I","topic":"%t","payload_hex":"%x"}'


class Replay(ListenerTest):
    devices = (DEVICE,)

    def prepare(self):
        authority = Authority(self.directory)
        self.ca = authority.certificate
        certificate, key = authority.issue('gateway', f'IP:{LOOPBACK}')
        self.certificate, self.key = authority.issue(CERTIFIED)
        self.secure = f'''listen_secure = "{LOOPBACK}:{self.ports.secure}"
[source.tls]
certificate_file = "{certificate}"
key_file = "{key}"
ca_file = "{self.ca}"
'''
        self.recording = self.directory / 'recording.jsonl'

    def record(self, form, device):
        """Has mosquitto_sub write MESSAGES of a device down."""
        broker = self.start(Broker(self.directory, free_port()))
        with self.recording.open('wb') as output:
            subscriber = subprocess.Popen(
                ['mosquitto_sub', '-h', LOOPBACK, '-p', str(broker.port), '-q', '1', '-t',
                 'water/#', '-C', str(MESSAGES), '-F', form], stdout=output)
        self.addCleanup(subscriber.kill)
        now_ms = int(time.time()) * 1000 - 3_600_000
        messages = [(f'water/{device}/reading', json.dumps(
            {'ts': stamp(now_ms + value * 1000), 'm3': value})) for value in range(MESSAGES)]

        def published():  # again, until it has subscribed and has them all
            publish(broker.port, messages)
            return subscriber.poll() is not None
        eventually(published, 'the recording is complete')
        broker.kill()

    def write(self, *messages):
        """A recording, as mosquitto_sub -F %j writes it."""
        self.recording.write_text(''.join(json.dumps(message) + '\n' for message in messages))

    def message(self, value, seconds=0.0, device=DEVICE, **more):
        whole = int(seconds)
        payload = json.dumps({'ts': stamp(1_790_000_000_000 + value * 1000), 'm3': value})
        return {
            'tst': f'2026-11-27T03:{whole // 60:02}:{whole % 60:02}.'
                   f'{round((seconds - whole) * 1e6):06}Z+0000',
            'topic': f'water/{device}/reading', 'qos': 1, 'retain': 0,
            'payloadlen': len(payload.encode()), 'payload': payload, **more}

    def command(self, *options, file=None, url=None):
        to = url or f'mqtt://{LOOPBACK}:{self.ports.open}'
        return [PASSERELLE, '--lang', 'en', 'replay', str(file or self.recording), '--mqtt', to,
                *map(str, options)]

    def replay(self, *options, **how):
        return subprocess.run(
            self.command(*options, **{key: how.pop(key) for key in ('file', 'url') if key in how}),
            capture_output=True, text=True, timeout=120, **how)

    def stored(self):
        return self.gateway.ledger()['stored']

    def test_a_real_recording_in_each_form_arrives(self):
        for number, form in enumerate(('%j', '%J', HEX)):
            with self.subTest(form=form):
                before = self.gateway.ledger()['received']
                self.record(form, f'd-{number}')
                answer = self.replay('--fast')
                self.assertEqual(answer.returncode, 0, answer.stdout + answer.stderr)
                self.assertIn(f'{MESSAGES} sent, {MESSAGES} acknowledged', answer.stdout)
                self.assertEqual(self.gateway.ledger()['received'], before + MESSAGES)

    def test_every_message_once_with_its_value(self):
        self.write(*(self.message(value) for value in range(1, MESSAGES + 1)))
        answer = self.replay('--fast')
        self.assertEqual(answer.returncode, 0, answer.stdout + answer.stderr)
        self.delivered()
        self.assertEqual(
            {value: times for (_, value), times in self.city.effects('water.volume').items()},
            {value: 1 for value in range(1, MESSAGES + 1)})

    def test_standard_input_and_an_account(self):
        self.write(self.message(1), self.message(2), self.message(3, device='d-2'))
        password = self.directory / 'password'
        password.write_text(PASSWORD)
        password.chmod(0o600)
        to = {'url': f'mqtt://{LOOPBACK}:{self.ports.mqtt}', 'file': '-'}
        answer = self.replay('--fast', **to, input=self.recording.read_text())
        self.assertEqual(answer.returncode, 69, answer.stderr)  # the control: no account
        answer = self.replay('--fast', '--username', DEVICE, '--password-file', password, **to,
                             input=self.recording.read_text())
        # The account is that of one device: for another it may not speak.
        self.assertEqual(answer.returncode, 1, answer.stdout + answer.stderr)
        self.assertIn('3 sent, 2 acknowledged, 1 refused', answer.stdout)
        self.assertEqual(self.stored(), 2)

    def test_a_certificate(self):
        self.write(self.message(1, device=CERTIFIED))
        to = {'url': f'mqtts://{LOOPBACK}:{self.ports.secure}'}
        own = ['--certificate-file', self.certificate, '--key-file', self.key]
        self.assertEqual(self.replay('--fast', *own, **to).returncode, 69)  # nobody to trust
        answer = self.replay('--fast', '--ca-file', self.ca, *own, **to)
        self.assertEqual(answer.returncode, 0, answer.stdout + answer.stderr)
        self.assertEqual(self.stored(), 1)

    def test_lines_that_are_none_are_told_and_counted(self):
        good = [json.dumps(self.message(value)) for value in (1, 2, 3)]
        lossy = json.dumps(self.message(4, payloadlen=7))
        wild = json.dumps(self.message(5, topic='water/#'))
        self.recording.write_text('\n'.join(
            [good[0], 'not JSON', good[1], lossy, '', '[]', wild, good[2]]))
        answer = self.replay('--fast')
        self.assertEqual(answer.returncode, 65, answer.stdout + answer.stderr)
        for line in (2, 4, 6, 7):
            self.assertIn(f'line {line}:', answer.stderr)
        self.assertIn('payload_hex', answer.stderr)
        self.assertIn('Lines that could not be read: 4.', answer.stderr)
        self.assertIn('3 sent, 3 acknowledged', answer.stdout)
        self.assertEqual(self.stored(), 3)

    def test_what_the_gateway_refuses_is_counted(self):
        broken = self.message(1)
        broken['payload'] = '{"m3": '
        broken['payloadlen'] = len(broken['payload'])
        self.write(self.message(2), broken, self.message(3))
        answer = self.replay('--fast')
        self.assertEqual(answer.returncode, 1, answer.stdout + answer.stderr)
        self.assertIn('3 sent, 2 acknowledged, 1 refused', answer.stdout)

    def test_a_dry_run_sends_nothing(self):
        self.write(*(self.message(value) for value in range(5)))
        answer = self.replay('--dry-run')
        self.assertEqual(answer.returncode, 0, answer.stderr)
        self.assertIn('recording: 5', answer.stdout)
        self.assertEqual(self.gateway.ledger()['received'], 0)

    def test_the_pace_is_that_of_the_recording(self):
        """A message that is due in an hour is not sent; at many times the speed it is."""
        self.write(self.message(1), self.message(2, seconds=1), self.message(3, seconds=3599))
        player = self.start_replay('--speed', 10)
        eventually(lambda: self.stored() == 2, 'what is due is sent')
        self.assertIsNone(player.poll())
        player.send_signal(signal.SIGINT)
        output, _ = player.communicate(timeout=60)
        self.assertEqual(player.returncode, 1, output)
        self.assertIn('Stopped before the end', output)
        self.assertIn('2 sent, 2 acknowledged', output)
        self.assertEqual(self.stored(), 2)
        answer = self.replay('--speed', 1_000_000)
        self.assertEqual(answer.returncode, 0, answer.stdout + answer.stderr)
        self.assertEqual(self.stored(), 3)

    def test_a_pipe_that_goes_on_is_interrupted(self):
        player = self.start_replay('--fast', file='-', stdin=subprocess.PIPE)
        player.stdin.write(json.dumps(self.message(1)) + '\n')
        player.stdin.flush()
        eventually(lambda: self.stored() == 1, 'it is sent at once')
        player.send_signal(signal.SIGTERM)
        output, _ = player.communicate(timeout=60)
        self.assertEqual(player.returncode, 1, output)
        self.assertIn('1 sent, 1 acknowledged', output)

    def test_nobody_there(self):
        self.write(self.message(1))
        answer = self.replay(url=f'mqtt://{LOOPBACK}:{free_port()}')
        self.assertEqual(answer.returncode, 69)
        self.assertEqual(self.replay(url='http://127.0.0.1').returncode, 64)
        self.assertEqual(self.replay(file=self.directory / 'nothing').returncode, 69)

    def start_replay(self, *options, file=None, **how):
        player = subprocess.Popen(
            self.command(*options, file=file), stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, **how)
        self.addCleanup(player.kill)
        return player


if __name__ == '__main__':
    unittest.main()
