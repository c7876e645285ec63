"""What is in the memory of a process: the bytes that a core dump of it would have."""
import os
import signal
from pathlib import Path

CHUNK_BYTES = 1 << 18
OVERLAP_BYTES = 256  # more than the longest encoding of a canary
OF_THE_KERNEL = ' [v'  # [vvar], [vdso] …, some of which cannot be read


def memory_of(pid):
    """Every stretch of a child's readable memory that holds anything, all at one moment."""
    os.kill(pid, signal.SIGSTOP)
    os.waitpid(pid, os.WUNTRACED)
    try:
        with open(f'/proc/{pid}/mem', 'rb', buffering=0) as memory:
            return [content for begin, end in _readable(pid)
                    for content in _contents(memory.fileno(), begin, end)]
    finally:
        os.kill(pid, signal.SIGCONT)


def _readable(pid):
    for line in Path(f'/proc/{pid}/maps').read_text().splitlines():
        place, rights = line.split()[:2]
        if rights.startswith('r') and OF_THE_KERNEL not in line:
            begin, end = (int(address, 16) for address in place.split('-'))
            yield begin, end


def _contents(memory, begin, end):
    """Untouched pages are zeros, and most of a stack is."""
    for at in range(begin, end, CHUNK_BYTES):
        content = os.pread(memory, min(CHUNK_BYTES + OVERLAP_BYTES, end - at), at)
        if content.count(0) < len(content):
            yield content
