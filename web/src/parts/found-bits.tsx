/* SPDX-License-Identifier: Apache-2.0 */
/* found-bits - why a detector named a number, in words; shown wherever somebody decides about it. */
import { count } from '../base/format.ts';
import {
  type BOX_STATES,
  measureOf,
  type Reason,
  type SUSPICION_STATES,
  type Suspicion,
} from '../base/found.ts';
import { t, term } from '../base/words.ts';
import { Badge, type Colour } from './bits.tsx';
import type { IconName } from './icon.tsx';

type State = (typeof SUSPICION_STATES)[number] | (typeof BOX_STATES)[number];

const LOOK: Record<State, [IconName, Colour]> = {
  open: ['hour', 'ochre'],
  found: ['hour', 'ochre'],
  listed: ['lists', 'jade'],
  confirmed: ['pass', 'jade'],
  dismissed: ['cross', 'ink'],
  lapsed: ['clock', 'ink'],
};

export function FoundBadge({ state }: { state: State }) {
  const [icon, colour] = LOOK[state];
  return (
    <Badge icon={icon} colour={colour}>
      {term('found_state', state)}
    </Badge>
  );
}

function sayValue(reason: Reason): string {
  const { unit, n } = measureOf(reason);
  return unit === 'plain' ? count(n) : t(`ui.found.${unit}`, { n: count(n) });
}

/* The part of a score, with its sign: what spoke for the number is seen as well. */
const sayPart = (part: number): string => `${part > 0 ? '+' : '−'}${Math.abs(part).toFixed(2)}`;

function Reasons({ reasons }: { reasons: Reason[] }) {
  const hasParts = reasons.some((r) => r.part !== undefined);
  return (
    <table class="cards">
      <thead>
        <tr>
          <th scope="col">{t('ui.found.feature')}</th>
          <th scope="col" class="num">
            {t('ui.found.value')}
          </th>
          {hasParts && (
            <th scope="col" class="num">
              {t('ui.found.part')}
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {reasons.map((r) => (
          <tr key={r.feature}>
            <td data-name={t('ui.found.feature')}>{term('feature', r.feature)}</td>
            <td data-name={t('ui.found.value')} class="num">
              {sayValue(r)}
            </td>
            {hasParts && (
              <td data-name={t('ui.found.part')} class="num">
                {r.part === undefined ? '—' : sayPart(r.part)}
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/* What was found and by which test; a score is no verdict, and is said to be none. */
export function Why({ item }: { item: Suspicion }) {
  return (
    <>
      <p>
        {t(`ui.found.by.${item.detector}`, { n: count(item.at_call) })}{' '}
        {item.box && <a href={`/boxes/${encodeURIComponent(item.box)}`}>{t('ui.found.its_box')}</a>}
      </p>
      {item.reasons?.length ? (
        <Reasons reasons={item.reasons} />
      ) : (
        <p class="quiet">{t('ui.found.erased')}</p>
      )}
      <p class="hint">
        {t('ui.found.no_measure')}
        {item.model &&
          ` ${t('ui.found.model', { model: item.model, score: item.margin.toFixed(2) })}`}
      </p>
    </>
  );
}
