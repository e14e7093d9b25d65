// The page's entry: settings first, so that the first paint has its colours and language.
import { render } from 'preact';
import './style/base.css';
import './style/parts.css';
import './style/shell.css';
import { applySettings } from './settings.ts';
import { Shell } from './shell/shell.tsx';

applySettings();
render(<Shell />, document.getElementById('page') as HTMLElement);
