// What several clients share: files from a map, Claude's shape of hook settings, and its reply that refuses.
import fs from 'node:fs';
import path from 'node:path';

/** Writes files beneath a folder: { 'relative/path': text }. */
export function put(folder, files) {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }
}

/** One hook on every event, in the shape that Claude Code brought and others took over; "COMMAND EVENT" is what runs. */
export function hookGroups(command, events, more = {}, group = {}) {
  const hook = (event) => ({ type: 'command', command: `${command} ${event}`, ...more });
  return Object.fromEntries(events.map((event) => [event, [{ ...group, hooks: [hook(event)] }]]));
}

/** The refusal that Claude Code, Codex, Gemini and Qwen all take: none of them minds the other's fields. */
export function reply(reason, hookEventName) {
  return JSON.stringify({
    decision: 'block', reason, hookSpecificOutput: { hookEventName, permissionDecision: 'deny', permissionDecisionReason: reason },
  });
}

/** A patch as Codex and Copilot read it: whole lines are replaced, or a file is added. */
export const patches = {
  edit: (file, old, text) => `*** Begin Patch\n*** Update File: ${file}\n@@\n${lines('-', old)}${lines('+', text)}*** End Patch\n`,
  add: (file, content) => `*** Begin Patch\n*** Add File: ${file}\n${lines('+', content.replace(/\n$/, ''))}*** End Patch\n`,
};

function lines(sign, text) {
  return text.split('\n').map((line) => `${sign}${line}\n`).join('');
}
