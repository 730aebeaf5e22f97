/** How far a viewer gets. */
export interface Welcome {
  /** `null` where the protocol does not tell. */
  readonly asksPassword: boolean | null;
  readonly isIn: boolean;
  /** What the screen is called; `null` where nobody says it. */
  readonly name: string | null;
}
