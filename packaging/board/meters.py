"""Water meters on this machine that publish to the board all the time, and know what it has
acknowledged."""
from harness import eventually
from mqtt_device import MqttDevice
from mqtt_fleet import Fleet

QUANTITY = 'water.volume'
ACKNOWLEDGED_SECONDS_MAX = 300
ARRIVED_SECONDS_MAX = 300


class Meters:
    def __init__(self, board, passwords, pace):
        """A meter for each name of `passwords`, with a reading every `pace` seconds, QoS 1."""
        self._board, self._lost = board, set()
        self._fleet = Fleet(board.mqtt, [MqttDevice(name, password, pace=pace)
                                         for name, password in passwords.items()])
        self._fleet.start()

    @property
    def acknowledged(self):
        return self._fleet.acknowledged

    def await_acknowledged(self, count):
        """Until so many more readings are acknowledged."""
        wanted = self.acknowledged + count
        eventually(lambda: self._fleet.failure or self.acknowledged >= wanted,
                   f'{count} readings are acknowledged', ACKNOWLEDGED_SECONDS_MAX)
        if self._fleet.failure:
            raise self._fleet.failure

    def missing(self):
        """What was acknowledged and the city does not have: (meter, value), in order."""
        return sorted(self._acknowledged() - set(self._board.city.effects(QUANTITY)))

    def write_off(self, lost):
        """Readings that a control has lost: they are expected nowhere any more."""
        self._lost.update(lost)

    def await_arrived(self):
        """Until the city has what was acknowledged up to now."""
        acknowledged = self._acknowledged()
        eventually(lambda: acknowledged <= set(self._board.city.effects(QUANTITY)),
                   'the city has everything that was acknowledged', ARRIVED_SECONDS_MAX)

    def _acknowledged(self):
        return {(device.name, value) for device in self._fleet.devices
                for value in device.acknowledged.copy()} - self._lost

    def refused(self):
        return [one for device in self._fleet.devices for one in device.refused]

    def settle(self):
        """No new readings; all that were sent are acknowledged."""
        self._fleet.settle()

    def stop(self):
        self._fleet.stop()
