import { nativeBrowser } from '@/lib/browser/native-browser';
import { type EarlyPort, earlyView, openEarly } from '@/lib/protocol/early-port';

const { tabs, runtime } = nativeBrowser();
/** No browser gives a tab this ID. */
const NO_TAB = 2 ** 31 - 1;

async function open(): Promise<EarlyPort> {
  // `?tabId=` if the popup is opened as a page in a tab; otherwise the active tab.
  const asked = new URLSearchParams(location.search).get('tabId');
  const tab = asked === null ? (await tabs.query({ active: true, currentWindow: true }))[0]?.id : Number(asked);
  const isId = tab !== undefined && Number.isInteger(tab) && tab > 0 && tab < NO_TAB;
  return openEarly(runtime, { type: 'hello', view: 'popup', tab: isId ? tab : NO_TAB, lends: false });
}

/**
 * The popup's first script: wakes the background, which reads the page while the popup's modules load. A browser requests what it
 * sees in a page before it runs the first script, so the build hides the modules in a `<template>` (`scripts/view-chunks.ts`).
 */
export default {
  globalName: false,
  main() {
    earlyView.earlyPort = open();
    document.addEventListener('DOMContentLoaded', () => document.head.append(document.querySelector('template')?.content ?? ''));
  },
};
