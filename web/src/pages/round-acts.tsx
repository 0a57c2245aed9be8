/* SPDX-License-Identifier: Apache-2.0 */
/* round-acts - what one may do with a refund round, and who may act next where one may not. */
import { useState } from 'preact/hooks';
import { post } from '../base/api.ts';
import { money } from '../base/format.ts';
import { useKeys } from '../base/hooks.ts';
import { roundAddress } from '../base/round-pages.ts';
import { isOpenRound, type Round, type RoundAct, waitsOf } from '../base/rounds.ts';
import { now } from '../base/time.ts';
import { t } from '../base/words.ts';
import { Ask } from '../parts/ask.tsx';
import { Key } from '../parts/bits.tsx';
import { Icon, type IconName } from '../parts/icon.tsx';

const ACTS: Record<RoundAct, { key: string; icon: IconName }> = {
  review: { key: 'r', icon: 'tick' },
  notice: { key: 'n', icon: 'info' },
  approve: { key: 'a', icon: 'tick' },
  close: { key: 'c', icon: 'pass' },
  void: { key: 'v', icon: 'cross' },
};

/* The first approval and the second are one act, and not the same deed. */
function nameOf(r: Round, act: RoundAct): string {
  if (act === 'approve' && r.first_approver) return t('ui.rounds.act.approve_second');
  return t(`ui.rounds.act.${act}`);
}

function effectOf(r: Round, act: RoundAct): string {
  const name = act === 'approve' && r.first_approver ? 'approve_second' : act;
  return t(`ui.rounds.act.${name}.effect`, {
    sum: money(r.shared, r.currency),
    account: r.display,
    days: r.notice_days,
    returned: money(r.returned, r.currency),
  });
}

export function RoundActs({ round, done }: { round: Round; done: () => void }) {
  const [act, setAct] = useState<RoundAct | null>(null);
  const may = (Object.keys(ACTS) as RoundAct[]).filter((a) => round.may.includes(a));
  const keys = Object.fromEntries(may.map((a) => [ACTS[a].key, () => setAct(a)]));
  useKeys(act ? {} : keys);
  if (act && may.includes(act)) {
    const question = {
      draft: `round.${act}.${round.round}`,
      about: [act, round.round, round.first_approver ?? ''],
      label: nameOf(round, act),
      effect: effectOf(round, act),
      confirm: nameOf(round, act),
      ...(act === 'void' && {
        why: t('ui.rounds.void_why'),
        reasons: ['stale', 'objection', 'wrong'].map((r) => t(`ui.rounds.void.${r}`)),
      }),
      send: (body: { why?: string }, key: string) =>
        post<Round>(`${roundAddress(round.round)}/${act}`, body, { key }),
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
  const hasMain = may.some((a) => a !== 'void');
  return (
    <>
      {isOpenRound(round) && (
        <p class={hasMain ? 'note' : 'note ochre'}>
          <Icon name="hour" size={18} />
          <span>{t(`ui.rounds.waits.${waitsOf(round, now.value)}`, { n: round.objections })}</span>
        </p>
      )}
      {may.length > 0 && (
        <div class="acts">
          {may.map((a) => (
            <button
              key={a}
              type="button"
              class={a === 'void' ? 'button' : 'button primary'}
              onClick={() => setAct(a)}
            >
              <Icon name={ACTS[a].icon} size={18} />
              {nameOf(round, a)}
              <Key>{ACTS[a].key}</Key>
            </button>
          ))}
        </div>
      )}
    </>
  );
}
