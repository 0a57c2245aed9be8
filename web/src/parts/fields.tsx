/* SPDX-License-Identifier: Apache-2.0 */
/* fields - labelled inputs that say what is wrong beside themselves. */
import type { ComponentChildren, InputHTMLAttributes } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Form } from '../base/hooks.ts';
import { t } from '../base/words.ts';
import { Icon, type IconName } from './icon.tsx';

type Shell = {
  id: string;
  label: string;
  hint?: ComponentChildren;
  problem?: string | undefined;
  optional?: boolean;
  children: ComponentChildren;
};

export function Field(props: Shell) {
  return (
    <div class={props.problem ? 'field wrong' : 'field'}>
      <label for={props.id}>
        {props.label}
        {props.optional && <span class="optional">{t('ui.form.optional')}</span>}
      </label>
      {props.children}
      {props.problem && (
        <p class="field-problem" id={`${props.id}-problem`}>
          <Icon name="warn" size={16} />
          {props.problem}
        </p>
      )}
      {props.hint && (
        <div class="hint" id={`${props.id}-hint`}>
          {props.hint}
        </div>
      )}
    </div>
  );
}

type TextProps = {
  form: Form;
  name: string;
  label: string;
  hint?: ComponentChildren;
  optional?: boolean;
  rows?: number;
  attrs?: InputHTMLAttributes<HTMLInputElement>;
  isFirst?: boolean;
  submitKey?: () => void;
};

/* One line, or a text area when it has rows; bound to a field of the form. */
export function TextField(props: TextProps) {
  const { form, name } = props;
  const id = `f-${name}`;
  const problem = form.problem?.column === name ? form.problem.detail : undefined;
  const box = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  /* Before the next key can come: what is typed quickly belongs here, and again at each refusal. */
  useLayoutEffect(() => {
    if (problem) box.current?.focus();
  }, [form.problem]);
  useLayoutEffect(() => {
    if (props.isFirst) box.current?.focus({ preventScroll: true });
  }, []);
  const shared = {
    id,
    name,
    ref: box,
    value: form.fields[name] ?? '',
    onInput: (event: Event) => form.put(name, (event.target as HTMLInputElement).value),
    'aria-required': props.optional ? undefined : ('true' as const),
    'aria-invalid': problem ? ('true' as const) : undefined,
    'aria-describedby':
      `${problem ? `${id}-problem ` : ''}${props.hint ? `${id}-hint` : ''}` || undefined,
  };
  return (
    <Field
      id={id}
      label={props.label}
      hint={props.hint}
      problem={problem}
      optional={!!props.optional}
    >
      {props.rows ? (
        <textarea
          {...shared}
          rows={props.rows}
          maxLength={props.attrs?.maxLength as number}
          placeholder={props.attrs?.placeholder as string}
        />
      ) : (
        <input type="text" autocomplete="off" spellcheck={false} {...props.attrs} {...shared} />
      )}
    </Field>
  );
}

type Choice = { value: string; label: string; icon?: IconName };

/* A few options side by side: a radio group that looks like one control. */
export function Choices(props: {
  name: string;
  label: string;
  choices: Choice[];
  value: string;
  pick: (value: string) => void;
  hint?: ComponentChildren;
  isLabelUnseen?: boolean;
}) {
  return (
    <fieldset class="choices">
      <legend class={props.isLabelUnseen ? 'unseen' : undefined}>{props.label}</legend>
      <div class="choice-row">
        {props.choices.map((c) => (
          <label key={c.value} class="choice">
            <input
              type="radio"
              name={props.name}
              value={c.value}
              checked={props.value === c.value}
              onChange={() => props.pick(c.value)}
            />
            <span>
              {c.icon && <Icon name={c.icon} size={16} />}
              {c.label}
            </span>
          </label>
        ))}
      </div>
      {props.hint && <div class="hint">{props.hint}</div>}
    </fieldset>
  );
}

/* Words to pick from below a text field. */
export function Suggestions(props: {
  label: string;
  words: { value: string; label: string }[];
  chosen: string;
  pick: (value: string) => void;
}) {
  if (!props.words.length) return null;
  return (
    <fieldset class="suggestions">
      <legend class="unseen">{props.label}</legend>
      {props.words.map((w) => (
        <button
          type="button"
          key={w.value}
          class="chip"
          aria-pressed={props.chosen === w.value}
          onClick={() => props.pick(w.value)}
        >
          {w.label}
        </button>
      ))}
    </fieldset>
  );
}
