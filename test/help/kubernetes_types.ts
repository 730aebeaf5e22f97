/** Manifests as TypeScript literals, checked by its compiler against the types of Kubernetes. */
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
}

/** Where the types are found from. */
const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));
const OPTIONS: ts.CompilerOptions = {
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  types: [],
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
};
/** Of a kustomization, which is no object of the cluster, the keys that are used here. */
const KUSTOMIZATION = `interface Kustomization {
  apiVersion: 'kustomize.config.k8s.io/v1beta1';
  kind: 'Kustomization';
  namespace: string;
  resources: string[];
  images: { name: string; newName?: string; newTag?: string; digest?: string }[];
}`;

/** What the compiler says of each manifest; nothing of a good one. */
export function mistakesIn(manifests: readonly Manifest[]): string[][] {
  const texts = new Map(
    manifests.map((manifest, index) => [`${REPOSITORY}manifest-${index}.ts`, sourceOf(manifest)]),
  );
  const host = ts.createCompilerHost(OPTIONS);
  const { fileExists, readFile } = host;
  host.fileExists = (file) => texts.has(file) || fileExists(file);
  host.readFile = (file) => texts.get(file) ?? readFile(file);
  const program = ts.createProgram([...texts.keys()], OPTIONS, host);
  return [...texts.keys()].map((file) =>
    [
      ...program.getSyntacticDiagnostics(program.getSourceFile(file)),
      ...program.getSemanticDiagnostics(program.getSourceFile(file)),
    ].map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')),
  );
}

/** `networking.k8s.io/v1` is kubernetes-types/networking/v1, and `v1` alone is core/v1. */
function sourceOf(manifest: Manifest): string {
  const { apiVersion, kind } = manifest;
  const [version, group = 'core'] = String(apiVersion).split('/').reverse();
  const type =
    kind === 'Kustomization'
      ? KUSTOMIZATION
      : `import type { ${kind} } from 'kubernetes-types/${group.split('.')[0]}/${version}';`;
  return `${type}\n(${JSON.stringify(manifest)}) satisfies ${kind};\n`;
}
