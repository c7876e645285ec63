"""What the status page's charts are made of outlives a restart; a damaged file does no harm."""
import json
import time
import unittest

from harness import StageTest, eventually
from load import publish, stamp

READINGS = 30


class History(StageTest):
    def setUp(self):
        super().setUp()
        now_ms = int(time.time()) * 1000
        publish(self.ports.mqtt, [('water/m-1/reading', json.dumps(
            {'ts': stamp(now_ms + value), 'm3': value})) for value in range(READINGS)])
        eventually(lambda: self.sum_of('stored') == READINGS, 'a step of the history has them')
        self.delivered()
        self.steps = self.history()['hour']['end']
        self.assertEqual(self.gateway.terminate(), 0)

    @property
    def file(self):
        return self.directory / 'state' / 'history'

    def history(self):
        code, _, text = self.gateway.get('/history')
        self.assertEqual(code, 200, text)
        return json.loads(text)

    def sum_of(self, column, part='hour'):
        return sum(self.history()[part][column])

    def test_it_is_there_again_after_a_restart(self):
        self.gateway = self.start_gateway()
        self.assertEqual(self.history()['hour']['end'][:len(self.steps)], self.steps)
        for part in ('hour', 'day'):
            self.assertEqual(self.sum_of('stored', part), READINGS)
        # What was received before is no flow of this run.
        eventually(lambda: len(self.history()['hour']['end']) > len(self.steps), 'a step more')
        self.assertEqual(self.sum_of('received'), READINGS)

    def test_a_damaged_file_is_told_and_begun_anew(self):
        text = self.file.read_text()
        self.file.write_text(text.replace(f' {READINGS} ', f' {READINGS + 1} '))
        self.gateway = self.start_gateway()
        self.assertLess(len(self.history()['hour']['end']), len(self.steps))
        self.assertEqual(self.sum_of('stored'), 0)
        self.assertIn('history-lost', self.gateway.log.read_text())
        self.assertEqual(self.gateway.terminate(), 0)
        self.gateway = self.start_gateway()
        self.assertEqual(self.gateway.log.read_text().count('history-lost'), 1)

    def test_the_file_is_small_and_its_owners_alone(self):
        self.assertLess(self.file.stat().st_size, 64 * 1024)
        self.assertEqual(self.file.stat().st_mode & 0o777, 0o600)


if __name__ == '__main__':
    unittest.main()
