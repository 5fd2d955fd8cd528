#!/bin/sh
# Reads simulated scans and compares what was read with what was meant.
#   accuracy.sh SHEAF SIMULATE EXAM FOLDER     (FOLDER as simulate left it)
set -eu
"$1" grade "$3" "$4/scans" --roster "$4/roster.csv" -o "$4/results" >"$4/summary.txt" || { cat "$4/summary.txt"; exit 1; }
"$2" compare "$4" "$4/results"
