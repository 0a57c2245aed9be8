/* SPDX-License-Identifier: Apache-2.0 */
/* decided - what became of a decision about many: how many, and why not the others. */
import { count } from '../base/format.ts';
import type { Decided } from '../base/model.ts';
import { t } from '../base/words.ts';
import { Icon } from './icon.tsx';

export function DecidedNote({ answer }: { answer: Decided }) {
  const m = answer.refusals.length;
  return (
    <div role="status" class={m ? 'note ochre' : 'note jade'}>
      <Icon name={m ? 'warn' : 'tick'} size={18} />
      <div>
        <p>
          {m
            ? t('ui.conflicts.done_some', { n: count(answer.decided), m: count(m) })
            : t('ui.conflicts.done', { n: count(answer.decided) })}
        </p>
        {m > 0 && (
          <ul>
            {[...new Set(answer.refusals.map((r) => r.reason))].map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}
