/* SPDX-License-Identifier: Apache-2.0 */
/* drop - a file, chosen or dropped. */
import type { Ref } from 'preact';
import { useState } from 'preact/hooks';
import { count } from '../base/format.ts';
import { t } from '../base/words.ts';
import { Icon } from './icon.tsx';

export function Drop(props: {
  file: File | null;
  choose: (file: File | undefined) => void;
  title: string;
  hint: string;
  accept?: string;
  input: Ref<HTMLInputElement>;
}) {
  const [isOver, setOver] = useState(false);
  const { file } = props;
  return (
    <label
      class={isOver ? 'drop over' : 'drop'}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        props.choose(event.dataTransfer?.files[0]);
      }}
    >
      <Icon name="upload" size={28} />
      <span>
        <strong>{file ? file.name : props.title}</strong>
        <span class="quiet">
          {file ? t('ui.feeds.bytes', { n: count(file.size) }) : props.hint}
        </span>
      </span>
      <input
        ref={props.input}
        type="file"
        {...(props.accept && { accept: props.accept })}
        onChange={(event) => props.choose(event.currentTarget.files?.[0])}
      />
    </label>
  );
}
