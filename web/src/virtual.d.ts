/* SPDX-License-Identifier: Apache-2.0 */
/* A line each, all in the order of their keys. */
declare module 'virtual:words/keys' {
  const keys: string;
  export default keys;
}
declare module 'virtual:words/zh' {
  const words: string;
  export default words;
}
declare module 'virtual:words/en' {
  const words: string;
  export default words;
}
