/** Paths of which no rule about texts has anything to say; most are such. */

/**
 * Absolute on any system but windows. Components start with a letter, a digit or an underscore and hold nothing that a
 * system or a shell gives a meaning to; none of the first ones leads to a place that no plan may name.
 */
const ORDINARY = /^(?!\/(?:proc|sys|dev|etc|private)(?:\/|$))(?:\/[A-Za-z0-9_][A-Za-z0-9_.,=+@%-]*)+$/i;
/** Under every limit on the length of a path, a component or a socket. */
const ORDINARY_LENGTH = 100;

/** Whether an absolute path is normalised, and nothing in it has to be looked at. */
export function isOrdinaryPath(path: string): boolean {
  return path.length <= ORDINARY_LENGTH && ORDINARY.test(path);
}
