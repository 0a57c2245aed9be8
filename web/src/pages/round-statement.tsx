/* SPDX-License-Identifier: Apache-2.0 */
/* round-statement - all that a bank needs to compute a round again, for a stated purpose: a leaf. */
import { useState } from 'preact/hooks';
import { getFile, type Problem, sayProblem, search } from '../base/api.ts';
import { fileName, keepFile } from '../base/files.ts';
import { useForm } from '../base/hooks.ts';
import { roundAddress } from '../base/round-pages.ts';
import type { Round } from '../base/rounds.ts';
import { now } from '../base/time.ts';
import { t } from '../base/words.ts';
import { TextField } from '../parts/fields.tsx';
import { Icon } from '../parts/icon.tsx';
import { FormProblem } from '../parts/states.tsx';

const FORMS = { pdf: 'application/pdf', json: 'application/json' } as const;
type FileForm = keyof typeof FORMS;

export function Statement({ round }: { round: Round }) {
  const [isAsking, setAsking] = useState(false);
  const [busy, setBusy] = useState<FileForm | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const form = useForm(`statement.${round.round}`, { purpose: '' });
  const fetchAs = async (as: FileForm) => {
    const purpose = form.fields.purpose?.trim();
    if (busy) return undefined;
    if (!purpose) return form.fail('purpose', t('ui.appeals.purpose_missing'));
    setBusy(as);
    setProblem(null);
    try {
      const bytes = await getFile(
        `${roundAddress(round.round)}/statement${search({ purpose })}`,
        FORMS[as],
      );
      keepFile(bytes, fileName([t('ui.rounds.statement'), round.round], now.value, as));
    } catch (cause) {
      setProblem(sayProblem(cause));
    } finally {
      setBusy(null);
    }
    return undefined;
  };
  if (!isAsking)
    return (
      <div class="acts">
        <button type="button" class="button" onClick={() => setAsking(true)}>
          <Icon name="file" size={18} />
          {t('ui.rounds.statement')}
        </button>
      </div>
    );
  return (
    <form
      class="panel"
      aria-label={t('ui.rounds.statement')}
      onSubmit={(event) => {
        event.preventDefault();
        void fetchAs('pdf');
      }}
    >
      <p>{t('ui.rounds.statement_text')}</p>
      <TextField
        form={form}
        name="purpose"
        label={t('ui.rounds.purpose')}
        hint={t('ui.appeals.purpose_hint')}
        isFirst
      />
      <FormProblem problem={problem} />
      <div class="acts">
        {(Object.keys(FORMS) as FileForm[]).map((as) => (
          <button
            key={as}
            type={as === 'pdf' ? 'submit' : 'button'}
            class="button"
            aria-disabled={busy === as}
            onClick={as === 'pdf' ? undefined : () => void fetchAs(as)}
          >
            <Icon name="download" size={18} />
            {t(busy === as ? 'ui.trail.writing' : `ui.rounds.as_${as}`)}
          </button>
        ))}
        <button type="button" class="button ghost" onClick={() => setAsking(false)}>
          {t('ui.form.cancel')}
        </button>
      </div>
    </form>
  );
}
