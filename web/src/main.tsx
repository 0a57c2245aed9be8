/* SPDX-License-Identifier: Apache-2.0 */
import './style/index.css';
import { render } from 'preact';
import { App } from './app.tsx';
import { openRouter } from './base/router.ts';
import { openSession } from './base/session.ts';
import { openTheme } from './base/theme.ts';
import { openClock } from './base/time.ts';
import { openWords } from './base/words.ts';

openTheme();
openRouter();
openClock();
await openWords();
void openSession();
const root = document.getElementById('app');
if (root) render(<App />, root);
