/* SPDX-License-Identifier: Apache-2.0 */
/* files - what is fetched is kept on the device, under a name that says what it is. */
import { toLocalInput } from './time.ts';

/* "资金链路-i-7-先进先出-20261122-1805.csv": what, of which record, how, when. */
export function fileName(words: string[], at_ms: number, form: string): string {
  const when = toLocalInput(at_ms).replace(/[-:]/g, '').replace('T', '-');
  const name = [...words, when].join('-');
  return `${name.replace(/[\s\\/:*?"<>|]+/g, '_')}.${form}`;
}

export function keepFile(bytes: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(bytes);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
