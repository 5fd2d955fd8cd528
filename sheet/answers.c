// SPDX-License-Identifier: GPL-3.0-or-later
// The text form, one line a fact, in this order, lines that do not apply left out:
//
//	answers	1                          the version of this form
//	outcome	read                       or blank, exception
//	kind	damaged                    with detail: an exception's
//	detail	the JPEG file is cut off
//	student	3031234567                 or serial
//	page	1
//	form	B                          of an exam with several
//	seal	valid 0 7KQ2M5XAMPLE3      what came of it, which copy of the code, the seal itself (sheet/seal.h)
//	likely	2                          of a page without identity: what it looks like
//	scan	1240,1754                  where the sheet lies on the scan (sheet/placement.h), if that was found
//	mesh	-12,8 301,9 …
//	shifts	7=120,-80 8=120,-80
//	marks	40                         how many lines follow; with the last line's end it shows a text cut off
//	mark	7	A|C	ok		97,2,95,0  item, choices, state, reason, inked percent of each bubble
//
// Texts escape tab, line feed, carriage return and backslash as in C; other control characters become spaces.
#include "sheet/answers.h"

#include <string.h>

#include "sheet/code.h"

#define VERSION "1"
#define MAX_TEXT_BYTES (4 * 1024 * 1024) // far above the longest: some hundred marks of some hundred bytes
#define MAX_ID_BYTES 64                  // as on the sheet's code
#define MAX_KIND_BYTES 32

struct answers *answers_new_exception(const char *kind, const char *detail)
{
	struct answers *answers = g_new0(struct answers, 1);
	answers->outcome = ANSWERS_EXCEPTION;
	answers->kind = g_strdup(kind);
	answers->detail = g_strdup(detail);
	return answers;
}

void answers_make_room(struct answers *answers, const struct layout *layout)
{
	answers->marks = g_new0(struct answers_mark, MAX(layout->n_items, 1));
	answers->fill_percent = g_new0(uint8_t, MAX(layout->n_bubbles, 1));
}

void answers_forget_picture(struct answers *answers)
{
	g_clear_pointer(&answers->placement, placement_free);
	g_clear_pointer(&answers->fill_percent, g_free);
}

void answers_forget_marks(struct answers *answers)
{
	for (unsigned i = 0; i < answers->n_marks; i++)
		g_free(answers->marks[i].reason);
	g_clear_pointer(&answers->marks, g_free);
	answers->n_marks = 0;
}

void answers_free(struct answers *answers)
{
	if (!answers)
		return;
	answers_forget_marks(answers);
	g_free(answers->fill_percent);
	placement_free(answers->placement);
	g_free(answers->kind);
	g_free(answers->detail);
	g_free(answers->student);
	g_free(answers->serial);
	g_free(answers);
}

char *answers_choices_text(const struct layout *layout, unsigned item, exam_choices choices)
{
	const struct layout_item *row = &layout->items[item];
	if (row->exam_item)
		return exam_choices_text(row->exam_item, choices);
	GString *text = g_string_new(NULL);
	for (unsigned i = 0; i < row->n_bubbles; i++) {
		if (!(choices >> i & 1))
			continue;
		if (text->len)
			g_string_append_c(text, '|');
		g_string_append(text, layout_choice(layout, &layout->bubbles[row->first_bubble + i]));
	}
	return g_string_free(text, FALSE);
}

// --- writing

static void append_escaped(GString *out, const char *text)
{
	g_autofree char *valid = g_utf8_make_valid(text, -1);
	for (const char *at = valid; *at; at++) {
		if (*at == '\\')
			g_string_append(out, "\\\\");
		else if (*at == '\t')
			g_string_append(out, "\\t");
		else if (*at == '\n')
			g_string_append(out, "\\n");
		else if (*at == '\r')
			g_string_append(out, "\\r");
		else
			g_string_append_c(out, g_ascii_iscntrl(*at) ? ' ' : *at);
	}
}

static void append_line(GString *out, const char *name, const char *text)
{
	if (!text)
		return;
	g_string_append_printf(out, "%s\t", name);
	append_escaped(out, text);
	g_string_append_c(out, '\n');
}

static void append_mark(
	GString *out, const struct answers *answers, const struct answers_mark *mark, const struct layout *layout)
{
	const struct layout_item *item = &layout->items[mark->item];
	const uint8_t *fills = answers->fill_percent ? answers->fill_percent + item->first_bubble : NULL;
	g_autofree char *choices = answers_choices_text(layout, mark->item, mark->marked);
	g_string_append(out, "mark\t");
	append_escaped(out, item->id);
	g_string_append_c(out, '\t');
	append_escaped(out, choices);
	g_string_append(out, mark->review ? "\treview\t" : "\tok\t");
	append_escaped(out, mark->reason ? mark->reason : "");
	for (unsigned i = 0; i < item->n_bubbles; i++)
		g_string_append_printf(out, "%c%u", i ? ',' : '\t', fills ? fills[i] : 0u);
	g_string_append_c(out, '\n');
}

static const char *const SEALS[] = {[SEAL_UNCHECKED] = "unchecked", [SEAL_VALID] = "valid", [SEAL_WRONG] = "wrong"};

static void append_placement(GString *out, const struct placement *placement)
{
	g_autofree char *scan = NULL, *mesh = NULL, *shifts = NULL;
	placement_format(placement, &scan, &mesh, &shifts);
	append_line(out, "scan", scan);
	append_line(out, "mesh", mesh);
	append_line(out, "shifts", shifts);
}

static const char *const OUTCOMES[] = {
	[ANSWERS_READ] = "read", [ANSWERS_BLANK] = "blank", [ANSWERS_EXCEPTION] = "exception"};

char *answers_format(const struct answers *answers, const struct layout *layout)
{
	GString *out = g_string_new("answers\t" VERSION "\n");
	append_line(out, "outcome", OUTCOMES[answers->outcome]);
	append_line(out, "kind", answers->kind);
	append_line(out, "detail", answers->detail);
	append_line(out, "student", answers->student);
	append_line(out, "serial", answers->serial);
	if (answers->page)
		g_string_append_printf(out, "page\t%u\n", answers->page);
	if (answers->form)
		g_string_append_printf(out, "form\t%c\n", answers->form);
	if (answers->seal.text[0])
		g_string_append_printf(
			out, "seal\t%s %u %s\n", SEALS[answers->seal.state], answers->seal.copy, answers->seal.text);
	if (answers->likely_page)
		g_string_append_printf(out, "likely\t%u\n", answers->likely_page);
	if (answers->placement)
		append_placement(out, answers->placement);
	g_string_append_printf(out, "marks\t%u\n", answers->n_marks);
	for (unsigned i = 0; i < answers->n_marks; i++)
		append_mark(out, answers, &answers->marks[i], layout);
	return g_string_free(out, FALSE);
}

// --- reading

// Lines still to read. The first failure sticks, and later reads do nothing.
struct reader {
	char **lines;
	unsigned line; // index of the next line
	GError *error;
};

static void fail(struct reader *reader, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void fail(struct reader *reader, const char *format, ...)
{
	if (reader->error)
		return;
	va_list arguments;
	va_start(arguments, format);
	g_autofree char *what = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	g_set_error(&reader->error, ANSWERS_ERROR, 0, "answers, line %u: %s", reader->line + 1, what);
}

// Takes the escapes out where the text stands; it gets no longer. False where it has a lone backslash or a control
// character.
static bool unescape(char *text)
{
	static const char CODES[] = "\\tnr", MEANT[] = "\\\t\n\r";
	char *out = text;
	for (const char *at = text; *at; at++) {
		if (g_ascii_iscntrl(*at))
			return false;
		if (*at != '\\') {
			*out++ = *at;
			continue;
		}
		const char *code = at[1] ? strchr(CODES, at[1]) : NULL;
		if (!code)
			return false;
		*out++ = MEANT[code - CODES];
		at++;
	}
	*out = '\0';
	return true;
}

// The text of the next line if it has this name, otherwise NULL and the line stays. Owned by the caller.
static char *read_line(struct reader *reader, const char *name)
{
	const char *line = reader->lines[reader->line];
	size_t length = strlen(name);
	if (reader->error || !line || strncmp(line, name, length) != 0 || line[length] != '\t')
		return NULL;
	char *text = g_strdup(line + length + 1);
	if (!unescape(text) || !*text)
		fail(reader, "%s is malformed", name);
	else
		reader->line++;
	return text;
}

// A whole number without sign or leading zeros, at most max.
static bool parse_number(const char *text, unsigned max, unsigned *value)
{
	guint64 number;
	if (text[0] == '0' && text[1])
		return false;
	if (!g_ascii_string_to_unsigned(text, 10, 0, max, &number, NULL))
		return false;
	*value = (unsigned)number;
	return true;
}

static bool read_number(struct reader *reader, const char *name, unsigned max, unsigned *value)
{
	g_autofree char *text = read_line(reader, name);
	if (!text || reader->error)
		return false;
	if (parse_number(text, max, value))
		return true;
	reader->line--;
	fail(reader, "%s is not a number up to %u", name, max);
	return false;
}

// A student's ID or a serial: short, and without characters that a file or a person would trip over.
static char *read_id(struct reader *reader, const char *name)
{
	char *id = read_line(reader, name);
	if (id && (strlen(id) > MAX_ID_BYTES || strpbrk(id, "\t\n\r")))
		fail(reader, "%s is no ID", name);
	return id;
}

// One capital letter; 0 where the line is not there.
static char read_form(struct reader *reader)
{
	g_autofree char *form = read_line(reader, "form");
	if (form && (!g_ascii_isupper(form[0]) || form[1]))
		fail(reader, "no form");
	return form ? form[0] : '\0';
}

static void read_outcome(struct reader *reader, struct answers *answers)
{
	g_autofree char *version = read_line(reader, "answers");
	if (!version || strcmp(version, VERSION) != 0) {
		fail(reader, "not answers of version " VERSION);
		return;
	}
	g_autofree char *outcome = read_line(reader, "outcome");
	for (unsigned i = 0; outcome && i < G_N_ELEMENTS(OUTCOMES); i++) {
		if (strcmp(outcome, OUTCOMES[i]) == 0) {
			answers->outcome = (enum answers_outcome)i;
			return;
		}
	}
	fail(reader, "no outcome that there is");
}

static void read_seal(struct reader *reader, struct answers *answers)
{
	g_autofree char *text = read_line(reader, "seal");
	if (!text || reader->error)
		return;
	g_auto(GStrv) words = g_strsplit(text, " ", 4);
	if (g_strv_length(words) != 3 || !parse_number(words[1], LAYOUT_QR_COUNT - 1, &answers->seal.copy) ||
		!seal_is_formed(words[2])) {
		fail(reader, "the seal is malformed");
		return;
	}
	for (unsigned state = SEAL_UNCHECKED; state <= SEAL_WRONG; state++)
		if (strcmp(words[0], SEALS[state]) == 0)
			answers->seal.state = state;
	memcpy(answers->seal.text, words[2], SEAL_SIZE);
	if (answers->seal.state == SEAL_NONE || answers->outcome != ANSWERS_READ)
		fail(reader, "a seal is checked or not, and belongs to a page that was read");
}

// Sheets that nobody printed for anybody: theirs are the marks of every page.
static bool lacks_identity(const struct answers *answers)
{
	return answers->outcome == ANSWERS_EXCEPTION && strcmp(answers->kind, ANSWERS_KIND_NO_IDENTITY) == 0 &&
	       !answers->student && !answers->serial && !answers->page;
}

static void read_placement(struct reader *reader, struct answers *answers, const struct layout *layout)
{
	bool likely = read_number(reader, "likely", layout->n_pages, &answers->likely_page);
	g_autofree char *scan = read_line(reader, "scan");
	g_autofree char *mesh = scan ? read_line(reader, "mesh") : NULL;
	g_autofree char *shifts = mesh ? read_line(reader, "shifts") : NULL;
	if (reader->error)
		return;
	if (likely && (!answers->likely_page || !scan || !lacks_identity(answers)))
		fail(reader, "which page it looks like is told of sheets without identity");
	if (!scan)
		return;
	if (answers->outcome == ANSWERS_BLANK)
		fail(reader, "a blank page has no place");
	if (mesh)
		answers->placement = placement_parse(scan, mesh, shifts, layout);
	if (!answers->placement)
		fail(reader, "the place on the scan is malformed");
}

static void read_head(struct reader *reader, struct answers *answers, const struct layout *layout)
{
	read_outcome(reader, answers);
	bool exception = answers->outcome == ANSWERS_EXCEPTION;
	answers->kind = read_line(reader, "kind");
	answers->detail = read_line(reader, "detail");
	answers->student = read_id(reader, "student");
	answers->serial = read_id(reader, "serial");
	bool has_page = read_number(reader, "page", layout->n_pages, &answers->page);
	if (has_page && !answers->page)
		fail(reader, "pages count from 1");
	answers->form = read_form(reader);
	read_seal(reader, answers);
	if (exception != (answers->kind != NULL) || exception != (answers->detail != NULL))
		fail(reader, "an exception has a kind and a detail, and nothing else has");
	if (answers->kind && (strlen(answers->kind) > MAX_KIND_BYTES ||
				     answers->kind[strspn(answers->kind, "abcdefghijklmnopqrstuvwxyz-")]))
		fail(reader, "no kind of exception");
	if (answers->student && answers->serial)
		fail(reader, "both a student and a serial");
	if (answers->outcome == ANSWERS_READ && (!has_page || (!answers->student && !answers->serial)))
		fail(reader, "a page was read, but not whose or which");
}

static bool parse_choices(const struct layout *layout, unsigned item, const char *text, exam_choices *choices)
{
	const struct layout_item *row = &layout->items[item];
	if (row->exam_item)
		return exam_choices_parse(row->exam_item, text, choices);
	*choices = 0;
	g_auto(GStrv) labels = g_strsplit(text, "|", -1);
	for (char **label = labels; *label; label++) {
		unsigned i = 0;
		while (i < row->n_bubbles &&
			strcmp(*label, layout_choice(layout, &layout->bubbles[row->first_bubble + i])) != 0)
			i++;
		if (i == row->n_bubbles || (*choices >> i & 1))
			return false;
		*choices |= (exam_choices)1 << i;
	}
	return true;
}

// Numbers from 0 to 100 without sign or leading zeros, n of them.
static bool parse_fills(const char *text, unsigned n, uint8_t *fills)
{
	if (n > EXAM_MAX_CHOICES)
		return false;
	for (unsigned i = 0; i < n; i++) {
		unsigned percent = 0;
		const char *first = text;
		while (g_ascii_isdigit(*text) && text - first < 3)
			percent = percent * 10 + (unsigned)(*text++ - '0');
		if (text == first || percent > 100 || (*first == '0' && text - first > 1))
			return false;
		fills[i] = (uint8_t)percent;
		if (*text != (i + 1 < n ? ',' : '\0'))
			return false;
		text += i + 1 < n;
	}
	return n > 0 || !*text;
}

enum { CELL_ITEM, CELL_CHOICES, CELL_STATE, CELL_REASON, CELL_FILLS, N_CELLS };

// The cells of the next line, which must be a mark; it is cut up where it stands. False if it is none.
static bool read_mark_cells(struct reader *reader, char *cells[N_CELLS])
{
	char *line = reader->lines[reader->line];
	if (!line || !g_str_has_prefix(line, "mark\t"))
		return false;
	char *at = line + strlen("mark\t");
	for (unsigned i = 0; i < N_CELLS; i++) {
		if (!at)
			return false;
		cells[i] = at;
		at = strchr(at, '\t');
		if (at)
			*at++ = '\0';
		if (!unescape(cells[i]))
			return false;
	}
	return !at;
}

static void read_mark(
	struct reader *reader, struct answers *answers, const struct layout *layout, unsigned expected_item)
{
	struct answers_mark *mark = &answers->marks[answers->n_marks++];
	char *cells[N_CELLS];
	const struct layout_item *item = &layout->items[expected_item];
	mark->item = expected_item;
	if (!read_mark_cells(reader, cells)) {
		fail(reader, "not a mark");
		return;
	}
	mark->review = strcmp(cells[CELL_STATE], "review") == 0;
	if (strcmp(cells[CELL_ITEM], item->id) != 0)
		fail(reader, "item %s is expected here", item->id);
	else if (!*cells[CELL_CHOICES])
		mark->marked = 0;
	else if (!parse_choices(layout, expected_item, cells[CELL_CHOICES], &mark->marked))
		fail(reader, "item %s has no such choices", item->id);
	if (!mark->review && strcmp(cells[CELL_STATE], "ok") != 0)
		fail(reader, "a state is ok or review");
	if (mark->review != (*cells[CELL_REASON] != '\0'))
		fail(reader, "a reason belongs to review");
	if (!parse_fills(cells[CELL_FILLS], item->n_bubbles, answers->fill_percent + item->first_bubble))
		fail(reader, "item %s needs %u fills from 0 to 100", item->id, item->n_bubbles);
	mark->reason = mark->review ? g_strdup(cells[CELL_REASON]) : NULL;
	reader->line++;
}

// A sheet with a name has no student-ID grid.
static bool item_is_asked(const struct layout_item *item, const struct answers *answers)
{
	if (answers->outcome == ANSWERS_EXCEPTION)
		return item->exam_item;
	return item->page == answers->page && (item->exam_item || answers->serial);
}

static void read_marks(struct reader *reader, struct answers *answers, const struct layout *layout)
{
	unsigned asked = 0, announced = 0;
	bool may_have = answers->outcome == ANSWERS_READ || (lacks_identity(answers) && answers->placement);
	for (unsigned i = 0; may_have && i < layout->n_items; i++)
		asked += item_is_asked(&layout->items[i], answers);
	if (!read_number(reader, "marks", layout->n_items, &announced) || announced != asked) {
		fail(reader, "this page has %u items to answer for", asked);
		return;
	}
	answers->marks = g_new0(struct answers_mark, MAX(asked, 1));
	answers->fill_percent = g_new0(uint8_t, MAX(layout->n_bubbles, 1));
	for (unsigned i = 0; answers->n_marks < asked && i < layout->n_items; i++)
		if (item_is_asked(&layout->items[i], answers))
			read_mark(reader, answers, layout, i);
}

struct answers *answers_parse(const char *text, const struct layout *layout, GError **error)
{
	struct reader reader = {0};
	size_t length = strnlen(text, MAX_TEXT_BYTES + 1);
	if (length > MAX_TEXT_BYTES || !length || text[length - 1] != '\n' ||
		!g_utf8_validate(text, (gssize)length, NULL)) {
		g_set_error(error, ANSWERS_ERROR, 0, "answers are cut off, too long or not text");
		return NULL;
	}
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	reader.lines = lines;
	ANSWERS_AUTO answers = g_new0(struct answers, 1);
	read_head(&reader, answers, layout);
	if (!reader.error)
		read_placement(&reader, answers, layout);
	if (!reader.error)
		read_marks(&reader, answers, layout);
	// What follows the last line's end is an empty string, then NULL.
	if (!reader.error && (*lines[reader.line] || lines[reader.line + 1]))
		fail(&reader, "nothing more is expected");
	if (!reader.error)
		return g_steal_pointer(&answers);
	g_propagate_error(error, reader.error);
	return NULL;
}

// The lines of a page that was read, up to where it lies or its marks. NULL if it is none. Owned by the caller.
static char *head_of_read(const char *text)
{
	static const char READ[] = "answers\t" VERSION "\noutcome\tread\n";
	const char *end = g_str_has_prefix(text, READ) ? strstr(text, "\nscan\t") : NULL;
	if (!end && g_str_has_prefix(text, READ))
		end = strstr(text, "\nmarks\t");
	return end ? g_strndup(text, (gsize)(end + 1 - text)) : NULL;
}

struct answers *answers_parse_head(const char *text, const struct layout *layout, GError **error)
{
	g_autofree char *head = head_of_read(text);
	if (!head || !g_utf8_validate(head, -1, NULL))
		return answers_parse(text, layout, error);
	g_auto(GStrv) lines = g_strsplit(head, "\n", -1);
	struct reader reader = {.lines = lines};
	ANSWERS_AUTO answers = g_new0(struct answers, 1);
	read_head(&reader, answers, layout);
	if (!reader.error && *lines[reader.line])
		fail(&reader, "nothing more is expected");
	if (reader.error) {
		g_propagate_error(error, reader.error);
		return NULL;
	}
	return answers->student ? g_steal_pointer(&answers) : answers_parse(text, layout, error);
}

void answers_check_seal(struct answers *answers, const struct layout *layout, const struct seal_key *key)
{
	if (!answers->seal.text[0])
		return;
	struct code code = {
		.exam = layout->exam->name,
		.page = answers->page,
		.copy = answers->seal.copy,
		.form = answers->form,
		.walk_in = answers->serial != NULL,
		.id = answers->serial ? answers->serial : answers->student,
	};
	memcpy(code.fingerprint, layout->fingerprint, sizeof code.fingerprint);
	memcpy(code.seal, answers->seal.text, sizeof code.seal);
	if (!key)
		answers->seal.state = SEAL_UNCHECKED;
	else
		answers->seal.state = code_seal_holds(&code, key) ? SEAL_VALID : SEAL_WRONG;
}

// --- identity

static struct placement *placement_of_page(
	const struct placement *placement, const struct layout *layout, unsigned page)
{
	struct placement *copy = placement_copy(placement);
	copy->n_shifts = 0;
	for (unsigned i = 0; i < placement->n_shifts; i++)
		if (layout->items[placement->shifts[i].item].page == page)
			copy->shifts[copy->n_shifts++] = placement->shifts[i];
	return copy;
}

struct answers *answers_identified(
	const struct answers *answers, const struct layout *layout, const char *student, unsigned page)
{
	if (!lacks_identity(answers) || !answers->n_marks || page < 1 || page > layout->n_pages)
		return NULL;
	struct answers *identified = g_new0(struct answers, 1);
	identified->outcome = ANSWERS_READ;
	identified->student = g_strdup(student);
	identified->page = page;
	identified->seal.state = SEAL_VOUCHED;
	identified->placement = placement_of_page(answers->placement, layout, page);
	answers_make_room(identified, layout);
	for (unsigned i = 0; i < answers->n_marks; i++) {
		const struct answers_mark *mark = &answers->marks[i];
		if (layout->items[mark->item].page != page)
			continue;
		struct answers_mark *own = &identified->marks[identified->n_marks++];
		*own = *mark;
		own->reason = g_strdup(mark->reason);
	}
	if (answers->fill_percent)
		memcpy(identified->fill_percent, answers->fill_percent, layout->n_bubbles);
	return identified;
}
