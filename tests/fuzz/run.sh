#!/bin/bash
# Runs each fuzzer for so many seconds, from what the fixtures hold of its kind of input and what earlier runs found.
#   run.sh SECONDS FUZZER...
# A crash stops the run; the input that did it is left in build/fuzz/crashes.
set -eu
seconds=$1
shift
mkdir -p build/fuzz/crashes

# Files that fuzzers make: in memory, where it can be.
TMPDIR=$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d)
export TMPDIR
trap 'rm -rf "$TMPDIR"' EXIT

# Small files of the formats of many pages.
make_scans() {
	mkdir -p build/fuzz/seeds
	local out=build/fuzz/seeds
	printf 'P5\n3 2\n255\nabcdef' >"$out/a.pgm"
	printf 'II*\0\10\0\0\0\7\0' >"$out/a.tif"
	# Width, height, depth, colours, strip, its size: tag, type, count, value.
	printf '\0\1\4\0\1\0\0\0\10\0\0\0\1\1\4\0\1\0\0\0\4\0\0\0\2\1\3\0\1\0\0\0\10\0\0\0' >>"$out/a.tif"
	printf '\3\1\3\0\1\0\0\0\1\0\0\0\6\1\3\0\1\0\0\0\1\0\0\0\21\1\4\0\1\0\0\0\10\0\0\0' >>"$out/a.tif"
	printf '\27\1\4\0\1\0\0\0\40\0\0\0\0\0\0\0' >>"$out/a.tif"
	printf '%s\n' '%PDF-1.4' '1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj' \
		'2 0 obj <</Type/Pages/Count 1/Kids[3 0 R]>> endobj' \
		'3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 8 4]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>> endobj' \
		'4 0 obj <</Length 24>> stream' 'q 8 0 0 4 0 0 cm /I Do Q' 'endstream endobj' \
		'5 0 obj <</Type/XObject/Subtype/Image/Width 8/Height 4/BitsPerComponent 1/ColorSpace/DeviceGray/Length 4>> stream' \
		'abcd' 'endstream endobj' 'trailer <</Root 1 0 R/Size 6>>' '%%EOF' >"$out/a.pdf"
}

# What a worker says: a head of kind, page and size, and a body.
make_talks() {
	local out=build/fuzz/seeds-talk
	mkdir -p "$out"
	printf '\377\3\0\0\0\0\0\0\0\2\0\0\0no\5\0\0\0\0\0\0\0\0\0\0\0' >"$out/no"
	printf '\377\1\0\0\0\2\0\0\0\0\0\0\0' >"$out/two"
	for page in 0 1; do
		printf '\2\0\0\0\'$page'\0\0\0\40\0\0\0answers\t1\noutcome\tblank\nmarks\t0\n' >>"$out/two"
	done
	printf '\5\0\0\0\0\0\0\0\0\0\0\0' >>"$out/two"
	{ cat "$out/two" && tail -c +2 "$out/no"; } >"$out/both"
	printf '\376\6\0\0\0\0\0\0\0\0\0\0\0' >"$out/draw"
	printf '\377\4\0\0\0\0\0\0\0\15\0\0\0001-a.png\0\211PNG' >"$out/picture"
}

for fuzzer in "$@"; do
	name=$(basename "$fuzzer")
	case $name in
	fuzz_exam) seeds=$(find fixtures -name '*.yaml') ;;
	fuzz_roster) seeds=$(find fixtures -name '*.csv' -size -40k) ;;
	fuzz_png | fuzz_jpeg | fuzz_tiff | fuzz_pdf | fuzz_pnm)
		make_scans
		seeds=$(find build/fuzz/seeds fixtures/scans -type f | LC_ALL=C sort | head -n 8)
		;;
	fuzz_talk)
		make_talks
		seeds=$(find build/fuzz/seeds-talk -type f)
		;;
	*) seeds= ;;
	esac
	corpus=build/fuzz/corpus/$name
	mkdir -p "$corpus"
	for seed in $seeds; do
		cp "$seed" "$corpus/seed-$(basename "$seed")"
	done
	[ ! -d "tests/fuzz/seeds/$name" ] || cp "tests/fuzz/seeds/$name"/* "$corpus"
	echo "$name, $seconds s"
	dict=
	[ ! -f "tests/fuzz/$name.dict" ] || dict=-dict=tests/fuzz/$name.dict
	log=build/fuzz/$name.log
	if ! LSAN_OPTIONS=suppressions=tests/leaks.supp "$fuzzer" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=3000 \
		-artifact_prefix=build/fuzz/crashes/"$name"- -print_final_stats=1 $dict "$corpus" >"$log" 2>&1; then
		tail -n 60 "$log"
		echo "$name: a crash; the input is in build/fuzz/crashes"
		exit 1
	fi
	sed -n 's/^stat::number_of_executed_units: */  runs: /p' "$log"
	# How many edges of our code were seen, and after how many runs the last new one was.
	sed -n 's/^#\([0-9]*\)[[:space:]]*\(NEW\|INITED\) *cov: \([0-9]*\).*/\3 \1/p' "$log" |
		awk '$1 > most {most = $1; last = $2} END {print "  edges: " most ", the last new one in run " last}'
done
