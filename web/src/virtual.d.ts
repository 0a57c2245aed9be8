/* SPDX-License-Identifier: Apache-2.0 */
declare module 'virtual:words/zh' {
  const words: Record<string, string>;
  export default words;
}
declare module 'virtual:words/en' {
  const words: Record<string, string>;
  export default words;
}
