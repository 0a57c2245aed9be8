/* SPDX-License-Identifier: Apache-2.0 */
/* What rounds.mjs makes, as the pages read it. */
import type {
  Notice,
  Refund,
  Returns,
  RoundAct,
  RoundDetail,
  RoundState,
  Rule,
} from '../src/base/rounds.ts';

type How = { state?: string; claims?: number; may?: RoundAct[]; more?: object };

export const STATES: RoundState[];
export const RETURNS: Returns;
export function roundOf(number: number, how?: How): RoundDetail;
export function noticeOf(round: RoundDetail): Notice;
export function refundOf(round: RoundDetail, rule: Rule | string, more?: object): Refund;
