// A scripted model on 127.0.0.1: it speaks the clients' four protocols, says what the test tells it to, and keeps what it was told.
//
// A turn is { text?, calls?: [{ name, input }] } or a function, possibly async, from what the model saw to such a turn: so a test
// holds a turn back by awaiting something in it. `turns` is a list of turns, or one function for all. `subagents` maps a mark to
// such turns: a conversation whose user text has the mark gets those, every other one gets `turns`.
import http from 'node:http';
import { anthropic } from './dialects/anthropic.mjs';
import { chat } from './dialects/chat.mjs';
import { gemini } from './dialects/gemini.mjs';
import { responses } from './dialects/responses.mjs';
import { sendJson } from './dialects/sending.mjs';

const dialects = [anthropic, responses, chat, gemini];
const models = { object: 'list', data: [{ id: 'fake-model', object: 'model', type: 'model', created: 1, owned_by: 'fake' }], models: [] };

export class Model {
  /** What it was told, in order: { lane, turn, offered, results, user, notes }, the last three without what came before. */
  requests = [];

  /** Requests that no dialect knows: a client has learned something new. */
  unknown = [];

  #lanes;
  #server = http.createServer((request, response) => this.#answer(request, response));
  #calls = 0;

  constructor({ turns, subagents = {} }) {
    const lane = (name, script) => ({ name, script, turn: 0, seen: new Set() });
    this.#lanes = [...Object.entries(subagents).map(([mark, script]) => lane(mark, script)), lane('main', turns)];
    this.#server.requestTimeout = 0;
  }

  async start() {
    await new Promise((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${this.#server.address().port}`;
    return this;
  }

  async stop() {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  /** Every tool result that reached the model, in order: { lane, tool, error, text }. */
  get results() {
    return this.requests.flatMap(({ lane, results }) => results.map((result) => ({ lane, ...result })));
  }

  async #answer(request, response) {
    const body = await bodyOf(request);
    const address = new URL(request.url, this.url).pathname;
    if (request.method === 'GET' && address.endsWith('/models')) return sendJson(response, models);
    const dialect = request.method === 'POST' && dialects.find((one) => one.path.test(address));
    if (dialect) return this.#play(dialect, dialect.read(body, address), response);
    if (/(count_tokens|countTokens)$/.test(address)) return sendJson(response, { input_tokens: 100, totalTokens: 100 });
    this.unknown.push(`${request.method} ${address}`);
    return sendJson(response, { error: { message: 'no such path on the scripted model', type: 'not_found_error' } }, 404);
  }

  async #play(dialect, asked, response) {
    // A request without tools is for a title or a summary; it takes no turn.
    if (asked.tools.length === 0) return dialect.write(response, asked, { text: 'ok', calls: [] });
    const text = asked.user.join('\n');
    const lane = this.#lanes.find(({ name }) => name === 'main' || text.includes(name));
    const told = this.#keep(lane, asked);
    const { script } = lane;
    const turn = typeof script === 'function' ? script : script[told.turn] ?? { text: 'The script is over.' };
    const played = typeof turn === 'function' ? await turn(told) : turn;
    const calls = (played.calls ?? []).map((call) => ({ ...call, id: `call_${++this.#calls}_scripted` }));
    if (!response.destroyed) dialect.write(response, asked, { text: played.text, calls });
  }

  #keep(lane, asked) {
    const fresh = (kind, text) => !lane.seen.has(kind + text) && lane.seen.add(kind + text);
    const told = {
      lane: lane.name,
      turn: lane.turn++,
      offered: asked.tools,
      results: asked.results.filter(({ id, text }) => fresh('result', id + text)),
      user: asked.user.filter((text) => fresh('user', text)),
      notes: asked.notes.filter((text) => fresh('note', text)),
    };
    this.requests.push(told);
    return told;
  }
}

async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return {};
  }
}
