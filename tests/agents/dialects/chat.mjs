// OpenAI Chat Completions: opencode, Qwen Code, Copilot.
import { openStream, sendJson, textOf } from './sending.mjs';

export const chat = { path: /\/chat\/completions$/, read, write };

function read(body) {
  const asked = { user: [], notes: [], results: [], model: body.model, stream: body.stream === true };
  const names = {};
  for (const message of body.messages ?? []) {
    for (const call of message.tool_calls ?? []) names[call.id] = (call.function ?? call.custom)?.name;
    const text = textOf(message.content);
    if (message.role === 'tool') asked.results.push({ id: message.tool_call_id, tool: names[message.tool_call_id], text });
    else if (message.role === 'user') asked.user.push(text);
    else if (message.role === 'system' || message.role === 'developer') asked.notes.push(text);
  }
  return { ...asked, tools: (body.tools ?? []).map((tool) => tool.function?.name ?? tool.type) };
}

function write(response, asked, { text = '', calls }) {
  const base = { id: 'chatcmpl-scripted', created: 0, model: asked.model };
  const reason = calls.length > 0 ? 'tool_calls' : 'stop';
  const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };
  const toolCalls = calls.map(({ id, name, input }, index) => {
    const text = JSON.stringify(typeof input === 'string' ? { input } : input);
    return { index, id, type: 'function', function: { name, arguments: text } };
  });
  if (!asked.stream) {
    const message = { role: 'assistant', content: text, ...(toolCalls.length > 0 ? { tool_calls: toolCalls } : {}) };
    return sendJson(response, { ...base, object: 'chat.completion', choices: [{ index: 0, message, finish_reason: reason }], usage });
  }
  const send = openStream(response);
  const chunk = (delta, finish_reason = null, more = {}) =>
    send({ ...base, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason }], ...more });
  chunk({ role: 'assistant', content: text });
  for (const call of toolCalls) chunk({ tool_calls: [call] });
  chunk({}, reason, { usage });
  return response.end('data: [DONE]\n\n');
}
