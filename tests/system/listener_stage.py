"""A gateway to which devices connect over MQTT themselves, beside CoAP, and the city behind it."""
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from harness import PASSERELLE, CityTest
from loopback import LOOPBACK, free_port, free_udp_port

PASSWORD = 'a password of this test only'
PAYLOAD_BYTES_MAX = 4096
REMARKS = [f'remark_{number}' for number in range(10)]  # texts that go with a reading of `meters`


@dataclass
class Ports:
    mqtt: int = field(default_factory=free_port)
    secure: int = field(default_factory=free_port)
    open: int = field(default_factory=free_port)
    senml_json: int = field(default_factory=free_udp_port)
    status: int = field(default_factory=free_port)
    city: int = field(default_factory=free_port)


class ListenerTest(CityTest):
    """`devices` have an account each, all with PASSWORD."""

    devices = ()
    secure = ''  # settings of TLS, if the source has any
    buffer = ''  # more settings of the buffer

    def setUp(self):
        super().setUp()
        self.ports = Ports()
        self.prepare()
        write_accounts(self.directory / 'devices', self.devices)
        self.settings = self.directory / 'passerelle.toml'
        self.settings.write_text(_TEXT.format(
            directory=self.directory, host=LOOPBACK, ports=self.ports, buffer=self.buffer,
            secure=self.secure, payload_bytes_max=PAYLOAD_BYTES_MAX,
            pointers=', '.join(f'{name} = "/{name}"' for name in REMARKS),
            kept='\n'.join(f'{name} = "keep"' for name in REMARKS)))
        self.city = self.start_city()
        self.gateway = self.start_gateway()

    def prepare(self):
        """What must be there before the configuration is written."""

    def source(self, name):
        """What /status says of a source."""
        return next(one for one in self.gateway.status()['sources'] if one['name'] == name)

    def turned_away(self):
        return self.source('meters').get('turned_away', {})


def write_accounts(path, devices):
    """All have the same hash: making one takes milliseconds, verifying it takes as long for each."""
    line = subprocess.run([PASSERELLE, 'account', 'anybody'], input=PASSWORD + '\n', text=True,
                          stdout=subprocess.PIPE, check=True).stdout
    secret = line.partition(':')[2]
    Path(path).write_text(''.join(f'{device}:{secret}' for device in devices))
    Path(path).chmod(0o600)


_TEXT = '''
[gateway]
id = "system-test-01"
city = "Testville"
state_directory = "{directory}/state"

[buffer]
path = "{directory}/buffer.db"
{buffer}

[clock]
trust = "always"

[status]
listen = "{host}:{ports.status}"

[[source]]
name = "meters"
driver = "mqtt-listener"
listen = "{host}:{ports.mqtt}"
accounts = {{ file = "{directory}/devices" }}
topics = ["water/{{device}}/reading"]
payload_bytes_max = {payload_bytes_max}
format = "json"
dataset = "everything"
{secure}
[source.json]
time = "/ts"
readings = [{{ quantity = "water.volume", path = "/m3", unit = "m3" }}]
attributes = {{ {pointers} }}

[[source]]
name = "open"
driver = "mqtt-listener"
listen = "{host}:{ports.open}"
anonymous = true
topics = ["water/{{device}}/reading"]
format = "json"
dataset = "everything"
[source.json]
time = "/ts"
readings = [{{ quantity = "water.volume", path = "/m3", unit = "m3" }}]

[[source]]
name = "air"
driver = "coap"
listen = "{host}:{ports.senml_json}"
topics = ["air/{{device}}"]
format = "senml-json"
dataset = "everything"
[source.quantities]
pm10 = "air.pm10"

[[dataset]]
name = "everything"
purpose = "to see that the gateway keeps its promises"
legal_basis = "public task"
[dataset.fields]
device = "keep"
{kept}

[[uplink]]
name = "city"
kind = "http"
url = "http://{host}:{ports.city}/v1/batches"
encoding = "protobuf"
compression = "zstd"
batch_age_max = "200 ms"
retry_min = "100 ms"
retry_max = "1 s"
'''
