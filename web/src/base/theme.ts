/* SPDX-License-Identifier: Apache-2.0 */
/* theme - light or dark: the device's choice until the reader makes one. */
import { signal } from '@preact/signals';

export type Theme = 'light' | 'dark';
const KEPT_AS = 'yumen.theme';

function kept(): Theme | null {
  try {
    const value = localStorage.getItem(KEPT_AS);
    return value === 'light' || value === 'dark' ? value : null;
  } catch {
    return null;
  }
}

const wished = matchMedia('(prefers-color-scheme: dark)');
export const theme = signal<Theme>(kept() ?? (wished.matches ? 'dark' : 'light'));

function show(): void {
  document.documentElement.dataset.theme = theme.value;
}

export function openTheme(): void {
  show();
  wished.addEventListener('change', () => {
    if (kept()) return;
    theme.value = wished.matches ? 'dark' : 'light';
    show();
  });
}

export function turnTheme(): void {
  theme.value = theme.value === 'dark' ? 'light' : 'dark';
  show();
  try {
    localStorage.setItem(KEPT_AS, theme.value);
  } catch {
    /* it lasts as long as the page */
  }
}
