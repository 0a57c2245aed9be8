/* SPDX-License-Identifier: Apache-2.0 */
/* key-field - where a citizen types what they were told once, and the same said to them. */
import type { RefObject } from 'preact';
import { t } from '../base/words.ts';
import { Copy } from './bits.tsx';
import { Field } from './fields.tsx';

export function KeyField({
  box,
  isWrong,
}: {
  box: RefObject<HTMLInputElement | null>;
  isWrong: boolean;
}) {
  return (
    <Field
      id="secret"
      label={t('ui.progress.secret')}
      hint={t('ui.progress.secret_hint')}
      problem={isWrong ? t('ui.progress.secret_missing') : undefined}
    >
      <input
        id="secret"
        ref={box}
        class="mono"
        placeholder="YM-____-____-____"
        maxLength={32}
        autocomplete="off"
        autocapitalize="characters"
        spellcheck={false}
        aria-required="true"
        aria-invalid={isWrong ? 'true' : undefined}
        aria-describedby={`${isWrong ? 'secret-problem ' : ''}secret-hint`}
      />
    </Field>
  );
}

/* One of the words to be written down. */
export function Told({ name, text }: { name: string; text: string }) {
  return (
    <div data-copied>
      <p class="quiet">{name}</p>
      <p class="reference-text">
        <code data-text>{text}</code>
        <Copy text={text} label={t('ui.copy')} />
      </p>
    </div>
  );
}
