import type { Issue } from '../profile/issue.ts';
import type { JsonStrings } from './json_strings.ts';

/** Issues as canonical JSON. Their sentences quote values, so that something in them is always to be escaped. */
export function issuesText(issues: readonly Issue[], { inside }: JsonStrings): string {
  let list = '';
  for (const { code, field, message, pointer, severity, suggestion } of issues) {
    list += list === '' ? '{"code":"' : ',{"code":"';
    list += `${code}","field":"${inside(field)}","message":${JSON.stringify(message)},"pointer":"${inside(pointer)}",`;
    list += `"severity":"${severity}","suggestion":${JSON.stringify(suggestion)}}`;
  }
  return `[${list}]`;
}
