/* SPDX-License-Identifier: Apache-2.0 */
/* bits - the small parts every page is made of: badges, times, copying, hints of keys. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Action, AppealState, Kind, ListingState, Verdict } from '../base/model.ts';
import { leftOf, now, sayExact, saySpan, sayWhen, type Tone } from '../base/time.ts';
import { t, term } from '../base/words.ts';
import { Icon, type IconName } from './icon.tsx';

export type Colour = 'jade' | 'ochre' | 'cinnabar' | 'ink';

export function Badge(props: { icon: IconName; colour: Colour; children: ComponentChildren }) {
  return (
    <span class={`badge ${props.colour}`}>
      <Icon name={props.icon} size={14} />
      {props.children}
    </span>
  );
}

const ACTION_LOOK: Record<Action, [IconName, Colour]> = {
  block: ['block', 'cinnabar'],
  warn: ['warn', 'ochre'],
  allow: ['allow', 'jade'],
};

export function ActionBadge({ action }: { action: Action }) {
  const [icon, colour] = ACTION_LOOK[action];
  return (
    <Badge icon={icon} colour={colour}>
      {term('action', action)}
    </Badge>
  );
}

const STATE_LOOK: Record<ListingState, [IconName, Colour]> = {
  proposed: ['hour', 'ochre'],
  in_force: ['pass', 'jade'],
  expired: ['clock', 'ink'],
  lifted: ['lift', 'ink'],
  refused: ['cross', 'ink'],
};

export function StateBadge({ state }: { state: ListingState }) {
  const [icon, colour] = STATE_LOOK[state];
  return (
    <Badge icon={icon} colour={colour}>
      {term('state', state)}
    </Badge>
  );
}

const APPEAL_LOOK: Record<AppealState, [IconName, Colour]> = {
  filed: ['hour', 'ochre'],
  reviewing: ['hour', 'ochre'],
  granted: ['pass', 'jade'],
  rejected: ['cross', 'ink'],
  withdrawn: ['back', 'ink'],
};

export function AppealBadge({ state }: { state: AppealState }) {
  const [icon, colour] = APPEAL_LOOK[state];
  return (
    <Badge icon={icon} colour={colour}>
      {term('appeal_state', state)}
    </Badge>
  );
}

export const VERDICT_LOOK: Record<Verdict, [IconName, Colour]> = {
  pass: ['pass', 'jade'],
  warn: ['warn', 'ochre'],
  block: ['block', 'cinnabar'],
};

export function KindIcon({ kind, size = 20 }: { kind: Kind; size?: number }) {
  return (
    <span class="kind" title={term('kind', kind)}>
      <Icon name={kind} size={size} />
      <span class="unseen">{term('kind', kind)}</span>
    </span>
  );
}

/* When something was or will be; the exact time on hover. */
export function When({ at }: { at: string | undefined }) {
  const ms = at ? Date.parse(at) : Number.NaN;
  if (Number.isNaN(ms)) return <span class="quiet">—</span>;
  return (
    <time dateTime={at} title={sayExact(ms)}>
      {sayWhen(ms, now.value)}
    </time>
  );
}

const HOUR_MS = 3_600_000;

/* How long is left, and what colour that has. */
export function Clock(props: {
  due: string;
  soon_ms?: number;
  key_left?: string;
  key_late?: string;
  isPlain?: boolean;
}) {
  const due = Date.parse(props.due);
  if (Number.isNaN(due)) return null;
  const left = leftOf(due, now.value, props.soon_ms ?? HOUR_MS);
  const key =
    left.tone === 'late' ? (props.key_late ?? 'ui.time.late') : (props.key_left ?? 'ui.time.left');
  const tone: Tone = props.isPlain ? 'calm' : left.tone;
  return (
    <time class={`clock ${tone}`} dateTime={props.due} title={sayExact(due)}>
      <Icon name={tone === 'late' ? 'warn' : 'clock'} size={14} />
      {t(key, { span: saySpan(left.span) })}
    </time>
  );
}

export function Key({ children }: { children: string }) {
  return (
    /* biome-ignore lint/a11y/noAriaHiddenOnFocusable: a kbd takes no focus; the button says its name */
    <kbd class="key" aria-hidden="true">
      {children}
    </kbd>
  );
}

/* Clipboards need https; without one the text is selected, ready for Ctrl-C. */
export function Copy({ text, label }: { text: string; label: string }) {
  const [isDone, setDone] = useState(false);
  const copy = async (event: MouseEvent) => {
    try {
      await navigator.clipboard.writeText(text);
      setDone(true);
      setTimeout(() => setDone(false), 2000);
    } catch {
      const shown = (event.target as Element)
        .closest('[data-copied]')
        ?.querySelector('[data-text]');
      if (shown) getSelection()?.selectAllChildren(shown);
    }
  };
  return (
    <button type="button" class="button ghost small" onClick={copy}>
      <Icon name={isDone ? 'tick' : 'copy'} size={16} />
      <span aria-live="polite">{isDone ? t('ui.copied') : label}</span>
    </button>
  );
}

/* Some text inside a sentence from the catalogue that is a link: "… <a>… ". */
export function Facts({ children }: { children: ComponentChildren }) {
  return <dl class="facts">{children}</dl>;
}

export function Fact(props: { name: string; wide?: boolean; children: ComponentChildren }) {
  return (
    <div class={props.wide ? 'fact wide' : 'fact'}>
      <dt>{props.name}</dt>
      <dd>{props.children}</dd>
    </div>
  );
}
