#!/bin/bash
# Runs test programs side by side and prints what cmocka says of each, then the sums.
#   run.sh BUILD-FOLDER PROGRAM...
# Each program's output stays in BUILD-FOLDER/logs. A program that crashes, hangs, or prints no totals of cmocka's is a
# failed test, as is one that exits with an error although all its tests passed (a leak, say).
set -u
LIMIT_SECONDS=900 # a program that takes longer hangs

build=$1
logs=$build/logs
shift
mkdir -p "$logs"
rm -f "$logs"/*

run_one() {
	name=$(basename "$1")
	timeout "$3" "$1" >"$2/$name.out" 2>"$2/$name.err"
	echo $? >"$2/$name.status"
}
export -f run_one
printf '%s\0' "$@" | xargs -0 -n 1 -P "$(nproc)" bash -c 'run_one "$3" "$1" "$2"' run "$logs" "$LIMIT_SECONDS"

# The sum of the numbers in lines like "[  PASSED  ] 4 test(s)."
count() {
	sed -n "s/^\[  $1 *\] \([0-9]*\) test(s).*/\1/p" "$2" | awk '{n += $1} END {print n + 0}'
}

passed=0 failed=0 skipped=0
for program in "$@"; do
	name=$(basename "$program")
	err=$logs/$name.err status=$(cat "$logs/$name.status")
	p=$(count PASSED "$err") f=$(count FAILED "$err") s=$(count SKIPPED "$err")
	note=
	if ! grep -q '^\[  PASSED  \]' "$err"; then
		f=$((f + 1))
		note="no totals, exit status $status"
	elif [ "$status" -ne 0 ] && [ "$f" -eq 0 ]; then
		f=1
		note="exit status $status"
	fi
	passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
	if [ "$f" -eq 0 ]; then
		printf '%-28s [  PASSED  ] %d test(s).\n' "$name" "$p"
	else
		printf '%-28s [  FAILED  ] %d of %d test(s). %s\n' "$name" "$f" "$((p + f))" "$note"
		tail -n 400 "$err" | sed 's/^/    /'
	fi
done

{
	echo "[==========] $((passed + failed + skipped)) test(s) run by $# program(s)."
	echo "[  PASSED  ] $passed test(s)."
	[ "$skipped" -eq 0 ] || echo "[  SKIPPED ] $skipped test(s)."
	[ "$failed" -eq 0 ] || echo "[  FAILED  ] $failed test(s)."
	echo "$passed passed, $failed failed"
} | tee "$build/test-totals.txt"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
