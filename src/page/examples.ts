/** The profiles to start from: those that the service knows, with their comments where they came with it. */
import type { Api, PlanRequest, ProfileList, Validation } from './api.ts';
import { HOSTS } from './hosts.ts';

export const START = `# A first machine. Change it, and see on the other side what it becomes.
schema_version = 2

[vm]
name = "first"

[hardware]
arch = "x86_64"
cores = 2
memory_mb = 2048

[firmware]
type = "default"

[[storage.disks]]
name = "system"
path = "images/first.qcow2"
format = "qcow2"
size_gb = 20

[[network.interfaces]]
name = "net0"
type = "user"
hostfwd = ["tcp:127.0.0.1:2222-:22"]

[serial]
enabled = true
mode = "pty"
`;

/** A host that has all that examples need. */
const AT_EASE = 1;

export async function exampleNames(api: Api): Promise<string[]> {
  const answer = await api.get<ProfileList>('profiles');
  return 'problem' in answer ? [] : answer.value.profiles.map(({ name }) => name);
}

interface Example {
  readonly text: string;
  /** Which of the hosts it is for. */
  readonly host: number;
}

/** A profile that is not for the chosen host is shown for one that it is for; `null` for one with errors everywhere. */
export async function exampleFor(name: string, chosen: number, api: Api): Promise<Example | null> {
  for (const host of new Set([chosen, AT_EASE, ...HOSTS.keys()])) {
    const facts = HOSTS[host]?.facts ?? null;
    const on = facts === null ? {} : { host: facts };
    const canonical = await canonicalOf({ profile_name: name, ...on }, api);
    if (canonical === null) continue;
    const text = await shippedText(name, api);
    const isSame =
      text !== undefined && (await canonicalOf({ profile_toml: text, ...on }, api)) === canonical;
    return { text: isSame ? text : canonical, host };
  }
  return null;
}

async function canonicalOf(request: PlanRequest, api: Api): Promise<string | null> {
  const answer = await api.post<Validation>('profiles/validate', request);
  return 'problem' in answer ? null : answer.value.canonical_toml;
}

/** The text of a profile that comes with the service; the one of this name may be another. */
async function shippedText(name: string, api: Api): Promise<string | undefined> {
  const answer = await api.get<Readonly<Record<string, string>>>('page/examples.json');
  return 'value' in answer ? answer.value[name] : undefined;
}
