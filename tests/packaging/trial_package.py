"""The package that the tests of packaging/ look at: PASSERELLE_DEB, or one made of PASSERELLE.

The second has the program and nothing else: what is said about a package can be tried without
packaging/build, which takes minutes.
"""
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / 'tests/system'))

from harness import PASSERELLE
from wrong_clock import LIBRARIES

_COPYRIGHT = '''Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/

Files: *
Copyright: 2026 Passerelle maintainers
License: Apache-2.0
'''
_CONTROL = '''Package: passerelle
Version: {version}
Architecture: {architecture}
Maintainer: Passerelle maintainers <passerelle@example.invalid>
Description: the program alone
'''
DATE = 1767225600


def at(clock):
    """The environment of a program that believes a date, as libfaketime spells it: "+31d"."""
    if not clock:
        return {}
    assert LIBRARIES, 'libfaketime is missing: packaging/dependencies test'
    return {'FAKETIME': clock, 'LD_PRELOAD': str(LIBRARIES[0]),
            'FAKETIME_DONT_FAKE_MONOTONIC': '1', 'NO_FAKE_STAT': '1'}


def run(*command, environment=None, status=0):
    """What it prints on both outputs; its exit status must be `status`."""
    done = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300,
                          env={**os.environ, 'LC_ALL': 'C.UTF-8', **(environment or {})})
    assert done.returncode == status, f'{command}: {done.returncode}: {done.stdout}'
    return done.stdout


def deb(directory):
    """A package of the program in `directory`."""
    given = os.environ.get('PASSERELLE_DEB')
    if given:
        return Path(shutil.copy(given, directory))
    return make(directory, '0.1.0', PASSERELLE)


def make(directory, version, program):
    """A package with a program and a licence."""
    architecture = run('dpkg', '--print-architecture').strip()
    tree = Path(directory) / f'tree-{version}'
    (tree / 'usr/share/doc/passerelle').mkdir(parents=True)
    (tree / 'usr/share/doc/passerelle/copyright').write_text(_COPYRIGHT)
    (tree / 'usr/bin').mkdir()
    shutil.copy(program, tree / 'usr/bin/passerelle')
    (tree / 'DEBIAN').mkdir()
    (tree / 'DEBIAN/control').write_text(
        _CONTROL.format(version=version, architecture=architecture))
    file = Path(directory) / f'passerelle_{version}_{architecture}.deb'
    run('dpkg-deb', '--root-owner-group', '-Znone', '--build', tree, file,
        environment={'SOURCE_DATE_EPOCH': str(DATE)})
    shutil.rmtree(tree)
    return file
