/* SPDX-License-Identifier: Apache-2.0 */
/* icon - one set of strokes on a 20-unit grid, drawn for this console. */

const STROKES = {
  home: 'M3 9.2 10 3.5l7 5.7M5 8v8.5h10V8M8.5 16.5v-4.5h3v4.5',
  check: 'M8.5 3a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11ZM12.6 12.6 17 17M6.2 8.6l1.7 1.7 3-3.3',
  search: 'M8.5 3a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11ZM12.6 12.6 17 17',
  lists: 'M4 5h.01M4 10h.01M4 15h.01M7.5 5H17M7.5 10H17M7.5 15H13',
  appeals: 'M10 3v13M6.5 16.5h7M3.5 5.5h13M3.5 5.5 1.5 11h5ZM16.5 5.5 14 11h4.5Z',
  stream: 'M2.5 10H6l2-5.5 4 11 2-5.5h3.5',
  ledger: 'M4 3.5h12v4H4ZM4 12.5h12v4H4ZM7 7.5v5M13 7.5v5',
  people:
    'M7.5 4a2.75 2.75 0 1 0 0 5.5 2.75 2.75 0 0 0 0-5.5ZM2.5 16.5c.3-3 2.2-4.5 5-4.5s4.7 1.5 5 4.5M13 4.3a2.5 2.5 0 0 1 0 5M14.5 12.3c1.8.6 2.8 2 3 4.2',
  feeds: 'M10 3v8.5M6.5 8 10 11.5 13.5 8M3 12.5v4h14v-4',
  source: 'M3.5 5.5h9v11h-9ZM6.5 5.5v-2h10v11h-4M6 9h4M6 12h4',
  conflict: 'M2.5 7h9M8.5 4l3 3-3 3M17.5 13h-9M11.5 10l-3 3 3 3',
  resolver: 'M3.5 4h13v4.5h-13ZM3.5 11.5h13V16h-13ZM6.2 6.3h.01M6.2 13.8h.01M9 6.3h5M9 13.8h5',
  block: 'M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14ZM5.1 5.1l9.8 9.8',
  warn: 'M10 3.5 17.5 16.5h-15ZM10 8.5v3.5M10 14.2h.01',
  pass: 'M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14ZM6.8 10.2l2.2 2.2 4.2-4.6',
  allow: 'M10 2.8 16 5v4.5c0 3.8-2.5 6.5-6 7.7-3.5-1.2-6-3.9-6-7.7V5ZM7.3 9.8l2 2 3.5-3.8',
  number:
    'M5.5 3.5 8 3l1.5 4-2 1.3a9 9 0 0 0 4.2 4.2l1.3-2 4 1.5-.5 2.5c-.2 1-1 1.5-2 1.5C8.5 16 4 11.5 4 5.5c0-1 .5-1.8 1.5-2Z',
  domain:
    'M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14ZM3 10h14M10 3c2.2 2 3.2 4.3 3.2 7s-1 5-3.2 7c-2.2-2-3.2-4.3-3.2-7s1-5 3.2-7Z',
  url: 'M8.5 11.5a3 3 0 0 0 4.2 0l2.8-2.8a3 3 0 0 0-4.2-4.2l-1 1M11.5 8.5a3 3 0 0 0-4.2 0l-2.8 2.8a3 3 0 0 0 4.2 4.2l1-1',
  account: 'M2.5 5h15v10.5h-15ZM2.5 8.5h15M5.5 12.5H9',
  device: 'M6 2.5h8v15H6ZM9 15h2',
  company:
    'M4 17V4.5L11.5 3v14M11.5 8H16v9M2.5 17h15M6.8 7.5h2M6.8 10.5h2M6.8 13.5h2M13.8 11v.01M13.8 14v.01',
  clock: 'M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14ZM10 6v4.3l2.8 1.7',
  plus: 'M10 4v12M4 10h12',
  cross: 'M5 5l10 10M15 5 5 15',
  tick: 'M4 10.5 8.2 14.5 16 6',
  back: 'M8.5 4.5 3 10l5.5 5.5M3 10h14',
  right: 'M7.5 4.5 13 10l-5.5 5.5',
  down: 'M4.5 7.5 10 13l5.5-5.5',
  up: 'M4.5 12.5 10 7l5.5 5.5',
  copy: 'M7 7h9.5v9.5H7ZM13 7V3.5H3.5V13H7',
  key: 'M6.5 7.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7ZM9.3 9.3 16.5 3M13 6l2.5 2.5M9.3 9.3',
  sun: 'M10 6.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7ZM10 1.8v1.7M10 16.5v1.7M1.8 10h1.7M16.5 10h1.7M4.2 4.2l1.2 1.2M14.6 14.6l1.2 1.2M4.2 15.8l1.2-1.2M14.6 5.4l1.2-1.2',
  moon: 'M16.5 12A7 7 0 1 1 8 3.5a5.5 5.5 0 0 0 8.5 8.5Z',
  person: 'M10 3.5a3 3 0 1 0 0 6 3 3 0 0 0 0-6ZM4 17c.4-3.3 2.7-5 6-5s5.6 1.7 6 5',
  leave: 'M8 3.5H3.5v13H8M12.5 6 16.5 10l-4 4M16.5 10H8',
  enter: 'M12 3.5h4.5v13H12M8 6l4 4-4 4M12 10H3.5',
  download: 'M10 3v9M6.5 8.5 10 12l3.5-3.5M3.5 16.5h13',
  upload: 'M10 12V3M6.5 6.5 10 3l3.5 3.5M3.5 16.5h13',
  more: 'M3.5 5.5h13M3.5 10h13M3.5 14.5h13',
  off: 'M3 3l14 14M4.5 9.2A8.5 8.5 0 0 1 7.2 7.5M10 6.8c2.1 0 4 .9 5.5 2.4M7 12a4.3 4.3 0 0 1 1.6-1M10 15.5h.01',
  hour: 'M5 3h10M5 17h10M6 3c0 4 4 4.5 4 7s-4 3-4 7M14 3c0 4-4 4.5-4 7s4 3 4 7',
  lift: 'M10 16.5v-10M6 10l4-4 4 4M4 3.5h12',
  lang: 'M2.5 5h8M6.5 3v2M4 5c.5 3 2.5 5 5.5 6M9 5c-.6 3.2-2.8 5.5-6 6.5M10 17l3.5-8.5L17 17M11.2 14.3h4.6',
  file: 'M5 2.5h6.5L15.5 6.5v11H5ZM11.5 2.5v4h4',
  info: 'M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14ZM10 9v5M10 6.3h.01',
  send: 'M3 10 17 3.5 13 17l-3-5.5ZM10 11.5 17 3.5',
} as const;

export type IconName = keyof typeof STROKES;

export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" width={size} height={size} aria-hidden="true">
      <path d={STROKES[name]} />
    </svg>
  );
}

export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg class="mark" viewBox="0 0 32 32" width={size} height={size} aria-hidden="true">
      <rect width="32" height="32" rx="7" />
      <path d="M7 11h18M9.5 11v14M22.5 11v14M5.5 7.5h21M13 25v-6a3 3 0 0 1 6 0v6" />
    </svg>
  );
}
