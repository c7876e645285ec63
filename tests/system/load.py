"""Devices that keep sending and know exactly which of their readings were acknowledged."""
import json
import threading
import time
from datetime import datetime, timezone

import paho.mqtt.client as mqtt

from coap_client import CONTENT_FORMATS, CoapClient
from harness import WAIT_SECONDS_MAX
from loopback import LOOPBACK

MESSAGES_UNDER_WAY_MAX = 50
PACE_SECONDS = 0.02  # between two readings of a device: a broker takes more than a disk


def stamp(milliseconds):
    """RFC 3339 of so many milliseconds since 1970."""
    return datetime.fromtimestamp(milliseconds / 1000, timezone.utc).isoformat(
        timespec='milliseconds').replace('+00:00', 'Z')


class Device(threading.Thread):
    """Sends readings with the values 1, 2, 3 … until told to stop. `acknowledged` holds the values
    that the other side has taken, `sent` those it may have."""

    def __init__(self, name):
        super().__init__(name=name, daemon=True)
        self.acknowledged, self.sent = set(), 0
        self._start_ms = int(time.time() * 1000) - 3_600_000
        self._stopping = threading.Event()

    def next_reading(self):
        """(value, milliseconds since 1970)"""
        self.sent += 1
        return self.sent, self._start_ms + self.sent

    def stop(self):
        self._stopping.set()
        self.join(WAIT_SECONDS_MAX)


class Meter(Device):
    """A water meter that publishes JSON at the broker, QoS 1. The broker acknowledges, and keeps
    the message until the gateway has."""

    def __init__(self, port, name):
        super().__init__(name)
        self._room = threading.Semaphore(MESSAGES_UNDER_WAY_MAX)
        self._values = {}
        self._lock = threading.Lock()
        self._client = connected_client(port)
        self._client.on_publish = self._on_publish

    def run(self):
        while not self._stopping.wait(PACE_SECONDS):
            if not self._room.acquire(timeout=1):
                continue
            value, milliseconds = self.next_reading()
            payload = json.dumps({'ts': stamp(milliseconds), 'm3': value})
            with self._lock:  # the acknowledgement may come before publish() returns
                sent = self._client.publish(f'water/{self.name}/reading', payload, qos=1)
                self._values[sent.mid] = value
        self._client.loop_stop()
        self._client.disconnect()

    def _on_publish(self, _client, _userdata, mid):
        with self._lock:
            self.acknowledged.add(self._values.pop(mid))
        self._room.release()


class AirSensor(Device):
    """Posts SenML over CoAP, one confirmable request at a time, again until it is answered."""

    def __init__(self, port, name):
        super().__init__(name)
        self._client = CoapClient(port)
        self.refused = []

    def run(self):
        while not self._stopping.wait(PACE_SECONDS):
            value, milliseconds = self.next_reading()
            payload = senml_reading('pm10', value, milliseconds)
            code = None
            while code is None and not self._stopping.is_set():
                code = self._client.post(f'air/{self.name}', payload, CONTENT_FORMATS['senml-json'],
                                         time.monotonic() + 5)
                if code and code.startswith('5.03'):
                    code = None
            if code == '2.04':
                self.acknowledged.add(value)
            elif code:
                self.refused.append(code)
        self._client.close()


def senml_reading(name, value, milliseconds):
    return json.dumps([{'n': name, 'v': value, 't': milliseconds / 1000}]).encode()


def connected_client(port):
    """A client of the broker with its own thread."""
    client = mqtt.Client(clean_session=True)
    client.max_inflight_messages_set(MESSAGES_UNDER_WAY_MAX)
    client.connect(LOOPBACK, port)
    client.loop_start()
    return client


def publish(port, messages):
    """Publishes (topic, payload) pairs and returns when the broker has all of them."""
    client = connected_client(port)
    for sent in [client.publish(topic, payload, qos=1) for topic, payload in messages]:
        sent.wait_for_publish(WAIT_SECONDS_MAX)
        assert sent.is_published()
    client.disconnect()
    client.loop_stop()
