// Every client that the driver can start. One without its program here is skipped, with the reason.
import { claude, claudeOnScreen } from './claude.mjs';
import { cline } from './cline.mjs';
import { codex, codexInCodeMode } from './codex.mjs';
import { copilot } from './copilot.mjs';
import { gemini } from './gemini.mjs';
import { opencode } from './opencode.mjs';
import { pi } from './pi.mjs';
import { qwen } from './qwen.mjs';

export { claude, claudeOnScreen, cline, codex, codexInCodeMode, copilot, gemini, opencode, pi, qwen };
export const clients = [opencode, claude, codex, gemini, qwen, copilot, pi, cline];
