/* SPDX-License-Identifier: Apache-2.0 */
/* states - empty, slow and broken, said in full sentences. */
import type { ComponentChildren } from 'preact';
import type { Problem } from '../base/api.ts';
import { useSlow } from '../base/hooks.ts';
import { t } from '../base/words.ts';
import { Icon, type IconName } from './icon.tsx';

export function Empty(props: { icon: IconName; title: string; children?: ComponentChildren }) {
  return (
    <div class="state">
      <Icon name={props.icon} size={32} />
      <p class="state-title">{props.title}</p>
      {props.children && <div class="state-text">{props.children}</div>}
    </div>
  );
}

/* Nothing for a moment, then what we are waiting for. */
export function Waiting({ what }: { what: string }) {
  const isSlow = useSlow(true);
  return (
    <div class="state" role="status">
      {isSlow && (
        <>
          <span class="pulse" aria-hidden="true" />
          <p class="state-title">{what}</p>
          <p class="state-text">{t('ui.slow.hint')}</p>
        </>
      )}
    </div>
  );
}

export function Broken(props: { problem: Problem; again?: () => void; works?: string }) {
  return (
    <div class="state broken" role="alert">
      <Icon name={props.problem.status === 0 ? 'off' : 'warn'} size={32} />
      <p class="state-title">{props.problem.detail}</p>
      {props.works && <p class="state-text">{props.works}</p>}
      {props.problem.request && (
        <p class="state-text">
          {t('ui.broken.request')} <code>{props.problem.request}</code>
        </p>
      )}
      {props.again && (
        <button type="button" class="button" onClick={props.again}>
          {t('ui.broken.again')}
        </button>
      )}
    </div>
  );
}

/* A form's problem: above the buttons, read out, with the words kept. */
export function FormProblem({ problem }: { problem: Problem | null }) {
  return (
    <div class="form-problem" role="alert">
      {problem && (
        <p>
          <Icon name="warn" size={18} />
          <span>
            {problem.detail}
            {problem.status === 0 && problem.code === 'offline' && ` ${t('ui.broken.kept')}`}
          </span>
        </p>
      )}
    </div>
  );
}
