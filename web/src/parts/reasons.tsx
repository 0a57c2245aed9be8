/* SPDX-License-Identifier: Apache-2.0 */
/* reasons - why, and on which law: codes that the profile offers, or words of one's own. */
import type { Form } from '../base/hooks.ts';
import { type ProfileWord, useProfile } from '../base/profile.ts';
import { lang, t } from '../base/words.ts';
import { Suggestions, TextField } from './fields.tsx';

function words(list: ProfileWord[] | undefined): { value: string; label: string }[] {
  return (list ?? []).map((w) => ({ value: w.code, label: w[lang.value] }));
}

/* The fields `reason` and `basis` of a form. */
export function Reasons({ form }: { form: Form }) {
  const profile = useProfile();
  return (
    <>
      {(['reason', 'basis'] as const).map((name) => {
        const offered = words(name === 'reason' ? profile?.reasons : profile?.bases);
        const picked = offered.find((w) => w.value === form.fields[name]);
        return (
          <div key={name}>
            <TextField
              form={form}
              name={name}
              label={t(`ui.fact.${name}`)}
              hint={picked ? picked.label : t(`ui.proposal.${name}_hint`)}
            />
            <Suggestions
              label={t(`ui.proposal.${name}_pick`)}
              words={offered}
              chosen={form.fields[name] ?? ''}
              pick={(value) => form.put(name, value)}
            />
          </div>
        );
      })}
    </>
  );
}
