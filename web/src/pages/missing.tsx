/* SPDX-License-Identifier: Apache-2.0 */
import { useTitle } from '../base/hooks.ts';
import { t } from '../base/words.ts';
import { Empty } from '../parts/states.tsx';

export function Missing() {
  useTitle(t('ui.missing.title'));
  return (
    <Empty icon="info" title={t('ui.missing.title')}>
      <p>{t('ui.missing.text')}</p>
      <a class="button" href="/">
        {t('ui.nav.home')}
      </a>
    </Empty>
  );
}
