// OpenAI Responses: Codex. A call whose input is a string is a free-form one (apply_patch, exec); NAMESPACE.TOOL is a tool of a namespace.
import { openStream, sendJson, textOf } from './sending.mjs';

export const responses = { path: /\/responses$/, read, write };

function read(body) {
  const asked = { user: [], notes: [], results: [], model: body.model, stream: body.stream === true };
  const tools = [...(body.tools ?? [])];
  const names = {};
  for (const item of typeof body.input === 'string' ? [{ role: 'user', content: body.input }] : body.input ?? []) {
    const type = item.type ?? '';
    if (type.endsWith('_call') && item.call_id) names[item.call_id] = item.name ?? type;
    else if (type.endsWith('_call_output')) {
      asked.results.push({ id: item.call_id, tool: names[item.call_id], text: textOf(item.output) });
    } else if (type === 'additional_tools') tools.push(...(item.tools ?? []));
    else if (item.role === 'user' || type === 'agent_message') asked.user.push(textOf(item.content));
    else if (item.role === 'developer' || item.role === 'system') asked.notes.push(textOf(item.content));
  }
  return { ...asked, tools: tools.flatMap(namesOf) };
}

function namesOf(tool) {
  return tool.type === 'namespace' ? (tool.tools ?? []).map(({ name }) => `${tool.name}.${name}`) : [tool.name ?? tool.type];
}

function write(response, asked, { text, calls }) {
  const output = calls.map(toItem);
  if (text !== undefined) {
    const content = [{ type: 'output_text', text, annotations: [] }];
    output.unshift({ type: 'message', id: 'msg_scripted', role: 'assistant', status: 'completed', content });
  }
  const begun = { id: 'resp_scripted', object: 'response', created_at: 0, model: asked.model, status: 'in_progress', output: [] };
  const usage = {
    input_tokens: 10, input_tokens_details: { cached_tokens: 0 }, total_tokens: 15,
    output_tokens: 5, output_tokens_details: { reasoning_tokens: 0 },
  };
  const completed = { ...begun, status: 'completed', output, usage };
  if (!asked.stream) return sendJson(response, completed);
  const stream = openStream(response);
  let number = 0;
  const send = (type, data) => stream({ type, sequence_number: number++, ...data }, type);
  send('response.created', { response: begun });
  for (const [index, item] of output.entries()) writeItem((type, data) => send(`response.${type}`, { output_index: index, ...data }), item);
  send('response.completed', { response: completed });
  return response.end();
}

function toItem({ id, name: whole, input }) {
  const [name, namespace] = whole.split('.').reverse();
  const common = { call_id: id, name, namespace, status: 'completed' };
  return typeof input === 'string'
    ? { type: 'custom_tool_call', id: `ctc_${id}`, ...common, input }
    : { type: 'function_call', id: `fc_${id}`, ...common, arguments: JSON.stringify(input) };
}

function writeItem(send, item) {
  const empty = { message: { content: [] }, function_call: { arguments: '' }, custom_tool_call: { input: '' } }[item.type];
  send('output_item.added', { item: { ...item, status: 'in_progress', ...empty } });
  if (item.type === 'message') {
    const place = { item_id: item.id, content_index: 0 };
    const [part] = item.content;
    send('content_part.added', { ...place, part: { ...part, text: '' } });
    send('output_text.delta', { ...place, delta: part.text });
    send('output_text.done', { ...place, text: part.text });
    send('content_part.done', { ...place, part });
  } else {
    const [kind, field] = item.type === 'function_call' ? ['function_call_arguments', 'arguments'] : ['custom_tool_call_input', 'input'];
    send(`${kind}.delta`, { item_id: item.id, delta: item[field] });
    send(`${kind}.done`, { item_id: item.id, [field]: item[field] });
  }
  send('output_item.done', { item });
}
