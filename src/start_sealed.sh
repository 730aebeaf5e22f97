#!/bin/sh
# Starts the service under Node's permission model: it may read, and write under logs/; Node itself refuses any other
# write, a process, a worker thread, and a native addon. What the flags are called depends on Node's major version; a
# Node that does not know them does not start. `exec` leaves no shell behind: signals go to the service itself.
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P) || exit 1
case $(node --version) in
  v20.*) set -- --experimental-permission ;;
  v22.* | v24.*) set -- --permission ;;
  # From Node 25 on the model covers the network too, and listening has to be allowed.
  *) set -- --permission --allow-net ;;
esac
# The one folder that is written has to be there before the service may write nothing else.
[ -d "$root/logs" ] || mkdir -- "$root/logs"
# V8's flags are those of `npm start`. Young objects live for one request, and Node 24 would let them take 128 MiB; of old
# ones a third may come on top before it looks for what is dead. So little is left to copy from the young that waking other
# threads for it costs more than it saves. What the compiler Maglev leaves behind takes 30 MiB, and TurboFan soon replaces
# its code.
exec node "$@" --max-semi-space-size=8 --heap-growing-percent=30 --no-parallel-scavenge --no-maglev '--allow-fs-read=*' "--allow-fs-write=$root/logs/*" "$root/dist/server.js"
