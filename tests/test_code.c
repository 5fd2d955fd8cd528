// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/harness.h"

#include <glib.h>
#include <string.h>

#include "sheet/code.h"

#define START "SHEAF1/EXAM/0123ABCD/"

static struct code code_of(const char *exam, unsigned page, unsigned copy, bool walk_in, const char *id)
{
	return (struct code){.exam = (char *)exam,
		.fingerprint = "0123abcd",
		.page = page,
		.copy = copy,
		.walk_in = walk_in,
		.id = (char *)id};
}

static void assert_round_trip(const struct code *code)
{
	g_autofree char *text = code_format(code);
	assert_in_range(strlen(text), 1, CODE_MAX_BYTES);
	for (const char *p = text; *p; p++)
		assert_in_range(*p, 0x20, 0x7e); // nothing that a reader could take for another encoding
	struct code back = {.exam = NULL};
	if (!code_parse(text, &back))
		fail_msg("%s is not read back", text);
	assert_string_equal(back.exam, code->exam);
	assert_string_equal(back.fingerprint, code->fingerprint);
	assert_int_equal(back.page, code->page);
	assert_int_equal(back.copy, code->copy);
	assert_int_equal(back.form, code->form);
	assert_int_equal(back.walk_in, code->walk_in);
	assert_string_equal(back.id, code->id);
	code_clear(&back);
	assert_null(back.id);
}

static void test_text(void **state)
{
	(void)state;
	struct code code = code_of("cs182-sp22.midterm", 2, 1, false, "0042");
	g_autofree char *text = code_format(&code);
	assert_string_equal(text, "SHEAF1/CS182-SP22.MIDTERM/0123ABCD/2/1/S0042");
	code = code_of("x", 999, 0, true, "3f2a-0001");
	g_autofree char *walk_in = code_format(&code);
	assert_string_equal(walk_in, "SHEAF1/X/0123ABCD/999/0/W3f2a-0001");
	code.form = 'B';
	g_autofree char *form = code_format(&code);
	assert_string_equal(form, "SHEAF1/X/0123ABCD/999/0/FB/W3f2a-0001");
}

static void test_round_trips(void **state)
{
	(void)state;
	static const char *const ids[] = {"0", "0042", "abc", "ABC", "aBc", "S", "W", "a/b", "/", "//", "50%", "%41",
		"%", "%2F", "a b", " ", "$*+-.:", "\xc3\xa9t\xc3\xa9", "\xe5\xad\xa6\xe7\x94\x9f", "\xf0\x9f\x8e\x93",
		"o'neil@x.edu", "a\\b\"c", "?#&=", "1/2/3/4/5/6"};
	for (size_t i = 0; i < G_N_ELEMENTS(ids); i++)
		for (unsigned k = 0; k < 4; k++) {
			struct code code = code_of("a-0.9", 1 + k, k % 2, k / 2, ids[i]);
			assert_round_trip(&code);
			code.form = (char)('A' + k * 8);
			assert_round_trip(&code);
		}
}

// Every character, and the longest id in the costliest letters.
static void test_round_trip_extremes(void **state)
{
	(void)state;
	for (int c = 0x20; c < 0x7f; c++) {
		const char id[] = {(char)c, 0};
		struct code code = code_of("abcdefghijklmnopqrstuvwxyz-12345", 999, 1, true, id);
		assert_round_trip(&code);
	}
	char id[CODE_MAX_ID_BYTES + 1] = {0};
	for (size_t i = 0; i < CODE_MAX_ID_BYTES; i += 2)
		memcpy(id + i, "\xc3\xbc", 2);
	struct code code = code_of("abcdefghijklmnopqrstuvwxyz-12345", 999, 1, true, id);
	assert_round_trip(&code);
}

static void test_letters_of_either_case(void **state)
{
	(void)state;
	struct code code;
	assert_true(code_parse("SHEAF1/Exam/0123abCD/1/0/SaB", &code));
	assert_string_equal(code.exam, "exam");
	assert_string_equal(code.fingerprint, "0123abcd");
	assert_string_equal(code.id, "aB");
	code_clear(&code);
}

static const char *const REFUSED[] = {
	"",
	"https://example.com/",
	"SHEAF1",
	"SHEAF1/////",
	"SHEAF2/EXAM/0123ABCD/1/0/S42",
	"sheaf1/EXAM/0123ABCD/1/0/S42",
	" " START "1/0/S42",
	"SHEAF1/EXAM/0123ABCD/1/0",
	START "1/0/S42/",
	START "1/0/S42/7",
	START "1/0/S42/M",
	START "1/0/S42/MAAAAAAAAAAAA",
	START "1/0/S42/MAAAAAAAAAAAAAA",
	START "1/0/S42/MAAAAAAAAAAAa1",
	START "1/0/S42/XAAAAAAAAAAAAA",
	START "1/0/S42/MAAAAAAAAAAAAA/",
	START "1/0/S42/MAAAAAAAAAAAAA/MAAAAAAAAAAAAA",
	START "1/0/FB",
	START "1/0/FB/",
	START "1/0/FB/FB",
	START "1/0/FB/FC/S42",
	START "1/0/Fb/S42",
	START "1/0/F/S42",
	START "1/0/FAB/S42",
	START "1/0/S42/FB",
	"SHEAF1//0123ABCD/1/0/S42",
	"SHEAF1/EX AM/0123ABCD/1/0/S42",
	"SHEAF1/EX_AM/0123ABCD/1/0/S42",
	"SHEAF1/EX\xc3\x84M/0123ABCD/1/0/S42",
	"SHEAF1/ABCDEFGHIJKLMNOPQRSTUVWXYZ-123456/0123ABCD/1/0/S42",
	"SHEAF1/EXAM/0123ABC/1/0/S42",
	"SHEAF1/EXAM/0123ABCDE/1/0/S42",
	"SHEAF1/EXAM/0123ABCG/1/0/S42",
	"SHEAF1/EXAM/../1/0/S42",
	START "0/0/S42",
	START "-1/0/S42",
	START "+1/0/S42",
	START "1 /0/S42",
	START "1000/0/S42",
	START "18446744073709551617/0/S42",
	START "1e1/0/S42",
	START "0x1/0/S42",
	START "/0/S42",
	START "1//S42",
	START "1/2/S42",
	START "1/0/",
	START "1/0/S",
	START "1/0/W",
	START "1/0/42",
	START "1/0/s42",
	START "1/0/S%",
	START "1/0/S%4",
	START "1/0/S%GG",
	START "1/0/S%00",
	START "1/0/S42%00",
	START "1/0/S4%0A2",
	START "1/0/S4\n2",
	START "1/0/S%7F",
	START "1/0/S%1B[2J",
	START "1/0/S%FF",
	START "1/0/S\xff",
	START "1/0/S%C3",
	START "1/0/S%C0%AF",
	START "1/0/S%ED%A0%80",
};

static void test_refusals(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(REFUSED); i++) {
		struct code code = {.page = 77};
		if (code_parse(REFUSED[i], &code))
			fail_msg("%s is taken for a code", REFUSED[i]);
		assert_int_equal(code.page, 77); // untouched
		assert_null(code.id);
	}
}

static void test_too_long(void **state)
{
	(void)state;
	g_autoptr(GString) text = g_string_new(START "1/0/S");
	for (int i = 0; i < CODE_MAX_ID_BYTES; i++)
		g_string_append_c(text, 'x');
	struct code code;
	assert_true(code_parse(text->str, &code));
	code_clear(&code);
	g_string_append_c(text, 'x');
	assert_false(code_parse(text->str, &code));
	g_string_set_size(text, 1000000);
	memset(text->str, '/', text->len);
	assert_false(code_parse(text->str, &code));
}

// One code is one text: what is printed is never read as another student's, and the other way about.
static void test_two_ids_never_share_a_text(void **state)
{
	(void)state;
	static const char *const ids[] = {"a/b", "a%2Fb", "a%2fb", "A/B", "a b", "a+b", "a%20b", "ab"};
	g_autoptr(GHashTable) texts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(ids); i++) {
		struct code code = code_of("exam", 1, 0, false, ids[i]);
		assert_true(g_hash_table_add(texts, code_format(&code)));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_round_trips),
		cmocka_unit_test(test_round_trip_extremes),
		cmocka_unit_test(test_letters_of_either_case),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_two_ids_never_share_a_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
