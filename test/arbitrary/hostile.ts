/** Legal profiles full of text that a shell, a terminal, Markdown or a site that shows it could take for something else. */
import fc from 'fast-check';
import type { HostFacts } from '../help/hosts.ts';
import { validCase } from './profile.ts';

/** Text that means something in Markdown, in HTML, on sites that show pull requests, or at the end of a comment. */
const MARKUP = [
  '`',
  '``',
  '```',
  '~~~',
  '`` `x` ``',
  '<img src=x onerror=alert(1)>',
  '<script>',
  '</code></pre>',
  '<!--',
  '-->',
  '&lt;',
  '&#64;x',
  '[a](https://evil.example)',
  '![a](x)',
  '[a]: https://evil.example',
  '<https://evil.example>',
  'https://evil.example/a',
  'www.evil.example',
  'a@evil.example',
  '@everyone',
  '@org/team',
  '#1',
  '!1',
  'GH-1',
  'org/repo#1',
  'da39a3ee5e6b4b0d3255bfef95601890afd80709',
  '*a*',
  '__a__',
  '~~a~~',
  '|',
  '| a |',
  '1.',
  '- a',
  '# a',
  '> a',
  '---',
  '===',
  '\\',
  '\\`',
  '$`x`$',
  ':smile:',
  "'",
  '"',
  '" "',
  '!',
  '!!',
  '$(id)',
  '$x',
  ';id',
  ' ',
  '  ',
  'word',
];

export interface HostileCase {
  readonly document: object;
  readonly facts: HostFacts;
}

/** Pieces of markup in one text. */
export function markup(): fc.Arbitrary<string> {
  return fc.array(fc.constantFrom(...MARKUP), { minLength: 1, maxLength: 6 }).map((parts) => parts.join(''));
}

/** Profiles with unknown keys, which the warnings name, and with such text wherever it is legal. */
export function hostileCase(): fc.Arbitrary<HostileCase> {
  const unknownKeys = fc.dictionary(markup(), fc.constant(1), { maxKeys: 4 });
  const fileName = markup().map((text) => text.replace(/[$`/\\?*:"<>|]/g, '').trim());
  return fc
    .tuple(validCase(), unknownKeys, markup(), fileName, fc.constantFrom('', '../'))
    .map(([{ document, facts }, unknown, append, name, folder]) => ({
      facts,
      document: {
        ...unknown,
        ...document,
        ...(document.kernel?.enabled === true ? { kernel: { ...document.kernel, append } } : {}),
        qmp: { ...document.qmp, ...unknown },
        storage: {
          disks: (document.storage?.disks ?? []).map((disk, index) =>
            index === 0 ? { ...disk, path: `${folder}hostile-${name}.img` } : disk,
          ),
        },
      },
    }));
}
