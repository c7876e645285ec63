"""The configuration of the board."""
from wiring import HOST

FILE = '/etc/passerelle/passerelle.toml'
MARK = '/run/clock-is-set'  # somebody vouches for the clock
MQTT, COAP = 1883, 5684
METERS, SENSORS = 'meters', 'sensors'  # the sources


def text(city_port):
    """The file, for a city at a port of this machine."""
    return _TEXT.format(mark=MARK, meters=METERS, sensors=SENSORS, mqtt=MQTT, coap=COAP,
                        city=f'{HOST}:{city_port}')


_TEXT = '''
[gateway]
id = "board-01"
city = "Testville"
language = "en"

[buffer]
path = "/var/lib/passerelle/buffer.db"
size_max = "256 MiB"

[clock]
trust = "mark"
mark = "{mark}"
wait_max = "30 d"

[status]
listen = "127.0.0.1:8080"
socket = "/run/passerelle/status.sock"

[[source]]
name = "{meters}"
driver = "mqtt-listener"
listen = "0.0.0.0:{mqtt}"
accounts = {{ file = "/etc/passerelle/devices" }}
topics = ["water/{{device}}/reading"]
format = "json"
dataset = "everything"
[source.json]
time = "/ts"
readings = [{{ quantity = "water.volume", path = "/m3", unit = "m3" }}]

[[source]]
name = "{sensors}"
driver = "coap"
listen = ""
listen_secure = "0.0.0.0:{coap}"
device_keys = {{ file = "/etc/passerelle/keys" }}
topics = ["air/{{device}}"]
format = "senml-json"
dataset = "rooms"
[source.quantities]
temperature = "air.temperature"

[[dataset]]
name = "everything"
purpose = "to see that the board keeps what it acknowledges"
legal_basis = "public task"
[dataset.fields]
device = "keep"

[[dataset]]
name = "rooms"
purpose = "to see that the board keeps its keys"
legal_basis = "public task"
[dataset.fields]
device = "pseudonym"

[[uplink]]
name = "city"
kind = "http"
url = "http://{city}/v1/batches"
batch_age_max = "200 ms"
retry_min = "100 ms"
retry_max = "1 s"
'''
