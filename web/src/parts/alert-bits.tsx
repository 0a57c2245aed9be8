/* SPDX-License-Identifier: Apache-2.0 */
/* alert-bits - a tier and a state as icon, word and colour; until when somebody must be reached. */
import type { Alert, AlertState, Tier } from '../base/alerts.ts';
import { term } from '../base/words.ts';
import { Badge, Clock, type Colour, When } from './bits.tsx';
import type { IconName } from './icon.tsx';

const TIER: Record<Tier, [IconName, Colour]> = {
  urgent: ['warn', 'cinnabar'],
  high: ['warn', 'ochre'],
  medium: ['info', 'ochre'],
  low: ['info', 'ink'],
};
const STATE: Record<AlertState, [IconName, Colour]> = {
  open: ['hour', 'ochre'],
  assigned: ['person', 'ochre'],
  reached: ['tick', 'jade'],
  closed: ['clock', 'ink'],
};
const SOON_MS = 15 * 60_000;

export function TierBadge({ tier }: { tier: Tier }) {
  const [icon, colour] = TIER[tier];
  return (
    <Badge icon={icon} colour={colour}>
      {term('alert_tier', tier)}
    </Badge>
  );
}

export function AlertBadge({ state }: { state: AlertState }) {
  const [icon, colour] = STATE[state];
  return (
    <Badge icon={icon} colour={colour}>
      {term('alert_state', state)}
    </Badge>
  );
}

/* Runs until somebody was reached; then it says when. */
export function Due({ item }: { item: Alert }) {
  if (item.state === 'closed') return <When at={item.closed_at} />;
  if (item.reached_at) return <When at={item.reached_at} />;
  if (!item.due_at) return <When at={item.opened_at} />;
  return <Clock due={item.due_at} soon_ms={SOON_MS} />;
}
