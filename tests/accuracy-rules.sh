#!/bin/bash
# What goes wrong without each rule of deciding: stacks on which half of the items have a doubtful mark, each read with
# all rules and without each in turn.
#   accuracy-rules.sh MEASURE SIMULATE ROSTER EXAM FOLDER PAGES SEED JOBS      (PAGES of each stack)
set -eu
measure=$1 simulate=$2 roster=$3 exam=$4 folder=$5 pages=$6 seed=$7 jobs=$8

stack() { # profile, and what more the simulator is told
	local at=$folder/$*
	"$simulate" "$exam" --roster "$roster" -o "${at// /}" --profile "$@" --dpi mix --orientation mix --doubt 0.5 \
		--pages "$pages" --seed "$seed" --jobs "$jobs"
}

rm -rf "$folder"
for profile in office rough brutal; do
	stack $profile
	stack $profile --doubtful erased
done
for defect in fold note streak; do stack rough --defect $defect; done
for defect in bend bleed; do stack brutal --defect $defect; done
stack brutal --doubtful struck
"$measure" "$exam" "$folder"/*
