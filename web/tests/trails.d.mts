/* SPDX-License-Identifier: Apache-2.0 */
import type { Incident, Method, Trail, Transfer } from '../src/base/trail.ts';

export function dice(seed: number): (n: number) => number;
export function trailOf(how?: {
  nodes?: number;
  victims?: number;
  seed?: number;
  method?: Method;
  ambiguous?: number;
}): Trail;
export function incidentOf(trail: Trail, more?: Partial<Incident>): Incident;
export function accountOf(
  trail: Trail,
  account: string,
  how?: { transfers?: number },
): { account: string; items: Transfer[] };
