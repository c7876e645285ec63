"""Programs that believe another date than this machine, by libfaketime; their timers go on."""
import contextlib
import os
from pathlib import Path

LIBRARIES = sorted(Path('/usr/lib').glob('*/faketime/libfaketimeMT.so.1'))
PLAIN_TIMERS = os.environ.get('PLAIN_TIMERS',
                              str(Path(__file__).resolve().parents[2] /
                                  'build/debug/tests/support/libplain_timers.so'))


def believing(date):
    """The environment of a program that believes a date, as libfaketime spells it: "-20y"."""
    return {'FAKETIME': date, **_preloaded()}


def following(file):
    """The same for the date that stands in a file whenever the program looks."""
    return {'FAKETIME_TIMESTAMP_FILE': str(file), 'FAKETIME_NO_CACHE': '1', **_preloaded()}


def _clean_up():
    """Removes what libfaketime leaves of processes that were killed or left at once: no other that
    is given such a number could begin."""
    for left in Path('/dev/shm').glob('*faketime_s[eh]m_*'):
        process = left.name.rpartition('_')[2]
        if not Path('/proc', process).exists():
            with contextlib.suppress(OSError):  # of another user, or gone meanwhile
                left.unlink()


def _preloaded():
    _clean_up()
    if not LIBRARIES:
        raise AssertionError('libfaketime is missing: packaging/dependencies test')
    return {'LD_PRELOAD': f'{PLAIN_TIMERS}:{LIBRARIES[0]}', 'FAKETIME_DONT_FAKE_MONOTONIC': '1'}
