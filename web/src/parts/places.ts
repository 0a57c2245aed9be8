/* SPDX-License-Identifier: Apache-2.0 */
/* places - the pages there are, and which of them a person's navigation shows. */
import { can, user } from '../base/session.ts';
import type { IconName } from './icon.tsx';

export type Place = { href: string; icon: IconName; name: string };

const PUBLIC: Place[] = [
  { href: '/', icon: 'home', name: 'ui.nav.home' },
  { href: '/check', icon: 'check', name: 'ui.nav.check' },
  { href: '/progress', icon: 'account', name: 'ui.nav.progress' },
  { href: '/appeal', icon: 'appeals', name: 'ui.nav.appeal' },
  { href: '/guardian', icon: 'allow', name: 'ui.guardian.title' },
  { href: '/notices', icon: 'info', name: 'ui.nav.notices' },
  { href: '/mistakes', icon: 'lift', name: 'ui.nav.mistakes' },
];

type StaffPlace = Place & { needs?: string[] };

/* First what is at hand, and what an officer at a door needs; then each work by itself. */
const AT_HAND: StaffPlace[] = [
  { href: '/', icon: 'home', name: 'ui.nav.home' },
  { href: '/duty', icon: 'tick', name: 'ui.nav.duty', needs: ['alert.take'] },
  { href: '/check', icon: 'check', name: 'ui.nav.check' },
  { href: '/incidents', icon: 'incident', name: 'ui.nav.incidents', needs: ['incident.read'] },
  { href: '/reports/new', icon: 'number', name: 'ui.nav.report', needs: ['report.take'] },
];

const WARNING: StaffPlace[] = [
  { href: '/alerts', icon: 'warn', name: 'ui.nav.alerts', needs: ['alert.read'] },
  { href: '/tips', icon: 'info', name: 'ui.nav.tips', needs: ['box.read'] },
];

const MONEY: StaffPlace[] = [
  { href: '/reports', icon: 'file', name: 'ui.nav.reports', needs: ['report.read'] },
  { href: '/orders', icon: 'gate_closed', name: 'ui.nav.orders', needs: ['order.read'] },
  { href: '/rounds', icon: 'refund', name: 'ui.nav.rounds', needs: ['round.read'] },
  { href: '/providers', icon: 'company', name: 'ui.nav.providers', needs: ['order.read'] },
  { href: '/tallies', icon: 'table', name: 'ui.nav.tallies', needs: ['incident.read'] },
];

const CALLS: StaffPlace[] = [
  { href: '/calls', icon: 'number', name: 'ui.nav.calls', needs: ['order.read'] },
  { href: '/suspicions', icon: 'search', name: 'ui.nav.suspicions', needs: ['box.read'] },
  { href: '/boxes', icon: 'device', name: 'ui.nav.boxes', needs: ['box.read'] },
];

const BLOCKING: StaffPlace[] = [
  { href: '/lists', icon: 'lists', name: 'ui.nav.lists' },
  { href: '/appeals', icon: 'appeals', name: 'ui.nav.appeals' },
  { href: '/conflicts', icon: 'conflict', name: 'ui.nav.conflicts', needs: ['batch.read'] },
  { href: '/sources', icon: 'source', name: 'ui.nav.sources', needs: ['batch.read'] },
  { href: '/feeds', icon: 'feeds', name: 'ui.nav.feeds', needs: ['batch.open', 'batch.read'] },
  { href: '/resolvers', icon: 'resolver', name: 'ui.nav.resolvers', needs: ['listing.read'] },
];

const CENTRE: StaffPlace[] = [
  { href: '/stream', icon: 'stream', name: 'ui.nav.stream' },
  { href: '/ledger', icon: 'ledger', name: 'ui.nav.ledger' },
  { href: '/mistakes', icon: 'lift', name: 'ui.nav.mistakes' },
  {
    href: '/people',
    icon: 'people',
    name: 'ui.nav.people',
    needs: ['user.propose', 'user.approve', 'user.disable', 'centre.audit'],
  },
];

/* Pages of one kind of work; the first group needs no name. */
export type PlaceGroup = { name: string; places: Place[] };

const STAFF: { name: string; places: StaffPlace[] }[] = [
  { name: '', places: AT_HAND },
  { name: 'ui.nav.of_warning', places: WARNING },
  { name: 'ui.nav.of_money', places: MONEY },
  { name: 'ui.nav.of_calls', places: CALLS },
  { name: 'ui.nav.of_blocking', places: BLOCKING },
  { name: 'ui.nav.of_centre', places: CENTRE },
];

/* What this person's navigation shows: pages none of whose acts they may do are left out. */
export function placeGroups(): PlaceGroup[] {
  if (!user.value) return [{ name: '', places: PUBLIC }];
  return STAFF.map((g) => ({
    name: g.name,
    places: g.places.filter((p) => !p.needs || p.needs.some(can)),
  })).filter((g) => g.places.length > 0);
}

export function places(): Place[] {
  return placeGroups().flatMap((g) => g.places);
}
