#!/bin/sh
# Compiles what changes in src/, and starts the service anew each time. Ends with it, or by Ctrl-C.
cd -- "$(dirname -- "$0")/.." || exit 1
sh src/build.sh || exit 1
export NODE_DISABLE_COMPILE_CACHE=1
node_modules/.bin/tsc -b --watch --preserveWatchOutput &
compiler=$!
node --watch --watch-preserve-output dist/server.js &
service=$!
trap 'kill $compiler $service' EXIT
trap exit INT TERM
wait $service
