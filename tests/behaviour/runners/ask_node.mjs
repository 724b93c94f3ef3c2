// Asks Klock's Node package what it reads on stdin, a verb and a JSON request a line; a line of JSON is the answer.
import readline from 'node:readline';
import { KlockClient, KlockError, KlockHttpClient } from '@klock-protocol/core';

const isPlain = (request) => client instanceof KlockClient && !request.waitMs;

const CALLS = {
  acquire: (request) => (isPlain(request) ? client.acquire(request) : client.acquireAsync(request)),
  acquireAll: (request) => (isPlain(request) ? client.acquireAll(request) : client.acquireAllAsync(request)),
  changeLease: ({ leaseId, predicate, ...options }) => client.changeLeaseAsync(leaseId, predicate, options),
  declareIntents: (manifest) => client.declareIntent(manifest),
  registerAgent: ({ agentId, priority }) => client.registerAgent(agentId, priority),
  heartbeat: ({ leaseId, ...options }) => client.heartbeatLease(leaseId, options),
  release: ({ leaseId }) => client.releaseLease(leaseId),
  revoke: ({ leaseId }) => client.revokeLease(leaseId),
  renewSession: ({ agentId, sessionId }) => client.renewSession(agentId, sessionId),
  endSession: ({ agentId, sessionId }) => client.endSession(agentId, sessionId),
};

let client;

function open({ storage, url, key }) {
  client = url === undefined ? new KlockClient({ storage }) : new KlockHttpClient({ baseUrl: url, apiKey: key, autoStart: false });
}

async function answerTo(verb, request) {
  try {
    if (verb === 'open') return open(request);
    return await (CALLS[verb] ?? ((options) => client[verb](options)))(request);
  } catch (error) {
    if (!(error instanceof KlockError)) throw error;
    return { raised: { code: error.code, message: error.message } };
  }
}

for await (const line of readline.createInterface({ input: process.stdin })) {
  const space = line.indexOf(' ');
  const answer = await answerTo(line.slice(0, space), JSON.parse(line.slice(space + 1)));
  process.stdout.write(`${JSON.stringify(answer ?? null)}\n`);
}
