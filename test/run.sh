#!/bin/sh
# Runs the tests, or the files that are named: `npm test`, `npm test -- FILE...`. A file for each processor at a time, and one more,
# since some wait.
mkdir -p logs/tap logs/tmp
export TMPDIR="$PWD/logs/tmp"
# The count of what has passed is written over itself, which only a terminal can show.
[ -t 1 ] || export CI=true
exec tap --jobs="$(node --print 'os.availableParallelism() + 1')" "$@"
