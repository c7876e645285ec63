"""A sensor on a serial line of the handbook's box: a pseudo-terminal below /dev/serial/by-id."""
import base64
import threading
import time

from serial_stage import Line, SimulatedNode
from serial_update import NodeUpdates

ADAPTER = 'usb-FTDI_FT232R_USB_UART_A50285BI-if00-port0'
NAME, VENDOR, DEVICE_CLASS, FIRMWARE = 'sonde-1', 'acme', 'air-2', 11


class NodeEvents:
    """What happens on the line. Box gives: test, places."""

    def on_node_plugged_in(self):
        updates = NodeUpdates([], VENDOR, DEVICE_CLASS)
        updates.firmware = FIRMWARE
        self.node = SimulatedNode(NAME, updates=updates)
        self.line = Line(self.places['/dev/serial/by-id'] / ADAPTER, self.node)
        self.test.addCleanup(self.line.stop)
        self.line.start()

    def on_node_measures(self):
        with self.line.lock:
            self.node.add([{'quantity': 'air.temperature', 'unit': 'Cel',
                            'decimal': {'mantissa': 215, 'exponent': -1}}])

    def on_node_measures_meanwhile(self):
        """While the next command goes on."""
        def measure():
            for _ in range(3):  # too few for it to have a rhythm, and to be silent afterwards
                time.sleep(2)
                self.on_node_measures()
        node = threading.Thread(target=measure)
        node.start()
        self.test.addCleanup(node.join)

    def on_node_starts(self):
        """It introduces itself, and is offered what there is; otherwise within a minute."""
        with self.line.lock:
            self.node.reboot()

    def give_key(self, public_key):
        """The maker puts the city's key into the firmware."""
        self.node.updates.keys = [base64.b64decode(public_key)]
