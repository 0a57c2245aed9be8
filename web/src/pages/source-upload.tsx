/* SPDX-License-Identifier: Apache-2.0 */
/* source-upload - the whole of what a source says now, from a file. */
import { useRef, useState } from 'preact/hooks';
import { type Problem, post, sayProblem } from '../base/api.ts';
import { count } from '../base/format.ts';
import { newKey } from '../base/kept.ts';
import type { ListAnswer, Source } from '../base/model.ts';
import { t } from '../base/words.ts';
import { Key } from '../parts/bits.tsx';
import { Drop } from '../parts/drop.tsx';
import { Icon } from '../parts/icon.tsx';
import { FormProblem } from '../parts/states.tsx';

const PATIENCE_MS = 300_000;

export function SayAnswer({ answer }: { answer: ListAnswer }) {
  return (
    <p role="status" class="note jade">
      <Icon name="tick" size={18} />
      <span>
        {t('ui.sources.answer_done', {
          entered: count(answer.entered),
          renewed: count(answer.renewed),
          vanished: count(answer.vanished),
          conflicts: count(answer.conflicts),
          refused: count(answer.refused),
        })}
      </span>
    </p>
  );
}

export function Upload(props: {
  item: Source;
  done: (answer: ListAnswer) => void;
  close: () => void;
}) {
  const [file, setFile] = useState<File | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isSending, setSending] = useState(false);
  const key = useRef(newKey());
  const input = useRef<HTMLInputElement>(null);
  const choose = (taken: File | undefined) => {
    key.current = newKey();
    setProblem(null);
    setFile(taken ?? null);
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    if (!file) return input.current?.focus();
    if (isSending) return undefined;
    setSending(true);
    setProblem(null);
    try {
      const address = `/v1/sources/${encodeURIComponent(props.item.id)}/lists`;
      const how = { key: key.current, type: 'application/octet-stream', patience_ms: PATIENCE_MS };
      props.done(await post<ListAnswer>(address, file, how));
    } catch (cause) {
      setProblem(sayProblem(cause));
      setSending(false);
    }
    return undefined;
  };
  return (
    <form
      class="panel"
      aria-label={t('ui.sources.upload')}
      onSubmit={(event) => void submit(event)}
    >
      <Drop
        file={file}
        choose={choose}
        title={t('ui.sources.upload_choose')}
        hint={t('ui.sources.upload_hint')}
        input={input}
      />
      <FormProblem problem={problem} />
      <div class="acts">
        <button type="submit" class="button primary" aria-disabled={isSending || !file}>
          <Icon name="send" size={18} />
          {t(isSending ? 'ui.sources.upload_sending' : 'ui.sources.upload_send')}
        </button>
        <button type="button" class="button" onClick={props.close}>
          {t('ui.form.cancel')}
          <Key>Esc</Key>
        </button>
      </div>
    </form>
  );
}
