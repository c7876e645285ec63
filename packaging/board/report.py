"""What the test has seen: each step with its time, figures with their bounds, and a verdict."""
import contextlib
import threading
import time
import traceback

FAILED_LINES_MAX = 60


class Report:
    """Steps of several boards at once."""

    def __init__(self):
        self._lock = threading.Lock()
        self._began = time.monotonic()
        self._figures, self.failures = [], []

    def say(self, board, text):
        with self._lock:
            print(f'{time.monotonic() - self._began:6.0f} s  {board:8}  {text}', flush=True)

    @contextlib.contextmanager
    def step(self, board, what):
        """A step that fails ends its board: what follows would start from nowhere."""
        began = time.monotonic()
        try:
            yield
        except Exception:
            lines = traceback.format_exc().splitlines()[-FAILED_LINES_MAX:]
            self.say(board, f'FAILED: {what}\n' + '\n'.join(lines))
            self.failures.append(what)
            raise StepFailed(what) from None
        self.say(board, f'{what} ({time.monotonic() - began:.1f} s)')

    def figure(self, name, value, unit, most=None):
        """A figure; with a bound it is judged."""
        with self._lock:
            self._figures.append((name, value, unit, most))
        if most is not None and value > most:
            self.failures.append(f'{name}: {value:g} {unit}, at most {most:g}')

    def close(self):
        """Prints the figures and the verdict; whether all is well."""
        print('\n| figure | value | at most |\n|---|---|---|')
        for name, value, unit, most in self._figures:
            bound = '' if most is None else f'{most:,.6g} {unit}'
            print(f'| {name} | {value:,.6g} {unit} | {bound} |')
        print()
        for failure in self.failures:
            print(f'FAILED: {failure}')
        seconds = time.monotonic() - self._began
        print(f'{"failed" if self.failures else "all is well"}, {seconds:.0f} s')
        return not self.failures


class StepFailed(Exception):
    """Has been told already."""
