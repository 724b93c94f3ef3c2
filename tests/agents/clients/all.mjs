// Every client that the driver can start. One without its program here is skipped, with the reason.
import { claude } from './claude.mjs';
import { codex, codexInCodeMode } from './codex.mjs';
import { gemini } from './gemini.mjs';
import { opencode } from './opencode.mjs';

export { claude, codex, codexInCodeMode, gemini, opencode };
export const clients = [claude, codex, gemini, opencode];
