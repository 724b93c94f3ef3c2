// Anthropic Messages: Claude Code.
import { openStream, sendJson, textOf } from './sending.mjs';

export const anthropic = { path: /\/messages$/, read, write };

function read(body) {
  const asked = { user: [], notes: [], results: [], tools: (body.tools ?? []).map((tool) => tool.name ?? tool.type), model: body.model };
  const names = {};
  for (const { role, content } of body.messages ?? []) {
    if (role === 'system') asked.notes.push(textOf(content));
    for (const part of typeof content === 'string' ? [{ type: 'text', text: content }] : content ?? []) {
      if (part.type === 'tool_use') names[part.id] = part.name;
      if (part.type === 'tool_result') {
        const id = part.tool_use_id;
        asked.results.push({ id, tool: names[id], error: part.is_error === true, text: textOf(part.content) });
      }
      if (role === 'user' && part.type === 'text') asked.user.push(part.text);
    }
  }
  return { ...asked, stream: body.stream === true };
}

function write(response, asked, { text, calls }) {
  const blocks = calls.map(({ id, name, input }) => ({ type: 'tool_use', id, name, input }));
  if (text !== undefined || blocks.length === 0) blocks.unshift({ type: 'text', text: text ?? '' });
  const reason = calls.length > 0 ? 'tool_use' : 'end_turn';
  const message = {
    id: 'msg_scripted', type: 'message', role: 'assistant', model: asked.model, content: [], stop_reason: null, stop_sequence: null,
    usage: { input_tokens: 10, output_tokens: 5, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 },
  };
  if (!asked.stream) return sendJson(response, { ...message, content: blocks, stop_reason: reason });
  const stream = openStream(response);
  const send = (type, data) => stream({ type, ...data }, type);
  send('message_start', { message });
  for (const [index, block] of blocks.entries()) {
    const isText = block.type === 'text';
    send('content_block_start', { index, content_block: isText ? { type: 'text', text: '' } : { ...block, input: {} } });
    const input = () => ({ type: 'input_json_delta', partial_json: JSON.stringify(block.input) });
    const delta = isText ? { type: 'text_delta', text: block.text } : input();
    send('content_block_delta', { index, delta });
    send('content_block_stop', { index });
  }
  send('message_delta', { delta: { stop_reason: reason, stop_sequence: null }, usage: { output_tokens: 5 } });
  send('message_stop', {});
  return response.end();
}
