"""A node at a serial line of the board, and the board without that line."""
import select
import socket
import threading
import time

import box_settings
from harness import eventually

LINE = 'line.sock'  # in the board's directory
# A port of the board whose other end is a socket of this machine.
PORT = ('-chardev', f'socket,id=line,path={LINE},server=on,wait=off',
        '-device', 'pci-serial,chardev=line')
SOURCE = 'line'
# Before the rest: without a part at its end a configuration would be taken for one cut off.
SETTINGS = f'''
[[source]]
name = "{SOURCE}"
driver = "serial"
device = "/dev/board-line"
format = "protobuf"
dataset = "everything"
'''
MAY_SEE_LINE = '''[Service]
PrivateDevices=no
DevicePolicy=closed
DeviceAllow=char-ttyS rw
SupplementaryGroups=dialout
'''
NODE, QUANTITY = 'node-1', 'air.temperature'
READINGS = 20
TICK_SECONDS = 0.05
CHUNK_BYTES = 4096
SECONDS_MAX = 120


class LineNode(threading.Thread):
    """A simulated node at a socket: it keeps what is not acknowledged, as a real one does."""

    def __init__(self, path):
        from serial_node import SimulatedNode  # there since the driver is
        super().__init__(name=NODE, daemon=True)
        self._node, self._lock = SimulatedNode(NODE), threading.Lock()
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(str(path))
        self._ending = False

    def say(self, value):
        reading = {'quantity': QUANTITY, 'number': float(value), 'unit': 'Cel',
                   'observed_at_ms': int(time.time() * 1000)}
        with self._lock:
            self._node.add([reading])

    @property
    def waiting(self):
        with self._lock:
            return len(self._node.queue)

    def run(self):
        while not self._ending:
            ready = select.select([self._socket], [], [], TICK_SECONDS)[0]
            received = self._socket.recv(CHUNK_BYTES) if ready else b''
            now = int(time.monotonic() * 1000)
            with self._lock:
                sent = self._node.feed(now, received) if received else self._node.tick(now)
            self._socket.sendall(sent)

    def stop(self):
        self._ending = True
        self.join(SECONDS_MAX)
        self._socket.close()


class SerialLine:
    def __init__(self, name, installation, report):
        self._name, self._report = name, report
        self._board, self._meters = installation.board, installation.meters

    def run(self):
        board = self._board
        board.machine.write('/tmp/line.toml', SETTINGS + board.settings)
        if board.machine.run('passerelle check /tmp/line.toml')[0]:
            self._report.say(self._name, 'left out: this version has no driver for serial lines')
            return
        with self._report.step(self._name, 'readings over a serial line are acknowledged'):
            self._read()
        with self._report.step(self._name, 'a board that lacks its serial line takes the rest'):
            self._lack()

    def _read(self):
        board = self._board
        board.configure(SETTINGS + board.settings)
        board.drop_in(MAY_SEE_LINE)
        board.off()
        board.boot(*PORT)
        node = LineNode(board.directory / LINE)
        node.start()
        for value in range(READINGS):
            node.say(value)
        eventually(lambda: not node.waiting, 'the node has its acknowledgements', SECONDS_MAX)
        node.stop()
        wanted = {(NODE, value) for value in range(READINGS)}
        eventually(lambda: wanted <= set(board.city.effects(QUANTITY)), 'they are in the city',
                   SECONDS_MAX)

    def _lack(self):
        """It says which source is away; meters are served as ever."""
        board = self._board
        board.off()
        board.boot()
        board.await_ready()
        away = [source['name'] for source in board.status()['sources'] if not source['connected']]
        assert away == [SOURCE], away
        self._meters.await_acknowledged(READINGS)
        self._meters.await_arrived()
        board.configure()
        board.drop_in('')
