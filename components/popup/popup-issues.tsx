import { signal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { unmuted } from '@/lib/diagnostics/diagnosis';
import { count } from '@/lib/text/count';
import { createDiagnoser } from '../diagnostics/diagnosis';
import { SEVERITY_WORDS } from '../diagnostics/severity-words';
import type { Model } from '../state/model';
import type { Source } from '../state/record';
import { WarningIcon } from '../ui/icons';

/** The popup has no history: its rules judge the session as it is now. */
const NO_HISTORY: Source = {
  live: false,
  history: signal({ entries: [], epoch: 0, dropped: 0 }),
  detailed: signal(0),
  detailOf: () => null,
};

/** What is wrong with the session, in a line; nothing if nothing is. Details are in the panel. */
export function PopupIssues({ model }: { model: Model }) {
  const diagnoser = useMemo(() => createDiagnoser({ session: model.session, record: NO_HISTORY, seenCookies: model.seenCookies }), [model]);
  const found = unmuted(diagnoser.diagnosis.value, model.session.value?.policy.muted ?? []);
  const [worst] = found;
  if (!worst) return null;
  const words = `${count(found.length, 'issue')}: ${found.map(({ title }) => title).join(', ')}`;
  return (
    <p class={`popup-issues ${SEVERITY_WORDS[worst.severity].tone}`} data-testid="popup-issues" title={words}>
      <WarningIcon /> <span class="cut-off">{words}</span>
    </p>
  );
}
