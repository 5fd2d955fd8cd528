// SPDX-License-Identifier: GPL-3.0-or-later
// Each glyph is a string of polylines, separated by spaces; a polyline is a run of points, two digits each: x from 0 to
// 6 and y from 0 (cap height) to 9 (base line).
#include "sheet/stroke_font.h"

#include <glib.h>
#include <string.h>

#define GLYPH_WIDTH 6
#define GLYPH_HEIGHT 9
#define GLYPH_GAP 3

static const char *const GLYPHS[128] = {
	['A'] = "093069 1656",
	['B'] = "09004051534404 44555849 4909",
	['C'] = "6150100108195968",
	['D'] = "09004062674909",
	['E'] = "60000969 0444",
	['F'] = "600009 0444",
	['G'] = "61501001081959686535",
	['H'] = "0009 6069 0464",
	['I'] = "3039 1050 1959",
	['J'] = "6067492907",
	['K'] = "0009 6005 2369",
	['L'] = "000969",
	['M'] = "0900356069",
	['N'] = "09006960",
	['O'] = "204062674929070220",
	['P'] = "09004061644505",
	['Q'] = "204062674929070220 4669",
	['R'] = "09004061644505 3569",
	['S'] = "61402002031455666749 492908",
	['T'] = "0060 3039",
	['U'] = "000729496760",
	['V'] = "003960",
	['W'] = "0019345960",
	['X'] = "0069 6009",
	['Y'] = "003460 3439",
	['Z'] = "00600969",
	['a'] = "13435459 5514050819 194958",
	['b'] = "0009 04234355584919 1908",
	['c'] = "5443230508194958",
	['d'] = "5059 54431304 0508194958",
	['e'] = "065655432304 0408194958",
	['f'] = "5040312329 0353",
	['g'] = "5359 5443130406174756 5919",
	['h'] = "0009 0423435459",
	['i'] = "3339 3031",
	['j'] = "4348 483919 4041",
	['k'] = "0009 5306 2459",
	['l'] = "203839",
	['m'] = "0309 04132439 3404 2433",
	['n'] = "0309 0423435459",
	['o'] = "13435558491908 080413",
	['p'] = "0309 04234354564717 1706",
	['q'] = "5359 544313040617 174756",
	['r'] = "0309 05234354",
	['s'] = "5443130415 154657584919 1908",
	['t'] = "20283949 0353",
	['u'] = "0308194958 5359",
	['v'] = "032953",
	['w'] = "0319254953",
	['x'] = "0359 5309",
	['y'] = "0329 5319",
	['z'] = "03530959",
	['0'] = "204062674929070220",
	['1'] = "123039 1959",
	['2'] = "02204062630969",
	['3'] = "01204061634424 44666749 2908 4929",
	['4'] = "49400666",
	['5'] = "60000444666749 4909",
	['6'] = "50200307294967654424 2406",
	['7'] = "006029",
	['8'] = "240301204061634424060729496766 6644",
	['9'] = "63452503022040626539 3919",
	['('] = "40222749",
	[')'] = "20424729",
	['+'] = "3238 0565",
	['-'] = "0565",
	['.'] = "2939",
	['='] = "0464 0767",
	['<'] = "610468",
	['>'] = "016408",
	['/'] = "6009",
};

static const char *glyph_of(char c)
{
	return (unsigned char)c < G_N_ELEMENTS(GLYPHS) ? GLYPHS[(unsigned char)c] : NULL;
}

bool stroke_label_fits(const char *label)
{
	size_t length = strlen(label);
	for (size_t i = 0; i < length; i++)
		if (!glyph_of(label[i]))
			return false;
	return length > 0 && length <= STROKE_MAX_CHARS;
}

// Cap heights that keep one, two or three letters clear of the ring.
static int32_t cap_height_um(size_t length)
{
	static const int32_t heights[STROKE_MAX_CHARS + 1] = {0, 2000, 1500, 1150};
	return heights[length];
}

unsigned stroke_label(const char *label, struct stroke strokes[STROKE_MAX])
{
	size_t length = strlen(label);
	int32_t height = cap_height_um(length);
	int32_t units = (int32_t)length * GLYPH_WIDTH + (int32_t)(length - 1) * GLYPH_GAP;
	unsigned n = 0;
	for (size_t i = 0; i < length; i++) {
		int32_t left = (int32_t)i * (GLYPH_WIDTH + GLYPH_GAP);
		const char *p = glyph_of(label[i]);
		while (*p) {
			bool joined = p[2] && p[2] != ' ';
			if (joined) {
				g_assert(n < STROKE_MAX);
				strokes[n++] = (struct stroke){
					.x0_um = (2 * (left + p[0] - '0') - units) * height / (2 * GLYPH_HEIGHT),
					.y0_um = (2 * (p[1] - '0') - GLYPH_HEIGHT) * height / (2 * GLYPH_HEIGHT),
					.x1_um = (2 * (left + p[2] - '0') - units) * height / (2 * GLYPH_HEIGHT),
					.y1_um = (2 * (p[3] - '0') - GLYPH_HEIGHT) * height / (2 * GLYPH_HEIGHT),
				};
			}
			p += joined || !p[2] ? 2 : 3;
		}
	}
	return n;
}
