// What the tests without a browser use.
export * from './agents.ts';
export * from './blocked.ts';
export * from './contention.ts';
export * from './events.ts';
export * from './history.ts';
export * from './live.ts';
export * from './resource.ts';
export * from './rows.ts';
export * from './state.ts';
export * from './story.ts';
export * from './timeline.ts';
export * from './tree.ts';
export * from './waits.ts';
export * from './words.ts';
