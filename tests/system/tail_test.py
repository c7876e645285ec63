"""What the built program shows of the readings that it stores and refuses, to whom, and at what
cost for those that it is to store."""
import json
import os
import signal
import socket
import subprocess
import time
import unittest

from follower import FollowedTest
from harness import PASSERELLE, eventually
from load import publish, stamp
from loopback import LOOPBACK

METER = 'meter-of-family-benali'
SECRETS = (METER, 'Amel Benali', '+216 20 123 456')
FLOOD = 12_000  # lines of which many times fill what a follower may leave waiting
FOLLOWED = 'readings-followed'


class Tail(FollowedTest):
    device = '{ rule = "pseudonym", epoch = "P1M" }'

    def setUp(self):
        super().setUp()
        self.now_ms = int(time.time()) * 1000 - 3_600_000
        self.value = 0

    def readings(self, count, name=METER):
        """Messages of a meter, each another reading, with what is personal beside it."""
        messages = []
        for _ in range(count):
            self.value += 1
            messages.append((f'water/{name}/reading', json.dumps(
                {'ts': stamp(self.now_ms + self.value), 'm3': self.value,
                 'owner': SECRETS[1], 'phone': SECRETS[2]})))
        return messages

    def received(self, count):
        eventually(lambda: self.gateway.ledger()['received'] == count, f'{count} are counted', 240)

    def test_readings_are_shown_as_they_are_stored(self):
        follower, path = self.follower_of(3, '--json')
        publish(self.ports.mqtt, self.readings(2))
        publish(self.ports.mqtt, [(f'water/{METER}/reading', '{"m3": "Amel Benali')])
        self.assertEqual(follower.wait(60), 0)
        text = path.read_text()
        for secret in SECRETS:
            self.assertNotIn(secret, text)
        *stored, refused = map(json.loads, text.splitlines())
        for value, line in enumerate(stored, 1):
            self.assertEqual(line['event'], 'stored')
            self.assertRegex(line['device'], '^[a-z2-7]{26}$')  # a pseudonym
            self.assertEqual(
                {key: line[key] for key in ('dataset', 'source', 'quantity', 'value', 'unit')},
                {'dataset': 'everything', 'source': 'meters', 'quantity': 'water.volume',
                 'value': value, 'unit': 'm3'})
            self.assertEqual(line['attributes'], {})
        self.assertEqual(set(refused), {'event', 'source', 'dataset', 'cause', 'readings', 'time'})
        self.assertEqual((refused['event'], refused['cause']), ('refused', 'truncated'))
        self.assertIn(FOLLOWED, self.gateway.log.read_text())

    def follower_of(self, count, *words):
        return self.follow('-n', str(count), *words)

    def test_lines_are_for_people_and_can_be_chosen(self):
        people, path = self.follower_of(1, '--dataset', 'everything')
        refused, refused_path = self.follow('-n', '1', '--refused', output='refused.out')
        publish(self.ports.mqtt, self.readings(1))
        self.assertEqual(people.wait(60), 0)
        self.assertRegex(path.read_text(),
                         r'^everything  [a-z2-7]{26}  water\.volume 1 m3  \d{4}-\d\d-\d\d ')
        self.assertIsNone(refused.poll())
        publish(self.ports.mqtt, [(f'water/{METER}/reading', 'nothing')])
        self.assertEqual(refused.wait(60), 0)
        self.assertRegex(refused_path.read_text(), '^everything  refused: .*  source meters')
        name = path.read_text().split()[1]
        of_one, of_one_path = self.follow('-n', '1', '--device', name[:6], output='one.out')
        publish(self.ports.mqtt, self.readings(1, 'meter-of-family-mbarga') + self.readings(1))
        self.assertEqual(of_one.wait(60), 0)
        self.assertIn(name, of_one_path.read_text())
        done = subprocess.run(
            [PASSERELLE, 'tail', '--dataset', 'nothing', '--config', self.settings], timeout=60,
            capture_output=True, text=True, check=False,
            env={**os.environ, 'LC_ALL': 'fr_FR.UTF-8'})
        self.assertEqual(done.returncode, 64)
        self.assertIn('n’a pas de jeu de données nothing', done.stderr)

    def test_who_is_held_holds_nobody_up_and_is_told_what_it_missed(self):
        follower, path = self.follow('--json')
        follower.send_signal(signal.SIGSTOP)
        publish(self.ports.mqtt, self.readings(FLOOD))
        self.received(FLOOD)
        self.delivered()
        follower.send_signal(signal.SIGCONT)

        def told():
            lines = [json.loads(line) for line in path.read_text().splitlines(keepends=True)
                     if line.endswith('\n')]
            return lines if any(line['event'] == 'missed' for line in lines) else None
        lines = eventually(told, 'it is told')
        shown = [line['value'] for line in lines if line['event'] == 'stored']
        missed = sum(line['lines'] for line in lines if line['event'] == 'missed')
        self.assertGreater(missed, 0)
        self.assertEqual(len(shown) + missed, FLOOD)
        self.assertEqual(shown, sorted(set(shown)))
        publish(self.ports.mqtt, self.readings(1))
        eventually(lambda: f'"value":{FLOOD + 1},' in path.read_text(), 'it goes on')

    def test_followers_are_bounded_and_leave(self):
        followers = [self.follow(output=f'{number}.out')[0] for number in range(8)]
        one_more = [PASSERELLE, 'tail', '-n', '1', '--config', self.settings]
        done = subprocess.run(one_more, timeout=60, capture_output=True, text=True, check=False,
                              env={**os.environ, 'LC_ALL': 'en.UTF-8'})
        self.assertEqual(done.returncode, 69)
        self.assertIn('Too many follow', done.stderr)
        self.end(followers[0])
        publish(self.ports.mqtt, self.readings(1))  # which shows the gateway that it has left

        def has_room():
            follower = subprocess.Popen(one_more, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)
            self.addCleanup(self.end, follower)
            try:
                return follower.wait(1) == 0
            except subprocess.TimeoutExpired:
                return True
        eventually(has_room, 'there is room for another')

    def test_a_follower_waits_for_a_gateway_that_starts_again(self):
        follower, path = self.follow()
        publish(self.ports.mqtt, self.readings(1))
        eventually(lambda: ' 1 m3' in path.read_text(), 'it is shown')
        self.assertEqual(self.gateway.terminate(), 0)
        eventually(lambda: 'It is waited for' in path.read_text(), 'the follower says so')
        self.gateway = self.start_gateway()
        eventually(lambda: 'It answers again' in path.read_text(), 'the follower is back')
        publish(self.ports.mqtt, self.readings(1))
        eventually(lambda: ' 2 m3' in path.read_text(), 'it goes on')
        self.assertIsNone(follower.poll())

    def test_a_gateway_stops_while_it_is_followed(self):
        follower, _ = self.follow()
        follower.send_signal(signal.SIGSTOP)
        publish(self.ports.mqtt, self.readings(FLOOD))
        self.assertEqual(self.gateway.terminate(), 0)

    def test_readings_are_not_on_tcp(self):
        for method in ('GET', 'POST'):
            with socket.create_connection((LOOPBACK, self.ports.status), 10) as door:
                body = '{"dataset":"","device":"","only_refused":false}'
                door.sendall((f'{method} /tail HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n'
                              f'Content-Length: {len(body)}\r\n\r\n{body}').encode())
                self.assertRegex(door.recv(4096).decode(), r'^HTTP/1\.1 40[045] ')


if __name__ == '__main__':
    unittest.main()
