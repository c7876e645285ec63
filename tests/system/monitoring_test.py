"""Metrics of the running gateway, alert rules and dashboard, as Prometheus's own tool judges them."""
import json
import re
import shutil
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from harness import ROOT, StageTest, eventually
from load import publish, stamp

MONITORING = ROOT / 'packaging/monitoring'
READINGS = 40
# A suffix that a family of this type has in its samples.
SUFFIXES = {'counter': ('_total',), 'info': ('_info',), 'histogram': ('_bucket', '_count', '_sum')}
NAME = re.compile(r'\b(?:passerelle|process)_[a-z0-9_]+')


def promtool(*words, text='', directory=MONITORING):
    """(exit status, what it says)"""
    done = subprocess.run(['promtool', *words], input=text, text=True, cwd=directory, timeout=120,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.returncode, done.stdout


def classic(exposition):
    """OpenMetrics in the older text format, which is the one that promtool has a linter for."""
    lines = []
    for line in exposition.splitlines():
        if line == '# EOF' or line.startswith('# UNIT '):
            continue
        kind = re.fullmatch(r'# (TYPE|HELP) (\S+) (.*)', line)
        if kind and kind[1] == 'TYPE':
            suffix = SUFFIXES.get(kind[3], ('',))[0] if kind[3] in ('counter', 'info') else ''
            names = kind[2] + suffix
            shown = kind[3] if kind[3] in ('counter', 'gauge', 'histogram') else 'gauge'
            line = f'# TYPE {names} {shown}'
        elif kind:
            line = f'# HELP {names} {kind[3]}'
        lines.append(line)
    return '\n'.join(lines) + '\n'


def samples_of(exposition):
    """Every name that a sample has, or may have: a family of which there is none yet counts too."""
    readme = (ROOT / 'gateway/status/README.md').read_text()
    families = re.findall(r'^\| `([a-z0-9_]+)` \| (\w+) \|', readme, re.M)
    names = {name + suffix for name, kind in families for suffix in SUFFIXES.get(kind, ('',))}
    shown = {line.split('{')[0].split()[0] for line in exposition.splitlines()
             if line and not line.startswith('#')}
    assert shown <= names, shown - names
    return names


class Metrics(StageTest):
    def setUp(self):
        super().setUp()
        self.assertTrue(shutil.which('promtool'), 'promtool: packaging/dependencies test')
        now_ms = int(time.time()) * 1000
        publish(self.ports.mqtt, [('water/m-1/reading', json.dumps(
            {'ts': stamp(now_ms + value), 'm3': value})) for value in range(READINGS)])
        eventually(lambda: self.gateway.ledger()['stored'] == READINGS, 'the readings are stored')
        self.delivered()
        self.metrics = self.gateway.get('/metrics')[2]

    def test_prometheus_takes_them_and_its_linter_has_nothing_to_say(self):
        code, said = promtool('check', 'metrics', text=classic(self.metrics))
        self.assertEqual((code, said.strip()), (0, ''))
        stamped = self.directory / 'metrics'  # what is imported must have a time
        stamped.write_text(''.join(
            line + ('\n' if line.startswith('#') else ' 1769904000\n')
            for line in self.metrics.splitlines()))
        code, said = promtool('tsdb', 'create-blocks-from', 'openmetrics', stamped,
                              self.directory / 'blocks')
        self.assertEqual(code, 0, said)
        # The control: the linter sees a name without its unit's word and a family without help.
        worse = classic(self.metrics).replace('_total', '_count_of')
        self.assertNotEqual(promtool('check', 'metrics', text=worse)[0], 0)

    def test_histograms_hold_what_was_committed_and_sent(self):
        values = dict(line.rsplit(' ', 1) for line in self.metrics.splitlines()
                      if not line.startswith('#'))
        self.assertEqual(float(values['passerelle_buffer_commit_readings_sum']), READINGS)
        batches = float(values['passerelle_uplink_batch_readings_count{uplink="city"}'])
        self.assertEqual(batches, float(values['passerelle_uplink_batches_total{uplink="city"}']))
        self.assertEqual(
            float(values['passerelle_uplink_batch_readings_sum{uplink="city"}']), READINGS)
        self.assertGreaterEqual(
            float(values['passerelle_uplink_sending_seconds_count{uplink="city"}']), batches)
        self.assertGreater(float(values['passerelle_buffer_commit_seconds_sum']), 0)
        self.assertEqual(
            float(values['passerelle_dataset_readings_stored_total{dataset="everything"}']), READINGS)
        self.assertLess(abs(float(values['process_start_time_seconds']) - time.time()), 600)

    def test_rules_and_dashboard_name_nothing_that_is_not_there(self):
        names = samples_of(self.metrics)
        for file in ('alerts.yml', 'alerts_test.yml', 'grafana-dashboard.json'):
            used = set(NAME.findall((MONITORING / file).read_text()))
            self.assertTrue(used, file)
            self.assertEqual(used - names, set(), file)


class Dashboard(unittest.TestCase):
    def test_prometheus_understands_every_query(self):
        code, said = self.judge(self.queries())
        self.assertEqual(code, 0, said)
        self.assertNotEqual(self.judge([*self.queries(), 'sum(rate('])[0], 0)  # the control

    def queries(self):
        dashboard = json.loads((MONITORING / 'grafana-dashboard.json').read_text())
        queries = [target['expr'] for panel in dashboard['panels'] for target in panel['targets']]
        self.assertGreater(len(queries), 20)
        return [query.replace('$__rate_interval', '5m').replace('$instance', '.*')
                for query in queries]

    def judge(self, queries):
        rules = [{'record': f'query_{number}', 'expr': query}
                 for number, query in enumerate(queries)]
        with tempfile.TemporaryDirectory() as directory:
            Path(directory, 'queries.yml').write_text(  # JSON is YAML
                json.dumps({'groups': [{'name': 'dashboard', 'rules': rules}]}))
            return promtool('check', 'rules', 'queries.yml', directory=directory)


class Rules(unittest.TestCase):
    def test_every_rule_fires_and_a_healthy_gateway_is_quiet(self):
        self.assertEqual(promtool('check', 'rules', 'alerts.yml')[0], 0)
        code, said = promtool('test', 'rules', 'alerts_test.yml')
        self.assertEqual(code, 0, said)

    def test_a_rule_that_cannot_fire_is_seen(self):
        rules = (MONITORING / 'alerts.yml').read_text()
        alerts = re.split(r'(?m)^(?=      - alert: )', rules)
        self.assertGreater(len(alerts), 10)
        for number in range(1, len(alerts)):
            name = alerts[number].split()[2]
            with self.subTest(alert=name):
                dead = re.sub(r'(?ms)^        expr: .*?\n(?=        \w)',
                              '        expr: vector(0) > 1\n', alerts[number])
                self.assertNotEqual(dead, alerts[number])
                said = self.judge(alerts[:number] + [dead] + alerts[number + 1:])
                self.assertIn(name, said)

    def judge(self, alerts):
        """What is said of these rules, which must fail their tests."""
        with tempfile.TemporaryDirectory() as directory:
            Path(directory, 'alerts.yml').write_text(''.join(alerts))
            shutil.copy(MONITORING / 'alerts_test.yml', directory)
            code, said = promtool('test', 'rules', 'alerts_test.yml', directory=directory)
        self.assertNotEqual(code, 0)
        return said


if __name__ == '__main__':
    unittest.main()
