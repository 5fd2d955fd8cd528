#!/bin/bash
# Which share of each room's lines the tests ran, from the counts of a --coverage build. Worker processes that end at
# once do not write their counts, so what runs only there looks less tested than it is.
#   coverage.sh BUILD-FOLDER SOURCE...
set -eu
build=$1
shift
for source in "$@"; do
	gcov -n -o "$build/${source%.c}.o" "$source" 2>/dev/null |
		awk -v source="$source" -F "[':%]" '/^File/ {own = ($2 == source)}
			own && /^Lines executed/ {split($3, of, " "); print source, $2 * of[2] / 100, of[2]; own = 0}'
done | awk '{split($1, path, "/"); room = path[1]; ran[room] += $2; all[room] += $3; r += $2; a += $3
	if ($2 < 0.8 * $3) printf "  %-28s %5.1f %% of %d lines\n", $1, 100 * $2 / $3, $3}
	END {for (room in all) printf "%-8s %5.1f %% of %d lines\n", room, 100 * ran[room] / all[room], all[room] | "sort"
	close("sort"); printf "all      %5.1f %% of %d lines (files below 80 %% are listed first)\n", 100 * r / a, a}'
