/** What to say of a string that does not match its field's pattern. */

interface MismatchRule {
  readonly code: string;
  /** Completes "it must …". */
  readonly must: string;
  readonly suggestion: string;
}

const EMPTY: MismatchRule = {
  code: 'empty-value',
  must: 'not be empty or blank',
  suggestion: 'Write a value, or remove the key.',
};

const NAME: MismatchRule = {
  code: 'invalid-name',
  must: 'start with a letter and go on with letters, digits, "_" and "-", at most 31 characters in all',
  suggestion: 'Write a name such as "root" or "net0".',
};

const RULES: Readonly<Record<string, MismatchRule>> = {
  'vm.name': {
    code: 'invalid-name',
    must: 'hold letters, digits, "_" and "-" only, not start with "-", and have 1 to 64 characters',
    suggestion: 'Write a name such as "kernel-dev".',
  },
  'hardware.cpu': {
    code: 'invalid-cpu',
    must: 'be a model followed by features such as ",name=value" (on x86_64 also ",+name", ",-name"), at most 1024 characters',
    suggestion: 'Write a model that the QEMU of the host knows, such as "max" or "host,pmu=off".',
  },
  'storage.disks.name': NAME,
  'network.interfaces.name': NAME,
  'network.interfaces.hostfwd': {
    code: 'invalid-hostfwd',
    must: 'be (tcp|udp):[hostaddr]:hostport-[guestaddr]:guestport with IPv4 addresses and ports from 1 to 65535, without leading zeros',
    suggestion: 'Write a rule such as "tcp:127.0.0.1:2222-:22".',
  },
  'network.interfaces.mac': {
    code: 'invalid-mac',
    must: 'be six hexadecimal octets with ":" between them',
    suggestion: 'Write an address such as "52:54:00:0a:0b:0c".',
  },
  'console.escape_sequence': {
    code: 'invalid-escape-sequence',
    must: 'be one or more of "ctrl+", "alt+", "shift+" and then a key',
    suggestion: 'Write a sequence such as "ctrl+]".',
  },
};

const MAY_BE_BLANK = new Set([
  'vm.name',
  'storage.disks.name',
  'network.interfaces.name',
  'console.escape_sequence',
]);

/** The rule that `value` breaks at the field `template`. A blank value is called blank, whatever else would be wrong. */
export function mismatchRule(template: string, value: string): MismatchRule {
  const rule = RULES[template];
  if (rule === undefined || (value.trim() === '' && !MAY_BE_BLANK.has(template))) return EMPTY;
  return rule;
}
