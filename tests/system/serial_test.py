"""The promises on a serial line: what was acknowledged arrives, and has one effect, whatever the
line does to the bytes and whoever is killed.
"""
import json
import subprocess
import unittest

from harness import PASSERELLE, eventually
from serial_stage import Disturbance, Meter, SerialTest
from serial_link import GatewayEnd, GatewayMemory

KILLS = 5
MESSAGES_A_ROUND = 60
DAMAGE, NOISE, DOUBLING = 0.04, 0.02, 0.1  # of the frames that pass
NODES = 5  # on the bus
WAIT_SECONDS = 120


class Kill(SerialTest):
    def test_every_message_arrives_once(self):
        meter = Meter('m-1', seed=1)
        up, down = (Disturbance(seed, DAMAGE, NOISE, DOUBLING) for seed in (2, 3))
        line = self.plug_in(meter, up=up, down=down)
        self.gateway = self.start_gateway()
        dropped = 0
        for _ in range(KILLS):
            with line.lock:
                meter.measure(MESSAGES_A_ROUND)
            wanted = meter.measured - MESSAGES_A_ROUND // 2
            eventually(lambda: meter.acknowledged >= wanted, 'half of them are acknowledged',
                       WAIT_SECONDS)
            dropped += sum(self.source()['turned_away'].values())
            self.gateway.kill()
            self.gateway = self.start_gateway()
        eventually(lambda: meter.acknowledged == meter.measured, 'all are acknowledged',
                   WAIT_SECONDS)
        ledger = self.delivered()
        effects = self.city.effects('water.volume')
        expected = {('m-1', value): 1 for value in range(1, meter.measured + 1)}
        self.assertEqual(effects, expected)
        self.assert_nothing_lost_or_doubled(ledger)
        # Otherwise the test has shown nothing: there was something to be lost, and to be doubled.
        self.assertGreater(up.damaged + down.damaged, 0)
        self.assertGreater(meter.repeated + up.doubled, 0)
        self.assertGreater(dropped, 0)
        print(f'{KILLS} kills, {meter.measured} messages, each once; {meter.repeated} sent again, '
              f'{up.doubled} frames doubled on their way, {up.damaged} damaged')

    def test_a_gateway_without_memory_would_take_them_twice(self):
        """The control: the same exchange with a gateway that takes whatever comes."""
        meter = Meter('m-1', seed=1)
        memory = GatewayMemory()
        up, down = (Disturbance(seed, DAMAGE, NOISE, DOUBLING) for seed in (2, 3))
        gateway = GatewayEnd(memory, dedup=False)
        meter.measure(MESSAGES_A_ROUND)
        now = 0
        while meter.acknowledged < meter.measured and now < 600_000:
            now += 10
            answers = gateway.feed(up(meter.tick(now)))
            while answers:
                answers = gateway.feed(up(meter.feed(now, down(answers))))
        taken = [sequence for _, _, sequence, _ in memory.taken]
        self.assertGreater(len(taken), len(set(taken)))


class Node(SerialTest):
    def setUp(self):
        super().setUp()
        self.meter = Meter('m-1', seed=1)

    def test_a_device_that_comes_late_and_goes(self):
        self.gateway = self.start(self.make_gateway())
        self.assertFalse(self.source()['connected'])
        self.assertIn(str(self.device), self.source()['detail'])
        line = self.plug_in(self.meter)
        self.meter.measure(10)
        eventually(lambda: self.meter.acknowledged == 10, 'the device is opened')
        self.assertEqual(self.source()['connections'], 1)
        self.pull_out(line)
        eventually(lambda: not self.source()['connected'], 'the device is missed')
        self.meter.reboot()
        self.plug_in(self.meter)
        self.meter.measure(10)
        eventually(lambda: self.meter.acknowledged == 20, 'the device is opened again')
        self.delivered()
        self.assertEqual(set(self.city.effects('water.volume').values()), {1})

    def test_what_a_node_lost_is_shown_and_a_problem(self):
        self.meter.measure(10)
        self.meter.drop_oldest(4, 4)
        self.plug_in(self.meter)
        self.gateway = self.start_gateway()
        eventually(lambda: self.meter.acknowledged == 10, 'the rest is acknowledged')
        self.assertEqual(self.source()['lost_at_nodes'], {'0': 4})
        eventually(lambda: self.problem('node-lost-readings:line'), 'it is a problem')
        metrics = self.gateway.get('/metrics')[2]
        self.assertIn('passerelle_source_node_readings_lost_total{source="line",address="0"} 4',
                      metrics)
        self.delivered()
        self.assertEqual(len(self.city.effects('water.volume')), 6)

    def test_a_node_of_another_version_is_turned_away(self):
        self.meter.versions = (2, 3)
        line = self.plug_in(self.meter)
        self.gateway = self.start_gateway()
        eventually(lambda: self.meter.turned_away, 'it is told')
        self.assertGreater(self.source()['turned_away']['version'], 0)
        problem = eventually(lambda: self.problem('node-turned-away:line'), 'it is a problem')
        self.assertNotIn('m-1', problem['text'])
        self.pull_out(line)

    def test_the_doctor_looks_at_the_line(self):
        checks = self.doctor()
        self.assertEqual(checks['serial-line'], 'failure')  # not plugged in
        self.assertEqual(checks['serial-nodes'], 'skipped')
        line = self.plug_in(self.meter)
        self.assertEqual(self.doctor()['serial-line'], 'ok')
        self.gateway = self.start_gateway()
        self.meter.measure(1)
        eventually(lambda: self.meter.acknowledged, 'the node is heard')
        checks = self.doctor()
        self.assertEqual((checks['serial-line'], checks['serial-nodes']), ('ok', 'ok'))
        self.pull_out(line)

    def test_the_log_and_the_disk_have_no_name(self):
        """Where the dataset does not keep it."""
        text = self.settings.read_text().replace('device = "keep"', 'device = "pseudonym"')
        self.settings.write_text(text)
        self.meter.name = 'Zohra.Trabelsi'
        self.plug_in(self.meter)
        self.gateway = self.start_gateway()
        self.meter.measure(3)
        eventually(lambda: self.meter.acknowledged == 3, 'they are acknowledged')
        self.gateway.terminate()
        files = [path for path in self.directory.rglob('*')
                 if path.is_file() and not path.is_symlink()]
        self.assertTrue(any(path.name == 'buffer.db' for path in files))
        for path in files:
            self.assertNotIn(b'Trabelsi', path.read_bytes(), path)

    def problem(self, code):
        return next((one for one in self.gateway.status()['problems'] if one['code'] == code),
                    None)

    def doctor(self):
        """The severity of each check, by its code."""
        done = subprocess.run(
            [PASSERELLE, 'doctor', '--config', self.settings, '--json'], capture_output=True,
            text=True, check=False)
        return {check['code']: check['severity'] for check in json.loads(done.stdout)['checks']}


class Bus(SerialTest):
    line = 'bus = true\nnodes = [%s]' % ', '.join(
        f'{{ name = "m-{number}", address = {number} }}' for number in range(1, NODES + 2))

    def test_nodes_take_turns_over_a_bad_line_and_a_kill(self):
        meters = [Meter(f'm-{number}', number, seed=number) for number in range(1, NODES + 1)]
        up, down = (Disturbance(seed, DAMAGE, NOISE) for seed in (2, 3))
        line = self.plug_in(*meters, up=up, down=down)
        self.gateway = self.start_gateway()
        with line.lock:
            for meter in meters:
                meter.measure(60)
        eventually(lambda: all(meter.acknowledged >= 20 for meter in meters),
                   'a third of each is acknowledged', WAIT_SECONDS)
        self.gateway.kill()
        self.gateway = self.start_gateway()
        eventually(lambda: all(meter.acknowledged == 60 for meter in meters),
                   'all of each are acknowledged', WAIT_SECONDS)
        eventually(lambda: self.source()['connections'] == NODES, 'all but one are heard')
        self.assertIn(str(NODES + 1), self.source()['detail'])
        self.delivered()
        expected = {(meter.name, value): 1 for meter in meters for value in range(1, 61)}
        self.assertEqual(self.city.effects('water.volume'), expected)
        self.assertGreater(sum(meter.repeated for meter in meters), 0)

    def test_of_two_nodes_at_one_address_one_is_served(self):
        meters = [Meter('m-1', 1, seed=1), Meter('m-1', 1, seed=2)]
        line = self.plug_in(*meters)
        self.gateway = self.start_gateway()
        with line.lock:
            for meter in meters:
                meter.measure(5)
        eventually(lambda: any(meter.turned_away for meter in meters), 'one is turned away')
        eventually(lambda: any(meter.acknowledged == 5 for meter in meters), 'one is served')
        self.assertEqual(sorted(meter.acknowledged for meter in meters), [0, 5])
        self.assertGreaterEqual(self.source()['turned_away']['address-in-use'], 1)


if __name__ == '__main__':
    unittest.main()
