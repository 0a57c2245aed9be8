/* SPDX-License-Identifier: Apache-2.0 */
/* returns - what was stopped and what went back, in published figures; nothing where there are none. */
import { get } from '../base/api.ts';
import { count, money } from '../base/format.ts';
import { useLoad } from '../base/hooks.ts';
import { spanParts } from '../base/providers.ts';
import type { Returns } from '../base/rounds.ts';
import { t } from '../base/words.ts';

const percent = (ratio: number): string => `${count(Math.round(ratio * 1000) / 10)} %`;
const days = (n: number): string => t('ui.returns.days', { n: count(Math.round(n * 10) / 10) });

function sayRelease(s: number): string {
  const { unit, n } = spanParts(s * 1000);
  return t(`ui.providers.span_${unit}`, { n });
}

export function ReturnsCard() {
  const { data } = useLoad<Returns>('/v1/returns', (signal) =>
    get('/v1/returns', { signal, quiet: true }),
  );
  if (!data) return null;
  const { days_to_return: wait, release_seconds: release, false_stops: wrong } = data;
  return (
    <section class="card" aria-labelledby="returns">
      <h2 id="returns">{t('ui.returns.title')}</h2>
      <dl class="tallies">
        <div>
          <dt>{t('ui.returns.stopped')}</dt>
          <dd>{money(data.stopped, data.currency)}</dd>
        </div>
        <div>
          <dt>{t('ui.returns.returned')}</dt>
          <dd>
            {money(data.returned, data.currency)}
            {data.ratio !== undefined && <small> {percent(data.ratio)}</small>}
          </dd>
        </div>
        <div>
          <dt>{t('ui.returns.wait')}</dt>
          <dd>{wait.median === undefined ? '—' : days(wait.median)}</dd>
        </div>
        <div>
          <dt>{t('ui.returns.false_stops')}</dt>
          <dd>
            {count(wrong.n)} <small>{t('ui.returns.of', { n: count(wrong.of) })}</small>
          </dd>
        </div>
        <div>
          <dt>{t('ui.returns.release')}</dt>
          <dd>{release.median === undefined ? '—' : sayRelease(release.median)}</dd>
        </div>
      </dl>
      <p class="hint">
        {t('ui.returns.rounds', {
          open: count(data.rounds.open),
          closed: count(data.rounds.closed),
        })}{' '}
        <a href="/notices">{t('ui.progress.notices')}</a>
      </p>
    </section>
  );
}
