import { browser } from 'wxt/browser';
import type { Hub } from '../background/hub';
import { logProblem } from '../background/log';
import type { OperationName } from '../sdk/operations';

/** The manifest's commands, and what each asks for. */
const OPERATIONS: Readonly<Record<string, OperationName>> = { 'refresh-token': 'refreshToken', 'regenerate-uuid': 'regenerateUUID' };

/** A shortcut opens the popup, which asks first where something is lost, and shows what came of it. Call at once: it listens. */
export function followShortcuts(hub: Hub): void {
  browser.commands.onCommand.addListener((name, tab) => {
    const operation = OPERATIONS[name];
    if (operation === undefined || tab?.id === undefined) return;
    void hub.command(tab.id, operation);
    // First of all in the key press itself: Firefox opens it only from there.
    browser.action.openPopup().catch(logProblem);
  });
}
