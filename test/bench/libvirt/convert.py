"""Asks libvirt for the argv of domains, through one connection that stays open.

Arguments: the connection's URI, and the file of the domain's template. Each line of standard input, "THREADS SECONDS
FIRST", is one slice of load: so many threads convert domains that all differ, as fast as they can, with numbers from
FIRST on. The answer is a line of JSON. A line "show NUMBER" is answered with the argv of that domain.
"""

import itertools
import json
import sys
import threading
import time

import libvirt

uri, file = sys.argv[1:]
with open(file, encoding="utf-8") as opened:
    template = opened.read()
# The embedded driver wants an event loop to be there; for a conversion it need not run.
libvirt.virEventRegisterDefaultImpl()
connection = libvirt.open(uri)


def convert(number):
    # As ../body_text.js has it.
    xml = template.replace("@NAME@", f"v{number:09}").replace("@MEMORY@", str(1024 + 256 * (number % 36)))
    return connection.domainXMLToNative("qemu-argv", xml, 0)


def convert_until(end, numbers, counts):
    count = 0
    while time.monotonic() < end:
        convert(next(numbers))
        count += 1
    counts.append(count)


def run_slice(threads, seconds, first):
    numbers = itertools.count(first)
    counts = []
    begun, cpu = time.monotonic(), time.process_time()
    workers = [
        threading.Thread(target=convert_until, args=(begun + seconds, numbers, counts)) for _ in range(threads)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return {
        "requests": sum(counts),
        "microseconds": (time.monotonic() - begun) * 1e6,
        "cpu": (time.process_time() - cpu) * 1e6,
    }


for line in sys.stdin:
    words = line.split()
    if words[0] == "show":
        answer = convert(int(words[1]))
    else:
        answer = run_slice(int(words[0]), float(words[1]), int(words[2]))
    print(json.dumps(answer), flush=True)
