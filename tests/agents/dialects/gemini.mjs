// Gemini generateContent: Gemini CLI. What hooks add for the model comes as user text.
import { openStream, sendJson } from './sending.mjs';

export const gemini = { path: /\/models\/[^:/]+:(streamGenerateContent|generateContent)$/, read, write };

function read(body, address) {
  const user = [];
  const results = [];
  for (const { role, parts } of body.contents ?? []) {
    for (const { text, functionResponse } of parts ?? []) {
      if (functionResponse) {
        const { id = `result_${results.length}`, name, response = {} } = functionResponse;
        results.push({ id, tool: name, error: 'error' in response, text: response.error ?? response.output ?? JSON.stringify(response) });
      } else if (role === 'user' && text) user.push(text);
    }
  }
  const tools = (body.tools ?? []).flatMap((tool) => (tool.functionDeclarations ?? []).map(({ name }) => name));
  return { user, notes: [], results, tools, stream: address.endsWith(':streamGenerateContent') };
}

function write(response, asked, { text, calls }) {
  const parts = calls.map(({ id, name, input }) => ({ functionCall: { id, name, args: input } }));
  if (text !== undefined || parts.length === 0) parts.unshift({ text: text ?? ' ' });
  const body = {
    candidates: [{ content: { role: 'model', parts }, finishReason: 'STOP', index: 0 }],
    usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 5, totalTokenCount: 15 },
  };
  if (!asked.stream) return sendJson(response, body);
  openStream(response)(body);
  return response.end();
}
