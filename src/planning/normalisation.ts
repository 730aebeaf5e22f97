/** Values that look the same and are not: Unicode has several ways to write one letter. */

/** What is said of two such values. */
export const NORMALISATION_ONLY =
  'They differ in Unicode normalisation only: they look the same and are not.';

export function normalisationNote(before: unknown, after: unknown): string | null {
  return differInNormalisationOnly(before, after) ? NORMALISATION_ONLY : null;
}

/** Of values that differ. */
export function differInNormalisationOnly(before: unknown, after: unknown): boolean {
  if (before === undefined || after === undefined) return false;
  return JSON.stringify(before).normalize('NFC') === JSON.stringify(after).normalize('NFC');
}
