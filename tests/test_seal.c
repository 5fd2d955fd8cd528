// SPDX-License-Identifier: GPL-3.0-or-later
// Sheets that were not printed by us, or not for whom they say: from the key's file to what the gradebook says.
#include "tests/harness.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "grade/batch.h"
#include "sheet/code.h"
#include "sheet/exam_file.h"
#include "tests/papers.h"
#include "tests/sheets.h"

#define EXAM_ID "quiz-1"
#define DPI 150.0

static const char EXAM[] = "exam: " EXAM_ID "\ntitle: Quiz\npaper: a4\nsections:\n  - title: One\n    questions:\n"
			   "      - {type: single, choices: 3, key: A}\n";
static const char ROSTER[] = "student_id,name\n1001,Ada\n1002,Bob\n1003,Cleo\n";

static char *make_folder(void)
{
	char *folder = g_dir_make_tmp("sheaf-seal-XXXXXX", NULL);
	assert_non_null(folder);
	return folder;
}

static int run(char **out, char **err, const char *first, ...)
{
	g_autoptr(GPtrArray) argv = g_ptr_array_new();
	va_list words;
	va_start(words, first);
	for (const char *word = first; word; word = va_arg(words, const char *))
		g_ptr_array_add(argv, (char *)word);
	va_end(words);
	g_ptr_array_add(argv, NULL);
	int status = -1;
	assert_true(g_spawn_sync(
		NULL, (char **)argv->pdata, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, out, err, &status, NULL));
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void drop_folder(char *folder)
{
	g_autofree char *out = NULL;
	run(&out, NULL, "rm", "-rf", "--", folder, NULL);
	g_free(folder);
}

static char *put(const char *folder, const char *name, const char *text)
{
	char *path = g_build_filename(folder, name, NULL);
	assert_true(g_file_set_contents(path, text, -1, NULL));
	return path;
}

static char *contents(const char *folder, const char *name)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);
	char *text = NULL;
	assert_true(g_file_get_contents(path, &text, NULL, NULL));
	return text;
}

// --- the key

static void a_key_is_made_once_and_is_its_owners_alone(void **state)
{
	(void)state;
	char *folder = make_folder();
	g_autofree char *path = g_build_filename(folder, "a.key", NULL);
	bool made;
	GError *error = NULL;
	mode_t mask = umask(0);
	assert_null(seal_key_load(path, &error)); // there is none, and that is no error
	assert_null(error);
	SEAL_KEY_AUTO first = seal_key_load_or_make(path, &made, &error);
	umask(mask);
	assert_non_null(first);
	assert_true(made);
	struct stat status;
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0600);
	assert_false(seal_key_is_exposed(first));
	SEAL_KEY_AUTO again = seal_key_load_or_make(path, &made, &error);
	assert_non_null(again);
	assert_false(made);
	assert_string_equal(seal_key_id(first), seal_key_id(again));
	char a[SEAL_SIZE], b[SEAL_SIZE], c[SEAL_SIZE];
	seal_make(first, "text", a);
	seal_make(again, "text", b);
	seal_make(again, "texT", c);
	assert_string_equal(a, b);
	assert_string_not_equal(a, c);
	assert_true(seal_is_formed(a));
	assert_true(seal_holds(first, "text", a));
	assert_false(seal_holds(first, "text", c));
	assert_false(seal_holds(first, "text", ""));
	assert_int_equal(chmod(path, 0644), 0);
	SEAL_KEY_AUTO exposed = seal_key_load(path, &error);
	assert_true(seal_key_is_exposed(exposed));
	// Nothing but the key is left behind.
	GDir *dir = g_dir_open(folder, 0, NULL);
	assert_string_equal(g_dir_read_name(dir), "a.key");
	assert_null(g_dir_read_name(dir));
	g_dir_close(dir);
	drop_folder(folder);
}

static void a_file_that_holds_no_key_is_an_error_and_stays(void **state)
{
	(void)state;
	static const char *const TEXTS[] = {"", "hello\n", "sheaf-key-1 \n", "sheaf-key-1 00ff\n",
		"sheaf-key-1 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20\n",
		"sheaf-key-1 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1g\n",
		"sheaf-key-2 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n"};
	char *folder = make_folder();
	for (size_t i = 0; i < G_N_ELEMENTS(TEXTS); i++) {
		g_autofree char *path = put(folder, "a.key", TEXTS[i]);
		g_autoptr(GError) error = NULL;
		bool made;
		assert_null(seal_key_load_or_make(path, &made, &error));
		assert_true(g_error_matches(error, SEAL_ERROR, 0));
		assert_non_null(strstr(error->message, "a.key"));
		assert_false(made);
		g_autofree char *after = contents(folder, "a.key");
		assert_string_equal(after, TEXTS[i]);
	}
	g_autofree char *good = put(folder, "b.key",
		"# a comment\nsheaf-key-1 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n");
	SEAL_KEY_AUTO key = seal_key_load(good, NULL);
	assert_non_null(key);
	// Fixed for ever, and worked out with another BLAKE2b: printed sheets must be proven by later versions too.
	char seal[SEAL_SIZE];
	seal_make(key, "SHEAF1/QUIZ/0123ABCD/1/0/S42", seal);
	assert_string_equal(seal, "ITPCNOPAA7JJQ");
	g_autofree char *pipe = g_build_filename(folder, "pipe.key", NULL);
	assert_int_equal(mkfifo(pipe, 0600), 0);
	g_autoptr(GError) error = NULL;
	assert_null(seal_key_load(pipe, &error)); // and does not wait for a writer
	assert_non_null(error);
	drop_folder(folder);
}

// --- what is sealed

static struct seal_key *key_of(char digit)
{
	char *folder = make_folder();
	g_autofree char *digits = g_strnfill(64, digit);
	g_autofree char *text = g_strdup_printf("sheaf-key-1 %s\n", digits);
	g_autofree char *path = put(folder, "a.key", text);
	struct seal_key *key = seal_key_load(path, NULL);
	assert_non_null(key);
	drop_folder(folder);
	return key;
}

static void a_code_is_read_back_with_its_seal(void **state)
{
	(void)state;
	SEAL_KEY_AUTO key = key_of('1');
	struct code code = {
		.exam = (char *)"quiz", .fingerprint = "0123abcd", .page = 1, .copy = 1, .id = (char *)"a/b"};
	code_seal(&code, key);
	g_autofree char *text = code_format(&code);
	struct code back;
	assert_true(code_parse(text, &back));
	assert_string_equal(back.id, "a/b");
	assert_string_equal(back.seal, code.seal);
	assert_true(code_seal_holds(&back, key));
	code_clear(&back);
	// Whatever is changed about it, the seal does not hold.
	for (size_t i = 0; text[i]; i++) {
		char kept = text[i];
		text[i] = kept == '2' ? '3' : '2';
		if (code_parse(text, &back)) {
			if (code_seal_holds(&back, key))
				fail_msg("character %u changed, and the seal holds: %s", (unsigned)i, text);
			code_clear(&back);
		}
		text[i] = kept;
	}
	SEAL_KEY_AUTO other = key_of('2');
	assert_false(code_seal_holds(&code, other));
	code.seal[0] = '\0';
	assert_false(code_seal_holds(&code, key));
}

// A worker that a scan took over may say anything; what it cannot do is name a page after somebody else.
static void a_worker_cannot_change_whose_page_it_is(void **state)
{
	(void)state;
	EXAM_AUTO exam = exam_parse("exam.yaml", EXAM, strlen(EXAM), NULL);
	LAYOUT_AUTO layout = layout_new(exam, NULL);
	SEAL_KEY_AUTO key = key_of('1');
	struct code code = {.exam = exam->name, .page = 1, .copy = 0, .id = (char *)"1001"};
	memcpy(code.fingerprint, layout->fingerprint, sizeof code.fingerprint);
	code_seal(&code, key);
	static const struct {
		const char *student, *serial;
		unsigned copy;
		enum seal_state expected;
	} CASES[] = {
		{"1001", NULL, 0, SEAL_VALID},
		{"1002", NULL, 0, SEAL_WRONG},
		{NULL, "1001", 0, SEAL_WRONG},
		{"1001", NULL, 1, SEAL_WRONG},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
		ANSWERS_AUTO answers = papers_page(layout, CASES[i].student, CASES[i].serial, 1, "");
		// The worker claims that it is valid; that counts for nothing.
		answers->seal = (struct answers_seal){.state = SEAL_VALID, .copy = CASES[i].copy};
		memcpy(answers->seal.text, code.seal, SEAL_SIZE);
		g_autofree char *text = answers_format(answers, layout);
		ANSWERS_AUTO back = answers_parse(text, layout, NULL);
		assert_non_null(back);
		answers_check_seal(back, layout, key);
		assert_int_equal(back->seal.state, CASES[i].expected);
		answers_check_seal(back, layout, NULL);
		assert_int_equal(back->seal.state, SEAL_UNCHECKED);
	}
}

// What becomes of a batch of two pages of two students, by what is known of their seals.
static void what_is_believed_depends_on_the_whole_batch(void **state)
{
	(void)state;
	static const struct {
		enum seal_state seals[2];
		bool required, believed[2], proven;
	} CASES[] = {
		{{SEAL_NONE, SEAL_NONE}, false, {true, true}, false},
		{{SEAL_NONE, SEAL_NONE}, true, {false, false}, true},
		{{SEAL_NONE, SEAL_UNCHECKED}, false, {true, true}, false},
		{{SEAL_NONE, SEAL_VALID}, false, {false, true}, true},
		{{SEAL_NONE, SEAL_WRONG}, false, {false, false}, true},
		{{SEAL_UNCHECKED, SEAL_VALID}, false, {false, true}, true},
		{{SEAL_VALID, SEAL_WRONG}, false, {true, false}, true},
		{{SEAL_VALID, SEAL_VALID}, true, {true, true}, true},
		{{SEAL_VALID, SEAL_VOUCHED}, true, {true, true}, true},
	};
	EXAM_AUTO exam = exam_parse("exam.yaml", EXAM, strlen(EXAM), NULL);
	LAYOUT_AUTO layout = layout_new(exam, NULL);
	for (size_t i = 0; i < 2 * G_N_ELEMENTS(CASES); i++) {
		size_t at = i / 2;
		struct batch *batch = batch_new(exam, layout, NULL);
		for (unsigned k = 0; k < 2; k++) {
			unsigned page = i % 2 ? 1 - k : k; // in either order
			struct answers *answers = papers_page(layout, page ? "b" : "a", NULL, 1, "1=A");
			answers->seal.state = CASES[at].seals[page];
			batch_add(batch, page ? "b.png" : "a.png", page, answers);
		}
		if (CASES[at].required)
			batch_require_seals(batch);
		RESULTS_AUTO results = batch_finish(batch);
		for (unsigned page = 0; page < 2; page++) {
			assert_int_equal(
				results->pages[page].fate, CASES[at].believed[page] ? PAGE_READ : PAGE_EXCEPTION);
			if (!CASES[at].believed[page])
				assert_string_equal(results->pages[page].kind, BATCH_KIND_FORGED);
		}
		assert_int_equal(results->seals.proven, CASES[at].proven);
	}
}

// --- the whole program

// An exam in a folder of its own, and somewhere to put scans and results.
struct place {
	char *folder, *exam, *roster, *scans, *results;
};

static struct place make_place(void)
{
	struct place place = {.folder = make_folder()};
	place.exam = put(place.folder, "exam.yaml", EXAM);
	place.roster = put(place.folder, "roster.csv", ROSTER);
	place.scans = g_build_filename(place.folder, "scans", NULL);
	place.results = g_build_filename(place.folder, "results", NULL);
	assert_int_equal(g_mkdir(place.scans, 0700), 0);
	return place;
}

static void drop_place(struct place *place)
{
	drop_folder(place->folder);
	g_free(place->exam);
	g_free(place->roster);
	g_free(place->scans);
	g_free(place->results);
}

// Scans a page of a PDF into another place's folder.
static void scan(const char *pdf, unsigned page, const struct place *into, const char *name)
{
	struct page_image *image = sheets_rasterise(pdf, page, DPI);
	g_autoptr(GByteArray) png = sheets_png(image);
	g_autofree char *path = g_build_filename(into->scans, name, NULL);
	assert_true(g_file_set_contents(path, (const char *)png->data, (gssize)png->len, NULL));
	page_image_free(image);
}

// Prints the roster's sheets with the program; page n is the n-th student's. Owned by the caller.
static char *print(const struct place *place)
{
	char *pdf = g_build_filename(place->folder, "sheets.pdf", NULL);
	g_autofree char *out = NULL, *err = NULL;
	if (run(&out, &err, SHEAF_PROGRAM, "print", place->exam, "--roster", place->roster, "-o", pdf, NULL) != 0)
		fail_msg("%s", err);
	return pdf;
}

// The same without a seal, as a student with the program would who has the exam file.
static char *print_unsealed(const struct place *place)
{
	char *pdf = g_build_filename(place->folder, "unsealed.pdf", NULL);
	EXAM_AUTO exam = exam_load(place->exam, NULL);
	LAYOUT_AUTO layout = layout_new(exam, NULL);
	const struct print_sheet sheets[] = {{.id = "1001"}, {.id = "1002"}, {.id = "1003"}};
	assert_true(print_pdf(layout, NULL, sheets, 3, pdf, NULL));
	return pdf;
}

static void expect(
	const struct place *place, const char *out, const char *summary, const char *gradebook, const char *exceptions)
{
	g_autofree char *grades = contents(place->results, "gradebook.csv");
	g_autofree char *found = contents(place->results, "exceptions.csv");
	if (!strstr(out, summary))
		fail_msg("expected \"%s\" in:\n%s", summary, out);
	if (strcmp(grades, gradebook) != 0)
		fail_msg("expected:\n%s\nthis is:\n%s", gradebook, grades);
	if (exceptions ? !strstr(found, exceptions) : strstr(found, "forged") != NULL)
		fail_msg("expected \"%s\" in:\n%s", exceptions ? exceptions : "nothing forged", found);
}

static char *grade(const struct place *place, const char *option)
{
	char *out = NULL;
	g_autofree char *err = NULL;
	if (run(&out, &err, SHEAF_PROGRAM, "grade", place->exam, place->scans, "--roster", place->roster, "-o",
		    place->results, option, NULL) != 0)
		fail_msg("%s", err);
	return out;
}

#define HEAD "student_id,name,status,score,max_score,Q1\n"

static void a_sheet_in_anothers_name_is_refused(void **state)
{
	(void)state;
	struct place ours = make_place(), theirs = make_place();
	g_autofree char *sheets = print(&ours), *forged = print(&theirs), *unsealed = print_unsealed(&ours);
	scan(sheets, 1, &ours, "a.png");
	scan(forged, 2, &ours, "b.png");
	g_autofree char *out = grade(&ours, NULL);
	expect(&ours, out, "Identities: proven on 1 page",
		HEAD "1001,Ada,graded,0,1,0\n1002,Bob,incomplete,,1,\n1003,Cleo,absent,,1,\n",
		"forged,b.png,1,1002,,the seal of this sheet is wrong");
	// One without any seal among them is as bad; and a forged sheet takes nothing away from who has a true one.
	scan(sheets, 2, &ours, "c.png");
	scan(unsealed, 3, &ours, "d.png");
	g_autofree char *more = grade(&ours, NULL);
	expect(&ours, more, "Identities: proven on 2 pages",
		HEAD "1001,Ada,graded,0,1,0\n1002,Bob,graded,0,1,0\n1003,Cleo,incomplete,,1,\n",
		"forged,d.png,1,1003,,\"the codes on this sheet bear no seal");
	// Another exam's sheets are no use either, though they were printed with our key.
	g_autofree char *other = put(ours.folder, "other.yaml", "");
	g_autofree char *text = g_strconcat("exam: quiz-2", EXAM + strlen("exam: " EXAM_ID), NULL);
	assert_true(g_file_set_contents(other, text, -1, NULL));
	g_autofree char *pdf = g_build_filename(ours.folder, "other.pdf", NULL), *said = NULL;
	assert_int_equal(run(&said, NULL, SHEAF_PROGRAM, "print", other, "--roster", ours.roster, "-o", pdf, NULL), 0);
	scan(pdf, 3, &ours, "e.png");
	g_autofree char *last = grade(&ours, NULL);
	expect(&ours, last, "another exam, quiz-2",
		HEAD "1001,Ada,graded,0,1,0\n1002,Bob,graded,0,1,0\n1003,Cleo,incomplete,,1,\n", "other-exam,e.png");
	drop_place(&ours);
	drop_place(&theirs);
}

// Stacks from before there was a key, such as the bundled one, are graded, and it is said what that means.
static void a_stack_without_seals_is_graded_and_called_unauthenticated(void **state)
{
	(void)state;
	struct place place = make_place();
	g_autofree char *unsealed = print_unsealed(&place);
	g_free(print(&place)); // makes a key
	scan(unsealed, 1, &place, "a.png");
	g_autofree char *out = grade(&place, NULL);
	expect(&place, out, "Identities: unauthenticated",
		HEAD "1001,Ada,graded,0,1,0\n1002,Bob,absent,,1,\n1003,Cleo,absent,,1,\n", NULL);
	g_autofree char *strict = grade(&place, "--require-seals");
	expect(&place, strict, "Identities: proven on 0 pages",
		HEAD "1001,Ada,incomplete,,1,\n1002,Bob,absent,,1,\n1003,Cleo,absent,,1,\n", "forged,a.png,1,1001");
	drop_place(&place);
}

static void without_the_key_nothing_is_proven_and_with_it_again_all_is(void **state)
{
	(void)state;
	struct place place = make_place(), theirs = make_place();
	g_autofree char *sheets = print(&place), *forged = print(&theirs);
	g_autofree char *key = g_build_filename(place.folder, EXAM_ID ".key", NULL);
	g_autofree char *away = g_build_filename(place.folder, "away", NULL);
	scan(sheets, 1, &place, "a.png");
	scan(forged, 2, &place, "b.png");
	assert_int_equal(g_rename(key, away), 0);
	g_autofree char *out = grade(&place, NULL);
	expect(&place, out, "Identities: unauthenticated",
		HEAD "1001,Ada,graded,0,1,0\n1002,Bob,graded,0,1,0\n1003,Cleo,absent,,1,\n", NULL);
	assert_int_equal(g_rename(away, key), 0);
	g_autofree char *again = NULL; // without the scans
	assert_int_equal(run(&again, NULL, SHEAF_PROGRAM, "grade", place.exam, "-o", place.results, NULL), 0);
	const char *proven = HEAD "1001,Ada,graded,0,1,0\n1002,Bob,incomplete,,1,\n1003,Cleo,absent,,1,\n";
	expect(&place, again, "Identities: proven on 1 page", proven, "forged,b.png,1,1002");
	// What was proven stays so where only the exam file went elsewhere; a sheet that comes then is not believed.
	assert_int_equal(g_rename(key, away), 0);
	scan(sheets, 3, &place, "c.png");
	g_autofree char *without = grade(&place, NULL);
	expect(&place, without, "Identities: proven on 1 page",
		HEAD "1001,Ada,graded,0,1,0\n1002,Bob,incomplete,,1,\n1003,Cleo,incomplete,,1,\n",
		"forged,c.png,1,1003,,\"the seal of this sheet could not be checked");
	assert_int_equal(g_rename(away, key), 0);
	g_autofree char *back = grade(&place, NULL);
	expect(&place, back, "Identities: proven on 2 pages",
		HEAD "1001,Ada,graded,0,1,0\n1002,Bob,incomplete,,1,\n1003,Cleo,graded,0,1,0\n", "forged,b.png");
	// A damaged key stops the job: nothing is believed by mistake.
	g_autofree char *err = NULL;
	assert_true(g_file_set_contents(key, "oops", -1, NULL));
	assert_int_equal(run(NULL, &err, SHEAF_PROGRAM, "grade", place.exam, "-o", place.results, NULL), 1);
	assert_non_null(strstr(err, EXAM_ID ".key"));
	drop_place(&place);
	drop_place(&theirs);
}

static void where_no_key_can_be_written_sheets_are_printed_without_seals(void **state)
{
	(void)state;
	if (access("/proc/self", W_OK) == 0 && geteuid() != 0)
		skip();
	struct place place = make_place();
	// No one, not even root, can make files in there.
	g_autofree char *folder = g_strdup("/proc/self");
	g_autofree char *link = g_build_filename(place.folder, "link.yaml", NULL);
	bool made;
	GError *error = NULL;
	g_autofree char *path = g_build_filename(folder, "a.key", NULL);
	assert_null(seal_key_load_or_make(path, &made, &error));
	assert_int_equal(error->domain, G_FILE_ERROR);
	g_clear_error(&error);
	// The program: its standard input stands in for an exam file there.
	g_autofree char *out = NULL, *err = NULL;
	g_autofree char *pdf = g_build_filename(place.folder, "sheets.pdf", NULL);
	g_autofree char *command = g_strdup_printf(
		SHEAF_PROGRAM " print /proc/self/fd/0 --roster %s -o %s <%s", place.roster, pdf, place.exam);
	assert_int_equal(run(&out, &err, "sh", "-c", command, NULL), 0);
	assert_non_null(strstr(err, "these sheets bear no seal"));
	assert_true(g_file_test(pdf, G_FILE_TEST_EXISTS));
	drop_place(&place);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_key_is_made_once_and_is_its_owners_alone),
		cmocka_unit_test(a_file_that_holds_no_key_is_an_error_and_stays),
		cmocka_unit_test(a_code_is_read_back_with_its_seal),
		cmocka_unit_test(a_worker_cannot_change_whose_page_it_is),
		cmocka_unit_test(what_is_believed_depends_on_the_whole_batch),
		cmocka_unit_test(a_sheet_in_anothers_name_is_refused),
		cmocka_unit_test(a_stack_without_seals_is_graded_and_called_unauthenticated),
		cmocka_unit_test(without_the_key_nothing_is_proven_and_with_it_again_all_is),
		cmocka_unit_test(where_no_key_can_be_written_sheets_are_printed_without_seals),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
