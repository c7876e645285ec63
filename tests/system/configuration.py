"""The configuration of the system tests: one source of each kind, a dataset, one uplink."""
from dataclasses import dataclass, field
from pathlib import Path

from loopback import LOOPBACK, free_port, free_udp_port


@dataclass
class Ports:
    mqtt: int = field(default_factory=free_port)
    listener: int = field(default_factory=free_port)  # for a source that a test adds
    status: int = field(default_factory=free_port)
    city: int = field(default_factory=free_port)
    senml_json: int = field(default_factory=free_udp_port)
    senml_cbor: int = field(default_factory=free_udp_port)
    secure: int = field(default_factory=free_udp_port)


SECRET_IDENTITY = 'noise-7'
SECRET_KEY = 'a key of this test only'

# What else a meter's message may say; without a rule it goes no further.
PERSONAL = ('phone', 'email', 'iban', 'modem', 'address', 'owner', 'note')

# Where a meter's message has what.
METER_JSON = '''[source.json]
time = "/ts"
readings = [{ quantity = "water.volume", path = "/m3", unit = "m3" }]
attributes = { customer = "/customer", %s }
''' % ', '.join(f'{name} = "/{name}"' for name in PERSONAL)


def write(directory, ports, device='"keep"', encoding='protobuf', compression='zstd',
          clock='trust = "always"', fields='', more=''):
    """Writes passerelle.toml for the ports; `device` is the rule for the devices' names, `clock`
    the keys of [clock], `fields` the rules of the fields of PERSONAL, `more` tables at the end."""
    directory = Path(directory)
    key = directory / 'noise-7.key'
    key.write_text(SECRET_KEY)
    key.chmod(0o600)
    path = directory / 'passerelle.toml'
    path.write_text(_TEXT.format(
        directory=directory, ports=ports, host=LOOPBACK, device=device, encoding=encoding,
        compression=compression, clock=clock, fields=fields, meter_json=METER_JSON,
        identity=SECRET_IDENTITY, key=key) + more)
    return path


_TEXT = '''
[gateway]
id = "system-test-01"
city = "Testville"
state_directory = "{directory}/state"

[buffer]
path = "{directory}/buffer.db"

[clock]
{clock}

[status]
listen = "{host}:{ports.status}"

[[source]]
name = "meters"
driver = "mqtt"
url = "mqtt://{host}:{ports.mqtt}"
topics = ["water/{{device}}/reading"]
payload_bytes_max = 4096
format = "json"
dataset = "everything"
{meter_json}
[[source]]
name = "lorawan"
driver = "mqtt"
url = "mqtt://{host}:{ports.mqtt}"
topics = ["application/+/device/+/event/up"]
format = "chirpstack"
payload = "cayenne-lpp"
dataset = "everything"
[source.quantities]
temperature = "air.temperature"

[[source]]
name = "kiosks"
driver = "mqtt"
url = "mqtt://{host}:{ports.mqtt}"
topics = ["energy/{{device}}"]
format = "protobuf"
dataset = "everything"

[[source]]
name = "air"
driver = "coap"
listen = "{host}:{ports.senml_json}"
topics = ["air/{{device}}"]
format = "senml-json"
dataset = "everything"
[source.quantities]
temperature = "air.temperature"
pm10 = "air.pm10"

[[source]]
name = "noise"
driver = "coap"
listen = "{host}:{ports.senml_cbor}"
listen_secure = "{host}:{ports.secure}"
topics = ["noise/{{device}}"]
format = "senml-cbor"
dataset = "everything"
[source.quantities]
laeq = "noise.laeq"
[source.pre_shared_keys]
{identity} = {{ file = "{key}" }}

[[dataset]]
name = "everything"
purpose = "to see that the gateway keeps its promises"
legal_basis = "public task"
[dataset.fields]
device = {device}
{fields}

[[uplink]]
name = "city"
kind = "http"
url = "http://{host}:{ports.city}/v1/batches"
encoding = "{encoding}"
compression = "{compression}"
batch_age_max = "200 ms"
retry_min = "100 ms"
retry_max = "1 s"
'''
