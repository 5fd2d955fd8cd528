// SPDX-License-Identifier: GPL-3.0-or-later
// The review's page. Everything that is decided is asked of the program and shown as it answers; nothing is kept here
// but what is on the screen, so a reload loses nothing and two people see the same.
'use strict';

const PX_PER_MM = 10; // of a row's piece: three times what the eye needs at arm's length
const WHOLE_PX_PER_MM = 6;
const LOOK_AGAIN_MS = 3000; // for what a colleague decides
const SVG = 'http://www.w3.org/2000/svg';

const NAMES = {
	mark: 'Doubtful mark', 'no-identity': 'Whose page is this?', conflict: 'Two scans contradict',
	duplicate: 'Scanned twice', 'missing-page': 'Missing page', 'unknown-student': 'Not on the roster',
	damaged: 'Damaged file', unreadable: 'Unreadable file', unregistered: 'Page cannot be read',
	'not-a-sheet': 'Not an answer sheet', 'other-exam': 'Page of another exam', 'other-layout': 'Other version of the exam',
	'not-a-scan': 'Printed sheet, no scan', 'not-an-image': 'Not a scan', 'too-large': 'Image too large',
	crashed: 'Reading failed', 'unknown-form': 'Which form is this?', forged: 'Seal missing or wrong',
};
const REASONS = [
	'scanned again, or not needed', 'does not belong to this exam', 'empty, or a cover sheet',
];

const state = { overview: null, current: null, detail: null, view: 'flags', chosen: null, page: null, row: null, busy: false };
const $ = id => document.getElementById(id);

// --- small tools

// Characters that are not seen but act: control characters, and those that turn the direction of what stands after them.
const plain = text => String(text).replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '\ufffd');
const SHOWN = ['title', 'alt', 'aria-label'];

function make(tag, attributes, ...children) {
	const element = document.createElement(tag);
	for (const [name, value] of Object.entries(attributes || {})) {
		if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
		else if (value === true) element.setAttribute(name, '');
		else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, SHOWN.includes(name) ? plain(value) : value);
	}
	element.append(...children.filter(child => child !== null && child !== undefined && child !== false)
		.map(child => child instanceof Node ? child : plain(child)));
	return element;
}

function draw(tag, attributes, ...children) {
	const element = document.createElementNS(SVG, tag);
	for (const [name, value] of Object.entries(attributes))
		if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
		else element.setAttribute(name, SHOWN.includes(name) ? plain(value) : value);
	element.append(...children);
	return element;
}

const capital = text => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
const key = text => make('kbd', {}, text);
const person = () => $('person').value.trim() || 'unnamed';
const typing = target => target.matches('input, select, textarea');

let noticeTimer;
function say(text, wrong) {
	$('notice').textContent = plain(text);
	$('notice').className = wrong ? 'wrong' : '';
	clearTimeout(noticeTimer);
	if (text && !wrong) noticeTimer = setTimeout(() => say(''), 6000);
}

async function get(path, values) {
	const response = await fetch(`${path}?${new URLSearchParams(values || {})}`);
	const told = await response.json();
	if (!response.ok) throw Object.assign(new Error(told.error), { status: response.status });
	return told;
}

async function post(path, body) {
	const response = await fetch(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
	const told = await response.json().catch(() => ({ error: 'The program does not answer.' }));
	if (!response.ok) throw Object.assign(new Error(told.error), { status: response.status });
	return told;
}

// --- deciding

// Sends a decision; what is open afterwards comes back with it.
async function decide(request, done) {
	if (state.busy) return;
	state.busy = true;
	const at = state.overview.flags.findIndex(flag => flag.id === state.current);
	try {
		state.overview = await post('api/decide', { person: person(), reason: note(), ...request });
		say(done);
		if (state.view === 'flags') goTo(request.action === 'undo' ? reopened(at) : at);
		else showOverview();
		return true;
	} catch (error) {
		say(error.message, true);
		await look();
		return false;
	} finally {
		state.busy = false;
	}
}

function note() {
	const input = document.getElementById('note');
	return input && input.value.trim() ? input.value.trim() : (state.detail && state.view === 'flags' ? `flagged: ${state.detail.detail}`.slice(0, 400) : 'looked up and overruled');
}

// After an undo, what is open again is shown.
function reopened(at) {
	const before = new Set(state.known || []);
	const found = state.overview.flags.findIndex(flag => !before.has(flag.id));
	return found >= 0 ? found : at;
}

function undo() {
	const last = state.overview.last;
	if (!last) return;
	state.known = state.overview.flags.map(flag => flag.id);
	decide({ action: 'undo', id: last.id, reason: '' }, `Undone: ${sentence(last)}.`).then(() => state.view !== 'flags' && show(state.view));
}

function sentence(decision) {
	const whose = decision.student || decision.file;
	switch (decision.kind) {
	case 'mark': return `${decision.item} of ${whose} is ${decision.to || 'blank'}`;
	case 'identity': return `${decision.file} is page ${decision.page} of ${decision.to}`;
	case 'set-aside': return `${decision.file} is set aside`;
	case 'missing-page': return `page ${decision.page} of ${whose} is lost`;
	case 'unknown-student': return `${whose} may stay`;
	default: return 'a decision was undone';
	}
}

// --- what is open

function showOverview() {
	const { overview } = state;
	$('exam').textContent = plain(overview.title);
	$('count').textContent = overview.flags.length;
	document.title = `${overview.flags.length} to settle · sheaf review`;
	$('undo').disabled = !overview.last;
	$('undo').title = overview.last ? plain(`Undo: ${sentence(overview.last)}`) : 'Nothing of yours to undo';
	const queue = $('queue');
	queue.replaceChildren(...overview.flags.map((flag, i) => make('li', {},
		make('button', { type: 'button', tabindex: -1, 'aria-current': flag.id === state.current ? 'true' : null, onclick: () => goTo(i) },
			make('span', { class: 'name' }, flag.label), make('span', { class: 'stake' }, Number(flag.stake) ? `${flag.stake} pt` : ''),
			make('span', { class: 'what' }, (NAMES[flag.kind] || flag.kind) + (flag.item ? ` ${flag.item}` : flag.page ? ` ${flag.page}` : ''))))));
	queue.hidden = !overview.flags.length;
	const current = queue.querySelector('[aria-current]');
	if (current) current.scrollIntoView({ block: 'nearest' });
}

async function goTo(index) {
	const { flags } = state.overview;
	if (!flags.length) {
		state.current = state.detail = null;
		showOverview();
		showDone();
		return;
	}
	const flag = flags[Math.min(Math.max(index, 0), flags.length - 1)];
	state.current = flag.id;
	// Until the next one is shown, no key must decide anything.
	state.detail = state.row = null;
	state.options = [];
	$('card').setAttribute('aria-busy', 'true');
	showOverview();
	try {
		const detail = await get('api/flag', { id: flag.id });
		if (state.current !== flag.id) return;
		state.detail = detail;
		showFlag(detail);
		const next = flags[flags.indexOf(flag) + 1];
		if (next && next.kind === 'mark') prefetch(next.id);
	} catch (error) {
		if (state.current === flag.id) look();
	}
}

async function prefetch(id) {
	const detail = await get('api/flag', { id }).catch(() => null);
	if (detail && detail.row && detail.scan.placed) fetch(pieceUrl(detail.scan.name, detail.row.piece, PX_PER_MM, detail.row)).catch(() => {});
}

function step(by) {
	const at = state.overview.flags.findIndex(flag => flag.id === state.current);
	goTo(at + by);
}

// What a colleague decided meanwhile.
async function look() {
	const told = await get('api/overview', { person: person() }).catch(() => null);
	if (!told || state.busy) return;
	const changed = JSON.stringify(told.flags) !== JSON.stringify(state.overview.flags) || told.decisions !== state.overview.decisions;
	const at = state.overview.flags.findIndex(flag => flag.id === state.current);
	state.overview = told;
	if (!changed) return;
	if (state.view === 'history') show('history');
	if (told.flags.some(flag => flag.id === state.current) || state.view !== 'flags') showOverview();
	else {
		if (state.current) say('Somebody else settled this one meanwhile.');
		goTo(Math.max(at, 0));
	}
}

function showDone() {
	$('card').replaceChildren(make('div', { class: 'done' },
		make('h2', { tabindex: -1 }, 'Nothing waits for a person.'),
		make('p', {}, 'gradebook.csv, marks.csv and exceptions.csv are written. Ctrl-C in the terminal ends the review.')));
	$('card').querySelector('h2').focus({ preventScroll: true });
}

// --- scans

function pieceUrl(page, piece, scale, shift) {
	return `piece.png?${new URLSearchParams({ page, x: piece.x, y: piece.y, w: piece.w, h: piece.h, scale, dx: (shift && shift.dx) || 0, dy: (shift && shift.dy) || 0 })}`;
}

// In place of a scan that cannot be had, the reason.
async function explain(url, element) {
	const told = await fetch(url).then(response => response.json()).catch(() => ({ error: 'The program does not answer.' }));
	element.replaceWith(make('p', { class: 'gone' }, told.error || 'This cannot be shown.'));
}

function rings(row, shift) {
	return row.bubbles.filter(bubble => bubble.marked).map(bubble =>
		draw('circle', { class: `ring${row.review ? ' doubt' : ''}`, cx: bubble.x - shift.dx, cy: bubble.y - shift.dy, r: 2750 }));
}

function frame(row, shift, more) {
	const xs = row.bubbles.map(bubble => bubble.x - shift.dx), ys = row.bubbles.map(bubble => bubble.y - shift.dy);
	const left = Math.min(...xs) - 3600, top = Math.min(...ys) - 3600;
	return draw('rect', { x: left, y: top, width: Math.max(...xs) + 3600 - left, height: Math.max(...ys) + 3600 - top, rx: 1500, ...more });
}

// A row as it was scanned, with its neighbours, and what was read drawn around.
function rowPicture(scan, row, around) {
	const { piece } = row, url = pieceUrl(scan, piece, PX_PER_MM, row);
	const svg = draw('svg', { class: 'scan row', viewBox: `${piece.x} ${piece.y} ${piece.w} ${piece.h}`, role: 'img', 'aria-label': spoken(row) },
		draw('image', { href: url, x: piece.x, y: piece.y, width: piece.w, height: piece.h, onerror: () => explain(url, svg) }),
		...(around || []).flatMap(other => rings(other, row)), ...rings(row, row), frame(row, row, { class: 'here' }));
	return svg;
}

function piecePicture(scan, piece, label) {
	const url = pieceUrl(scan, piece, PX_PER_MM);
	const svg = draw('svg', { class: 'scan', viewBox: `${piece.x} ${piece.y} ${piece.w} ${piece.h}`, role: 'img', 'aria-label': label },
		draw('image', { href: url, x: piece.x, y: piece.y, width: piece.w, height: piece.h, onerror: () => explain(url, svg) }));
	return svg;
}

function wholePicture(scan, label) {
	const url = `scan.png?${new URLSearchParams({ page: scan })}`;
	const image = make('img', { class: 'scan whole', src: url, alt: label, onerror: () => explain(url, image) });
	return image;
}

function titleOf(row) {
	return row.kind === 'field' ? `Field ${row.item}` : `Question ${row.item}`;
}

function spoken(row) {
	const fills = row.bubbles.map(bubble => `${bubble.label} ${bubble.fill} percent filled`).join(', ');
	return `${titleOf(row)}: ${fills}. Read as ${row.marked || 'blank'}.`;
}

// --- choosing

// The key that stands for a choice: its letter where it has one, otherwise its number in the row.
function keyOf(bubble, i) {
	return /^[A-Za-z]$/.test(bubble.label) ? bubble.label.toUpperCase() : String(i + 1);
}

const chosenText = row => row.bubbles.filter((bubble, i) => state.chosen.has(i)).map(bubble => bubble.label).join('|');

function choose(row, indices, now) {
	state.chosen = new Set(indices);
	if (now) send(row);
	else document.querySelectorAll('.choices [data-choice]').forEach(button =>
		button.setAttribute('aria-pressed', state.chosen.has(Number(button.dataset.choice))));
}

function toggle(row, i) {
	const next = new Set(state.chosen);
	if (!next.delete(i)) next.add(i);
	choose(row, next, false);
}

async function send(row) {
	const to = chosenText(row);
	const flag = state.view === 'flags' ? state.current : '';
	const done = await decide({ action: 'mark', page: row.page, item: row.item, from: row.marked, to, flag }, `${titleOf(row)} is ${to || 'blank'}.`);
	if (done && state.view === 'lookup') showPage(row.page, row.item);
}

// The row's buttons, the same for a flag and for a look-up.
function editor(row) {
	state.row = row;
	state.chosen = new Set(row.bubbles.flatMap((bubble, i) => bubble.marked ? [i] : []));
	const several = row.kind === 'multiple';
	return make('div', { class: 'choices', role: 'group', 'aria-label': `What is marked in ${titleOf(row)}` },
		...row.bubbles.map((bubble, i) => make('button', { type: 'button', 'data-choice': i, 'aria-pressed': String(bubble.marked), onclick: event => several || event.shiftKey ? toggle(row, i) : choose(row, [i], true) },
			key(keyOf(bubble, i)), keyOf(bubble, i) === bubble.label.toUpperCase() ? null : bubble.label, make('small', {}, `${bubble.fill} %`))),
		make('button', { type: 'button', onclick: () => choose(row, [], true) }, key('Space'), 'blank'),
		make('button', { type: 'button', class: 'primary', onclick: () => send(row) }, key('Enter'), several ? 'this is it' : `keep ${row.marked || 'blank'}`));
}

function rowKey(event, row) {
	if (event.key === 'Enter') return send(row), true;
	if (event.key === ' ') return choose(row, [], true), true;
	const pressed = event.code.startsWith('Digit') ? event.code.slice(5) : event.key.toUpperCase();
	const i = row.bubbles.findIndex((bubble, at) => keyOf(bubble, at) === pressed);
	if (i < 0) return false;
	if (event.shiftKey || row.kind === 'multiple') toggle(row, i);
	else choose(row, [i], true);
	return true;
}

// --- a flag

function stakes(detail) {
	const parts = [];
	if (Number(detail.stake)) parts.push(make('span', {}, 'This can change ', make('b', {}, detail.stake), Number(detail.stake) === 1 ? ' point' : ' points'));
	if (detail.total) parts.push(make('span', {}, 'With all that is open the score is ', make('b', {}, detail.total.low === detail.total.high ? detail.total.now : `${detail.total.low} to ${detail.total.high}`),
		` of ${state.overview.maximum}; as read now `, make('b', {}, detail.total.now)));
	return make('div', { class: 'stakes' }, ...parts);
}

function headOf(detail) {
	const who = detail.who ? `${detail.who.name || ''} ${detail.who.id}`.trim() : '';
	const place = [who, detail.page ? `page ${detail.page}` : '', detail.file].filter(Boolean).join(' · ');
	const title = detail.kind === 'mark' && detail.row ? titleOf(detail.row) : NAMES[detail.kind] || detail.kind;
	return [make('h2', { tabindex: -1 }, title), make('p', { class: 'where' }, place)];
}

function noteField() {
	return make('p', { class: 'note' }, make('label', { for: 'note' }, key('R'), ' Reason'),
		make('input', { id: 'note', autocomplete: 'off', maxlength: 400, placeholder: 'optional; kept with the decision' }));
}

const keysOf = text => make('p', { class: 'keys' }, ...text.split(/(\[[^\]]+\])/).map(part => part.startsWith('[') ? key(part.slice(1, -1)) : part));

function showFlag(detail) {
	state.row = null;
	state.options = [];
	state.finder = null;
	$('card').removeAttribute('aria-busy');
	const show = { mark: showMark, conflict: showConflict, duplicate: showDuplicate, 'missing-page': showMissing, 'unknown-student': showStranger };
	$('card').replaceChildren(...headOf(detail), ...(show[detail.kind] || showPageFlag)(detail));
	(state.finder || $('card').querySelector('h2')).focus({ preventScroll: true });
	window.scrollTo(0, 0);
}

function showMark(detail) {
	const { row } = detail;
	return [make('p', { class: 'why' }, `sheaf is not sure: ${detail.detail}.`),
		detail.scan.placed ? make('figure', {}, rowPicture(detail.scan.name, row, detail.around)) : make('details', {}, make('summary', {}, 'The whole scan'), wholePicture(detail.scan.name, 'The scan')),
		editor(row), stakes(detail), noteField(),
		keysOf('[↑] [↓] move, letters mark, [Shift] with a letter for several, [Space] blank, [Enter] keeps what is ticked, [U] undoes')];
}

function option(text, run, primary) {
	state.options.push(run);
	return make('button', { type: 'button', class: primary ? 'primary' : null, onclick: run }, key(primary ? 'Enter' : String(state.options.length)), ' ', text);
}

const setAside = (detail, pages, as, reason, done) => decide({ action: 'set-aside', pages, as, flag: detail.id, reason: note().startsWith('flagged: ') ? reason : note() }, done);

function asideOptions(detail) {
	return REASONS.map(reason => option(`Set it aside: ${reason}`, () => setAside(detail, [detail.scan.name], 'not counted', reason, `${detail.file} is set aside.`)));
}

// A search over the roster that gives a page to whoever is chosen.
function finder(scan, flag, label) {
	const list = make('ul', { 'aria-label': 'Students found' });
	const number = make('select', { id: 'number', 'aria-label': 'Which page of the paper' },
		...Array.from({ length: state.overview.pages }, (unused, i) => make('option', { value: i + 1, selected: (scan.page || scan.likely) === i + 1 }, `page ${i + 1}`)));
	const fixed = Boolean(scan.page && scan.read);
	number.disabled = fixed;
	const forms = state.overview.forms ? state.overview.forms.split(', ') : [];
	const form = make('select', { id: 'form', 'aria-label': 'Which form of the exam' }, ...forms.map(letter => make('option', { value: letter, selected: letter === scan.form }, `form ${letter}`)));
	const assign = student => {
		const at = fixed ? scan.page : Number(number.value);
		decide({ action: 'identity', page: scan.name, from: scan.student, to: student.id, number: at, form: forms.length ? form.value : '', flag }, `${scan.file} is page ${at} of ${student.name || student.id}.`);
	};
	const input = make('input', { type: 'search', id: 'whose', autocomplete: 'off', spellcheck: 'false' });
	input.assign = () => { const at = list.querySelector('[aria-current]'); if (at) at.click(); };
	input.move = by => {
		const buttons = [...list.querySelectorAll('button')];
		const at = buttons.findIndex(button => button.hasAttribute('aria-current'));
		buttons.forEach(button => button.removeAttribute('aria-current'));
		const next = buttons[Math.min(Math.max(at + by, 0), buttons.length - 1)];
		if (next) { next.setAttribute('aria-current', 'true'); if (at >= 0) next.scrollIntoView({ block: 'nearest' }); }
	};
	let asked = 0;
	const search = async () => {
		const mine = ++asked, told = await get('api/search', { q: input.value }).catch(() => ({ students: [] }));
		if (mine !== asked) return;
		list.replaceChildren(...told.students.map(student => make('li', {}, studentButton(student, () => assign(student)))));
		input.move(1);
	};
	input.addEventListener('input', search);
	search();
	state.finder = input;
	return make('div', { class: 'finder inside' }, make('p', { class: 'hint' }, label), make('label', { for: 'whose' }, key('/'), ' Any part of name or ID'), input, list, make('p', {}, 'as ', number, ...(forms.length ? [' of ', form] : [])));
}

function studentButton(student, run) {
	const lacks = student.missing.length && student.missing.length < state.overview.pages ? `misses page ${student.missing.join(', ')}` : student.missing.length ? 'no page yet' : student.score;
	return make('button', { type: 'button', tabindex: -1, onclick: run }, make('span', {}, student.name || student.id),
		make('small', { class: student.missing.length ? 'lacks' : null }, lacks), make('small', {}, student.id));
}

function pictures(detail) {
	const { scan } = detail;
	const whole = make('details', { open: !scan.placed }, make('summary', {}, 'The whole scan'), wholePicture(scan.name, `The scan ${scan.file}`));
	return scan.placed ? [make('figure', {}, piecePicture(scan.name, detail.header, 'The head of the page, with the name')), whole] : [whole];
}

function showPageFlag(detail) {
	const readable = detail.scan.has_marks ? 'Give it to a student; its marks were read and will count.' : 'If the paper is at hand: give it to a student, and enter its marks by hand.';
	const foreign = ['other-exam', 'not-a-scan', 'not-an-image', 'not-a-sheet'].includes(detail.kind);
	const search = foreign ? null : finder(detail.scan, detail.id, readable);
	if (!['no-identity', 'forged', 'unknown-form'].includes(detail.kind)) state.finder = null;
	const shown = make('div', {}, ...(detail.kind === 'not-an-image' ? [] : pictures(detail)));
	return [make('p', { class: 'why' }, capital(detail.detail)), search ? make('div', { class: 'beside' }, shown, search) : shown,
		make('div', { class: 'options' }, ...asideOptions(detail)), stakes(detail), noteField(),
		keysOf(foreign ? '[1] to [3] set it aside, [↑] [↓] move, [U] undoes'
			: '[/] search, then [↑] [↓] choose and [Enter] gives the page; [Esc] leaves the search; [1] to [3] set it aside, [↑] [↓] move, [U] undoes')];
}

function side(title, scan, rows, which, button) {
	return make('div', {}, make('h3', {}, title), make('p', { class: 'where' }, scan.file),
		...rows.map(row => make('figure', {}, scan.placed ? rowPicture(scan.name, row[which]) : null, make('figcaption', {}, `${titleOf(row[which])}: ${row[which].marked || 'blank'}`))),
		rows.length ? null : wholePicture(scan.name, title), button);
}

function showConflict(detail) {
	const { scan, counts } = detail;
	const why = make('p', { class: 'why' }, capital(detail.detail));
	if (!counts) return [why, ...pictures(detail), finder(scan, detail.id, 'Whose is this page?'), make('div', { class: 'options' }, ...asideOptions(detail)), stakes(detail), noteField()];
	const rows = detail.differing.slice(0, 8);
	const other = 'the other scan of this page counts';
	const left = option('The left one counts', () => setAside(detail, [scan.name], 'not counted', other, `${counts.file} counts.`));
	const right = option('The right one counts', () => setAside(detail, [counts.name], 'not counted', other, `${scan.file} counts.`));
	const result = [why, make('div', { class: 'sides' }, side('Counts as of now', counts, rows, 'counts', left), side('Says something else', scan, rows, 'other', right)),
		finder(scan, detail.id, 'Or the right one is somebody else\'s:'), stakes(detail), noteField(),
		keysOf('[1] left, [2] right, [/] search for whose the right one is, [↑] [↓] move, [U] undoes')];
	state.finder = null;
	return result;
}

function showDuplicate(detail) {
	const { scan, counts } = detail;
	state.accept = () => setAside(detail, [scan.name], 'duplicate', 'the same page scanned twice', `${scan.file} is a duplicate.`);
	return [make('p', { class: 'why calm' }, `${capital(detail.detail)} Nothing is lost by it; Enter puts it away.`),
		counts ? make('div', { class: 'sides' }, side('Counts', counts, [], 'counts'), side('Duplicate', scan, [], 'other')) : pictures(detail)[0],
		make('div', { class: 'options' }, make('button', { type: 'button', class: 'primary', onclick: () => state.accept() }, key('Enter'), ' It is a duplicate')),
		keysOf('[Enter] puts it away, [↑] [↓] move, [U] undoes')];
}

function showMissing(detail) {
	state.accept = () => decide({ action: 'missing-page', student: detail.student, number: detail.page, flag: detail.id, reason: note().startsWith('flagged: ') ? 'not handed in, or lost' : note() }, `Page ${detail.page} of ${detail.label} is lost.`);
	return [make('p', { class: 'why' }, capital(detail.detail)),
		make('p', {}, 'Look through the stack, and among the pages that have no student yet. If it turns up, scan it and run sheaf grade again.'),
		make('div', { class: 'options' }, make('button', { type: 'button', class: 'primary', onclick: () => state.accept() }, key('Enter'), ' It will not come: grade what is there')),
		stakes(detail), noteField(), keysOf('[Enter] it will not come, [↑] [↓] move, [U] undoes')];
}

function showStranger(detail) {
	state.accept = () => decide({ action: 'unknown-student', student: detail.student, flag: detail.id, reason: note().startsWith('flagged: ') ? 'sat the exam, not on the roster' : note() }, `${detail.student} may stay.`);
	const search = finder(detail.scan, detail.id, 'If the ID is wrong, whose page is it?');
	state.finder = null;
	return [make('p', { class: 'why' }, capital(detail.detail)), ...pictures(detail),
		make('div', { class: 'options' }, make('button', { type: 'button', class: 'primary', onclick: () => state.accept() }, key('Enter'), ` ${detail.student} sat the exam: keep the row in the gradebook`)),
		search, noteField(), keysOf('[Enter] keeps the row, [/] search for the right student, [↑] [↓] move, [U] undoes')];
}

// --- look up

let asked = 0;
async function find() {
	const mine = ++asked, told = await get('api/search', { q: $('find').value }).catch(() => ({ students: [] }));
	if (mine !== asked) return;
	$('found').replaceChildren(...told.students.map(student => make('li', {}, studentButton(student, () => showStudent(student.id)))));
	moveFound(1);
}

function moveFound(by) {
	const buttons = [...$('found').querySelectorAll('button')];
	const at = buttons.findIndex(button => button.hasAttribute('aria-current'));
	buttons.forEach(button => button.removeAttribute('aria-current'));
	const next = buttons[Math.min(Math.max(at + by, 0), buttons.length - 1)];
	if (next) { next.setAttribute('aria-current', 'true'); next.scrollIntoView({ block: 'nearest' }); }
}

async function showStudent(id, page) {
	state.student = id;
	const told = await get('api/student', { id }).catch(error => say(error.message, true));
	if (!told) return;
	const range = told.total.low === told.total.high ? '' : `, between ${told.total.low} and ${told.total.high} with all that is open`;
	const scans = told.scans.sort((a, b) => b.read - a.read || a.page - b.page);
	$('student').replaceChildren(make('h2', { tabindex: -1 }, told.name || told.id),
		make('p', { class: 'where' }, `${told.id} · ${told.status}${told.score === undefined ? '' : ` · ${told.score} of ${told.maximum}${range}`}`),
		make('div', { class: 'pages' }, ...scans.map(scan => make('button', { type: 'button', 'data-page': scan.name, onclick: () => showPage(scan.name) },
			`Page ${scan.page || '?'}`, scan.read ? '' : ' (does not count)', ' · ', scan.file))),
		make('div', { id: 'sheet' }));
	if (scans.length) await showPage(page || scans[0].name);
	$('student').querySelector('h2').focus({ preventScroll: true });
}

async function showPage(name, item) {
	const told = await get('api/page', { page: name }).catch(error => say(error.message, true));
	if (!told || !$('sheet')) return;
	state.page = told;
	document.querySelectorAll('.pages button').forEach(button => button.toggleAttribute('aria-current', button.dataset.page === name));
	const box = make('div', { class: 'editor', id: 'editor' });
	const piece = { x: 0, y: 0, w: told.width, h: told.height };
	const url = pieceUrl(name, piece, WHOLE_PX_PER_MM);
	let picture = wholePicture(name, `The scan ${told.scan.file}`);
	if (told.scan.placed) {
		const still = { dx: 0, dy: 0 };
		const svg = picture = draw('svg', { class: 'scan whole', viewBox: `0 0 ${piece.w} ${piece.h}`, role: 'group', 'aria-label': 'The page with what was read drawn over' },
			draw('image', { href: url, x: 0, y: 0, width: piece.w, height: piece.h, onerror: () => explain(url, svg) }),
			...told.rows.flatMap(row => rings(row, still)),
			...told.rows.filter(row => row.review).map(row => frame(row, still, { class: 'here' })),
			...told.rows.map(row => frame(row, still, { class: 'hit', 'data-item': row.item, role: 'button', tabindex: -1, 'aria-label': spoken(row), onclick: () => pick(row.item) })));
	}
	const rows = make('label', {}, 'Row ', make('select', { id: 'row', onchange: event => pick(event.target.value) }, ...told.rows.map(row => make('option', { value: row.item }, `${row.item}: ${row.marked || 'blank'}${row.review ? ' ?' : ''}${row.decided ? ' ✓' : ''}`))));
	$('sheet').replaceChildren(make('div', { class: 'page' }, make('figure', {}, picture), make('div', {}, told.rows.length ? rows : null, box)));
	if (told.rows.length) pick(item || told.rows[0].item);
}

function pick(item) {
	const row = state.page.rows.find(one => one.item === item);
	if (!row) return;
	$('row').value = item;
	document.querySelectorAll('.scan .hit').forEach(hit => hit.classList.toggle('chosen', hit.dataset.item === item));
	$('editor').replaceChildren(make('h3', {}, titleOf(row)),
		make('p', { class: 'where' }, row.decided ? `decided: ${row.marked || 'blank'}; sheaf read ${row.was || 'blank'}` : row.review ? row.reason : `read as ${row.marked || 'blank'}`),
		row.kind && state.page.scan.placed ? rowPicture(row.page, row) : null, editor(row), noteField(),
		keysOf('[↑] [↓] other rows, letters overrule, [Space] blank, [/] search, [U] undoes'));
}

function stepRow(by) {
	const at = state.page.rows.findIndex(row => row === state.row);
	const next = state.page.rows[at + by];
	if (next) pick(next.item);
}

// --- decisions

async function showHistory() {
	const told = await get('api/history').catch(error => say(error.message, true));
	if (!told) return;
	const cells = ['When', 'Who', 'What', 'From', 'To', 'Reason', 'Scan', ''];
	$('history').replaceChildren(make('table', {}, make('thead', {}, make('tr', {}, ...cells.map(cell => make('th', { scope: 'col' }, cell)))),
		make('tbody', {}, ...told.decisions.map(one => make('tr', { class: one.state === 'holds' ? null : 'off' },
			make('td', {}, one.time.replace('T', ' ').replace('Z', ' UTC')), make('td', {}, one.person),
			make('td', {}, `${one.kind} ${one.item}${one.student ? ` · ${one.student}` : ''}${one.page ? ` page ${one.page}` : ''}`),
			make('td', {}, one.from), make('td', {}, one.to), make('td', {}, one.reason), make('td', {}, one.file),
			make('td', {}, one.kind === 'undo' ? '' : one.state === 'holds' ? make('button', { type: 'button', onclick: () => decide({ action: 'undo', id: one.id, reason: '' }, `Undone: ${sentence(one)}.`).then(showHistory) }, 'Undo') : one.state))))),
	told.decisions.length ? '' : make('p', {}, 'Nothing was decided yet.'));
}

// --- views and keys

function show(view) {
	state.view = view;
	document.querySelectorAll('nav button').forEach(button => button.dataset.view === view ? button.setAttribute('aria-current', 'page') : button.removeAttribute('aria-current'));
	for (const name of ['flags', 'lookup', 'history']) $(name).hidden = name !== view;
	if (view === 'flags') goTo(Math.max(state.overview.flags.findIndex(flag => flag.id === state.current), 0));
	if (view === 'lookup') { state.row = null; find(); state.student ? showStudent(state.student, state.page && state.page.scan.name) : $('find').focus(); }
	if (view === 'history') showHistory();
}

function searchKey(event, input) {
	const move = input.move || moveFound;
	if (event.key === 'ArrowDown') move(1);
	else if (event.key === 'ArrowUp') move(-1);
	else if (event.key === 'Enter') (input.assign || (() => { const at = $('found').querySelector('[aria-current]'); if (at) at.click(); }))();
	else if (event.key === 'Escape') input.blur();
	else return;
	event.preventDefault();
}

function flagKey(event) {
	if (event.key === 'ArrowDown' || event.key === 'ArrowRight') return step(1), true;
	if (event.key === 'ArrowUp' || event.key === 'ArrowLeft') return step(-1), true;
	if (!state.detail) return false;
	if (state.row) return rowKey(event, state.row);
	if (event.key === 'Enter' && ['duplicate', 'missing-page', 'unknown-student'].includes(state.detail.kind)) return state.accept(), true;
	const run = state.options && state.options[Number(event.key) - 1];
	if (run) return run(), true;
	return false;
}

function lookupKey(event) {
	if (!state.page || !state.row) return false;
	if (event.key === 'ArrowDown' || event.key === 'ArrowRight') return stepRow(1), true;
	if (event.key === 'ArrowUp' || event.key === 'ArrowLeft') return stepRow(-1), true;
	return rowKey(event, state.row);
}

document.addEventListener('keydown', event => {
	if (event.ctrlKey || event.altKey || event.metaKey || !state.overview) return;
	const { target } = event;
	if (target.matches('input[type="search"]')) return searchKey(event, target);
	if (typing(target)) {
		if (event.key === 'Escape' || (event.key === 'Enter' && target.matches('input'))) { target.blur(); event.preventDefault(); }
		return;
	}
	// A button that has the focus keeps its own keys.
	if (target.matches('button, summary') && (event.key === 'Enter' || event.key === ' ')) return;
	let done = true;
	if (event.key === 'u' || event.key === 'U') undo();
	else if (event.key === '/') (state.view === 'lookup' ? $('find') : document.getElementById('whose') || $('find')).focus();
	else if (event.key === 'r' && document.getElementById('note')) document.getElementById('note').focus();
	else done = state.view === 'flags' ? flagKey(event) : state.view === 'lookup' && lookupKey(event);
	if (done) event.preventDefault();
});

async function begin() {
	state.overview = await get('api/overview', { person: sessionStorage.getItem('person') || '' });
	$('person').value = sessionStorage.getItem('person') || state.overview.person;
	state.overview = await get('api/overview', { person: person() });
	document.querySelectorAll('nav button').forEach(button => button.addEventListener('click', () => { show(button.dataset.view); button.blur(); }));
	$('person').addEventListener('change', () => { sessionStorage.setItem('person', person()); look().then(showOverview); });
	$('undo').addEventListener('click', () => { undo(); $('undo').blur(); });
	$('find').addEventListener('input', find);
	$('invite').addEventListener('click', async () => {
		const told = await post('api/invite', {}).catch(error => say(error.message, true));
		if (told) { say('', true); $('notice').append('For one other browser on this machine, once: ', make('code', {}, told.address)); }
		$('invite').blur();
	});
	goTo(0);
	setInterval(() => { if (!state.busy && !document.hidden) look(); }, LOOK_AGAIN_MS);
}

begin().catch(error => say(error.message, true));
