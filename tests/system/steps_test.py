"""A dataset that keeps one reading a day: one arrives, all are acknowledged, whatever breaks."""
import json
import time
import unittest

from harness import StageTest, balances, eventually
from load import publish, stamp

METERS = [f'meter-{number}' for number in range(5)]
DAYS, QUARTERS = 3, 96
DAY_MS, QUARTER_MS = 86_400_000, 900_000


class StepsTest(StageTest):
    keep = 'first'

    def start_gateway(self):
        rule = f'time = {{ rule = "coarsen", step = "P1D", keep = "{self.keep}" }}\n'
        text = self.settings.read_text()
        if rule not in text:
            self.settings.write_text(
                text.replace('[dataset.fields]\n', f'[dataset.fields]\n{rule}'))
        return super().start_gateway()

    def send_days(self, quarters):
        """Publishes readings of these quarters of an hour of the last whole days."""
        first_ms = (int(time.time() * 1000) // DAY_MS - DAYS) * DAY_MS
        before = self.gateway.ledger()['received']
        messages = [(f'water/{meter}/reading', json.dumps(
            {'ts': stamp(first_ms + day * DAY_MS + quarter * QUARTER_MS), 'm3': quarter}))
                    for day in range(DAYS) for quarter in quarters for meter in METERS]
        publish(self.ports.mqtt, messages)
        eventually(lambda: self.gateway.ledger()['received'] == before + len(messages),
                   'everything is counted')
        return len(messages)

    def arrived(self):
        """How many readings the city has of each device and day, and their values."""
        self.delivered()
        found = {}
        for reading in self.city.readings():
            self.assertEqual(reading.time_ms % DAY_MS, 0)
            found.setdefault((reading.device, reading.time_ms), []).append(int(reading.value))
        return found


class OneADay(StepsTest):
    def test_one_reading_a_day_arrives_whatever_the_gateway_goes_through(self):
        half = QUARTERS // 2
        sent = self.send_days(range(half))
        self.gateway.kill()
        self.gateway = self.start_gateway()
        sent += self.send_days(range(half, QUARTERS))
        self.assertEqual(self.gateway.terminate(), 0)
        self.gateway = self.start_gateway()
        sent += self.send_days(range(QUARTERS, QUARTERS - 4, -1))  # the first of the next day
        arrived = self.arrived()
        days = {day for _, day in arrived}
        self.assertEqual(set(arrived), {(meter, day) for meter in METERS for day in days})
        last = max(days)
        self.assertEqual(arrived, {
            (meter, day): [QUARTERS if day == last and len(days) > DAYS else 0]
            for meter, day in arrived})
        ledger = self.gateway.ledger()
        self.assertTrue(balances(ledger), ledger)
        self.assertEqual(ledger['received'], sent)
        self.assertEqual(ledger['stored'], len(METERS) * (DAYS + 1))
        self.assertEqual(ledger['refused'], {'step-taken': sent - ledger['stored']})


class Control(StepsTest):
    keep = 'all'

    def test_without_the_rule_the_curve_arrives_whatever_its_times_say(self):
        self.send_days(range(QUARTERS))
        self.assertEqual(set(map(tuple, self.arrived().values())), {tuple(range(QUARTERS))})


if __name__ == '__main__':
    unittest.main()
