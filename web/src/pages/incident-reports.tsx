/* SPDX-License-Identifier: Apache-2.0 */
/* incident-reports - what victims told of this incident; nothing where nobody did. */
import { get, search } from '../base/api.ts';
import { count, money } from '../base/format.ts';
import { useCalmly, useLoad } from '../base/hooks.ts';
import { isAbout } from '../base/incidents.ts';
import type { Page } from '../base/model.ts';
import { type Report, reportPage } from '../base/reports.ts';
import { can } from '../base/session.ts';
import { t, term } from '../base/words.ts';
import { When } from '../parts/bits.tsx';
import { ReportBadge } from '../parts/report-bits.tsx';

const SHOWN = 50;

export function IncidentReports({ incident }: { incident: string }) {
  const address = can('report.read') ? `/v1/reports${search({ incident, limit: SHOWN })}` : '';
  const { data, reload } = useLoad<Page<Report>>(address, (signal) => get(address, { signal }));
  useCalmly((live) => isAbout(live, incident, ['report']), reload);
  if (!data?.items.length) return null;
  return (
    <section class="card" id="reports" aria-labelledby="reports-title">
      <header class="card-head">
        <h2 id="reports-title">{t('ui.reports.of_incident', { n: count(data.total) })}</h2>
        {data.total > data.items.length && (
          <a href={`/reports${search({ state: 'all', incident })}`}>{t('ui.home.all')}</a>
        )}
      </header>
      <ul class="plain waits">
        {data.items.map((r) => (
          <li key={r.report}>
            <a class="wait-row" href={reportPage(r.report)}>
              <ReportBadge state={r.state} />
              <span class="grow">
                {term('report_channel', r.channel)} · {r.taker ?? t('ui.reports.nobody')}
              </span>
              <strong class="nowrap">{money(r.loss, r.currency)}</strong>
              <When at={r.filed_at} />
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
