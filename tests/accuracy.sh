#!/bin/bash
# Reads simulated scans and holds the reading against what was meant, piece by piece, until enough positions (rings) were
# read in each profile; prints one table.
#   accuracy.sh SHEAF SIMULATE ROSTER FOLDER POSITIONS PROFILES SEED JOBS EXAM...
# Each piece is a stack of its own: printed, marked and scanned by the simulator from SEED and its number, read by the
# program, compared, thrown away. JOBS pieces are worked on at a time. A piece that was counted is not done again: after a
# break the same command goes on.
set -eu
sheaf=$1 simulate=$2 roster=$3 folder=$4 positions=$5 profiles=$6 seed=$7 jobs=$8
shift 8
PAGES_A_PIECE=100

piece() {
	profile=$1 number=$2 exam=$3
	at=$folder/$profile/$number
	[ ! -s "$at.tally" ] || return 0
	rm -rf "$at"
	mkdir -p "$at"
	"$simulate" "$exam" --roster "$roster" -o "$at" --profile "$profile" --dpi mix --orientation mix \
		--pages "$PAGES_A_PIECE" --seed $((seed * 1000000 + number)) --jobs 1 >"$at/log" 2>&1 || return 1
	"$sheaf" grade "$exam" "$at/scans" --roster "$at/roster.csv" -o "$at/results" --jobs 1 >>"$at/log" 2>&1 || return 1
	"$simulate" compare "$at" "$at/results" --tally >"$at.part" || true
	grep -q '^all' "$at.part" || { cat "$at/log" "$at.part"; return 1; }
	sed -i "s|^example	|example	$profile piece $number ($(basename "$exam")): |" "$at.part"
	mv "$at.part" "$at.tally"
	rm -rf "$at"
}
export -f piece
export sheaf simulate roster folder seed PAGES_A_PIECE

counted() { cat "$folder/$1"/*.tally 2>/dev/null | awk -F'\t' '$1 == "all" {n += $8} END {print n + 0}'; }

exams=("$@")
for profile in $profiles; do
	mkdir -p "$folder/$profile"
	next=0
	while [ "$(counted "$profile")" -lt "$positions" ]; do
		for i in $(seq $next $((next + 4 * jobs - 1))); do
			echo "$profile $i ${exams[$((i % ${#exams[@]}))]}"
		done | xargs -P "$jobs" -L 1 bash -c 'piece "$@" || exit 255' piece
		next=$((next + 4 * jobs))
	done
done
"$(dirname "$0")/accuracy-table.sh" "$folder" $profiles
