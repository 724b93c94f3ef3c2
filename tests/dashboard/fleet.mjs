// Agents without a model: they ask the server over HTTP as clients do.
import assert from 'node:assert/strict';

/** Requests to a server. Waits are promises of their answers. */
export class Fleet {
  constructor(url, key) {
    this.url = url;
    this.key = key;
  }

  async ask(method, path, body) {
    const headers = {};
    if (body) headers['Content-Type'] = 'application/json';
    if (this.key) headers.Authorization = `Bearer ${this.key}`;
    const answer = await fetch(this.url + path, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
    return answer.json();
  }

  register(agent, priority) {
    return this.ask('POST', 'agents', { agent_id: agent, priority });
  }

  /** Asks for a lease; the answer as it is. */
  request(agent, resource, more = {}) {
    const colon = resource.indexOf(':');
    return this.ask('POST', 'leases', {
      agent_id: agent, session_id: 's1', resource_type: resource.slice(0, colon), resource_path: resource.slice(colon + 1),
      predicate: 'MUTATES', ttl: 600_000, ...more,
    });
  }

  async hold(agent, resource, more) {
    const { success, data, ...rest } = await this.request(agent, resource, more);
    assert.ok(success, JSON.stringify(rest));
    return data.lease_id;
  }

  release(id) {
    return this.ask('DELETE', `leases/${id}`);
  }

  /** The whole of a list. */
  async list(name) {
    const all = [];
    for (let after; ;) {
      const page = await this.ask('GET', `${name}?limit=1000${after === undefined ? '' : `&after=${after}`}`);
      all.push(...page.data);
      if (page.next === undefined) return all;
      after = encodeURIComponent(page.next);
    }
  }

  /** Waits until so many requests wait. */
  async untilWaiting(count) {
    for (let tries = 0; tries < 200; tries++) {
      if ((await this.list('waiters')).length === count) return;
      await pause(25);
    }
    throw new Error(`there are not ${count} who wait: ${JSON.stringify(await this.list('waiters'))}`);
  }
}

export function pause(ms) {
  return new Promise((resolve) => { setTimeout(resolve, ms); });
}
