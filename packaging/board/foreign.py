"""Runs a command among whose programs are some of the board's: in a user namespace of its own, and
that one's binfmt_misc gives them to qemu-user. Nothing is registered on this machine.

    /usr/bin/python3 packaging/board/foreign.py COMMAND [WORD...]

Needs root, and Linux 6.7 or later. The namespace has every user of this machine under its number,
so that dpkg can give files to whom it wants.
"""
import ctypes
import os
import sys
from pathlib import Path

INTERPRETER = '/usr/bin/qemu-aarch64-static'
BINFMT = Path('/proc/sys/fs/binfmt_misc')
# An ELF file of 64 bits, little-endian, executable or shared, for AArch64. F: the interpreter is
# opened now, so that it is found in any root directory.
RULE = (r':aarch64:M::\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00'
        r':\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff'
        f':{INTERPRETER}:F')
EVERYBODY = '0 0 4294967295\n'
CLONE_NEWNS, CLONE_NEWPID, CLONE_NEWUSER = 0x20000, 0x20000000, 0x10000000  # <sched.h>
MS_REC, MS_PRIVATE = 0x4000, 0x40000  # <sys/mount.h>

_libc = ctypes.CDLL(None, use_errno=True)


def _called(result, what):
    if result:
        sys.exit(f'foreign: {what}: {os.strerror(ctypes.get_errno())}')


def _mount(kind, place):
    _called(_libc.mount(kind.encode(), str(place).encode(), kind.encode(), 0, None),
            f'mounting {kind}')


def run(command):
    """Ends this process with the status of the command."""
    unshared, mapped = os.pipe(), os.pipe()
    child = os.fork()
    if child == 0:
        _called(_libc.unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID), 'a namespace of its own')
        os.write(unshared[1], b'.')
        os.read(mapped[0], 1)
        _become_first(command)
    os.read(unshared[0], 1)
    for users in ('uid_map', 'gid_map'):
        Path(f'/proc/{child}/{users}').write_text(EVERYBODY)
    os.write(mapped[1], b'.')
    sys.exit(_status_of(child))


def _become_first(command):
    """In the new namespaces: the first process, with /proc of its own."""
    child = os.fork()
    if child:
        os._exit(_status_of(child))
    os.setgid(0)
    os.setuid(0)
    _called(_libc.mount(b'none', b'/', None, MS_REC | MS_PRIVATE, None), 'private mounts')
    _mount('proc', '/proc')
    _mount('binfmt_misc', BINFMT)
    (BINFMT / 'register').write_text(RULE)
    os.execvp(command[0], command)


def _status_of(child):
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return status if status >= 0 else 128 - status


if __name__ == '__main__':
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    run(sys.argv[1:])
