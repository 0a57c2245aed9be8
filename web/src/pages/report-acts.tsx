/* SPDX-License-Identifier: Apache-2.0 */
/* report-acts - taking a report from the street, refusing it, writing down that it is withdrawn. */
import { useState } from 'preact/hooks';
import { post } from '../base/api.ts';
import { useKeys } from '../base/hooks.ts';
import { type Report, type ReportAct, reportPage } from '../base/reports.ts';
import { t } from '../base/words.ts';
import { Ask } from '../parts/ask.tsx';
import { Key } from '../parts/bits.tsx';
import { Icon, type IconName } from '../parts/icon.tsx';

const ACTS: Record<ReportAct, { key: string; icon: IconName; reasons: string[] }> = {
  take: { key: 't', icon: 'tick', reasons: [] },
  refuse: { key: 'r', icon: 'cross', reasons: ['duplicate', 'no_fraud', 'unreached'] },
  withdraw: { key: 'w', icon: 'back', reasons: ['found', 'mistaken', 'settled'] },
};

export function ReportActs({ report, done }: { report: Report; done: () => void }) {
  const [act, setAct] = useState<ReportAct | null>(null);
  const may = (Object.keys(ACTS) as ReportAct[]).filter((a) => report.may?.includes(a));
  const keys = Object.fromEntries(may.map((a) => [ACTS[a].key, () => setAct(a)]));
  useKeys(act ? {} : keys);
  if (act && may.includes(act)) {
    const question = {
      draft: `report.${act}.${report.report}`,
      label: t(`ui.reports.act.${act}`),
      effect: t(`ui.reports.act.${act}.effect`),
      confirm: t(`ui.reports.act.${act}`),
      ...(act !== 'take' && { why: t('ui.orders.why') }),
      reasons: ACTS[act].reasons.map((r) => t(`ui.reports.${act}.${r}`)),
      send: (body: { why?: string }, key: string) =>
        post<Report>(`/v1${reportPage(report.report)}/${act}`, body, { key }),
    };
    return (
      <Ask
        question={question}
        close={() => setAct(null)}
        done={() => {
          setAct(null);
          done();
        }}
      />
    );
  }
  return (
    <>
      {report.state === 'filed' && (
        <p class="note ochre">
          <Icon name="hour" size={18} />
          <span>
            {t(may.includes('take') ? 'ui.reports.untaken' : 'ui.reports.untaken_others')}
          </span>
        </p>
      )}
      {may.length > 0 && (
        <div class="acts">
          {may.map((a) => (
            <button
              key={a}
              type="button"
              class={a === 'take' ? 'button primary' : 'button'}
              onClick={() => setAct(a)}
            >
              <Icon name={ACTS[a].icon} size={18} />
              {t(`ui.reports.act.${a}`)}
              <Key>{ACTS[a].key}</Key>
            </button>
          ))}
        </div>
      )}
    </>
  );
}
