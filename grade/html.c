// SPDX-License-Identifier: GPL-3.0-or-later
// Colours: one blue for what is right or counted, one orange for what a person should look at, greys for the rest. The
// two differ in lightness as well as in hue, and neither is ever the only sign: what is right has a tick, what is
// suspected a triangle. Both pairs have a contrast of 4.5 and more to 1 on their background.
#include "grade/html.h"

#include <math.h>

#include "sheet/plain_text.h"

static const char STYLE[] =
	":root{color-scheme:light dark;--paper:#fff;--card:#f6f7f9;--ink:#1b1e23;--soft:#59616d;--line:#d5dae1;"
	"--bar:#b9cdea;--key:#1d5fb8;--warn:#b04500;--warnbg:#fdf0e6}"
	"@media(prefers-color-scheme:dark){:root{--paper:#14171b;--card:#1d2127;--ink:#e7eaee;--soft:#a3adba;"
	"--line:#39414c;--bar:#31486b;--key:#8ab8ff;--warn:#ffa45c;--warnbg:#33241a}}"
	"*{box-sizing:border-box}"
	"body{margin:0 auto;max-width:72rem;padding:1.5rem;background:var(--paper);color:var(--ink);"
	"font:15px/1.45 system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',sans-serif}"
	"h1{font-size:1.6rem;margin:0 0 .2rem}h2{font-size:1.2rem;margin:2.2rem 0 .6rem}h3{font-size:1rem;margin:0 0 "
	".4rem}"
	"p{margin:.4rem 0;max-width:60rem}.soft{color:var(--soft)}.small{font-size:.86rem}"
	"a{color:var(--key)}nav a{margin-right:1rem}"
	"table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}"
	"th,td{text-align:left;padding:.22rem .55rem;border-bottom:1px solid var(--line);vertical-align:middle}"
	"th{font-weight:600;color:var(--soft);font-size:.82rem;vertical-align:bottom}"
	"td.n,th.n{text-align:right;white-space:nowrap}tr.key td{font-weight:650}"
	"tr.warn td{background:var(--warnbg)}.scroll{overflow-x:auto}"
	".tiles{display:flex;flex-wrap:wrap;gap:.6rem;margin:1rem 0}"
	".tile{background:var(--card);border-radius:.5rem;padding:.5rem .75rem;min-width:6.4rem}"
	".tile b{display:block;font-size:1.35rem;font-variant-numeric:tabular-nums}.tile "
	"span{color:var(--soft);font-size:.82rem}"
	".cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(27rem,100%),1fr));gap:.9rem}"
	".card{background:var(--card);border-radius:.5rem;padding:.8rem .9rem;break-inside:avoid}"
	".card table{font-size:.88rem}.card .plot{margin-top:.5rem}"
	".alert{background:var(--warnbg);border-left:5px solid var(--warn);border-radius:.4rem;padding:.7rem .9rem;"
	"margin:.7rem 0;break-inside:avoid}.alert .pair{display:grid;grid-template-columns:minmax(0,1fr) "
	"270px;gap:1rem}"
	"@media(max-width:44rem){.alert .pair{grid-template-columns:1fr}}"
	".alert h3{color:var(--warn)}.good{border-left:5px solid var(--key);background:var(--card);border-radius:.4rem;"
	"padding:.7rem "
	".9rem}.tag{color:var(--warn);font-weight:600;white-space:nowrap}.tick{color:var(--key);font-weight:700}"
	"svg{display:block;max-width:100%;height:auto}svg text{fill:var(--soft);font-size:11px;font-family:inherit}"
	"svg .t{fill:var(--ink)}svg .k{fill:var(--key);font-weight:700}svg .w{fill:var(--warn);font-weight:700}"
	".axis{stroke:var(--line);stroke-width:1;fill:none}.bar{fill:var(--bar)}.keybar{fill:var(--key)}.warnbar{fill:"
	"var(--warn)}"
	".mean{stroke:var(--key);stroke-width:2}.other{stroke:var(--soft);stroke-width:1.4;fill:none}"
	".keyline{stroke:var(--key);stroke-width:3;fill:none}.warnline{stroke:var(--warn);stroke-width:2.6;fill:none}"
	".dot{fill:var(--key)}.warndot{fill:var(--warn)}"
	"@media print{body{max-width:none;padding:0;font-size:10pt}.card,.tile{border:1px solid var(--line)}}";

char *html_escape(const char *text)
{
	GString *seen = g_string_new(NULL);
	g_autofree char *valid = g_utf8_make_valid(text, -1); // the name of a folder may be any bytes
	for (const char *at = valid; *at; at = g_utf8_next_char(at)) {
		gunichar c = g_utf8_get_char(at);
		g_string_append_unichar(seen, c == '\t' || c == '\n' || c == '\r' ? ' '
					      : plain_text_acts(c)                ? 0xFFFD
										  : c);
	}
	char *escaped = g_markup_escape_text(seen->str, (gssize)seen->len);
	g_string_free(seen, TRUE);
	return escaped;
}

void html_text(GString *out, const char *text)
{
	g_autofree char *escaped = html_escape(text);
	g_string_append_printf(out, "<bdi>%s</bdi>", escaped);
}

void html_number(GString *out, double value, int decimals)
{
	char text[G_ASCII_DTOSTR_BUF_SIZE];
	const char format[] = {'%', '.', (char)('0' + decimals), 'f', '\0'};
	// A true minus sign, as wide as a plus; and no minus before what rounds to 0.
	if (!isfinite(value)) {
		g_string_append(out, "–");
		return;
	}
	double rounded = round(value * pow(10, decimals)) / pow(10, decimals);
	g_ascii_formatd(text, sizeof text, format, fabs(rounded));
	g_string_append_printf(out, "%s%s", rounded < 0 ? "−" : "", text);
}

void html_percent(GString *out, double share)
{
	html_number(out, share * 100, 0);
	if (isfinite(share))
		g_string_append(out, " %");
}

void html_cell_number(GString *out, double value, int decimals)
{
	g_string_append(out, "<td class=n>");
	html_number(out, value, decimals);
	g_string_append(out, "</td>");
}

void html_cell_text(GString *out, const char *text)
{
	g_string_append(out, "<td>");
	html_text(out, text);
	g_string_append(out, "</td>");
}

void html_begin(GString *out, const char *title)
{
	g_autofree char *escaped = html_escape(title);
	g_string_append_printf(out,
		"<!doctype html>\n<html lang=en>\n<meta charset=utf-8>\n"
		"<meta name=viewport content=\"width=device-width,initial-scale=1\">\n"
		"<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
		"<title>%s</title>\n<style>%s</style>\n<h1>",
		escaped, STYLE);
	html_text(out, title);
	g_string_append(out, "</h1>\n");
}

void html_end(GString *out)
{
	g_string_append(out, "</html>\n");
}
