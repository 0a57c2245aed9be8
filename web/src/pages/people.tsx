/* SPDX-License-Identifier: Apache-2.0 */
/* people - users and their roles; one proposes, another approves. */
import { useState } from 'preact/hooks';
import { get, type Problem, post, sayProblem } from '../base/api.ts';
import { type Form, useForm, useKeys, useLoad, useTitle } from '../base/hooks.ts';
import { newKey } from '../base/kept.ts';
import { type Page, ROLES, type User } from '../base/model.ts';
import { go, query, withQuery } from '../base/router.ts';
import { can, me, user } from '../base/session.ts';
import { t, term } from '../base/words.ts';
import { Badge, Key, When } from '../parts/bits.tsx';
import { TextField } from '../parts/fields.tsx';
import { Icon, type IconName } from '../parts/icon.tsx';
import { Broken, Empty, FormProblem, Waiting } from '../parts/states.tsx';
import { sayActor } from '../parts/timeline.tsx';

const rolesOf = (u: User): string[] => (Array.isArray(u.roles) ? u.roles : u.roles.split(','));

const STATE_LOOK: Record<User['state'], [IconName, 'jade' | 'ochre' | 'ink']> = {
  proposed: ['hour', 'ochre'],
  active: ['pass', 'jade'],
  disabled: ['block', 'ink'],
  refused: ['cross', 'ink'],
};

type Deed = 'approve' | 'refuse' | 'disable';

function deedsFor(u: User): Deed[] {
  if (u.may) return u.may.filter((d): d is Deed => ['approve', 'refuse', 'disable'].includes(d));
  const isOwn = u.proposer === user.value?.name;
  if (u.state === 'proposed' && can('user.approve') && !isOwn) return ['approve', 'refuse'];
  if (u.state === 'active' && can('user.disable') && u.name !== user.value?.name)
    return ['disable'];
  return [];
}

function Card({ item, reload }: { item: User; reload: () => void }) {
  const [asked, setAsked] = useState<Deed | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [key] = useState(newKey);
  const [icon, colour] = STATE_LOOK[item.state];
  const act = async (deed: Deed) => {
    try {
      const why = deed === 'approve' ? {} : { why: t(`ui.people.${deed}.why`) };
      await post(`/v1/users/${encodeURIComponent(item.name)}/${deed}`, why, {
        key: `${key}${deed}`,
      });
      reload();
    } catch (cause) {
      setProblem(sayProblem(cause));
    }
    setAsked(null);
  };
  const isOwn = item.state === 'proposed' && item.proposer === user.value?.name;
  return (
    <li class="person">
      <Icon name="person" size={24} />
      <div class="grow">
        <p class="person-name">
          <strong>{item.name}</strong>
          <Badge icon={icon} colour={colour}>
            {term('user_state', item.state)}
          </Badge>
        </p>
        <p>
          {rolesOf(item)
            .map((r) => term('role', r))
            .join(t('ui.comma'))}
        </p>
        <p class="quiet">
          {t('ui.division')} {item.division || t('ui.people.everywhere')}
          {item.proposer && ` · ${t('ui.fact.proposer')} ${sayActor(item.proposer)}`}
          {item.approver && ` · ${t('ui.fact.approver')} ${sayActor(item.approver)}`}
          {item.proposed_at && ' · '}
          {item.proposed_at && <When at={item.proposed_at} />}
        </p>
        {isOwn && <p class="ochre-text">{t('ui.people.own')}</p>}
        <FormProblem problem={problem} />
      </div>
      <div class="acts">
        {asked ? (
          <>
            <span>{t(`ui.people.${asked}.sure`, { name: item.name })}</span>
            <button type="button" class="button primary" onClick={() => void act(asked)}>
              {t(`ui.people.${asked}`)}
            </button>
            <button type="button" class="button" onClick={() => setAsked(null)}>
              {t('ui.form.cancel')}
            </button>
          </>
        ) : (
          deedsFor(item).map((d) => (
            <button
              type="button"
              key={d}
              class={d === 'approve' ? 'button primary' : 'button'}
              onClick={() => setAsked(d)}
            >
              {t(`ui.people.${d}`)}
            </button>
          ))
        )}
      </div>
    </li>
  );
}

function Roles({ form }: { form: Form }) {
  const chosen = (form.fields.roles ?? '').split(',').filter(Boolean);
  const turn = (role: string) => {
    const next = chosen.includes(role) ? chosen.filter((r) => r !== role) : [...chosen, role];
    form.put('roles', next.join(','));
  };
  return (
    <fieldset class="choices">
      <legend>{t('ui.people.roles')}</legend>
      <div class="role-grid">
        {ROLES.map((r) => (
          <label key={r} class="role">
            <input type="checkbox" checked={chosen.includes(r)} onChange={() => turn(r)} />
            <span>
              <strong>{term('role', r)}</strong>
              <span class="quiet">{t(`ui.role.${r}.does`)}</span>
            </span>
          </label>
        ))}
      </div>
      {form.problem?.column === 'roles' && (
        <p class="field-problem">
          <Icon name="warn" size={16} />
          {form.problem.detail}
        </p>
      )}
    </fieldset>
  );
}

function NewUser({ done }: { done: () => void }) {
  const form = useForm('user', { name: '', roles: '', division: '' });
  const [password, setPassword] = useState('');
  const submit = async (event: Event) => {
    event.preventDefault();
    const f = form.fields;
    const roles = (f.roles ?? '').split(',').filter(Boolean);
    if (!/^[a-z0-9._-]{1,64}$/.test(f.name ?? ''))
      return form.fail('name', t('ui.people.name_wrong'));
    if (!roles.length) return form.fail('roles', t('ui.people.roles_missing'));
    const body: Record<string, unknown> = { name: f.name, roles };
    if (f.division?.trim()) body.division = f.division.trim();
    if (password) body.password = password;
    const made = await form.submit(body, (key) => post<User>('/v1/users', body, { key }));
    if (made) done();
    return undefined;
  };
  const isPlaced = ['name', 'roles', 'division'].includes(form.problem?.column ?? '');
  return (
    <form class="card form" onSubmit={(event) => void submit(event)} aria-labelledby="new-user">
      <h2 id="new-user">{t('ui.people.new')}</h2>
      <p class="quiet">{t('ui.people.two')}</p>
      <div class="two">
        <TextField
          form={form}
          name="name"
          label={t('ui.people.name')}
          isFirst
          attrs={{ autocapitalize: 'none', maxLength: 64 }}
          hint={t('ui.people.name_hint')}
        />
        <TextField
          form={form}
          name="division"
          label={t('ui.division')}
          optional
          attrs={{ inputMode: 'numeric' }}
          hint={t('ui.people.division_hint')}
        />
      </div>
      <Roles form={form} />
      <div class="field">
        <label for="f-password">
          {t('ui.people.password')}
          <span class="optional">{t('ui.form.optional')}</span>
        </label>
        <input
          id="f-password"
          type="password"
          autocomplete="new-password"
          value={password}
          onInput={(event) => setPassword(event.currentTarget.value)}
        />
        <p class="hint">{t('ui.people.password_hint')}</p>
      </div>
      <FormProblem problem={isPlaced ? null : form.problem} />
      <div class="acts">
        <button type="submit" class="button primary" aria-disabled={form.isSending}>
          {t(form.isSending ? 'ui.form.sending' : 'ui.people.propose')}
        </button>
        <a class="button" href={withQuery({ new: '' })}>
          {t('ui.form.cancel')}
        </a>
      </div>
    </form>
  );
}

export function People() {
  useTitle(t('ui.nav.people'));
  const { data, problem, reload } = useLoad<Page<User>>('/v1/users', (signal) =>
    get('/v1/users', { signal }),
  );
  const isNew = query('new') === '1';
  const mayPropose = can('user.propose');
  useKeys({ n: () => mayPropose && go('/people?new=1') });
  const order = ['proposed', 'active', 'disabled', 'refused'];
  const items = [...(data?.items ?? [])].sort(
    (a, b) => order.indexOf(a.state) - order.indexOf(b.state) || a.name.localeCompare(b.name),
  );
  return (
    <div class="column broad">
      <header class="page-head">
        <div>
          <h1>{t('ui.nav.people')}</h1>
          <p class="quiet">{t('ui.people.what')}</p>
          {me.value && me.value.centre.kind !== 'real' && (
            <p class="quiet">{t('ui.people.demo')}</p>
          )}
        </div>
        {mayPropose && !isNew && (
          <a class="button primary" href="/people?new=1">
            <Icon name="plus" size={18} />
            {t('ui.people.new')}
            <Key>n</Key>
          </a>
        )}
      </header>
      {isNew && mayPropose && (
        <NewUser
          done={() => {
            reload();
            go('/people', 'replace');
          }}
        />
      )}
      {problem && !data ? (
        <Broken problem={problem} again={reload} />
      ) : !data ? (
        <Waiting what={t('ui.slow.list')} />
      ) : items.length ? (
        <ul class="plain card people">
          {items.map((u) => (
            <Card key={u.name} item={u} reload={reload} />
          ))}
        </ul>
      ) : (
        <Empty icon="people" title={t('ui.people.empty')} />
      )}
    </div>
  );
}
