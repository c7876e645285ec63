"""What happens to a gateway whose recipient is away, or that is killed itself."""
import json
import signal
import subprocess
import time

from figures import Figures, numbers_of, print_table
from listener_acks import shape
from stage import eventually, peak_mib

MEMORY_MESSAGES = 500_000
RESTART_MESSAGES = 1_000_000
HOUR_MESSAGES = 3_000_000
LIVE_RATE = 200  # readings a second, of each of two datasets, while the backlog drains
LIVE_CONNECTIONS, LIVE_DEVICES = 10, 100
LIVE_SECONDS_MAX = 3600
DRAIN_BATCH_AGE_MS = 500  # what a live reading waits for company
KILLS = 3
KILL_RATE = 20_000
KILL_EVERY_SECONDS = 2


def memory(bench):
    count, figures = bench.count(MEMORY_MESSAGES), Figures()
    cases = [(connections, is_away) for connections in (100, 1000) for is_away in (False, True)]
    for _ in range(bench.arguments.repeat):
        for connections, is_away in cases:
            with bench.stage() as stage:
                if not is_away:
                    stage.start_sink()
                gateway = stage.start()
                done = stage.load('--count', count, *load_options(bench, connections))
                stage.stored(done['acknowledged'])
                if not is_away:
                    stage.delivered()
                figures.add((connections, is_away), peak=peak_mib(gateway.process))
    print_table(
        f'Peak resident set of the gateway, {count:,} messages:',
        ('connections', 'MiB, delivered as they come', 'MiB, all waiting (recipient away)'),
        [[connections, figures.text((connections, False), 'peak', 1),
          figures.text((connections, True), 'peak', 1)] for connections in (100, 1000)])


def load_options(bench, connections=100, in_flight=50):
    if bench.arguments.through == 'coap':
        return ('--devices', connections)
    return shape(connections, in_flight)


def fill(bench, stage, count):
    """A backlog: the recipient is away. How many are acknowledged and stored."""
    done = stage.load('--count', count, *load_options(bench))
    stage.stored(done['acknowledged'])
    return done['acknowledged']


def restart(bench):
    """From exec to the first 200 of /readyz, with a backlog; after SIGTERM and after SIGKILL."""
    count, figures = bench.count(RESTART_MESSAGES), Figures()
    for _ in range(bench.arguments.repeat):
        with bench.stage() as stage:
            stage.start()
            acknowledged = fill(bench, stage, count)
            for number, name in ((signal.SIGTERM, 'in order'), (signal.SIGKILL, 'killed')):
                stage.gateway.process.send_signal(number)
                stage.gateway.wait()
                stage.start()
                figures.add(name, seconds=stage.ready_seconds)
            waiting = stage.gateway.ledger()['uplinks']['city']['waiting']
            if waiting < acknowledged:
                bench.faults.append(f'restart: {acknowledged} acknowledged, {waiting} waiting')
    print_table(
        f'From start to ready (asked every 20 ms) with {count:,} readings waiting:',
        ('ended before', 's'),
        [[name, figures.text(name, 'seconds', 2)] for name in ('in order', 'killed')])


def drain(bench):
    """The recipient comes back to a backlog while live readings keep arriving: of the same dataset,
    and of one that goes first."""
    count, figures = bench.count(HOUR_MESSAGES), Figures()
    for _ in range(bench.arguments.repeat):
        with bench.stage(batch_age_ms=DRAIN_BATCH_AGE_MS) as stage:
            stage.start()
            waiting = fill(bench, stage, count)
            lives = start_live(stage)
            began = time.monotonic()
            sink = stage.start_sink()
            eventually(lambda: sink.counts()['distinct_readings'] >= waiting,
                       'the backlog has arrived', LIVE_SECONDS_MAX)
            figures.add('drain', rate=waiting / (time.monotonic() - began))
            live = sum(end_live(process) for process in lives)
            stage.stored(waiting + live)
            stage.delivered()
            counts = bench.hold_to_account('drain', stage, waiting)
            for dataset, figure in counts['live'].items():
                figures.add(dataset, p50=figure['ms_p50'], p99=figure['ms_p99'],
                            worst=figure['ms_max'], readings=figure['readings'])
    print_table(
        f'A recipient back to {count:,} waiting readings while {LIVE_RATE} live readings a second '
        f'of each dataset arrive: backlog drained at {figures.text("drain", "rate")} readings/s; '
        'from the meter to the recipient meanwhile:',
        ('live readings of', 'readings', 'ms p50', 'p99', 'worst'),
        [[name, figures.text(dataset, 'readings'), figures.text(dataset, 'p50'),
          figures.text(dataset, 'p99'), figures.text(dataset, 'worst')]
         for dataset, name in (('energy', 'the same dataset'),
                               ('alarm', 'a dataset of alarms'))])


def start_live(stage):
    """Loads that send readings of the moment, for each dataset that has a way in."""
    if stage.way == 'coap':
        return []
    return [subprocess.Popen(
        [str(word) for word in stage.load_command(
            '--live', '--rate', LIVE_RATE, '--seconds', LIVE_SECONDS_MAX, '--count', 10**9,
            '--connections', LIVE_CONNECTIONS, '--devices', LIVE_DEVICES, dataset=dataset,
            client_id=f'live-{dataset}')], stdout=subprocess.PIPE, text=True)
        for dataset in ('energy', 'alarm')]


def end_live(process):
    process.terminate()
    text, _ = process.communicate()
    return json.loads(text)['acknowledged']


def kill(bench):
    """kill -9 under load; the meters send again what they have no answer for."""
    rate, figures = bench.count(KILL_RATE), Figures()
    seconds = KILL_EVERY_SECONDS * (KILLS + 1)
    for _ in range(bench.arguments.repeat):
        with bench.stage(device='"keep"') as stage:
            stage.start_sink()
            stage.start()
            taken = stage.directory / 'taken.txt'
            load = subprocess.Popen(
                [str(word) for word in stage.load_command(
                    '--resume', '--rate', rate, '--count', rate * seconds,
                    '--acknowledged', taken, *load_options(bench))],
                stdout=subprocess.PIPE, text=True)
            for _ in range(KILLS):
                time.sleep(KILL_EVERY_SECONDS)  # only how much is under way depends on it
                stage.gateway.kill()
                stage.start()
            text, _ = load.communicate()
            done = json.loads(text)
            stage.delivered()
            arrived = numbers_of(stage.sink.readings())
            lost = sum(len(numbers - arrived.get(f'{device} energy.active', set()))
                       for device, numbers in numbers_of(taken.read_text()).items())
            counts = bench.hold_to_account('kill', stage, done['acknowledged'])
            figures.add('kill', acknowledged=done['acknowledged'], lost=lost,
                        resent=done['resent'], twice=counts['repeated_readings'])
            if lost:
                bench.faults.append(f'kill: {lost} acknowledged readings did not arrive')
    print_table(
        f'{KILLS} times kill -9 at {rate:,} messages/s, started again at once:',
        ('acknowledged', 'acknowledged and lost', 'sent again by the meters',
         'arrived twice, told apart by device and time'),
        [[figures.text('kill', column) for column in ('acknowledged', 'lost', 'resent', 'twice')]])
