/* SPDX-License-Identifier: Apache-2.0 */
/* shell - what stands around every page: navigation, banner, search, language, light. */
import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { isOffline, isSlow } from '../base/api.ts';
import { path } from '../base/router.ts';
import { me, signOut, user } from '../base/session.ts';
import { streamState } from '../base/stream.ts';
import { theme, turnTheme } from '../base/theme.ts';
import { chooseLang, lang, t, term } from '../base/words.ts';
import { Key } from './bits.tsx';
import { Icon, type IconName, Mark } from './icon.tsx';
import { isPaletteOpen } from './palette.tsx';
import { type Place, type PlaceGroup, placeGroups, places } from './places.ts';

/* Of "/reports" and "/reports/new" the longer one. */
function isHere(place: Place): boolean {
  const at = path.value;
  const fits = (href: string) => at === href || (href !== '/' && at.startsWith(`${href}/`));
  return (
    fits(place.href) && !places().some((p) => p.href.length > place.href.length && fits(p.href))
  );
}

function NavLink({ place }: { place: Place }) {
  return (
    <a href={place.href} aria-current={isHere(place) ? 'page' : undefined}>
      <Icon name={place.icon} />
      <span>{t(place.name)}</span>
    </a>
  );
}

const isMoreOpen = signal(false);
const BAR_ROOM = 5;

/* Of the groups, the pages after the first so many. */
function after(count: number): PlaceGroup[] {
  let passed = 0;
  return placeGroups()
    .map((g) => {
      const places = g.places.slice(Math.max(0, count - passed));
      passed += g.places.length;
      return { ...g, places };
    })
    .filter((g) => g.places.length > 0);
}

function NavGroup({ group }: { group: PlaceGroup }) {
  const links = group.places.map((p) => <NavLink key={p.href} place={p} />);
  if (!group.name) return <>{links}</>;
  return (
    <div role="group" class="nav-group" aria-label={t(group.name)}>
      <span class="nav-head" aria-hidden="true">
        {t(group.name)}
      </span>
      {links}
    </div>
  );
}

/* At 390 px the bar holds five; what does not fit waits behind the last one. */
function Nav() {
  const all = places();
  const first = all.length <= BAR_ROOM ? all : all.slice(0, BAR_ROOM - 1);
  const rest = after(first.length);
  useEffect(() => {
    isMoreOpen.value = false;
  }, [path.value]);
  return (
    <nav class={isMoreOpen.value ? 'nav more-open' : 'nav'} aria-label={t('ui.nav.label')}>
      {first.map((p) => (
        <NavLink key={p.href} place={p} />
      ))}
      {rest.length > 0 && (
        <>
          <button
            type="button"
            class="nav-more"
            aria-expanded={isMoreOpen.value}
            onClick={() => {
              isMoreOpen.value = !isMoreOpen.value;
            }}
          >
            <Icon name="more" />
            <span>{t('ui.nav.more')}</span>
          </button>
          <div class="nav-rest">
            {rest.map((g) => (
              <NavGroup key={g.name} group={g} />
            ))}
          </div>
        </>
      )}
    </nav>
  );
}

function Brand() {
  return (
    <a class="brand" href="/">
      <Mark />
      <span class="brand-name">
        {t('ui.brand')}
        {me.value && <span class="brand-centre">{me.value.centre.name}</span>}
      </span>
    </a>
  );
}

function LangSwitch() {
  const other = lang.value === 'zh' ? 'en' : 'zh';
  return (
    <button
      type="button"
      class="button ghost small"
      lang={other === 'zh' ? 'zh-CN' : 'en'}
      onClick={() => void chooseLang(other)}
    >
      <Icon name="lang" size={18} />
      {other === 'zh' ? '中文' : 'English'}
    </button>
  );
}

function ThemeSwitch() {
  const name = t(theme.value === 'dark' ? 'ui.theme.to_light' : 'ui.theme.to_dark');
  return (
    <button type="button" class="button ghost small icon-only" title={name} onClick={turnTheme}>
      <Icon name={theme.value === 'dark' ? 'sun' : 'moon'} size={18} />
      <span class="unseen">{name}</span>
    </button>
  );
}

function UserMenu() {
  const who = user.value;
  if (!who)
    return path.value === '/sign-in' ? null : (
      <a class="button ghost small" href="/sign-in">
        <Icon name="enter" size={18} />
        {t('ui.sign_in')}
      </a>
    );
  return (
    <details class="menu">
      <summary class="button ghost small">
        <Icon name="person" size={18} />
        {who.name}
      </summary>
      <div class="menu-body">
        <p class="menu-head">{who.name}</p>
        <p class="quiet">{who.roles.map((r) => term('role', r)).join(t('ui.comma'))}</p>
        {who.division && (
          <p class="quiet">
            {t('ui.division')} {who.division}
          </p>
        )}
        <button type="button" class="button" onClick={() => void signOut()}>
          <Icon name="leave" size={18} />
          {t('ui.sign_out')}
        </button>
      </div>
    </details>
  );
}

function SearchButton() {
  return (
    <button
      type="button"
      class="search-button"
      onClick={() => {
        isPaletteOpen.value = true;
      }}
    >
      <Icon name="search" size={18} />
      <span class="search-words">{t('ui.palette.open')}</span>
      <Key>Ctrl K</Key>
    </button>
  );
}

/* Says that the line is gone or slow, and what still works; nothing when all is well. */
function Line() {
  const isLost = user.value && streamState.value === 'lost';
  const [icon, text]: [IconName, string] | [null, ''] = isOffline.value
    ? ['off', t('ui.line.offline')]
    : isSlow.value
      ? ['hour', t('ui.line.slow')]
      : isLost
        ? ['stream', t('ui.line.lost')]
        : [null, ''];
  return (
    <div class="line" role="status">
      {icon && (
        <p>
          <Icon name={icon} size={16} />
          {text}
        </p>
      )}
    </div>
  );
}

function Banner() {
  const kind = me.value?.centre.kind;
  if (!kind || kind === 'real') return null;
  return (
    <aside class="banner" aria-label={t('ui.banner.label')}>
      <Icon name="info" size={16} />
      <span>{t(`ui.banner.${kind}`)}</span>
    </aside>
  );
}

export function Shell({ children, isWide }: { children: ComponentChildren; isWide: boolean }) {
  const main = useRef<HTMLElement>(null);
  const isStaff = !!user.value;
  /* A new page is read from its top, by eye and by screen reader. */
  const seen = useRef(path.value);
  useEffect(() => {
    if (seen.current === path.value) return;
    seen.current = path.value;
    if (!main.current?.contains(document.activeElement))
      main.current?.focus({ preventScroll: true });
  }, [path.value]);
  return (
    <div class={isStaff ? 'shell staff' : 'shell public'}>
      <a class="skip" href="#main">
        {t('ui.skip')}
      </a>
      <header class="top">
        <Brand />
        {isStaff ? <SearchButton /> : <Nav />}
        <div class="top-tools">
          <LangSwitch />
          <ThemeSwitch />
          <UserMenu />
        </div>
      </header>
      {isStaff && <Nav />}
      <div class={isWide ? 'stage wide' : 'stage'}>
        <Banner />
        <Line />
        <main id="main" class={isWide ? 'main wide' : 'main'} tabIndex={-1} ref={main}>
          {children}
        </main>
      </div>
    </div>
  );
}
