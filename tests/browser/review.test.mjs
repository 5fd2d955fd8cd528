// SPDX-License-Identifier: GPL-3.0-or-later
// The review as a proctor does it: Debian's Chromium, the keyboard, the demo batch with a page scanned again that says
// something else. What is expected of the gradebook was worked out by hand from fixtures/plan.csv.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SHEAF = path.join(ROOT, process.env.SHEAF || 'build/sheaf');
const SIMULATE = path.join(ROOT, process.env.SIMULATE || 'build/simulate');
const EXAM = path.join(ROOT, 'fixtures/cs182-midterm.yaml');
const ROSTER = path.join(ROOT, 'fixtures/roster.csv');
const SHOTS = path.join(ROOT, 'build/browser');
const CHROMIUM = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
	'--disable-component-update', '--disable-sync'];
const WAIT_MS = 30000; // CI's machines are slow, and people are patient

let folder, scans, graded, browser;
const programs = [];

function run(program, ...words) {
	const done = spawnSync(program, words, { encoding: 'utf8' });
	assert.equal(done.status, 0, `${program} ${words.join(' ')}\n${done.stdout}${done.stderr}`);
	return done.stdout;
}

// Page 1 of 00310001 once more, on which question 1 is marked A and not D.
function makeRescan(to) {
	const roster = path.join(folder, 'one.csv'), plan = path.join(folder, 'plan.csv'), out = path.join(folder, 'again');
	fs.writeFileSync(roster, fs.readFileSync(ROSTER, 'utf8').split('\n').slice(0, 2).join('\n') + '\n');
	fs.writeFileSync(plan, 'student_id,item,marked,kind\n00310001,*,key,fill\n00310001,pen,,black pen\n00310001,course,CS 182,\n00310001,1,A,fill\n');
	run(SIMULATE, EXAM, '--roster', roster, '--plan', plan, '--profile', 'clean', '--dpi', '150', '--real', 'none', '-o', out);
	const first = fs.readdirSync(path.join(out, 'scans')).sort()[0];
	fs.copyFileSync(path.join(out, 'scans', first), to);
}

before(async () => {
	folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sheaf-browser-'));
	scans = path.join(folder, 'scans');
	graded = path.join(folder, 'graded');
	fs.cpSync(path.join(ROOT, 'fixtures/scans'), scans, { recursive: true });
	makeRescan(path.join(scans, 'zagain.jpg'));
	run(SHEAF, 'grade', EXAM, scans, '--roster', ROSTER, '-o', graded);
	fs.mkdirSync(SHOTS, { recursive: true });
	browser = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: CHROMIUM });
});

after(async () => {
	await browser?.close();
	for (const program of programs) if (program.exitCode === null) program.kill('SIGKILL');
	fs.rmSync(folder, { recursive: true, force: true });
});

// A review of a copy of the graded folder, or of another one.
async function review(name, from = graded) {
	const results = path.join(folder, name);
	fs.cpSync(from, results, { recursive: true });
	const program = spawn(SHEAF, ['review', results, '--no-browser', '--person', 'Pat']);
	programs.push(program);
	let said = '';
	program.stdout.on('data', text => { said += text; });
	program.stderr.on('data', text => { said += text; });
	const ended = new Promise(resolve => program.on('close', resolve));
	const until = Date.now() + WAIT_MS;
	while (!/http:\S+/.test(said)) {
		assert.ok(Date.now() < until && program.exitCode === null, said);
		await new Promise(resolve => setTimeout(resolve, 50));
	}
	return {
		results, program, address: said.match(/http:\S+/)[0], said: () => said,
		read: file => fs.readFileSync(path.join(results, file), 'utf8'),
		stop: async () => { program.kill('SIGINT'); return ended; },
	};
}

async function open(address, options) {
	const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
	const page = await context.newPage();
	page.setDefaultTimeout(WAIT_MS);
	page.elsewhere = [];
	page.on('request', request => { if (!request.url().startsWith(new URL(address).origin)) page.elsewhere.push(request.url()); });
	page.on('pageerror', error => page.elsewhere.push(String(error)));
	await page.goto(address);
	await page.waitForSelector('#card h2');
	return page;
}

// Until the page says so. (Playwright's own waiting evaluates text, which the page's policy forbids, as it should.)
async function when(page, condition, argument) {
	const until = Date.now() + WAIT_MS;
	while (!await page.evaluate(condition, argument)) {
		assert.ok(Date.now() < until, `never: ${condition} (${argument})`);
		await page.waitForTimeout(40);
	}
}

const title = page => page.locator('#card h2').innerText();
const where = page => page.locator('#card .where').first().innerText();
const left = async page => Number(await page.locator('#count').innerText());

async function becomes(page, expected) {
	await when(page, n => Number(document.getElementById('count').textContent) === n, expected);
	await when(page, () => document.querySelector('#card h2') && !document.querySelector('#card[aria-busy]'));
}

// Waits until a file says something; results follow a decision at once, but not within the same instant.
async function follows(session, file, pattern) {
	const until = Date.now() + WAIT_MS;
	while (!pattern.test(session.read(file))) {
		assert.ok(Date.now() < until, `${file} never matched ${pattern}:\n${session.read(file)}`);
		await new Promise(resolve => setTimeout(resolve, 50));
	}
}

// Goes to the flag of this title and place by the arrow keys.
async function goTo(page, wanted, place) {
	await page.keyboard.press('Escape');
	for (let i = 0; i < 30; i++) {
		if (await title(page) === wanted && (await where(page)).includes(place)) return;
		const before = await page.locator('#queue [aria-current]').evaluate(button => [...button.closest('ol').children].indexOf(button.parentElement));
		const last = await page.locator('#queue li').count() - 1;
		await page.evaluate(() => document.activeElement.blur());
		for (let k = 0; k < (before === last ? last : 1); k++) await page.keyboard.press(before === last ? 'ArrowUp' : 'ArrowDown');
		const target = before === last ? 0 : before + 1;
		await when(page, n => [...document.querySelectorAll('#queue li')].findIndex(li => li.querySelector('[aria-current]')) === n, target);
		await when(page, () => !document.querySelector('#card[aria-busy]'));
	}
	assert.fail(`no flag "${wanted}" with "${place}"`);
}

const shot = (page, name) => page.screenshot({ path: path.join(SHOTS, `${name}.png`) });
const shown = page => when(page, () => [...document.querySelectorAll('#card img')].every(image => image.complete));

test('a proctor settles the demo batch with the keyboard alone', async () => {
	const session = await review('keyboard');
	const page = await open(session.address);
	const all = await left(page);
	assert.equal(all, 10);

	// The worst comes first: a whole page that nobody has. Its student is the one whose name is on the crop.
	assert.equal(await title(page), 'Whose page is this?');
	await page.waitForSelector('#card .finder li');
	assert.match(await page.locator('#card .finder ul').innerText(), /misses page 2/);
	await shown(page);
	await shot(page, 'identity');
	await page.keyboard.type('jack');
	await when(page, () => document.querySelectorAll('#card .finder li').length === 1);
	assert.match(await page.locator('#card .finder ul').innerText(), /00310010/);
	await page.keyboard.press('Enter');
	await becomes(page, all - 2); // neither the page nor what was missing of the student is open any more
	await follows(session, 'gradebook.csv', /00310010,"Smith, John ""Jack"" Jr.",CS 182,graded,48,/);

	// A doubtful mark: keep, change, undo, leave blank.
	await goTo(page, 'Question 11', '00310009');
	await page.waitForSelector('.scan.row image');
	assert.match(await page.locator('.stakes').innerText(), /1 point/);
	await shot(page, 'mark');
	await page.keyboard.press('a');
	await becomes(page, all - 3);
	await follows(session, 'marks.csv', /00310009,1,scan0008.jpg,11,A,ok,/);
	await page.keyboard.press('u');
	await becomes(page, all - 2);
	assert.equal(await title(page), 'Question 11');
	await follows(session, 'marks.csv', /00310009,1,scan0008.jpg,11,D,review,/);
	await page.keyboard.press(' ');
	await becomes(page, all - 3);
	await follows(session, 'marks.csv', /00310009,1,scan0008.jpg,11,,ok,/);
	await page.keyboard.press('u');
	await becomes(page, all - 2);
	await when(page, () => document.querySelector('#card h2').textContent === 'Question 11');
	await page.keyboard.press('Enter');
	await becomes(page, all - 3);

	// A reload loses nothing and asks nothing again.
	await page.reload();
	await becomes(page, all - 3);
	await goTo(page, 'Question 19.C', '00310009');
	await page.keyboard.press('r');
	await page.keyboard.type('the F is struck out');
	await page.keyboard.press('Escape');
	await page.keyboard.press('t');
	await becomes(page, all - 4);
	await follows(session, 'gradebook.csv', /00310009,[^,]*,CS 282A,graded,49,/);

	// Two scans of a page that contradict: the first was right.
	await goTo(page, 'Two scans contradict', 'zagain.jpg');
	assert.equal(await page.locator('.sides figcaption').first().innerText(), 'Question 1: D');
	await page.waitForSelector('.sides image');
	await shot(page, 'conflict');
	await page.keyboard.press('1');
	await becomes(page, all - 5);

	// What has to be known and put away.
	await goTo(page, 'Damaged file', 'scan0004.jpg');
	await page.keyboard.press('1');
	await becomes(page, all - 6);
	for (const [student, n] of [['00310007', 7], ['00310011', 8]]) {
		await goTo(page, 'Missing page', student);
		await page.keyboard.press('Enter');
		await becomes(page, all - n);
	}
	await goTo(page, 'Page of another exam', 'scan0024.jpg');
	await page.keyboard.press('2');
	await becomes(page, all - 9);
	await goTo(page, 'Scanned twice', 'scan0020.jpg');
	await page.keyboard.press('Enter');
	await becomes(page, 0);
	assert.equal(await title(page), 'Nothing waits for a person.');
	await shot(page, 'done');
	assert.deepEqual(page.elsewhere, []);
	await page.context().close();
	assert.equal(await session.stop(), 0);
	assert.match(session.said(), /0 left to settle/);

	assert.equal(session.read('exceptions.csv'), 'kind,file,page,student_id,item,detail\n');
	assert.equal(session.read('gradebook.csv'), fs.readFileSync(path.join(ROOT, 'fixtures/expected/gradebook-reviewed.csv'), 'utf8'));
	const corrections = session.read('corrections.csv').trim().split('\n');
	assert.equal(corrections[0], 'time,person,item,from,to,reason,kind,student_id,page,file,state');
	assert.equal(corrections.length, 1 + 9 + 4); // one settled two flags; an A and a blank were undone, and the undoing is kept as well
	assert.match(corrections.join('\n'), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ,Pat,19.C,T\|F,T,the F is struck out,mark,00310009,1,scan0008.jpg,holds$/m);
	assert.match(corrections.join('\n'), /,Pat,,,00310010,[^\n]*,identity,00310010,2,scan0009.jpg,holds$/m);

	// The same inputs and the same decisions give the same bytes, read again or not; and nothing waits.
	const files = ['gradebook.csv', 'marks.csv', 'exceptions.csv', 'corrections.csv'], was = files.map(session.read);
	run(SHEAF, 'grade', EXAM, '-o', session.results, '--strict');
	assert.deepEqual(files.map(session.read), was);
	const touched = path.join(scans, 'scan0008.jpg');
	fs.utimesSync(touched, new Date(), new Date());
	run(SHEAF, 'grade', EXAM, scans, '-o', session.results, '--strict');
	assert.deepEqual(files.map(session.read), was);

	// A page that is scanned anew is looked at anew; the other decisions stay.
	const kept = fs.readFileSync(touched);
	fs.copyFileSync(path.join(folder, 'again/scans', fs.readdirSync(path.join(folder, 'again/scans')).sort()[1]), touched);
	run(SHEAF, 'grade', EXAM, scans, '-o', session.results);
	fs.writeFileSync(touched, kept);
	assert.match(session.read('corrections.csv'), /,19.C,[^\n]*,reopened$/m);
	assert.match(session.read('corrections.csv'), /,identity,00310010,2,scan0009.jpg,holds$/m);
});

test('two people at once lose nothing', async () => {
	const session = await review('two');
	const pat = await open(session.address);
	await pat.locator('#invite').click();
	const invited = await pat.locator('#notice code').innerText();
	const ann = await open(invited);
	await ann.locator('#person').fill('Ann');
	await ann.locator('#person').press('Enter');
	const all = await left(pat);
	// Both look at the same mark; the second to decide is told, and nothing of the first's is overwritten.
	await goTo(pat, 'Question 11', '00310009');
	await goTo(ann, 'Question 11', '00310009');
	await ann.route('**/api/overview**', route => route.abort()); // she has not heard of it yet
	await pat.keyboard.press('a');
	await becomes(pat, all - 1);
	await ann.keyboard.press('c');
	await ann.waitForSelector('#notice.wrong');
	assert.match(await ann.locator('#notice').innerText(), /meanwhile/);
	await ann.unroute('**/api/overview**');
	await becomes(ann, all - 1);
	await goTo(ann, 'Question 19.C', '00310009');
	await ann.keyboard.press('t');
	await becomes(ann, all - 2);
	await becomes(pat, all - 2);
	await follows(session, 'corrections.csv', /,Pat,11,D,A,/);
	await follows(session, 'corrections.csv', /,Ann,19.C,T\|F,T,/);
	// Each undoes what is theirs.
	await pat.evaluate(() => document.activeElement.blur());
	await pat.keyboard.press('u');
	await becomes(pat, all - 1);
	await follows(session, 'marks.csv', /00310009,1,scan0008.jpg,11,D,review,/);
	assert.match(session.read('marks.csv'), /00310009,1,scan0008.jpg,19.C,T,ok,/);
	await pat.context().close();
	await ann.context().close();
	assert.equal(await session.stop(), 0);
});

test('any student and any item can be looked up, and any mark overruled', async () => {
	const session = await review('lookup');
	const page = await open(session.address, { colorScheme: 'dark' });
	await page.locator('nav [data-view=lookup]').click();
	await page.locator('#find').fill('nunez brien'); // Zoë Núñez-O'Brien, from a keyboard without accents
	await when(page, () => document.querySelectorAll('#found li').length === 1);
	await page.locator('#find').press('Enter');
	await page.waitForSelector('#sheet .scan.whole .ring');
	await page.locator('#row').selectOption('7');
	await page.evaluate(() => document.activeElement.blur());
	await page.waitForTimeout(500);
	await shot(page, 'lookup-dark');
	await page.keyboard.press('b');
	await follows(session, 'marks.csv', /00310001,1,[^,]*,7,B,ok,/);
	await follows(session, 'gradebook.csv', /^00310001,[^\n]*,49,50,/m);
	await follows(session, 'corrections.csv', /,Pat,7,A,B,/);
	await page.locator('nav [data-view=history]').click();
	await page.waitForSelector('#history tbody tr');
	await shot(page, 'history-dark');
	await page.locator('#history tbody button').first().click();
	await follows(session, 'marks.csv', /00310001,1,[^,]*,7,A,ok,/);
	assert.deepEqual(page.elsewhere, []);
	await page.context().close();
	assert.equal(await session.stop(), 0);
});

test('it can be read at 125 % zoom, in both schemes, and by a screen reader', async () => {
	const session = await review('looks');
	for (const colorScheme of ['light', 'dark']) {
		const page = colorScheme === 'light' ? await open(session.address, { colorScheme, viewport: { width: 1024, height: 614 }, deviceScaleFactor: 1.25 })
			: await open(session.invited, { colorScheme, viewport: { width: 1024, height: 614 }, deviceScaleFactor: 1.25 });
		const flags = await page.locator('#queue li').count();
		for (let i = 0; i < flags; i++) {
			await page.locator('#queue button').nth(i).click();
			await page.waitForTimeout(300);
			const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
			assert.ok(wide <= 0, `${await title(page)} is ${wide} px too wide`);
			const nameless = await page.evaluate(() => [...document.querySelectorAll('button, input, select, svg, img')]
				.filter(one => one.checkVisibility() && !(one.getAttribute('aria-label') || one.alt || one.innerText || (one.labels && one.labels.length)))
				.map(one => one.outerHTML.slice(0, 120)));
			assert.deepEqual(nameless, []);
		}
		await goTo(page, 'Question 19.C', '00310009');
		assert.match(await page.locator('.scan.row').getAttribute('aria-label'), /T \d+ percent filled, F \d+ percent filled. Read as T\|F\./);
		await page.waitForTimeout(500);
		await shot(page, `zoom-${colorScheme}`);
		await page.locator('#invite').click();
		session.invited = await page.locator('#notice code').innerText();
		await page.context().close();
	}
	assert.equal(await session.stop(), 0);
});

test('a scan that is gone is told of, and what was read of it can still be settled', async t => {
	const away = path.join(folder, 'away');
	fs.renameSync(scans, away);
	t.after(() => fs.renameSync(away, scans));
	const session = await review('gone');
	const page = await open(session.address);
	await goTo(page, 'Question 11', '00310009');
	await page.waitForSelector('.gone');
	assert.match(await page.locator('.gone').innerText(), /not there any more.*scan0008\.jpg/);
	const all = await left(page);
	await page.keyboard.press('Enter');
	await becomes(page, all - 1);
	await page.context().close();
	assert.equal(await session.stop(), 0);
});

// --- who may come in

function ask(address, { method = 'GET', target = '/', headers = {}, body } = {}) {
	const { port } = new URL(address);
	return new Promise((resolve, reject) => {
		const request = http.request({ host: '127.0.0.1', port, method, path: target, headers, setHost: headers.Host === undefined }, response => {
			let text = '';
			response.on('data', data => { text += data; });
			response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text }));
		});
		request.on('error', reject);
		request.end(body);
	});
}

// What comes back for bytes that no HTTP client would send.
function raw(port, text) {
	return new Promise((resolve, reject) => {
		const socket = net.connect(Number(port), '127.0.0.1', () => socket.write(text));
		socket.once('data', data => { socket.destroy(); resolve(data.toString()); });
		socket.once('error', reject);
	});
}

test('names that are markup, or turn what stands after them, are shown as text', async () => {
	const wicked = '<img src=x onerror="window.hacked=1"></script><script>window.hacked=2</script>&lt;\u202egpj';
	const roster = path.join(folder, 'wicked.csv'), mixed = path.join(folder, 'mixed'), results = path.join(folder, 'wicked');
	const ids = fs.readFileSync(ROSTER, 'utf8').match(/^\d+/gm);
	fs.writeFileSync(roster, `student_id,name\n${ids.map(id => `${id},"${wicked.replaceAll('"', '""')}"\n`).join('')}`);
	fs.mkdirSync(mixed);
	for (const name of fs.readdirSync(scans).sort().slice(0, 12)) fs.copyFileSync(path.join(scans, name), path.join(mixed, name));
	fs.writeFileSync(path.join(mixed, '<img src=x onerror=window.hacked=3>\u202e.png'), 'no image');
	run(SHEAF, 'grade', EXAM, mixed, '--roster', roster, '-o', results);
	const session = await review('wicked-copy', results);
	const page = await open(session.address);
	const foreign = () => page.evaluate(() => [window.hacked === undefined ? 0 : 1, document.querySelectorAll('img[src="x"], script:not([src])').length,
		/[\u202a-\u202e\u2066-\u2069]/.test(document.documentElement.innerHTML) ? 1 : 0]);
	let seen = false;
	for (let i = await left(page); i > 0; i--) {
		seen ||= (await page.locator('#card').innerText()).includes('<img src=x onerror=');
		assert.deepEqual(await foreign(), [0, 0, 0]);
		await page.evaluate(() => document.activeElement.blur());
		await page.keyboard.press('ArrowDown');
		await when(page, () => !document.querySelector('#card[aria-busy]'));
	}
	assert.ok(seen, 'a name is shown as it is');
	await page.locator('nav button[data-view="lookup"]').click();
	await page.locator('#find').fill('hacked');
	await when(page, () => document.querySelectorAll('#found li').length > 3);
	await page.keyboard.press('Enter');
	await when(page, () => document.querySelector('#student h2'));
	assert.ok((await page.locator('#student h2').innerText()).startsWith('<img src=x onerror='));
	assert.deepEqual(await foreign(), [0, 0, 0]);
	assert.deepEqual(page.elsewhere, []);
	await session.stop();
});

test('nobody else comes in, and nothing else comes out', async () => {
	const session = await review('gate');
	const { origin, port } = new URL(session.address);
	const token = new URL(session.address).search;
	const status = async request => (await ask(session.address, request)).status;
	assert.equal(await status({ target: '/' }), 403);
	assert.equal(await status({ target: '/?token=' }), 403);
	assert.equal(await status({ target: `/?token=${'x'.repeat(32)}` }), 403);
	for (const host of [`localhost:${port}`, `evil.example:${port}`, '127.0.0.1', '127.0.0.1:1', `127.0.0.1:${port}.evil.example`, ''])
		assert.equal(await status({ target: `/${token}`, headers: { Host: host } }), 403, host);
	assert.equal(await status({ target: `/${token}`, headers: { Origin: 'http://evil.example' } }), 403);
	assert.match(await raw(port, `GET /${token} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nHost: evil.example\r\n\r\n`), /^HTTP\/1.1 40[03] /);
	assert.match(await raw(port, `GET /${token} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nOrigin: ${origin}\r\nOrigin: http://evil.example\r\n\r\n`), /^HTTP\/1.1 403 /);
	// None of these used the invitation up.
	const entered = await ask(session.address, { target: `/${token}` });
	assert.equal(entered.status, 303);
	const home = entered.headers.location;
	assert.equal(await status({ target: `/${token}` }), 403, 'an invitation is for one use');
	const page = await ask(session.address, { target: home });
	assert.equal(page.status, 200);
	assert.match(page.headers['content-security-policy'], /default-src 'none'.*frame-ancestors 'none'/);
	assert.doesNotMatch(page.headers['content-security-policy'], /unsafe|https?:|\*/);
	assert.equal(page.headers['x-content-type-options'], 'nosniff');
	assert.equal(page.headers['referrer-policy'], 'no-referrer');

	for (const target of ['/r/', '/r/x/', `/r/${'A'.repeat(32)}/`, `/r/${'A'.repeat(32)}/api/overview`, home.slice(0, -2) + '/', home.slice(0, -1), '/api/overview', '/page.js'])
		assert.equal(await status({ target }), 403, target);
	for (const target of ['../', '../../etc/passwd', '..%2f..%2fetc%2fpasswd', '%2e%2e/%2e%2e/etc/passwd', 'page.js/', 'page.js/../page.css', '/etc/passwd',
		'session.sqlite', 'review/page/page.js', 'api/', 'api/flag', 'api/flag?id=x', 'api/page?page=/etc/passwd', 'api/student?id=../x', 'scan.png?page=../../etc/passwd',
		'piece.png', 'piece.png?page=x&x=0&y=0&w=1&h=1&scale=1'])
		assert.equal(await status({ target: home + target }), 404, target);
	assert.equal(await status({ target: `${home}${'a/'.repeat(40000)}` }) >= 400, true);
	const flags = JSON.parse((await ask(session.address, { target: `${home}api/overview` })).text).flags;
	const detail = JSON.parse((await ask(session.address, { target: `${home}api/flag?id=${flags.find(flag => flag.kind === 'mark').id}` })).text);
	const piece = values => `${home}piece.png?${new URLSearchParams({ page: detail.scan.name, x: 0, y: 0, w: 50000, h: 20000, dx: 0, dy: 0, scale: 5, ...values })}`;
	assert.equal(await status({ target: piece({}) }), 200);
	for (const values of [{ w: 0 }, { w: -1 }, { w: 1e12 }, { w: 400000, h: 400000, scale: 20 }, { scale: 0 }, { scale: 1000 }, { x: 'x' }, { dx: 99999999 }])
		assert.equal(await status({ target: piece(values) }), 404, JSON.stringify(values));

	const decide = (body, headers) => status({ method: 'POST', target: `${home}api/decide`, headers: { Origin: origin, ...headers }, body });
	const good = JSON.stringify({ action: 'mark', person: 'Pat', page: detail.scan.name, item: detail.item, from: detail.row.marked, to: 'A', reason: '' });
	assert.equal(await status({ method: 'POST', target: `${home}api/decide`, body: good }), 403, 'no Origin');
	for (const other of ['null', 'http://evil.example', `http://localhost:${port}`, `${origin}.evil.example`])
		assert.equal(await decide(good, { Origin: other }), 403, other);
	assert.equal(await decide(good, { Host: 'evil.example' }), 403);
	assert.equal(await status({ method: 'PUT', target: `${home}api/decide`, headers: { Origin: origin }, body: good }), 405);
	assert.equal(await decide(`{"reason":"${'x'.repeat(70000)}"}`), 413);
	const chunked = await ask(session.address, { method: 'POST', target: `${home}api/decide`, headers: { Origin: origin, 'Transfer-Encoding': 'chunked' }, body: 'x'.repeat(300000) }).catch(() => ({ status: 413 }));
	assert.equal(chunked.status, 413);
	for (const body of ['', '[]', '{', '{"action":"mark","action":"undo"}', '{"action":"drop","person":"x"}', '{"action":"undo","id":99,"person":""}'])
		assert.equal(await decide(body), 400, body);
	const edited = change => decide(JSON.stringify({ ...JSON.parse(good), ...change }));
	assert.equal(await edited({ item: '999' }), 400);
	assert.equal(await edited({ to: 'Z' }), 400);
	assert.equal(await edited({ person: 'a\nb' }), 400);
	assert.equal(await edited({ reason: 'x'.repeat(600) }), 400);
	assert.equal(await edited({ from: 'C|D' }), 409);
	assert.equal(await edited({ page: `${'0'.repeat(64)}:0` }), 409);
	assert.equal(await edited({ action: 'identity', from: '00310009', to: '99999999', number: 1 }), 400);
	assert.equal(await edited({ action: 'identity', from: '00310009', to: '00310012', number: 9 }), 400);
	assert.equal(await edited({ action: 'undo', id: 12345 }), 409);
	assert.equal(session.read('corrections.csv').trim().split('\n').length, 1, 'none of that decided anything');
	assert.equal(await decide(good), 200);
	await follows(session, 'corrections.csv', /,Pat,/);
	// A second sheaf in the same folder is kept out.
	const second = spawnSync(SHEAF, ['review', session.results, '--no-browser'], { encoding: 'utf8' });
	assert.equal(second.status, 1);
	assert.match(second.stderr, /another sheaf .* is working there/);
	assert.equal(await session.stop(), 0);
});
