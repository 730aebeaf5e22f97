/** The Nodes to prove with: this one, and those of PROOF_NODES, programs written as in PATH. */
import { execFileSync } from 'node:child_process';

const OTHERS = (process.env.PROOF_NODES ?? '').split(':').filter((program) => program !== '');

/** @type {readonly { node: string, version: string }[]} */
export const NODES = [process.execPath, ...OTHERS].map((node) => ({
  node,
  version: execFileSync(node, ['--version'], { encoding: 'utf8' }).trim(),
}));
