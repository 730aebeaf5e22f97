/** The routes of the service that the page asks, as their answers are written in the OpenAPI document. */

export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface Issue extends Partial<Position> {
  readonly severity: 'error' | 'warning' | 'info';
  readonly code: string;
  readonly field: string;
  readonly message: string;
  readonly suggestion: string;
}

export interface Unknown {
  readonly subject: string;
  readonly question: string;
}

export interface Part {
  readonly first: number;
  readonly count: number;
  readonly group: string;
  readonly pointers: readonly string[];
  readonly why: string | null;
}

export interface ArgvResult {
  readonly profile_name: string;
  readonly argv: readonly string[];
  readonly display: string;
  readonly argv_hash: string;
  readonly acceleration_resolved: string;
  readonly parts: readonly Part[];
  readonly unknowns: readonly Unknown[];
  readonly warnings: readonly Issue[];
  /** `null` for a profile in JSON, which has none. */
  readonly positions?: Readonly<Record<string, Position>> | null;
}

export interface Step {
  readonly step_id: string;
  readonly title: string;
  readonly display: string;
  readonly destructive: boolean;
  readonly requires_privilege: boolean;
}

export interface Plan {
  readonly title: string;
  readonly risk: string;
  readonly status: string;
  readonly description: string;
  readonly estimated_impact: string;
  readonly explanation: string;
  readonly plan_hash: string;
  readonly affected_resources: readonly string[];
  readonly commands: readonly Step[];
  readonly metadata: {
    readonly unknowns: readonly Unknown[];
    readonly validation_warnings: readonly Issue[];
  };
}

export interface ValueChange {
  readonly pointer: string;
  readonly before: unknown;
  readonly after: unknown;
}

export interface Diff {
  readonly identical: boolean;
  readonly profile_changes: readonly ValueChange[];
  readonly host_changes: readonly ValueChange[];
  readonly argv_changes: readonly {
    readonly op: string;
    readonly group: string;
    readonly before: readonly string[] | null;
    readonly after: readonly string[] | null;
  }[];
  readonly reasons: readonly { readonly explanation: string; readonly certain: boolean }[];
}

export interface Problem extends Partial<Position> {
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly reason?: string;
  /** Of what the problem is; the whole body without. */
  readonly pointer?: string;
  readonly errors?: readonly Issue[];
  readonly warnings?: readonly Issue[];
}

export interface ProfileList {
  readonly profiles: readonly { readonly name: string }[];
}

export interface Validation {
  readonly canonical_toml: string | null;
}

export type PlanRequest = Readonly<Record<string, unknown>>;

/** The answer, or why there is none. */
export type Answer<Value> = { readonly value: Value } | { readonly problem: Problem };

/** How long the page waits before it asks again when the service is busy; milliseconds. */
const PAUSE = 2000;

/** Kept nowhere else. */
let token = '';

/** Asks the service; `askToken` is called when it wants a token that the page does not have. */
export class Api {
  readonly #askToken: () => Promise<string>;

  constructor(askToken: () => Promise<string>) {
    this.#askToken = askToken;
  }

  get<Value>(path: string): Promise<Answer<Value>> {
    return this.#ask(path, { method: 'GET' });
  }

  post<Value>(path: string, body: unknown, signal?: AbortSignal): Promise<Answer<Value>> {
    const headers = { 'content-type': 'application/json' };
    return this.#ask(path, {
      method: 'POST',
      body: JSON.stringify(body),
      headers,
      ...(signal === undefined ? {} : { signal }),
    });
  }

  async #ask<Value>(path: string, init: RequestInit): Promise<Answer<Value>> {
    const headers = new Headers(init.headers);
    if (token !== '') headers.set('authorization', `Bearer ${token}`);
    // Relative to the page, which may lie below a path of a proxy.
    const answer = await fetch(path, { ...init, headers });
    if (answer.ok) return { value: (await answer.json()) as Value };
    if (answer.status === 401) {
      token = await this.#askToken();
      return this.#ask(path, init);
    }
    if (answer.status === 429 || answer.status === 503) {
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
      init.signal?.throwIfAborted();
      return this.#ask(path, init);
    }
    return { problem: (await answer.json()) as Problem };
  }
}
