"""A real headless Chromium, which npm/browse.js drives."""
import json
import shutil
import subprocess

from node_programs import BUILT, NPM, install_npm

DESKTOP = {'width': 1280, 'height': 900}
PHONE = {'width': 390, 'height': 844}


class Browser:
    """One page at a time; each method is an action of browse.js."""

    def __init__(self):
        program = shutil.which('chromium')
        assert program, 'chromium: packaging/dependencies test'
        install_npm()
        self.process = subprocess.Popen(
            ['node', str(NPM / 'browse.js'), str(BUILT), program], text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def close(self):
        self.process.stdin.close()
        self.process.wait(60)
        self.process.stdout.close()

    def ask(self, action, **arguments):
        self.process.stdin.write(json.dumps({'do': action, **arguments}) + '\n')
        self.process.stdin.flush()
        reply = json.loads(self.process.stdout.readline())
        if 'fault' in reply:
            raise AssertionError(f'{action} {arguments}: {reply["fault"]}')
        return reply['answer']

    def open(self, url, viewport=None, scheme='light', script=True):
        context = {'viewport': viewport or DESKTOP, 'colorScheme': scheme,
                   'javaScriptEnabled': script}
        self.ask('open', url=url, context=context)

    def text(self, selector):
        return self.ask('evaluate', script=f'document.querySelector({selector!r}).innerText')

    def until(self, script):
        """Waits until the JavaScript expression is true."""
        self.ask('until', script=script)
