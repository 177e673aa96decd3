import { browser } from 'wxt/browser';
import type { Hub } from '../background/hub';
import { logProblem } from '../background/log';
import type { OperationName } from '../sdk/operations';

/** The operation that each of the manifest's commands requests. */
const OPERATIONS: Readonly<Record<string, OperationName>> = { 'refresh-token': 'refreshToken', 'regenerate-uuid': 'regenerateUUID' };

/**
 * Opens the popup on a keyboard shortcut. The popup asks for confirmation if something would be lost, and shows the result.
 * Call synchronously at startup: it adds a listener.
 */
export function followShortcuts(hub: Hub): void {
  browser.commands.onCommand.addListener((name, tab) => {
    const operation = OPERATIONS[name];
    if (operation === undefined || tab?.id === undefined) return;
    void hub.command(tab.id, operation);
    // Call it synchronously in the key press handler: Firefox opens the popup only from there.
    browser.action.openPopup().catch(logProblem);
  });
}
