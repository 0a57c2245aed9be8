/* SPDX-License-Identifier: Apache-2.0 */
/* trail-bits - where money is, in a word, an icon and a pattern; what an incident is at. */

import type { Segment } from '../base/flow.ts';
import { money } from '../base/format.ts';
import type { Incident } from '../base/trail.ts';
import { term } from '../base/words.ts';
import { Badge, type Colour } from './bits.tsx';
import { Icon, type IconName } from './icon.tsx';

export type Fate = Segment['kind'];
export const FATE_ICON: Record<Fate, IconName> = {
  present: 'account',
  held: 'gate_closed',
  exited: 'gate_open',
  unknown: 'unknown',
};

/* The patterns of the bars, once a page. A hold is a closed gate, an exit slanted, the unknown dotted. */
export function Patterns() {
  return (
    <svg class="unseen" width="0" height="0" aria-hidden="true">
      <pattern id="flow-held" width="6" height="6" patternUnits="userSpaceOnUse">
        <rect class="flow-ground held" width="6" height="6" />
        <path class="flow-mark held" d="M0 1.5h6M1.5 1.5v4.5" />
      </pattern>
      <pattern id="flow-exited" width="6" height="6" patternUnits="userSpaceOnUse">
        <rect class="flow-ground exited" width="6" height="6" />
        <path class="flow-mark exited" d="M-1 4 4-1M2 7l5-5" />
      </pattern>
      <pattern id="flow-unknown" width="6" height="6" patternUnits="userSpaceOnUse">
        <rect class="flow-ground unknown" width="6" height="6" />
        <circle class="flow-dot" cx="2" cy="2" r="1.2" />
        <circle class="flow-dot" cx="5" cy="5" r="1.2" />
      </pattern>
    </svg>
  );
}

export function Swatch({ fate }: { fate: Fate }) {
  return (
    <svg class="swatch" width="16" height="16" aria-hidden="true">
      <rect class={`flow-seg ${fate}`} width="16" height="16" fill={`url(#flow-${fate})`} />
    </svg>
  );
}

/* "▦ Held ¥12,000.00" */
export function FateSum(props: { fate: Fate; sum: number; currency: string; isBig?: boolean }) {
  return (
    <span class={props.isBig ? 'fate big' : 'fate'}>
      <Swatch fate={props.fate} />
      <Icon name={FATE_ICON[props.fate]} size={16} />
      <span class="fate-word">{term('fate', props.fate)}</span>
      <span class="fate-sum">{money(props.sum, props.currency)}</span>
    </span>
  );
}

const STATE_LOOK: Record<Incident['state'], [IconName, Colour]> = {
  open: ['hour', 'ochre'],
  following: ['incident', 'jade'],
  closed: ['tick', 'ink'],
};

export function IncidentBadge({ state }: { state: Incident['state'] }) {
  const [icon, colour] = STATE_LOOK[state] ?? ['info', 'ink'];
  return (
    <Badge icon={icon} colour={colour}>
      {term('incident_state', state)}
    </Badge>
  );
}

/* Why an order is in doubt, in a sentence; the server's own words where we know no better. */
export const sayDoubt = (reason: string): string => term('ambiguity', reason);
