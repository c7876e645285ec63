"""The board's kernel, as Debian builds it, and a small initial RAM disk that mounts its disk."""
import gzip
import subprocess
from pathlib import Path

import cache

ARCHITECTURE = 'arm64'
PACKAGE = f'linux-image-cloud-{ARCHITECTURE}'
# All that the board is made of; what they need in turn is in modules.dep. ext4, the clock and the
# serial lines are in the kernel itself.
MODULES = ('virtio_pci', 'virtio_blk', 'virtio_net', 'virtio_console', 'virtio-rng')
INIT = Path(__file__).parent / 'guest/init'
KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg'
SUITES = (('http://deb.debian.org/debian', 'bookworm'),
          ('http://deb.debian.org/debian', 'bookworm-updates'),
          ('http://deb.debian.org/debian-security', 'bookworm-security'))


def sources():
    """Where the board's packages come from, as a sources.list."""
    return ''.join(f'deb [signed-by={KEYRING}] {place} {suite} main\n' for place, suite in SUITES)


def kernel():
    """A directory with `vmlinuz` and `initrd`."""
    return cache.cached('kernel', [Path(__file__), INIT], _make)


def _make(directory):
    unpacked = directory / 'unpacked'
    for package in _download(directory):
        subprocess.run(['dpkg-deb', '--extract', package, unpacked], check=True)
        package.unlink()
    version, = (path.name for path in (unpacked / 'lib/modules').iterdir())
    subprocess.run(['depmod', '--basedir', unpacked, version], check=True)
    (unpacked / f'boot/vmlinuz-{version}').rename(directory / 'vmlinuz')
    _pack(directory / 'initrd', unpacked, unpacked / 'lib/modules' / version)
    subprocess.run(['rm', '-r', unpacked, directory / 'apt'], check=True)


def _download(directory):
    """The kernel's package and busybox, by an apt that knows nothing of this machine's packages."""
    apt = directory / 'apt'
    for place in ('lists/partial', 'cache/archives/partial'):
        (apt / place).mkdir(parents=True)
    (apt / 'sources.list').write_text(sources())
    (apt / 'status').touch()
    options = [word for option in (
        f'Dir::Etc::sourcelist={apt}/sources.list', 'Dir::Etc::sourceparts=/dev/null',
        f'Dir::State::lists={apt}/lists', f'Dir::State::status={apt}/status',
        f'Dir::Cache={apt}/cache', f'APT::Architecture={ARCHITECTURE}',
        f'APT::Architectures={ARCHITECTURE}', 'Acquire::Languages=none',
        'APT::Sandbox::User=root') for word in ('-o', option)]
    subprocess.run(['apt-get', *options, '-qq', 'update'], check=True)
    needed = subprocess.run(['apt-cache', *options, 'depends', PACKAGE], check=True, text=True,
                            stdout=subprocess.PIPE).stdout
    image = next(line.split()[1] for line in needed.splitlines() if 'Depends: linux-image' in line)
    subprocess.run(['apt-get', *options, '-qq', 'download', image, 'busybox-static'], check=True,
                   cwd=directory)
    return list(directory.glob('*.deb'))


def _pack(initrd, unpacked, modules):
    content = initrd.parent / 'content'
    for folder in ('bin', 'proc', 'dev', 'disk', 'modules'):
        (content / folder).mkdir(parents=True)
    (unpacked / 'bin/busybox').rename(content / 'bin/busybox')
    (content / 'init').write_bytes(INIT.read_bytes())
    (content / 'init').chmod(0o755)
    order = _in_order(modules / 'modules.dep')
    for path in order:
        (modules / path).rename(content / 'modules' / Path(path).name)
    (content / 'modules/order').write_text(''.join(f'{Path(path).name}\n' for path in order))
    names = '\n'.join(str(path.relative_to(content)) for path in sorted(content.rglob('*')))
    packed = subprocess.run(['cpio', '--create', '--format=newc', '--quiet'], input=names.encode(),
                            cwd=content, check=True, stdout=subprocess.PIPE).stdout
    initrd.write_bytes(gzip.compress(packed))
    subprocess.run(['rm', '-r', content], check=True)


def _in_order(dependencies):
    """The files of MODULES and of what they need, each behind what it needs."""
    needs = {}
    for line in dependencies.read_text().splitlines():
        path, _, rest = line.partition(':')
        needs[path] = rest.split()
    order = {}
    for module in MODULES:
        path = next(path for path in needs if Path(path).name == f'{module}.ko')
        order.update(dict.fromkeys([*reversed(needs[path]), path]))
    return list(order)
