/** Several looks at this host at once, each by the name of what it shows. */

type Looks<Found> = { readonly [Name in keyof Found]: Found[Name] | Promise<Found[Name]> };

/** What they show, once all are done. */
export async function settled<Found extends object>(looks: Looks<Found>): Promise<Found> {
  const found = Object.entries(looks).map(async ([name, look]) => [name, await look] as const);
  return Object.fromEntries(await Promise.all(found)) as Found;
}
