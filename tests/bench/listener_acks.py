"""How fast messages are acknowledged: by a broker alone, by the gateway after its commit, on a slow
disk, and through a broker.
"""
import shutil
import time

from figures import Figures, print_table
from stage import PROGRAMS, Mosquitto, cpu_seconds, free_port, run_load

MESSAGES = 1_000_000
SLOW_MESSAGES = 300_000
BROKER_MESSAGES = 20_000  # one commit a message
DEVICES = 1000
SLOW_SYNC_MS = 10
ALONE = 'mosquitto alone'
LOADS = ((100, 20, 1), (1000, 10, 1), (100, 1, 1), (100, 20, 2))  # connections, in flight, QoS


def shape(connections, in_flight, qos=1):
    return ('--connections', connections, '--in-flight', in_flight, '--qos', qos,
            '--devices', DEVICES)


def label(connections, in_flight, qos):
    return f'{connections} x {in_flight}, QoS {qos}'


def mosquitto_alone(bench, figures, load, count):
    directory = bench.disk.mount / 'mosquitto'
    directory.mkdir()
    broker = Mosquitto(directory, free_port())
    try:
        done = run_load([PROGRAMS / 'mqtt_load', '--port', broker.port, '--count', count,
                         *shape(*load)])
        used = cpu_seconds(broker.process)
    finally:
        broker.kill()
        shutil.rmtree(directory)
    add(figures, (ALONE, load), done, used, 0)
    return done['rate']


def add(figures, row, done, receiver_cpu, sink_cpu):
    each = 1e6 / done['acknowledged']
    figures.add(row, rate=done['rate'], p50=done['ack_ms']['p50'], p99=done['ack_ms']['p99'],
                receiver=receiver_cpu * each, load=done['cpu_s'] * each, sink=sink_cpu * each)


def whole_job(bench, figures, row, count, options, **settings):
    """From the device to the sink: acknowledged rate, and what every process spent until the sink
    had everything."""
    with bench.stage(**settings) as stage:
        sink, gateway = stage.start_sink(), stage.start()
        disk, said = bench.disk.bytes_written(), stage.written()
        began, sink_began = cpu_seconds(gateway.process), cpu_seconds(sink.process)
        done = stage.load('--count', count, *options)
        stage.stored(done['acknowledged'])
        ledger = stage.delivered()
        add(figures, row, done, cpu_seconds(gateway.process) - began,
            cpu_seconds(sink.process) - sink_began)
        figures.add(row, said=(stage.written() - said) / done['acknowledged'],
                    wire=ledger['uplinks']['city']['bytes_sent'] / done['acknowledged'])
        if disk is not None:
            figures.add(row, device=(bench.disk.bytes_written() - disk) / done['acknowledged'])
        bench.hold_to_account(str(row), stage, done['acknowledged'])
        return done


def acks(bench):
    count, figures = bench.count(MESSAGES), Figures()
    for _ in range(bench.arguments.repeat):
        for load in LOADS:
            reference = mosquitto_alone(bench, figures, load, count)
            done = whole_job(bench, figures, ('gateway', load), count, shape(*load))
            figures.add(('gateway', load), ratio=done['rate'] / reference)
    rows = [[f'{who}, {label(*load)}', *cells(figures, (who, load))]
            for load in LOADS for who in (ALONE, 'gateway')]
    print_table(
        f'Acknowledged, {count:,} messages of 120 bytes from {DEVICES} meters (connections x in '
        'flight). The gateway decodes, makes pseudonyms, commits with synchronous=FULL, answers, '
        'and delivers to an HTTP recipient; CPU is us a message until the recipient has all:',
        ('', 'acknowledged/s', 'of mosquitto', 'ack ms p50', 'p99', 'CPU of the receiver',
         'of the recipient', 'of the load', 'device bytes a message', 'as the gateway says',
         'bytes on the wire'), rows)


def cells(figures, row):
    return (figures.text(row, 'rate'), figures.text(row, 'ratio', 2), figures.text(row, 'p50', 1),
            figures.text(row, 'p99', 1), figures.text(row, 'receiver', 2),
            figures.text(row, 'sink', 2), figures.text(row, 'load', 2),
            figures.text(row, 'device', 1), figures.text(row, 'said', 1),
            figures.text(row, 'wire', 1))


def slow_disk(bench):
    count, figures = bench.count(SLOW_MESSAGES), Figures()
    loads = ((100, 20, 1), (300, 10, 1), (300, 1, 1))
    for _ in range(bench.arguments.repeat):
        for load in loads:
            whole_job(bench, figures, load, count // load[1] if load[1] == 1 else count,
                      shape(*load), slow_sync_ms=SLOW_SYNC_MS)
    print_table(
        f'Every fsync {SLOW_SYNC_MS} ms slower:',
        ('connections x in flight', 'acknowledged/s', 'ack ms p50', 'p99', 'CPU us a message'),
        [[label(*load), figures.text(load, 'rate'), figures.text(load, 'p50', 1),
          figures.text(load, 'p99', 1), figures.text(load, 'receiver', 2)] for load in loads])


def broker(bench):
    """The way in that exists for brokers that exist: Paho, one commit a message."""
    count, figures = bench.count(BROKER_MESSAGES), Figures()
    for _ in range(bench.arguments.repeat):
        with bench.stage(way='broker') as stage:
            sink, gateway = stage.start_sink(), stage.start()
            before = {name: cpu_seconds(program.process) for name, program in
                      (('gateway', gateway), ('mosquitto', stage.broker), ('sink', sink))}
            began = time.monotonic()
            done = stage.load('--count', count, *shape(100, 10))
            stage.stored(done['acknowledged'])
            stored_s = time.monotonic() - began
            stage.delivered()
            figures.add('broker', **{
                name: (cpu_seconds(program.process) - before[name]) * 1e6 / count
                for name, program in (('gateway', gateway), ('mosquitto', stage.broker),
                                      ('sink', sink))})
            figures.add('broker', rate=count / stored_s)
            bench.hold_to_account('broker', stage, done['acknowledged'])
    print_table(
        f'Through mosquitto to driver = "mqtt", {count:,} messages:',
        ('stored/s', 'CPU us a message: gateway', 'mosquitto', 'recipient'),
        [[figures.text('broker', 'rate'), figures.text('broker', 'gateway', 1),
          figures.text('broker', 'mosquitto', 1), figures.text('broker', 'sink', 1)]])
