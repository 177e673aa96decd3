import { SettingsIcon } from './icons';

/** Opens the settings, with the paths of this tab's site at hand. */
export function SettingsLink({ tab }: { tab: number }) {
  return (
    <a class="button bare" href={`/options.html?tabId=${tab}`} target="_blank" rel="noreferrer" aria-label="Settings" title="Settings">
      <SettingsIcon />
    </a>
  );
}
