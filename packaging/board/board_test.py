"""The parts of the test, two at a time: the cuts on one board, all the rest on others."""
import packages as versions
from board import Board
from footprint import Footprint
from incidents import Incidents
from installation import Installation
from kernel import kernel
from packages import Packages
from power_cuts import PowerCuts
from report import Report, StepFailed
from root_image import make_disk, root_image
from serial_line import SerialLine

STICK_SIZE = '64M'
PRODUCT = 'product'


class BoardTest:
    def __init__(self, arguments, work):
        self._arguments, self._work = arguments, work
        self._parts = arguments.only or ('cuts', PRODUCT, 'size')
        self._report = Report()

    def run(self, threads):
        """The exit status."""
        report = self._report
        self._packages = Packages(self._arguments.directory or versions.build(), self._work)
        tested, previous = (versions.version(package) for package in
                            (self._packages.tested, self._packages.previous))
        report.say('', f'{tested}, and before it {previous}'
                   + (', the same program' if self._packages.repacked else ''))
        self._images = kernel(), root_image(self._packages.depends()), self._make_stick()
        report.say('', 'kernel and disk are there')
        for part in [threads.submit(self._cut), threads.submit(self._use)]:
            part.result()
        return 0 if report.close() else 1

    def _make_stick(self):
        """The image of a disk with the packages."""
        content = self._work / 'stick'
        content.mkdir()
        for package in (self._packages.tested, self._packages.previous):
            (content / package.name).write_bytes(package.read_bytes())
        image = self._work / 'stick.img'
        make_disk(image, content, STICK_SIZE)
        return image

    def _cut(self):
        if 'cuts' in self._parts:
            self._on_a_board('cuts', lambda board: PowerCuts(
                board, self._packages, self._report, self._arguments.cuts).run())

    def _use(self):
        if PRODUCT in self._parts:
            self._on_a_board(PRODUCT, self._use_product)
        if 'size' in self._parts:
            self._on_a_board('size', lambda board: Footprint(
                board, self._packages, self._report).run())

    def _use_product(self, board):
        installation = Installation(PRODUCT, board, self._packages, self._report)
        installation.run()
        SerialLine(PRODUCT, installation, self._report).run()
        Incidents(PRODUCT, installation, self._packages, self._report).run()

    def _on_a_board(self, name, work):
        board = Board(self._work / name, *self._images)
        try:
            work(board)
        except StepFailed:
            pass  # told, and counted
        finally:
            board.close()
