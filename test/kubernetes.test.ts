/** deploy/kubernetes: Kubernetes knows every key, and the files agree with each other, the image and the service. */
import { readdirSync, readFileSync } from 'node:fs';
import type { Deployment } from 'kubernetes-types/apps/v1.js';
import type { HorizontalPodAutoscaler } from 'kubernetes-types/autoscaling/v2.js';
import type { Namespace, Service } from 'kubernetes-types/core/v1.js';
import type { NetworkPolicy } from 'kubernetes-types/networking/v1.js';
import type { PodDisruptionBudget } from 'kubernetes-types/policy/v1.js';
import t from 'tap';
import { parse } from 'yaml';
import { readConfiguration } from '../src/configuration.ts';
import { FILE_SIZE, OLD_FILES } from '../src/log.ts';
import { SHUTDOWN_TIMEOUT } from '../src/shutdown.ts';
import { newLab } from './help/app.ts';
import { type Manifest, mistakesIn } from './help/kubernetes_types.ts';

const FOLDER = new URL('../deploy/kubernetes/', import.meta.url);
const FILES = readdirSync(FOLDER).sort();

function read<Kind>(file: string): Kind {
  return parse(readFileSync(new URL(file, FOLDER), 'utf8'));
}

const kustomization = read<Record<string, object[]>>('kustomization.yaml');
const namespace = read<Namespace>('namespace.yaml');
const deployment = read<Deployment>('deployment.yaml');
const service = read<Service>('service.yaml');
const autoscaler = read<HorizontalPodAutoscaler>('autoscaler.yaml');
const budget = read<PodDisruptionBudget>('disruption-budget.yaml');
const policy = read<NetworkPolicy>('network-policy.yaml');

const template = deployment.spec?.template;
const pod = template?.spec;
const container = pod?.containers[0];
const labels = template?.metadata?.labels;

const dockerfile = readFileSync(new URL('../Dockerfile', import.meta.url), 'utf8').replaceAll('\\\n', ' ');

/** What the Dockerfile says last after a word. */
function instruction(word: string): string {
  return [...dockerfile.matchAll(new RegExp(`^${word} (.*)$`, 'gm'))].at(-1)?.[1] ?? '';
}

const imageEnvironment = Object.fromEntries(
  [...dockerfile.matchAll(/^ENV (.*)$/gm)].flatMap(([, pairs = '']) =>
    [...pairs.matchAll(/(\S+?)=(\S*)/g)].map(([, name, value]) => [name, value]),
  ),
);
const podEnvironment = Object.fromEntries((container?.env ?? []).map(({ name, value }) => [name, value]));

t.test('Kubernetes knows every key, and a misspelt one is noticed', (t) => {
  const manifests = FILES.map((file) => ({ about: file, manifest: read<Manifest>(file) }));
  const misspelt = manifests.flatMap(({ about, manifest }) =>
    misspellings(manifest).map(({ at, variant }) => ({ about: `${about} ${at}`, manifest: variant })),
  );
  t.ok(misspelt.length > 100, `${misspelt.length} keys`);
  const mistakes = mistakesIn([...manifests, ...misspelt].map(({ manifest }) => manifest));
  for (const [index, { about }] of manifests.entries()) t.strictSame(mistakes[index], [], about);
  for (const [index, { about }] of misspelt.entries())
    t.match(mistakes[manifests.length + index], [/\w/], `${about}, misspelt`);
  t.end();
});

/** Every copy with one key misspelt; keys that are names of the author's own, such as labels, can be any. */
function misspellings(manifest: Manifest): { at: string; variant: Manifest }[] {
  const found: { at: string; variant: Manifest }[] = [];
  const visit = (value: unknown, at: string): void => {
    if (typeof value !== 'object' || value === null) return;
    const table = value as Record<string, unknown>;
    for (const [key, inner] of Object.entries(table)) {
      visit(inner, `${at}/${key}`);
      if (Array.isArray(value) || !/^[a-zA-Z]+$/.test(key) || /\/(requests|limits)$/.test(at)) continue;
      delete table[key];
      table[`${key}x`] = inner;
      found.push({ at: `${at}/${key}`, variant: structuredClone(manifest) });
      delete table[`${key}x`];
      table[key] = inner;
    }
  };
  visit(manifest, '');
  return found;
}

t.test('the files belong together', (t) => {
  const { resources = [], images = [], namespace: name } = kustomization;
  t.strictSame([...resources, 'kustomization.yaml'].map(String).sort(), FILES, 'each file is named');
  t.equal(namespace.metadata?.name, name, 'one namespace');
  for (const { metadata } of [deployment, service, autoscaler, budget, policy])
    t.strictSame([metadata?.namespace, metadata?.labels], [undefined, labels], `${metadata?.name}: of it`);
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  t.match(images, [{ name: container?.image, newTag: version }], 'the image, in this version');

  const spread = pod?.topologySpreadConstraints ?? [];
  t.equal(spread.length, 2, 'over hosts and zones');
  const selectors = [
    deployment.spec?.selector.matchLabels,
    service.spec?.selector,
    budget.spec?.selector?.matchLabels,
    policy.spec?.podSelector.matchLabels,
    ...spread.map(({ labelSelector }) => labelSelector?.matchLabels),
  ];
  for (const selector of selectors) t.strictSame(selector, labels, 'the pods are meant');

  const { scaleTargetRef, minReplicas = 0, maxReplicas = 0 } = autoscaler.spec ?? {};
  t.match(scaleTargetRef, {
    apiVersion: deployment.apiVersion,
    kind: deployment.kind,
    name: deployment.metadata?.name,
  });
  t.notOk('replicas' in Object(deployment.spec), 'nothing competes with the autoscaler');
  t.ok(container?.resources?.requests?.cpu, 'which needs a request to measure by');
  t.ok(
    minReplicas > Number(budget.spec?.maxUnavailable) && maxReplicas > minReplicas,
    'one pod may always go',
  );
  t.strictSame(
    deployment.spec?.strategy?.rollingUpdate,
    { maxSurge: 1, maxUnavailable: 0 },
    'a new pod is ready before an old one goes',
  );
  t.end();
});

t.test('the pod is the image, and may do as little as it needs', (t) => {
  const [uid, gid] = instruction('USER').split(':').map(Number);
  t.match(pod?.securityContext, { runAsNonRoot: true, runAsUser: uid, runAsGroup: gid, fsGroup: gid });
  t.ok(uid !== undefined && uid > 0 && gid !== undefined && gid > 0, 'not root');
  t.match(namespace.metadata?.labels, { 'pod-security.kubernetes.io/enforce': 'restricted' });
  t.equal(pod?.securityContext?.seccompProfile?.type, 'RuntimeDefault');
  t.strictSame(container?.securityContext, {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  });
  t.strictSame([pod?.automountServiceAccountToken, pod?.enableServiceLinks], [false, false]);
  t.strictSame([pod?.containers.length, pod?.initContainers], [1, undefined], 'nothing else runs there');
  t.strictSame(policy.spec?.policyTypes, ['Ingress', 'Egress']);
  t.strictSame(policy.spec?.egress, [], 'no connection leaves it');

  const [mount] = container?.volumeMounts ?? [];
  t.equal(mount?.mountPath, instruction('VOLUME'), 'the one place to write');
  t.strictSame(
    pod?.volumes?.map(({ name, ...volume }) => [name, Object.keys(volume)]),
    [[mount?.name, ['emptyDir']]],
  );
  const size = mebibytes(pod?.volumes?.[0]?.emptyDir?.sizeLimit);
  // While files are rotated there is one more, and each can be over its size by what waits in memory.
  t.ok(size >= (OLD_FILES + 2) * (FILE_SIZE + 1), `the log files have room in ${size} MiB`);
  t.ok(
    mebibytes(container?.resources?.limits?.['ephemeral-storage']) >= size + 100,
    'as has standard output',
  );
  t.end();
});

function mebibytes(quantity: string | undefined): number {
  return Number(/^([0-9]+)Mi$/.exec(String(quantity))?.[1]);
}

t.test('the service listens where it is asked, and stops in time', async (t) => {
  const asked = new Set<string>();
  const environment = new Proxy({ ...imageEnvironment, ...podEnvironment } as Record<string, string>, {
    get(values, name: string) {
      asked.add(name);
      return values[name];
    },
  });
  const { listenHost, port, logToStdout, logDirectory, shutdownDelay } = readConfiguration(environment, {
    workingDirectory: '/app',
    serviceRoot: '/app',
    machine: { os: 'linux', arch: 'x86_64' },
  });
  for (const name of Object.keys(podEnvironment))
    t.ok(asked.has(name), `${name} is a variable of the service`);
  const { ports = [] } = container ?? {};
  t.strictSame(ports, [{ name: 'http', containerPort: port }]);
  t.strictSame([listenHost, String(port)], ['0.0.0.0', instruction('EXPOSE')]);
  t.ok(logToStdout && logDirectory.startsWith(`${instruction('VOLUME')}/`), 'the log');
  t.strictSame(
    service.spec?.ports?.map(({ targetPort }) => targetPort),
    ['http'],
  );
  t.strictSame(policy.spec?.ingress, [{ ports: [{ protocol: 'TCP', port: 'http' }] }]);

  const { get } = await newLab(t, { profiles: {} }, { tokens: ['token'] });
  const { startupProbe, livenessProbe, readinessProbe } = container ?? {};
  const paths = [startupProbe, livenessProbe, readinessProbe].map((probe) => probe?.httpGet?.path);
  t.strictSame(paths, ['/livez', '/livez', '/readyz']);
  for (const probe of [startupProbe, livenessProbe, readinessProbe]) {
    t.equal(probe?.httpGet?.port, 'http');
    t.equal((await get(String(probe?.httpGet?.path))).statusCode, 200, 'a probe needs no token');
  }
  const annotations = template?.metadata?.annotations ?? {};
  t.equal(annotations['prometheus.io/port'], String(port));
  const metrics = await get(String(annotations['prometheus.io/path']), { authorization: 'Bearer token' });
  t.match(metrics.headers['content-type'], /^text\/plain; version=0\.0\.4/, 'what Prometheus reads');

  const grace = Number(pod?.terminationGracePeriodSeconds) * 1000;
  t.ok(shutdownDelay >= 5000, 'long enough that all nodes have heard of it');
  t.ok(grace > shutdownDelay + SHUTDOWN_TIMEOUT, 'it is never killed before it has ended itself');
});
