// Light, dark, or as the system says.
export type Theme = 'auto' | 'light' | 'dark';

const KEY = 'klock.theme';

export function readTheme(): Theme {
  const kept = tryStorage(() => localStorage.getItem(KEY));
  return kept === 'light' || kept === 'dark' ? kept : 'auto';
}

export function setTheme(theme: Theme): void {
  if (theme === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  tryStorage(() => theme === 'auto' ? localStorage.removeItem(KEY) : localStorage.setItem(KEY, theme));
}

/** A browser may refuse storage. */
function tryStorage<T>(use: () => T): T | null {
  try {
    return use();
  } catch {
    return null;
  }
}
