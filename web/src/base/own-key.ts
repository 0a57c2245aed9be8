/* SPDX-License-Identifier: Apache-2.0 */
/* own-key - what opens an appeal to whoever filed it: in no address, and gone with the page. */
const keys = new Map<string, string>();

export const keyOf = (reference: string): string => keys.get(reference) ?? '';
export const rememberKey = (reference: string, key: string): void => {
  keys.set(reference, key);
};

/* "ym 7k3m 2q9d xw4r" as it is meant: YM-7K3M-2Q9D-XW4R. */
export function readKey(typed: string): string {
  const plain = typed.toUpperCase().replace(/[^0-9A-Z]/g, '');
  const read = /^(?:YM)?(\w{4})(\w{4})(\w{4})$/.exec(plain);
  return read ? `YM-${read[1]}-${read[2]}-${read[3]}` : '';
}
