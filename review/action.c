// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/action.h"

#include <string.h>

#define MOST_TEXT_BYTES 500 // of a reason or a name
#define MOST_PAGES 64       // set aside at once

struct request {
	struct desk *desk;
	const json_t *json;
	const char *person, *reason;
	GError **error;
};

static bool refuse(const struct request *request, enum desk_error code, const char *format, ...) G_GNUC_PRINTF(3, 4);

static bool refuse(const struct request *request, enum desk_error code, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	g_autofree char *what = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	g_set_error_literal(request->error, DESK_ERROR, (int)code, what);
	return false;
}

// A short text of the request; NULL where it is missing, too long, or has control characters.
static const char *text_of(const struct request *request, const char *name)
{
	const char *text = json_string_value(json_object_get(request->json, name));
	if (!text || strlen(text) > MOST_TEXT_BYTES)
		return NULL;
	for (const char *at = text; *at; at++)
		if (g_ascii_iscntrl(*at))
			return NULL;
	return text;
}

static const struct batch_page *page_of(const struct request *request, const char *name)
{
	const struct batch_page *page = name ? desk_find_page(request->desk, name) : NULL;
	if (!page || !page->content)
		refuse(request, DESK_ERROR_OVERTAKEN, "this page is not among the scans any more");
	return page && page->content ? page : NULL;
}

// What every decision about a page says of it.
static struct decision about_page(const struct request *request, enum decision_kind kind, const struct batch_page *page)
{
	return (struct decision){
		.person = (char *)(uintptr_t)request->person,
		.kind = kind,
		.content = page->content,
		.number = page->number,
		.file = page->file,
		.student = (char *)(uintptr_t)page->student_id,
		.page = page->answers->page,
		.reason = (char *)(uintptr_t)request->reason,
	};
}

static bool run_mark(const struct request *request)
{
	const struct results *results = desk_results(request->desk);
	const char *id = text_of(request, "item"), *from = text_of(request, "from"), *to = text_of(request, "to");
	const struct batch_page *page = page_of(request, text_of(request, "page"));
	if (!page)
		return false;
	int item = id ? layout_find_item(results->layout, id) : -1;
	const struct exam_item *asked = item >= 0 ? results->layout->items[item].exam_item : NULL;
	exam_choices choices;
	if (!asked || !from || !to || (*to && !exam_choices_parse(asked, to, &choices)))
		return refuse(request, DESK_ERROR_WRONG, "there is no such item, or it has no such choice");
	for (unsigned i = 0; page->fate == PAGE_READ && i < page->answers->n_marks; i++) {
		const struct answers_mark *mark = &page->answers->marks[i];
		if (mark->item != (unsigned)item)
			continue;
		g_autofree char *now = exam_choices_text(asked, mark->marked);
		if (strcmp(now, from) != 0)
			return refuse(request, DESK_ERROR_OVERTAKEN,
				"somebody else decided this meanwhile: it is now %s", *now ? now : "blank");
		struct decision decision = about_page(request, DECISION_MARK, page);
		decision.item = (char *)(uintptr_t)id;
		decision.was = now;
		decision.becomes = (char *)(uintptr_t)to;
		return desk_decide(request->desk, &decision, 1, request->error);
	}
	return refuse(request, DESK_ERROR_OVERTAKEN, "this page does not count any more");
}

// An unknown ID is as good as a name on the roster where there is no roster, and nowhere else.
static bool is_somebody(const struct results *results, const char *id)
{
	if (!*id || strlen(id) > ROSTER_MAX_ID_BYTES)
		return false;
	return !results->roster || roster_find(results->roster, id) != NULL;
}

static bool run_identity(const struct request *request)
{
	const struct results *results = desk_results(request->desk);
	const char *from = text_of(request, "from"), *to = text_of(request, "to"), *form = text_of(request, "form");
	json_int_t number = json_integer_value(json_object_get(request->json, "number"));
	const struct batch_page *page = page_of(request, text_of(request, "page"));
	if (!page)
		return false;
	if (!from || !to || !is_somebody(results, to))
		return refuse(request, DESK_ERROR_WRONG, "there is no such student on the roster");
	if (number < 1 || number > (json_int_t)results->layout->n_pages)
		return refuse(request, DESK_ERROR_WRONG, "the paper has no such page");
	if (form && *form && (!g_ascii_isupper(*form) || form[1]))
		return refuse(request, DESK_ERROR_WRONG, "a form is one capital letter");
	if (strcmp(page->student_id ? page->student_id : "", from) != 0)
		return refuse(request, DESK_ERROR_OVERTAKEN, "somebody else decided this meanwhile: the page is %s's",
			page->student_id ? page->student_id : "nobody");
	struct decision decision = about_page(request, DECISION_IDENTITY, page);
	decision.was = (char *)(uintptr_t)from;
	decision.becomes = (char *)(uintptr_t)to;
	decision.student = decision.becomes;
	decision.page = (unsigned)number;
	decision.item = (char *)(uintptr_t)form;
	return desk_decide(request->desk, &decision, 1, request->error);
}

static bool run_set_aside(const struct request *request)
{
	const json_t *pages = json_object_get(request->json, "pages");
	const char *as = text_of(request, "as");
	struct decision decisions[MOST_PAGES];
	size_t n = json_array_size(pages);
	if (n < 1 || n > MOST_PAGES || !as ||
		(strcmp(as, DECISION_AS_DUPLICATE) != 0 && strcmp(as, DECISION_NOT_COUNTED) != 0))
		return refuse(request, DESK_ERROR_WRONG, "which pages, and as what?");
	for (size_t i = 0; i < n; i++) {
		const char *name = json_string_value(json_array_get(pages, i));
		const struct batch_page *page = page_of(request, name);
		if (!page)
			return false;
		decisions[i] = about_page(request, DECISION_SET_ASIDE, page);
		decisions[i].was = (char *)(uintptr_t)(page->fate == PAGE_READ ? "read" : page->kind);
		decisions[i].becomes = (char *)(uintptr_t)as;
	}
	return desk_decide(request->desk, decisions, (unsigned)n, request->error);
}

static bool run_student(const struct request *request, enum decision_kind kind)
{
	const char *id = text_of(request, "student");
	json_int_t number = json_integer_value(json_object_get(request->json, "number"));
	if (!id || !desk_find_student(request->desk, id) || number < 0 ||
		number > (json_int_t)desk_results(request->desk)->layout->n_pages)
		return refuse(request, DESK_ERROR_WRONG, "there is no such student");
	struct decision decision = {
		.person = (char *)(uintptr_t)request->person,
		.kind = kind,
		.student = (char *)(uintptr_t)id,
		.page = kind == DECISION_MISSING ? (unsigned)number : 0,
		.was = (char *)(uintptr_t)(kind == DECISION_MISSING ? "missing" : "not on the roster"),
		.becomes = (char *)(uintptr_t)(kind == DECISION_MISSING ? "lost" : "may stay"),
		.reason = (char *)(uintptr_t)request->reason,
	};
	return desk_decide(request->desk, &decision, 1, request->error);
}

static bool run_undo(const struct request *request)
{
	const struct rulings *rulings = desk_results(request->desk)->rulings;
	const GPtrArray *decisions = rulings_decisions(rulings);
	json_int_t id = json_integer_value(json_object_get(request->json, "id"));
	for (guint i = 0; i < decisions->len; i++) {
		const struct decision *done = g_ptr_array_index(decisions, i);
		if (done->id != id || done->kind == DECISION_UNDO)
			continue;
		if (strcmp(rulings_state(rulings, done), "undone") == 0)
			break;
		struct decision decision = *done;
		decision.kind = DECISION_UNDO;
		decision.time = NULL;
		decision.person = (char *)(uintptr_t)request->person;
		decision.was = done->becomes;
		decision.becomes = done->was;
		decision.reason = (char *)(uintptr_t)(*request->reason ? request->reason : "undone");
		decision.undoes = done->id;
		return desk_decide(request->desk, &decision, 1, request->error);
	}
	return refuse(request, DESK_ERROR_OVERTAKEN, "there is nothing of this kind to undo");
}

bool action_run(struct desk *desk, const json_t *json, GError **error)
{
	struct request request = {.desk = desk, .json = json, .error = error};
	const char *action = text_of(&request, "action"), *flag = text_of(&request, "flag");
	request.person = text_of(&request, "person");
	request.reason = text_of(&request, "reason");
	if (!action || !request.person || !*request.person)
		return refuse(&request, DESK_ERROR_WRONG, "who decides, and what?");
	if (!request.reason && json_object_get(json, "reason"))
		return refuse(&request, DESK_ERROR_WRONG, "the reason is too long");
	if (!request.reason)
		request.reason = "";
	if (flag && *flag && !desk_find_flag(desk, flag))
		return refuse(&request, DESK_ERROR_OVERTAKEN, "this was settled meanwhile");
	if (strcmp(action, "mark") == 0)
		return run_mark(&request);
	if (strcmp(action, "identity") == 0)
		return run_identity(&request);
	if (strcmp(action, "set-aside") == 0)
		return run_set_aside(&request);
	if (strcmp(action, "missing-page") == 0)
		return run_student(&request, DECISION_MISSING);
	if (strcmp(action, "unknown-student") == 0)
		return run_student(&request, DECISION_STRANGER);
	if (strcmp(action, "undo") == 0)
		return run_undo(&request);
	return refuse(&request, DESK_ERROR_WRONG, "there is no such action");
}
