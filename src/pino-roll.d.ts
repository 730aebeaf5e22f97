/** The part of pino-roll, and of the stream that it makes, that is used; the package comes without types. */
declare module 'pino-roll' {
  interface RollOptions {
    readonly file: string;
    readonly size: string;
    readonly limit: { readonly count: number; readonly removeOtherLogFiles: boolean };
    readonly mkdir: boolean;
    readonly maxLength: number;
  }

  interface RollingFiles {
    /** Descriptor of the current file; -1 before it is open. */
    readonly fd: number;
    /** Path of the current file; `null` before it is open. */
    readonly file: string | null;
    on(event: 'error', listener: (error: Error) => void): this;
    /** With a line that finds no room. */
    on(event: 'drop', listener: (line: string) => void): this;
    on(event: 'write', listener: () => void): this;
    once(event: 'close', listener: () => void): this;
    write(line: string): boolean;
    /** Opens `file` anew; throws when that is `null`. */
    reopen(): void;
    removeAllListeners(event: 'ready'): this;
    end(): void;
  }

  function roll(options: RollOptions): Promise<RollingFiles>;
  export = roll;
}
