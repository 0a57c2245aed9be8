/* SPDX-License-Identifier: Apache-2.0 */
import { useTitle } from '../base/hooks.ts';
import { t } from '../base/words.ts';
import { Icon } from '../parts/icon.tsx';

export function Missing() {
  useTitle(t('ui.missing.title'));
  return (
    <div class="narrow">
      <h1>{t('ui.missing.title')}</h1>
      <p>{t('ui.missing.text')}</p>
      <p>
        <a class="button" href="/">
          <Icon name="home" />
          {t('ui.nav.home')}
        </a>
      </p>
    </div>
  );
}
