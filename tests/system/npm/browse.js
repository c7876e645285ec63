// A headless Chromium that does what each line of standard input says, and answers each with a
// line: {"do": one of the functions below, …its arguments} gives {"answer": …} or {"fault": …}.
'use strict';

const path = require('path');
const readline = require('readline');

// The libraries are installed where the build is, not here.
const modules = path.join(process.argv[2], 'node_modules');
const {chromium} = require(path.join(modules, 'playwright-core'));
const axe = require(path.join(modules, 'axe-core'));

const TIMEOUT_MS = 60000, POLL_MS = 100, TABS_MAX = 50;
let browser, page, seen;

const actions = {
    // A page in a context of its own; `context` is for newContext of Playwright.
    async open({url, context}) {
        if (page) await page.context().close();
        page = await (await browser.newContext(context)).newPage();
        page.setDefaultTimeout(TIMEOUT_MS);
        seen = {requests: [], complaints: []};
        page.on('request', (request) => seen.requests.push(request.url()));
        page.on('console', (message) => {
            if (message.type() === 'error') seen.complaints.push(message.text());
        });
        page.on('pageerror', (error) => seen.complaints.push(String(error)));
        await page.goto(url, {waitUntil: 'load'});
    },
    // What axe-core has to say against the page: [rule, element, …].
    async audit() {
        await page.evaluate(axe.source);
        const {violations} = await page.evaluate('axe.run()');
        return violations.map((violation) => [
            violation.id, ...violation.nodes.map((node) => `${node.html} ${node.failureSummary}`)]);
    },
    async evaluate({script}) { return page.evaluate(script); },
    // Polls from here, since the page's policy forbids to evaluate texts in it; while a page goes
    // and the next one comes there is nothing to ask.
    async until({script}) {
        const end = Date.now() + TIMEOUT_MS;
        while (!await page.evaluate(script).catch(() => false)) {
            if (Date.now() > end) throw new Error(`not within ${TIMEOUT_MS} ms`);
            await page.waitForTimeout(POLL_MS);
        }
    },
    async press({key}) { await page.keyboard.press(key); },
    async type({text}) { await page.keyboard.type(text); },
    // Sends what has the focus, a link or a form, and waits for the page that it leads to.
    async enter() {
        await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
    },
    async tabTo({selector}) {
        const focused = page.locator(`${selector}:focus`);
        for (let i = 0; i < TABS_MAX && !await focused.count(); ++i)
            await page.keyboard.press('Tab');
        if (!await focused.count()) throw new Error(`${selector} cannot be reached by Tab`);
    },
    async title() { return page.title(); },
    async content() { return page.content(); },
    async seen() { return seen; },
    async screenshot({file}) { await page.screenshot({path: file, fullPage: true}); },
    // Milliseconds from the first byte of the answer to the first text on the screen.
    async firstPaint() {
        await actions.until({
            script: "performance.getEntriesByName('first-contentful-paint').length > 0"});
        return page.evaluate(`
            performance.getEntriesByName('first-contentful-paint')[0].startTime -
            performance.getEntriesByType('navigation')[0].responseStart`);
    },
};

async function main() {
    browser = await chromium.launch({executablePath: process.argv[3]});
    for await (const line of readline.createInterface({input: process.stdin})) {
        const order = JSON.parse(line);
        let reply;
        try {
            reply = {answer: await actions[order.do](order) ?? null};
        } catch (fault) {
            reply = {fault: String(fault)};
        }
        process.stdout.write(JSON.stringify(reply) + '\n');
    }
    await browser.close();
}

main().catch((failure) => {
    console.error(failure);
    process.exit(1);
});
