#!/bin/sh
# Runs the tests, or the files that are named, with a file for each processor at a time: `npm test`, `npm test -- FILE...`.
mkdir -p logs/tap logs/tmp
export TMPDIR="$PWD/logs/tmp"
# The count of what has passed is written over itself, which only a terminal can show.
[ -t 1 ] || export CI=true
exec tap --jobs="$(node --print 'os.availableParallelism()')" "$@"
