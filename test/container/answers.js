/** The service without a container, and whether the one in the container answers the same bytes. */
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { sendAll } from '../proof/http.js';
import { installService, REPOSITORY, startService } from '../proof/service.js';

const HOSTS = [
  { os: 'linux', arch: 'x86_64', accelerators: ['kvm'], project_root: '/srv/lab' },
  { os: 'linux', arch: 'aarch64', accelerators: [], project_root: '/srv/lab' },
  { os: 'darwin', arch: 'aarch64', accelerators: ['hvf'], project_root: '/Users/lab' },
  { os: 'windows', arch: 'x86_64', accelerators: ['whpx'], project_root: 'C:\\lab' },
];
const FORMS = [
  ['/argv', 'application/json'],
  ['/argv', 'text/plain'],
  ['/profiles/validate', 'application/json'],
  ['/plans/start', 'application/json'],
  ['/plans/start', 'text/x-shellscript'],
  ['/plans/start', 'text/markdown'],
];
const DOCUMENTS = ['/openapi.json', '/openapi.yaml', '/schemas/profile.json', '/docs/', '/nothing'];

/** The request that is under way while the service is stopped. */
export const SLOW_REQUEST = planningRequest('/plans/start', 'application/json', 'minimal', HOSTS[0]);

/** Every shipped profile in every form for hosts that are given, and the documents. */
export const REQUESTS = [
  SLOW_REQUEST,
  ...readdirSync(join(REPOSITORY, 'profiles')).flatMap((file) =>
    HOSTS.flatMap((host) =>
      FORMS.map(([path = '', accept = '']) =>
        planningRequest(path, accept, file.replace(/\.toml$/, ''), host),
      ),
    ),
  ),
  ...DOCUMENTS.map((path) => ({ name: path, method: 'GET', path, headers: { 'x-request-id': 'same' } })),
];

/**
 * @param {string} path
 * @param {string} accept
 * @param {string} profile
 * @param {typeof HOSTS[number] | undefined} host
 */
function planningRequest(path, accept, profile, host) {
  return {
    name: `${path} as ${accept} of ${profile} for ${host?.os}`,
    method: 'POST',
    path,
    // A problem names its request.
    headers: { 'content-type': 'application/json', accept, 'x-request-id': 'same' },
    body: JSON.stringify({ profile_name: profile, host }),
  };
}

/**
 * @param {number} port
 * @returns {Promise<string[]>} An answer to each of the requests, as far as it has to be the same everywhere.
 */
export async function answersFrom(port) {
  const answers = await sendAll(port, REQUESTS);
  return answers.map(({ status, headers, body }) => `${status} ${headers['content-type']}\n${body}`);
}

/**
 * What the service answers when it runs from this checkout, without a container and without the seal.
 * @param {string} folder Where it is installed.
 */
export async function expectedAnswers(folder) {
  const root = installService(folder);
  const service = await startService({
    command: [process.execPath, join(root, 'dist/server.js')],
    directory: root,
  });
  const answers = await answersFrom(service.port);
  await service.stop();
  return answers;
}

/**
 * Sends a request but for its body; the service has begun with it when this resolves.
 * @param {number} port
 * @returns {Promise<{ finish: () => Promise<string>, giveUp: () => void }>} Finishing sends the body; the answer is like
 *   one of `answersFrom`.
 */
export async function beginRequest(port) {
  const { method, path, body, headers } = SLOW_REQUEST;
  const request = httpRequest({
    host: '127.0.0.1',
    port,
    method,
    path,
    // Node says "go on" as soon as it has the headers.
    headers: { ...headers, 'content-length': Buffer.byteLength(body), expect: '100-continue' },
    agent: false,
  });
  const answer = new Promise((resolve) => {
    request.on('error', (error) => resolve(`no answer: ${error.message}`));
    request.on('response', async (response) => {
      const chunks = await response.toArray();
      resolve(`${response.statusCode} ${response.headers['content-type']}\n${Buffer.concat(chunks)}`);
    });
  });
  request.flushHeaders();
  await once(request, 'continue');
  return {
    finish() {
      request.end(body);
      return answer;
    },
    giveUp: () => request.destroy(),
  };
}
