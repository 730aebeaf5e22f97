#!/bin/sh
# Starts what was built; with --sealed under Node's permission model: it may read, and write under logs/; Node itself refuses
# any other write, a process, a worker thread, and a native addon. `exec` leaves no shell behind: signals go to the service.
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P) || exit 1
# Measured on Node 24 under load, these keep the process some 90 MiB smaller, for a twentieth more processor time.
# Young objects live for one request, and V8 would let them take 128 MiB; of old ones a third may come on top before it looks
# for what is dead; threads that help with the young keep memory of their own; and so does what the compiler Maglev makes,
# whose code TurboFan soon replaces.
v8_flags='--max-semi-space-size=8 --heap-growing-percent=30 --no-parallel-scavenge --no-maglev'
if [ "$1" = --sealed ]; then
  # What the flags are called depends on Node's major version; a Node that does not know them does not start.
  case $(node --version) in
    v20.*) set -- --experimental-permission ;;
    v22.* | v24.*) set -- --permission ;;
    # From Node 25 on the model covers the network too, and listening has to be allowed.
    *) set -- --permission --allow-net ;;
  esac
  # The one folder that is written has to be there before the service may write nothing else.
  [ -d "$root/logs" ] || mkdir -- "$root/logs"
  set -- "$@" '--allow-fs-read=*' "--allow-fs-write=$root/logs/*"
fi
exec node $v8_flags "$@" "$root/dist/server.js"
