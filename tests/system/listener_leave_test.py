"""A device that says everything at once and is gone before the gateway looks: it is still heard."""
import fcntl
import json
import signal
import socket
import struct
import termios
import time
import unittest

import mqtt_wire as wire
from harness import eventually
from listener_stage import PASSWORD, ListenerTest
from load import stamp
from loopback import LOOPBACK

NAME = 'hasty'
READINGS = 200  # more than the gateway reads at a time


class Leave(ListenerTest):
    devices = [NAME]

    def test_what_a_device_said_before_it_was_gone_is_taken(self):
        start = int(time.time() * 1000) - 60_000
        with socket.create_connection((LOOPBACK, self.ports.mqtt)) as device:
            device.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            device.sendall(wire.connect(NAME, name=NAME, password=PASSWORD))
            eventually(lambda: self.source('meters')['connections'] == 1, 'it is let in')
            eventually(lambda: _unread(device) == 4, 'it is told so')
            self.gateway.process.send_signal(signal.SIGSTOP)
            # The answer to this one cannot be delivered any more: its CONNACK unread, the device
            # resets the connection.
            device.sendall(wire.PING)
            for number in range(READINGS):
                payload = json.dumps({'ts': stamp(start + number), 'm3': number}).encode()
                device.sendall(wire.publish(f'water/{NAME}/reading', payload, 0, 0))
            eventually(lambda: _unsent(device) == 0, 'all of it is at the other end')
        self.gateway.process.send_signal(signal.SIGCONT)
        eventually(lambda: self.gateway.ledger()['received'] == READINGS, 'every reading is taken')
        ledger = self.delivered()
        self.assertEqual(self.city.effects('water.volume'),
                         {(NAME, number): 1 for number in range(READINGS)})
        self.assert_nothing_lost_or_doubled(ledger)


def _unread(device):
    return _bytes(device, termios.FIONREAD)


def _unsent(device):
    return _bytes(device, termios.TIOCOUTQ)


def _bytes(device, question):
    return struct.unpack('i', fcntl.ioctl(device, question, bytes(4)))[0]


if __name__ == '__main__':
    unittest.main()
