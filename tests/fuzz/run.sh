#!/bin/bash
# Runs each fuzzer for so many seconds, from what the fixtures hold of its kind of input and what earlier runs found.
#   run.sh SECONDS FUZZER...
# A crash stops the run; the input that did it is left in build/fuzz/crashes.
set -eu
seconds=$1
shift
mkdir -p build/fuzz/crashes
for fuzzer in "$@"; do
	name=$(basename "$fuzzer")
	case $name in
	fuzz_exam) seeds=$(find fixtures -name '*.yaml') ;;
	fuzz_roster) seeds=$(find fixtures -name '*.csv' -size -40k) ;;
	fuzz_decode) seeds=$(find fixtures/scans -type f | LC_ALL=C sort | head -n 4) ;;
	*) seeds= ;;
	esac
	corpus=build/fuzz/corpus/$name
	mkdir -p "$corpus"
	for seed in $seeds; do
		cp "$seed" "$corpus/seed-$(basename "$seed")"
	done
	[ ! -d "tests/fuzz/seeds/$name" ] || cp "tests/fuzz/seeds/$name"/* "$corpus"
	echo "$name, $seconds s"
	log=build/fuzz/$name.log
	if ! LSAN_OPTIONS=suppressions=tests/leaks.supp "$fuzzer" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=3000 \
		-artifact_prefix=build/fuzz/crashes/"$name"- -print_final_stats=1 "$corpus" >"$log" 2>&1; then
		tail -n 60 "$log"
		echo "$name: a crash; the input is in build/fuzz/crashes"
		exit 1
	fi
	sed -n 's/^stat::number_of_executed_units: */  runs: /p' "$log"
done
