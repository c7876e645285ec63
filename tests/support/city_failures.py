"""Failures that the reference receiver plays on demand.

A plan is a list of `what=how`, separated by commas:
  refuse=N[:S]        the next N batches get 503, with Retry-After: S if S is given
  unauthorised=N      the next N batches get 401
  too-large=BYTES     bodies over BYTES get 413
  reject-value=X      batches with a reading of the value X get 422
  drop-before=N       of every N batches one loses its connection before it is stored
  drop-after=N        of every N batches one loses its connection after it was stored
  slow=SECONDS        every answer comes so much later
"""
import threading
from dataclasses import dataclass, field
from fractions import Fraction

KINDS = ('refuse', 'unauthorised', 'too-large', 'reject-value', 'drop-before', 'drop-after', 'slow')


@dataclass
class Answer:
    status: int
    headers: dict = field(default_factory=dict)


class Failures:
    def __init__(self, plan=''):
        self.lock = threading.Lock()
        self.set(plan)

    def set(self, plan):
        """Replaces the plan; raises ValueError."""
        steps = dict(step.split('=', 1) for step in plan.split(',') if step)
        unknown = set(steps) - set(KINDS)
        if unknown:
            raise ValueError(f'no such failure: {", ".join(sorted(unknown))}')
        times, _, retry_after = steps.get('refuse', '0').partition(':')
        with self.lock:
            self.refusals, self.retry_after = int(times), retry_after
            self.unauthorised = int(steps.get('unauthorised', 0))
            self.bytes_max = int(steps['too-large']) if 'too-large' in steps else None
            self.bad_value = Fraction(steps['reject-value']) if 'reject-value' in steps else None
            self.drop_every = {when: int(steps.get(f'drop-{when}', 0))
                               for when in ('before', 'after')}
            self.delay = float(steps.get('slow', 0))
            self.seen = {'before': 0, 'after': 0}

    def answer_body(self, size):
        """What a body gets instead of being looked at, or None."""
        with self.lock:
            if self.unauthorised > 0:
                self.unauthorised -= 1
                return Answer(401)
            if self.refusals > 0:
                self.refusals -= 1
                return Answer(503, {'Retry-After': self.retry_after} if self.retry_after else {})
            if self.bytes_max is not None and size > self.bytes_max:
                return Answer(413)
        return None

    def refuses(self, batch):
        """True if the batch holds a reading of the bad value."""
        if self.bad_value is None:
            return False
        return any(mantissa * Fraction(10) ** exponent == self.bad_value
                   for mantissa, exponent in zip(batch.mantissas, batch.exponents))

    def drops(self, when):
        """True if the connection is to be lost now."""
        with self.lock:
            self.seen[when] += 1
            every = self.drop_every[when]
            return every > 0 and self.seen[when] % every == 0
