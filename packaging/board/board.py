"""A board at its place: its disk, the ways to it from this machine, and the city behind it."""
import json
import subprocess
from pathlib import Path

import box_settings
import wiring
from disk import Disk
from harness import City, eventually
from loopback import free_port, free_udp_port
from machine import Machine, MachineFailure

INSTALL_SECONDS_MAX = 900  # with a restart of the service, which has ten minutes
READY_SECONDS_MAX = 300
DELIVERED_SECONDS_MAX = 300
JOURNAL_LINES = 40
STATUS_CODES = (0, 1, 2)  # well, degraded, failing
PASSWORD = 'a password of this test only'
DEVICES, KEYS = '/etc/passerelle/devices', '/etc/passerelle/keys'
DROP_IN = '/etc/systemd/system/passerelle.service.d/board-test.conf'
STICK = '/media'  # where the packages are


class Board:
    def __init__(self, directory, boot, image, stick):
        """`stick` is the image of a disk with packages that anybody may read."""
        self.directory = Path(directory)
        self.directory.mkdir()
        self._boot, self._stick = boot, stick
        self._image = self.directory / 'disk.img'
        subprocess.run(['cp', '--sparse=always', image, self._image], check=True)
        self._disk = Disk(self._image, self.directory)
        self.mqtt, self.coap, self._city_port = free_port(), free_udp_port(), free_port()
        self.machine = self.city = None
        self.settings = box_settings.text(self._city_port)

    # --- power

    def boot(self, *devices, flushes=True, quick=False):
        """Turns the power on; the seconds until the board takes commands. `devices` are more words
        for QEMU; a disk that does not flush says that it has."""
        self._disk.start(flushes)
        words = wiring.words(self._boot, self._disk.drive, self._stick, quick)
        self.machine = Machine(self.directory, [*words, *devices])
        seconds = self.machine.wait()
        self.machine.forward('tcp', self.mqtt, box_settings.MQTT)
        self.machine.forward('udp', self.coap, box_settings.COAP)
        return seconds

    def cut(self):
        """The power goes, and with it what the disk's cache held."""
        if self.machine:
            self.machine.cut()
        self._disk.cut()

    def off(self):
        self.machine.off()
        self._disk.stop()

    def file_system_faults(self):
        """What e2fsck says of the disk once its journal is played; the board is off."""
        subprocess.run(['e2fsck', '-p', self._image], check=False, stdout=subprocess.DEVNULL)
        check = subprocess.run(['e2fsck', '-f', '-n', self._image], check=False, text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return check.stdout if check.returncode else ''

    # --- the city

    def open_city(self):
        self.city = City(self.directory, self._city_port)

    def close_city(self):
        """It answers nobody; what it has it keeps."""
        self.city.kill()

    # --- the product

    def install(self, package):
        """dpkg's output."""
        self.mount()
        status, said = self.machine.run(f'dpkg --install {self.on_stick(package)}',
                                        INSTALL_SECONDS_MAX)
        if status:
            raise MachineFailure(f'status {status} of dpkg:\n{said}\n{self.journal()}')
        return said

    def on_stick(self, package):
        return f'{STICK}/{Path(package).name}'

    def installed(self):
        """The version."""
        return self.machine.must("dpkg-query --show --showformat '${Version}' passerelle")

    def mount(self):
        self.machine.must(f'mountpoint -q {STICK} || mount -o ro /dev/vdb {STICK}')

    def configure(self, settings=None):
        self.machine.write(box_settings.FILE, settings or self.settings)

    def let_in(self, names):
        """Lets water meters in, all with one password; name: password."""
        hashed = self.machine.must(f"echo '{PASSWORD}' | passerelle account anybody")
        secret = hashed.strip().partition(':')[2]
        self.machine.write(DEVICES, ''.join(f'{name}:{secret}\n' for name in names), '0600')
        self.machine.write(KEYS, '', '0600')
        self.machine.must(f'chown passerelle: {DEVICES} {KEYS}')
        return dict.fromkeys(names, PASSWORD)

    def drop_in(self, text):
        """Changes the service's unit, and starts it anew."""
        self.machine.must('mkdir -p "$(dirname %s)"' % DROP_IN)
        self.machine.write(DROP_IN, text)
        self.machine.must('systemctl daemon-reload && systemctl restart passerelle',
                          READY_SECONDS_MAX)

    def start(self):
        """The service; the board then has it at each boot."""
        self.machine.must('systemctl enable --now passerelle && sync', READY_SECONDS_MAX)

    def await_ready(self):
        try:
            self.machine.must('until systemctl is-active -q passerelle; do sleep 0.2; done',
                              READY_SECONDS_MAX)
        except MachineFailure as failure:
            raise MachineFailure(f'{failure}\n{self.journal()}') from None

    def property(self, name):
        """What systemd says of the service."""
        return self.machine.must(f'systemctl show --value --property={name} passerelle').strip()

    def status(self):
        """What `passerelle status --json` says; its exit status says whether all is well."""
        command = f'passerelle status --json --config {box_settings.FILE}'
        code, said = self.machine.run(command)
        if code not in STATUS_CODES:
            raise MachineFailure(f'status {code} of: {command}\n{said}')
        return json.loads(said)

    def await_delivered(self):
        """Until the city has all that the board has stored up to now."""
        stored = self._uplink()['stored']
        eventually(lambda: self._uplink()['delivered'] >= stored, 'the city has everything',
                   DELIVERED_SECONDS_MAX)

    def _uplink(self):
        return self.status()['ledger']['uplinks']['city']

    def journal(self):
        return self.machine.run(
            f'journalctl --no-pager -u passerelle -n {JOURNAL_LINES} --output=cat')[1]

    def close(self):
        self.cut()
        if self.city:
            self.city.kill()
