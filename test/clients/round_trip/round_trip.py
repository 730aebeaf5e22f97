"""Reads a profile a line, and writes it again."""
import json
import sys

from profile import profile_from_dict, profile_to_dict

for line in sys.stdin:
    print(json.dumps(profile_to_dict(profile_from_dict(json.loads(line)))))
