/* SPDX-License-Identifier: Apache-2.0 */
/* round-bits - what a refund round and its shares are at, and by when the next step is due. */
import { isLateRound, type Round, type RoundState, type ShareState } from '../base/rounds.ts';
import { now } from '../base/time.ts';
import { t, term } from '../base/words.ts';
import { Badge, Clock, type Colour } from './bits.tsx';
import type { IconName } from './icon.tsx';

const LOOK: Record<RoundState, [IconName, Colour]> = {
  computed: ['hour', 'ochre'],
  reviewed: ['hour', 'ochre'],
  noticed: ['info', 'ochre'],
  objected: ['appeals', 'ochre'],
  approved: ['tick', 'jade'],
  sent: ['send', 'ochre'],
  paid: ['tick', 'jade'],
  closed: ['pass', 'jade'],
  void: ['cross', 'ink'],
};

export function RoundBadge({ state }: { state: RoundState }) {
  const [icon, colour] = LOOK[state] ?? ['info', 'ink'];
  return (
    <Badge icon={icon} colour={colour}>
      {term('round_state', state)}
    </Badge>
  );
}

const SHARE_LOOK: Record<ShareState, [IconName, Colour]> = {
  due: ['hour', 'ochre'],
  paid: ['pass', 'jade'],
  failed: ['warn', 'ochre'],
};

export function ShareBadge({ state }: { state: ShareState }) {
  const [icon, colour] = SHARE_LOOK[state] ?? ['info', 'ink'];
  return (
    <Badge icon={icon} colour={colour}>
      {term('share_state', state)}
    </Badge>
  );
}

const DAY_MS = 24 * 3_600_000;

/* While a notice runs its end matters, then by when the next step is due. */
export function RoundClock({ round }: { round: Round }) {
  const runs = round.state === 'noticed' && !!round.notice_until;
  if (runs && Date.parse(round.notice_until ?? '') > now.value)
    return <Clock due={round.notice_until ?? ''} isPlain key_left="ui.rounds.notice_left" />;
  if (!round.due_at) return null;
  return (
    <Clock
      due={round.due_at}
      soon_ms={DAY_MS}
      key_left="ui.rounds.due_left"
      key_late="ui.orders.late_by"
    />
  );
}

/* Where no clock says so already. */
export function LateBadge({ round }: { round: Round }) {
  const isOnClock = !!round.due_at && Date.parse(round.due_at) <= now.value;
  if (!isLateRound(round) || isOnClock) return null;
  return (
    <Badge icon="warn" colour="cinnabar">
      {t('ui.round.late')}
    </Badge>
  );
}

export const ruleName = (rule: string): string => term('refund_rule', rule.replace('-', '_'));
