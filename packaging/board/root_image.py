"""The board's disk as a technician finds it: Debian 12 with systemd, and what Passerelle's package
depends on, but not Passerelle."""
import subprocess
import sys
from pathlib import Path

import cache
from kernel import ARCHITECTURE, sources

GUEST = Path(__file__).parent / 'guest'
FOREIGN = Path(__file__).parent / 'foreign.py'
IMAGE_SIZE = '1200M'
PACKAGES = ('systemd', 'systemd-sysv', 'udev', 'kmod', 'iproute2')
NOT_WANTED = ('doc', 'man', 'locale')  # of /usr/share
# What an image for many boards starts and this board has no use for; each costs a boot time.
MASKED = (
    'apt-daily.timer', 'apt-daily-upgrade.timer', 'dpkg-db-backup.timer', 'e2scrub_all.timer',
    'e2scrub_reap.service', 'fstrim.timer', 'getty.target', 'systemd-logind.service',
    'systemd-user-sessions.service', 'systemd-update-utmp.service',
    'systemd-update-utmp-runlevel.service', 'systemd-modules-load.service',
    'systemd-journal-flush.service', 'systemd-random-seed.service', 'systemd-sysusers.service',
    *(f'modprobe@{module}.service' for module in ('configfs', 'dm_mod', 'efi_pstore', 'fuse',
                                                  'loop')),
    'dev-hugepages.mount', 'dev-mqueue.mount', 'sys-fs-fuse-connections.mount',
    'sys-kernel-config.mount', 'sys-kernel-debug.mount', 'sys-kernel-tracing.mount')
STARTED = ('board-ear', 'board-network')
BESIDE = ('board-empty',)  # there, and started by a measurement
WRITTEN = {
    'etc/hostname': 'board\n',
    'etc/hosts': '127.0.0.1 localhost board\n',
    'etc/fstab': '',  # the disk is mounted by the initial RAM disk
    'etc/machine-id': '20260301202603012026030120260301\n',  # no first boot each time
}


def root_image(depends):
    """The image of a disk with the packages named."""
    made_from = [sorted(depends), PACKAGES, NOT_WANTED]
    debian = cache.cached('debian', made_from, lambda place: _bootstrap(place, depends))
    made_from += [debian.name, Path(__file__),
                  *sorted(path for path in GUEST.iterdir() if path.name != 'init')]
    return cache.cached('root', made_from, lambda place: _make(place, debian)) / 'image'


def _bootstrap(directory, depends):
    excluded = [f'--dpkgopt=path-exclude=/usr/share/{folder}/*' for folder in NOT_WANTED]
    subprocess.run(
        [sys.executable, FOREIGN, 'mmdebstrap', '--quiet', '--mode=root', '--variant=essential',
         f'--architectures={ARCHITECTURE}', *excluded, '--aptopt=Acquire::Languages "none"',
         '--include=' + ','.join((*PACKAGES, *depends)), 'bookworm', directory / 'root.tar', '-'],
        input=sources(), text=True, check=True)


def _make(directory, debian):
    root = directory / 'root'
    root.mkdir()
    subprocess.run(['tar', '--numeric-owner', '--xattrs', '-C', root, '-xpf', debian / 'root.tar'],
                   check=True)
    _furnish(root)
    make_disk(directory / 'image', root, IMAGE_SIZE)
    subprocess.run(['rm', '-r', root], check=True)


def make_disk(image, content, size):
    """The image of a disk with what is in a directory."""
    image.touch()
    subprocess.run(['truncate', '--size', size, image], check=True)
    subprocess.run(['mke2fs', '-q', '-F', '-t', 'ext4', '-d', content, image], check=True)


def _furnish(root):
    for path, text in WRITTEN.items():
        (root / path).write_text(text)
    units = root / 'etc/systemd/system'
    for unit in MASKED:
        (units / unit).unlink(missing_ok=True)
        (units / unit).symlink_to('/dev/null')
    wanted = units / 'multi-user.target.wants'
    wanted.mkdir(exist_ok=True)
    for name in (*STARTED, *BESIDE):
        (units / f'{name}.service').write_text((GUEST / f'{name}.service').read_text())
    for name in STARTED:
        (wanted / f'{name}.service').symlink_to(f'../{name}.service')
    (root / 'etc/board-network').write_text((GUEST / 'board-network').read_text())
    rules = root / 'etc/udev/rules.d/70-board-line.rules'
    rules.write_text((GUEST / 'board-line.rules').read_text())
    ear = root / 'usr/local/sbin/board-ear'
    ear.write_text((GUEST / 'board-ear').read_text())
    ear.chmod(0o755)
