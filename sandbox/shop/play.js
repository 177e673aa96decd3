// The page's buttons: what a user can do to the session of the SDK that `find` returns.
import { ADAPTERS } from './adapters.js';
import { playSwitches } from './play-switches.js';

const shop = new URLSearchParams(location.search).get('shop') ?? 'main';
const byId = (id) => document.getElementById(id);
const say = (text) => {
  byId('said').textContent = text;
};

const ACTIONS = {
  'sign-in': { does: 'signIn', done: 'Signed in.' },
  'sign-out': { does: 'signOut' },
  refresh: { does: 'refresh', done: 'Refreshed.' },
  regenerate: { does: 'regenerate' },
  'switch-to': { does: 'switchTo', done: 'Signed in as Grace.' },
  recognize: { does: 'recognize', done: 'Recognised by Simple Authentication.' },
  remove: { does: 'remove', done: 'The account is deleted, until the sandbox is started anew.' },
  'change-key': { does: 'changeKey' },
  track: { does: 'track' },
};

/** @param {{ dialect: string, find: () => any, replace: () => void }} page */
export function play({ dialect, find, replace }) {
  const row = ADAPTERS[dialect];
  const client = () => {
    const sdk = find();
    return sdk ? row.client(sdk) : null;
  };

  async function act(name) {
    if (name === 'replace') {
      row.forget();
      replace();
      return;
    }
    const { does, done } = ACTIONS[name];
    const known = client();
    if (!known) return;
    try {
      await row[does](known, find());
      if (done) say(done);
    } catch (error) {
      say(error.message);
    }
  }

  for (const button of document.querySelectorAll('[data-do]')) {
    const reason = row.cannot?.[button.dataset.do];
    if (reason) Object.assign(button, { disabled: true, title: reason });
  }
  document.querySelector('.play').addEventListener('click', (event) => {
    const name = event.target.dataset?.do;
    if (name) act(name);
  });
  playSwitches(shop);
  byId('mailbox').search = new URLSearchParams({ shop });
  setInterval(() => {
    // Avoids the SDK's getters, because tests count their reads.
    const { signedIn, account } = client() ? sandboxSdk.held() : {};
    const who = account?.startsWith('grace') ? 'Grace' : 'Ada';
    byId('who').textContent = signedIn === undefined ? 'No SDK yet' : signedIn ? `Signed in as ${who}` : 'Not signed in';
  }, 300);
}
