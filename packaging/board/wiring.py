"""What the board is made of, in QEMU's words: `virt` with two Cortex-A72 and 1 GB, and no help of
this machine's processor (KVM), so that it is the same everywhere."""
PROGRAM = 'qemu-system-aarch64'
HOST = '10.0.2.2'  # this machine, as the board sees it
EAR, MONITOR, CONSOLE = 'ear.sock', 'monitor.sock', 'console.log'  # in the directory where it runs
APPENDED = ('console=ttyAMA0', 'quiet', 'net.ifnames=0', 'systemd.show_status=0', 'panic=-1')
NO_SEARCH = [f'systemd.mask=systemd-{unit}' for unit in (
    'udevd.service', 'udev-trigger.service', 'udevd-control.socket', 'udevd-kernel.socket')]


def words(boot, drive, stick, quick=False):
    """`boot` is a directory with `vmlinuz` and `initrd`, `drive` the disk, `stick` one that is only
    read. A quick board has one processor, and nothing on it looks for devices."""
    return [
        '-machine', 'virt,gic-version=2', '-cpu', 'cortex-a72', '-m', '1024',
        '-accel', f'tcg,thread={"single" if quick else "multi"}', '-smp', '1' if quick else '2',
        '-nodefaults', '-display', 'none', '-no-reboot',
        '-chardev', f'file,id=console,path={CONSOLE},append=on', '-serial', 'chardev:console',
        '-chardev', f'socket,id=ear,path={EAR},server=on,wait=on',
        '-device', 'virtio-serial-pci', '-device', 'virtserialport,chardev=ear,name=ear',
        '-drive', f'file={drive},format=raw,if=none,id=disk,cache=writeback',
        '-device', 'virtio-blk-pci,drive=disk',
        '-drive', f'file={stick},format=raw,if=none,id=stick,readonly=on',
        '-device', 'virtio-blk-pci,drive=stick',
        '-monitor', f'unix:{MONITOR},server=on,wait=off', '-netdev', 'user,id=net',
        '-device', 'virtio-net-pci,netdev=net,romfile=', '-device', 'virtio-rng-pci',
        '-kernel', boot / 'vmlinuz', '-initrd', boot / 'initrd',
        '-append', ' '.join((*APPENDED, *(NO_SEARCH if quick else ())))]
