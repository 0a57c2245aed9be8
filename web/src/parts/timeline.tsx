/* SPDX-License-Identifier: Apache-2.0 */
/* timeline - what was done, by whom and why, the newest first; each step is a leaf of the ledger. */
import type { Step } from '../base/model.ts';
import { t, term } from '../base/words.ts';
import { When } from './bits.tsx';

export function Timeline({ steps }: { steps: Step[] }) {
  const newestFirst = [...steps].sort((a, b) => b.index - a.index);
  return (
    <ol class="timeline">
      {newestFirst.map((s) => (
        <li key={s.index}>
          <p>
            <strong>{term('deed', s.act)}</strong> <span>{sayActor(s.actor)}</span>
            {sayTold(s) && ` → ${sayTold(s)}`}
          </p>
          {s.why && <p class="timeline-why">{term('why', s.why)}</p>}
          <p class="quiet">
            <When at={s.at} /> ·{' '}
            <a href={`/ledger?leaf=${s.index}`} title={t('ui.ledger.leaf_hint')}>
              {t('ui.ledger.leaf', { n: s.index })}
            </a>
          </p>
        </li>
      ))}
    </ol>
  );
}

/* Whom an act of this kind tells. */
function sayTold(s: Step): string {
  if (s.act === 'alert.assign' || s.act === 'alert.hand_over') return s.officer ?? '';
  if (s.act !== 'alert.late' && s.act !== 'alert.escalate') return '';
  return s.told === '-' ? t('ui.people.everywhere') : (s.told ?? '');
}

/* A timer acts as the centre itself. */
export function sayActor(actor: string): string {
  if (actor === 'centre') return t('ui.actor.centre');
  return actor || t('ui.actor.public');
}
