"""What happens to boxes in a kiosk. Each incident begins with a board at work and ends with one."""
import random
import time

import box_settings
from harness import eventually
from installation import ARRIVED_SECONDS_MAX, BACKLOG_READINGS, publish

SEED = 20260301
INSTALLS_CUT = 3
INSTALL_SECONDS = (0.3, 12.0)  # when the power goes in the middle of dpkg
SLACK_MS = 5000  # between this machine's clock and the board's
EVERYTHING = '/var/lib/passerelle'
STATE = '${Version} ${db:Status-Status}'  # of a package, as dpkg-query writes it
FILLER, LEFT_BYTES = '/filler', 4 << 20


class Incidents:
    def __init__(self, name, installation, packages, report):
        self._name, self._packages, self._report = name, packages, report
        self._board, self._meters = installation.board, installation.meters
        self._by_hand = installation.by_hand
        self._chance = random.Random(SEED)

    def run(self):
        steps = ((self._begin_in_1970, 'the board wakes up in 1970'),
                 (self._break_configuration, 'the configuration is broken at the boot'),
                 (self._cut_installs, f'{INSTALLS_CUT} power cuts during dpkg'),
                 (self._fill_disk, 'an upgrade on a full disk'),
                 (self._remove, 'a removal keeps the data'),
                 (self._purge, 'a purge says what it deletes'))
        for step, what in steps:
            with self._report.step(self._name, what):
                step()

    def _reboot(self, *devices):
        self._board.off()
        self._board.boot(*devices)

    def _begin_in_1970(self):
        """Readings without a time wait, and get the right one when the clock is set."""
        board = self._board
        began_ms = time.time() * 1000
        self._reboot('-rtc', 'base=1970-01-01')
        board.await_ready()
        device, password = self._by_hand
        publish(board, device, password, ['{"m3":70}', '{"m3":71}'])
        clock = board.status()['clock']
        assert not clock['trusted'] and clock['undated'] == 2, clock
        board.machine.must(f'date --set=@{time.time():.0f} && touch {box_settings.MARK}')
        arrived = eventually(self._of_1970, 'what was stored in 1970 is in the city',
                             ARRIVED_SECONDS_MAX)
        for reading in arrived:
            assert reading.time_quality == 'corrected', reading
            assert began_ms - SLACK_MS < reading.time_ms < time.time() * 1000 + SLACK_MS, reading
        self._meters.await_arrived()

    def _of_1970(self):
        found = [one for one in self._board.city.readings()
                 if one.device == self._by_hand[0] and one.value in (70, 71)]
        return found if len(found) == 2 else None

    def _break_configuration(self):
        """Half a file, as an editor leaves it that was cut off: the board says so, and mends."""
        board = self._board
        board.machine.must(f'echo "[gateway" >>{box_settings.FILE}; sync')
        self._reboot()
        board.machine.must(f'touch {box_settings.MARK}')
        eventually(self._is_told_as_broken, 'status says that the configuration is broken',
                   ARRIVED_SECONDS_MAX)
        board.configure()
        self._meters.await_acknowledged(BACKLOG_READINGS)
        self._meters.await_arrived()

    def _is_told_as_broken(self):
        status, _ = self._board.machine.run('test -S /run/passerelle/status.sock')
        return not status and 'configuration-broken' in [
            problem['code'] for problem in self._board.status()['problems']]

    def _cut_installs(self):
        """Another version is being unpacked; afterwards a technician does what dpkg asks for."""
        board, meters = self._board, self._meters
        for number in range(INSTALLS_CUT):
            package = (self._packages.previous, self._packages.tested)[number % 2]
            board.close_city()
            meters.await_acknowledged(BACKLOG_READINGS)
            board.mount()
            board.machine.must(f'setsid dpkg --install {board.on_stick(package)} '
                               '>/dev/null 2>&1 </dev/null &')
            lived = self._chance.uniform(*INSTALL_SECONDS)
            time.sleep(lived)
            board.cut()
            board.open_city()
            board.boot()
            found = board.machine.must(f'dpkg-query --show --showformat \'{STATE}\' passerelle')
            board.machine.run('dpkg --configure --pending')  # it may ask for another installation
            board.install(package)
            board.machine.must('systemctl restart passerelle')
            board.await_ready()
            meters.await_acknowledged(1)
            meters.await_arrived()
            self._report.say(self._name, f'cut after {lived:.1f} s of dpkg: found "{found}"')
        board.install(self._packages.tested)
        board.await_ready()

    def _fill_disk(self):
        """It fails without harm, and succeeds when there is room."""
        board, meters = self._board, self._meters
        board.close_city()
        meters.await_acknowledged(BACKLOG_READINGS)
        board.mount()
        board.machine.must('fallocate --length $(($(stat --file-system --format "%f * %S" /)'
                           f' - {LEFT_BYTES})) {FILLER}; cat /dev/zero >{FILLER}.rest; true')
        # The same version again: the gateway goes on filling what dpkg would need.
        status, said = board.machine.run(
            f'dpkg --install {board.on_stick(self._packages.tested)}')
        assert status and 'No space left' in said, f'status {status}: {said}'
        board.machine.run(f'rm {FILLER} {FILLER}.rest; dpkg --configure --pending')
        board.install(self._packages.previous)
        board.install(self._packages.tested)
        board.await_ready()
        board.open_city()
        meters.await_acknowledged(1)
        meters.await_arrived()

    def _remove(self):
        """With readings in the buffer that the city does not have."""
        board, meters = self._board, self._meters
        board.close_city()
        meters.await_acknowledged(BACKLOG_READINGS)
        board.machine.must('dpkg --remove passerelle')
        board.install(self._packages.tested)
        board.start()
        board.await_ready()
        board.open_city()
        meters.await_acknowledged(1)
        meters.await_arrived()
        meters.stop()
        summary = board.city.summary()
        assert summary['gaps'] == 0 and summary['duplicates'] == 0, summary

    def _purge(self):
        machine = self._board.machine
        said = machine.must('dpkg --purge passerelle')
        assert EVERYTHING in said and 'buffer.db' in said, said
        left = machine.must('ls -d /var/lib/passerelle /etc/passerelle 2>/dev/null; true')
        assert not left, left
