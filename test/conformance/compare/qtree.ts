/** What `info qtree` says: every device on its bus, with its properties. */

export interface Device {
  readonly type: string;
  /** Empty for a device that nobody named. */
  readonly id: string;
  /** The name of the bus that it is on. */
  readonly bus: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly children: readonly Device[];
}

interface Growing {
  readonly type: string;
  readonly id: string;
  readonly bus: string;
  readonly properties: Record<string, string>;
  readonly children: Growing[];
  readonly indent: number;
}

/** All devices, one after the other, each of them with those behind it. */
export function devicesOf(tree: string): Device[] {
  const all: Growing[] = [];
  const above: Growing[] = [];
  let buses: { readonly name: string; readonly indent: number }[] = [];
  for (const line of tree.split(/\r?\n/)) {
    const indent = line.search(/\S/);
    const [, bus] = /^ *bus: (.*)$/.exec(line) ?? [];
    if (bus !== undefined) buses = [...buses.filter((other) => other.indent < indent), { name: bus, indent }];
    const [, type, id = ''] = /^ *dev: ([^,]+), id "(.*)"$/.exec(line) ?? [];
    while (bus === undefined && type !== undefined && (above.at(-1)?.indent ?? -1) >= indent) above.pop();
    if (type !== undefined) {
      const name = buses.filter((other) => other.indent < indent).at(-1)?.name ?? '';
      const device: Growing = { type, id, bus: name, properties: {}, children: [], indent };
      above.at(-1)?.children.push(device);
      above.push(device);
      all.push(device);
      continue;
    }
    const [, key, value = ''] = /^ *([A-Za-z0-9_.-]+) = (.*)$/.exec(line) ?? [];
    const owner = above.at(-1);
    if (key !== undefined && owner !== undefined && indent === owner.indent + 2)
      owner.properties[key] = /^"(.*)"$/.exec(value)?.[1] ?? value.replace(/ \(.*\)$/, '');
  }
  return all;
}

/** A device and those behind it. */
export function withChildren(device: Device): Device[] {
  return [device, ...device.children.flatMap(withChildren)];
}
