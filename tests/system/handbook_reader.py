"""Reads chapters of the handbook as a person does: types the commands, and looks at what is shown."""
import re

from handbook_box import RETRIED, Box
from handbook_chapter import chapters_of, match, steps_of
from handbook_events import Impossible
from harness import ROOT, SystemTest

HANDBOOK = ROOT / 'packaging/handbook'
CATALOGUE = ROOT / 'gateway/language/po/fr.po'
INDEX = {'fr': HANDBOOK / 'README.fr.md', 'en': HANDBOOK / 'README.md'}
RETRIED_SECONDS_MAX = 150  # a device is silent, or is offered an update, after a minute


class Reader:
    """Does what chapters say, and says where they are wrong."""

    def __init__(self, box):
        self.box, self.left_out = box, []

    def read(self, chapter):
        steps, skipped = steps_of(chapter.read_text()), None
        for index, step in enumerate(steps):
            if step.section == skipped:
                continue
            following = steps[index + 1].command if index + 1 < len(steps) else ''
            try:
                self.take(step, following)
            except Impossible as reason:
                skipped = step.section
                self.left_out.append(f'{chapter.name}, {step.section}: {reason}')
            except AssertionError as fault:
                raise AssertionError(f'{chapter.name}:{step.line}: {fault}') from fault

    def take(self, step, following=''):
        if step.kind == 'event':
            self.box.happen(step.command)
        elif step.kind == 'console':
            self._do(step, following == 'echo $?')
        else:
            self._see(step)

    def _do(self, step, may_fail):
        if re.search(r'\bpasserelle run\b', step.command):
            self._start(step)
            return
        last = [None]

        def is_as_shown():
            last[0] = said = self.box.run(step.command)
            if said is None:
                return True
            found = match(step.text, said)
            if found and found.groups():
                self.box.keep_secret(found[1], step.command)
            return found is not None and (may_fail or self.box.status == step.status)
        seconds = RETRIED_SECONDS_MAX if RETRIED.search(step.command) else 0
        if not self.box.until(is_as_shown, seconds):
            raise AssertionError(
                f'$ {step.command}\nshown:\n{step.text}\nsaid ({self.box.status}):\n{last[0]}')

    def _start(self, step):
        """Until it says what is shown; then it goes on, unless it has ended by itself."""
        self.box.start_gateway(step.command)
        self._await(step, self.box.log_text)
        is_up = step.status == 0 and self.box.until(self.box.is_ready) and self.box.gateway.running
        if step.status == 0 and not is_up:
            raise AssertionError(f'the gateway is not ready:\n{self.box.log_text()}')
        if step.status != 0 and (ended := self.box.gateway.wait()) != step.status:
            raise AssertionError(f'the gateway ended with {ended}')

    def _see(self, step):
        if step.kind == 'message':
            texts = catalogue(self.box.language)
            for line in step.expected:
                if not any(match('…' + line + '…', text) for text in texts):
                    raise AssertionError(f'the program never says: {line}')
        else:
            self._await(step, {'page': self.box.page_text, 'log': self.box.log_text}[step.kind])

    def _await(self, step, look):
        expected = '…' + '…\n'.join(step.expected) + '…'
        if not self.box.until(lambda: match(expected, look())):
            raise AssertionError(f'{step.kind} without:\n{step.text}\nit has:\n{look()}')


def catalogue(language):
    """The texts of the program, with … for what is put into them."""
    text = re.sub(r'"\n"', '', CATALOGUE.read_text())
    key = {'fr': 'msgstr', 'en': 'msgid'}[language]
    texts = re.findall(rf'^{key} "(.*)"$', text, re.MULTILINE)
    return [re.sub(r'\{\d\}', 'X', each).replace('\\"', '"') for each in texts]


class HandbookTest(SystemTest):
    language = ''

    def read_handbook(self):
        reader = Reader(Box(self, self.language))
        for chapter in chapters_of(INDEX[self.language]):
            reader.read(chapter)
        if reader.left_out:
            self.skipTest(f'all but: {"; ".join(reader.left_out)}')
