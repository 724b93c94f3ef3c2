// What a refusal means to an agent, by its words, which are Klock's and those of the benchmark's own hooks.

/** Somebody has the file: other work first. */
export const IN_USE = / in use by /;

/** What the agent knows of the file is not what is there: read it again. */
export const STALE = / was changed by /;
