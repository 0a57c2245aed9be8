/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app - which page an address shows. What a citizen needs is in the first file; the pages of the
 * staff arrive when they are opened.
 */
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { type Problem, sayProblem } from './base/api.ts';
import { go, here, path } from './base/router.ts';
import { can, me, meProblem, openSession, user } from './base/session.ts';
import { t } from './base/words.ts';
import { Appeal } from './pages/appeal.tsx';
import { Check } from './pages/check.tsx';
import { Home } from './pages/home.tsx';
import { Missing } from './pages/missing.tsx';
import { SignIn } from './pages/sign-in.tsx';
import { Palette } from './parts/palette.tsx';
import { Shell } from './parts/shell.tsx';
import { Broken, Waiting } from './parts/states.tsx';

type Page = ComponentType;
type Route = {
  page?: Page;
  load?: () => Promise<Page>;
  isWide?: boolean /* fills the window instead of one readable column */;
  isStaff?: boolean;
  isOne?: boolean /* one page whatever follows in its address: a list and its records */;
  needs?: string /* an act of /v1/me: who may not do it, finds no page */;
};

const ROUTES: Record<string, Route> = {
  '/': { page: Home },
  '/check': { page: Check },
  '/appeal': { page: Appeal },
  '/sign-in': { page: SignIn },
  '/guardian': { load: async () => (await import('./pages/guardian.tsx')).Guardian },
  '/tip': { load: async () => (await import('./pages/tip.tsx')).Tip },
  '/lists': {
    load: async () => (await import('./pages/lists.tsx')).Lists,
    isWide: true,
    isStaff: true,
  },
  '/appeals': {
    load: async () => (await import('./pages/appeals.tsx')).Appeals,
    isWide: true,
    isStaff: true,
  },
  '/stream': { load: async () => (await import('./pages/stream.tsx')).Stream, isStaff: true },
  '/ledger': { load: async () => (await import('./pages/ledger.tsx')).Ledger },
  '/people': { load: async () => (await import('./pages/people.tsx')).People, isStaff: true },
  '/sources': {
    load: async () => (await import('./pages/sources.tsx')).Sources,
    isStaff: true,
  },
  '/conflicts': {
    load: async () => (await import('./pages/conflicts.tsx')).Conflicts,
    isWide: true,
    isStaff: true,
  },
  '/resolvers': {
    load: async () => (await import('./pages/resolvers.tsx')).ResolversPage,
    isStaff: true,
  },
  '/mistakes': { load: async () => (await import('./pages/mistakes.tsx')).MistakesPage },
  '/notices': { load: async () => (await import('./pages/notices.tsx')).NoticesPage },
  '/incidents': {
    load: async () => (await import('./pages/incidents.tsx')).Incidents,
    isWide: true,
    isStaff: true,
    needs: 'incident.read',
  },
  '/orders': {
    load: async () => (await import('./pages/orders.tsx')).Orders,
    isWide: true,
    isStaff: true,
    needs: 'order.read',
  },
  '/reports/new': {
    load: async () => (await import('./pages/report-new.tsx')).ReportNew,
    isStaff: true,
    needs: 'report.take',
  },
  '/calls': {
    load: async () => (await import('./pages/calls.tsx')).CallsPage,
    isStaff: true,
    needs: 'order.read',
  },
  '/tallies': {
    load: async () => (await import('./pages/tallies.tsx')).TalliesPage,
    isStaff: true,
    needs: 'incident.read',
  },
  '/duty': { load: async () => (await import('./pages/duty.tsx')).Duty, isStaff: true },
  '/feeds': { load: async () => (await import('./pages/feeds.tsx')).Feeds, isStaff: true },
};

/* Pages of one record, by its id; and lists that show the record beside them. */
const RECORDS: [RegExp, Route][] = [
  [
    /^\/progress(\/[^/]+)?$/,
    { load: async () => (await import('./pages/progress.tsx')).ProgressPage, isOne: true },
  ],
  [/^\/notices\/[^/]+$/, { load: async () => (await import('./pages/notices.tsx')).NoticePage }],
  [
    /^\/reports(\/(?!new$)[^/]+)?$/,
    {
      load: async () => (await import('./pages/reports.tsx')).Reports,
      isWide: true,
      isStaff: true,
      isOne: true,
      needs: 'report.read',
    },
  ],
  [
    /^\/rounds(\/[^/]+)?$/,
    {
      load: async () => (await import('./pages/rounds.tsx')).Rounds,
      isWide: true,
      isStaff: true,
      isOne: true,
      needs: 'round.read',
    },
  ],
  [
    /^\/providers(\/[^/]+)?$/,
    {
      load: async () => (await import('./pages/providers.tsx')).Providers,
      isWide: true,
      isStaff: true,
      isOne: true,
      needs: 'order.read',
    },
  ],
  [
    /^\/suspicions(\/[^/]+)?$/,
    {
      load: async () => (await import('./pages/suspicions.tsx')).Suspicions,
      isWide: true,
      isStaff: true,
      isOne: true,
      needs: 'box.read',
    },
  ],
  [
    /^\/alerts(\/[^/]+)?$/,
    {
      load: async () => (await import('./pages/alerts.tsx')).Alerts,
      isWide: true,
      isStaff: true,
      isOne: true,
      needs: 'alert.read',
    },
  ],
  [
    /^\/duty\/[^/]+$/,
    { load: async () => (await import('./pages/duty.tsx')).Duty, isStaff: true, isOne: true },
  ],
  [
    /^\/tips(\/[^/]+)?$/,
    {
      load: async () => (await import('./pages/tips.tsx')).Tips,
      isWide: true,
      isStaff: true,
      isOne: true,
      needs: 'box.read',
    },
  ],
  [
    /^\/boxes(\/[^/]+)?$/,
    {
      load: async () => (await import('./pages/boxes.tsx')).Boxes,
      isWide: true,
      isStaff: true,
      isOne: true,
      needs: 'box.read',
    },
  ],
  [
    /^\/incidents\/[^/]+$/,
    {
      load: async () => (await import('./pages/incident.tsx')).IncidentPage,
      isStaff: true,
      needs: 'incident.read',
    },
  ],
  [
    /^\/incidents\/[^/]+\/accounts\/[^/]+$/,
    {
      load: async () => (await import('./pages/account.tsx')).AccountPage,
      isStaff: true,
      needs: 'incident.read',
    },
  ],
];

function routeOf(name: string): { kind: string; route: Route } {
  const record = RECORDS.find(([fits]) => fits.test(name));
  if (record) return { kind: record[0].source, route: record[1] };
  return { kind: name, route: ROUTES[name] ?? { page: Missing } };
}

const arrived = new Map<string, Page>();

function useRoute(
  name: string,
  route: Route,
): { page: Page | null; problem: Problem | null; again: () => void } {
  const [, redraw] = useState(0);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [turn, setTurn] = useState(0);
  const page = route.page ?? arrived.get(name) ?? null;
  useEffect(() => {
    setProblem(null);
    if (page || !route.load) return;
    route
      .load()
      .then((p) => {
        arrived.set(name, p);
        redraw((n) => n + 1);
      })
      .catch((cause) => setProblem(sayProblem(cause)));
  }, [name, turn]);
  return { page, problem, again: () => setTurn((n) => n + 1) };
}

function Shown({ kind, route }: { kind: string; route: Route }) {
  const { page: PageShown, problem, again } = useRoute(kind, route);
  /* A page of the staff is not shown to nobody: sign in, then come back to this very address. */
  const mustSignIn = !!route.isStaff && !!me.value && !user.value;
  useEffect(() => {
    if (!mustSignIn) return;
    const back = here.value.pathname + here.value.search;
    go(`/sign-in?next=${encodeURIComponent(back)}`, 'replace');
  }, [mustSignIn]);
  if (mustSignIn) return null;
  if (route.isStaff && !me.value) {
    if (!meProblem.value) return <Waiting what={t('ui.slow.session')} />;
    return (
      <Broken
        problem={meProblem.value}
        again={() => void openSession()}
        works={t('ui.broken.call')}
      />
    );
  }
  if (route.needs && !can(route.needs)) return <Missing />;
  if (problem) return <Broken problem={problem} again={again} />;
  return PageShown ? <PageShown /> : <Waiting what={t('ui.slow.page')} />;
}

export function App() {
  const name = path.value.length > 1 ? path.value.replace(/\/$/, '') : path.value;
  const { kind, route } = routeOf(name);
  return (
    <>
      <Shell isWide={!!route.isWide}>
        <Shown key={route.isOne ? kind : name} kind={kind} route={route} />
      </Shell>
      <Palette />
    </>
  );
}
