#!/bin/sh
# Compiles src/ to dist/, unless nothing there has changed, come or gone since the last time. A folder changes when
# something in it comes or goes.
cd -- "$(dirname -- "$0")/.." || exit 1
built=dist/.built
if [ -f $built ] && [ -z "$(find src tsconfig.json package-lock.json -newer $built)" ]; then
  exit 0
fi
mkdir -p dist
# Its time is that of the beginning, for what changes meanwhile; it counts only when the compiler has found no mistake.
: >$built.new
if [ -f dist/.tsbuildinfo ]; then seconds=3; else seconds=10; fi
echo "Building (about $seconds s) ..." >&2
NODE_DISABLE_COMPILE_CACHE=1 node_modules/.bin/tsc -b . src/page \
  && cp src/page/*.html src/page/*.css src/page/examples.json dist/page/ \
  && mv $built.new $built
