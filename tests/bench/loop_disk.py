"""A file system of its own, so that the kernel counts what reaches its device and nothing else."""
import os
import subprocess
from pathlib import Path

SECTOR_BYTES = 512  # of /sys/block/*/stat, whatever the device's are
SECTORS_WRITTEN = 6
DISK_BYTES = 4 << 30


class LoopDisk:
    """An ext4 in a file, on a loop device. Only root has one."""

    def __init__(self, directory):
        self.mount = Path(directory) / 'disk'
        self._image = Path(directory) / 'disk.img'
        self._device = None

    def __enter__(self):
        with self._image.open('wb') as image:
            image.truncate(DISK_BYTES)
        self._device = subprocess.run(
            ['losetup', '--find', '--show', self._image], check=True, capture_output=True,
            text=True).stdout.strip()
        subprocess.run(['mkfs.ext4', '-q', '-F', '-E', 'lazy_itable_init=0,lazy_journal_init=0',
                        self._device], check=True)
        self.mount.mkdir()
        subprocess.run(['mount', self._device, self.mount], check=True)
        return self

    def __exit__(self, *_):
        if os.path.ismount(self.mount):
            subprocess.run(['umount', self.mount], check=True)
        subprocess.run(['losetup', '--detach', self._device], check=True)
        self._image.unlink()
        self.mount.rmdir()

    def bytes_written(self):
        """To the device since it was made, after everything is flushed."""
        subprocess.run(['sync', '--file-system', self.mount], check=True)
        fields = Path(f'/sys/block/{Path(self._device).name}/stat').read_text().split()
        return int(fields[SECTORS_WRITTEN]) * SECTOR_BYTES


class PlainDisk:
    """The same face for everybody else: what reached a device is unknown."""

    def __init__(self, directory):
        self.mount = Path(directory)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def bytes_written(self):
        return None


def own_disk(directory):
    return LoopDisk(directory) if os.geteuid() == 0 else PlainDisk(directory)
