/* SPDX-License-Identifier: Apache-2.0 */
/* purpose - what is personal is read for a stated purpose, and the reading is recorded. */
import { useState } from 'preact/hooks';
import { type Problem, sayProblem } from '../base/api.ts';
import { useForm } from '../base/hooks.ts';
import { t } from '../base/words.ts';
import { TextField } from './fields.tsx';
import { Icon } from './icon.tsx';
import { FormProblem } from './states.tsx';

export function Purpose(props: {
  draft: string;
  label: string;
  read: (purpose: string) => Promise<void>;
}) {
  const [isAsking, setAsking] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const form = useForm(props.draft, { purpose: '' });
  const read = async (event: Event) => {
    event.preventDefault();
    const purpose = form.fields.purpose?.trim();
    if (!purpose) return form.fail('purpose', t('ui.appeals.purpose_missing'));
    setProblem(null);
    try {
      await props.read(purpose);
      form.clear();
    } catch (cause) {
      setProblem(sayProblem(cause));
    }
    return undefined;
  };
  if (!isAsking)
    return (
      <div class="acts">
        <button type="button" class="button" onClick={() => setAsking(true)}>
          <Icon name="person" size={18} />
          {props.label}
        </button>
      </div>
    );
  return (
    <form class="panel" onSubmit={(event) => void read(event)}>
      <TextField
        form={form}
        name="purpose"
        label={t('ui.appeals.purpose')}
        hint={t('ui.appeals.purpose_hint')}
        isFirst
      />
      <FormProblem problem={problem} />
      <div class="acts">
        <button type="submit" class="button">
          {t('ui.appeals.read')}
        </button>
      </div>
    </form>
  );
}
