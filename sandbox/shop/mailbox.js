// The mailbox page: the messages of one shop, newest first. It polls for new ones while the page is visible.
const EVERY = 1500;
const shop = new URLSearchParams(location.search).get('shop') ?? 'main';
const byId = (id) => document.getElementById(id);
const KINDS = { email: 'E-mail', sms: 'SMS' };

byId('shop').search = new URLSearchParams({ shop });

/** @param {string} tag @param {object} fields @param {...(Node | string)} children */
function make(tag, fields, ...children) {
  const element = Object.assign(document.createElement(tag), fields);
  element.append(...children);
  return element;
}

/** @param {HTMLElement} code @param {HTMLButtonElement} button @param {string} what */
async function copy(code, button, what) {
  const name = (text) => {
    button.textContent = text;
    button.ariaLabel = `${text} ${what}`;
  };
  try {
    await navigator.clipboard.writeText(code.textContent);
    name('Copied');
    setTimeout(() => name('Copy'), 2000);
  } catch {
    // If the page may not write to the clipboard, select the code for the user to copy.
    getSelection().selectAllChildren(code);
  }
}

function messageOf({ at, kind, to, subject, code, about }) {
  const shownCode = make('code', { textContent: code, className: 'code' });
  const what = `the code to ${to}: ${subject}`;
  const button = make('button', { type: 'button', textContent: 'Copy', ariaLabel: `Copy ${what}` });
  button.addEventListener('click', () => copy(shownCode, button, what));
  const time = make('time', { dateTime: new Date(at).toISOString(), textContent: new Date(at).toLocaleTimeString() });
  const item = make(
    'li',
    {},
    make('h2', { textContent: subject }),
    make('p', { className: 'meta' }, `${KINDS[kind]} to ${to}, `, time),
    make('p', { className: 'code-line' }, shownCode, ' ', button),
  );
  item.dataset.about = about;
  return item;
}

let shown = 0;
function show(messages) {
  const list = byId('messages');
  // The sandbox was restarted.
  if (messages.length < shown) {
    list.replaceChildren();
    shown = 0;
  }
  for (const message of messages.slice(shown)) list.prepend(messageOf(message));
  shown = messages.length;
  say(shown === 0 ? 'No messages yet.' : shown === 1 ? '1 message.' : `${shown} messages, newest first.`);
}

/** Changes the text only if it differs, so that screen readers announce it once. */
function say(text) {
  if (byId('count').textContent !== text) byId('count').textContent = text;
}

let timer;
async function look() {
  clearTimeout(timer);
  if (document.visibilityState === 'hidden') return;
  try {
    const response = await fetch('/sandbox/mailbox', { headers: { 'x-sandbox-shop': shop } });
    show(await response.json());
  } catch {
    say('The sandbox does not answer.');
  }
  // Several calls may have overlapped.
  clearTimeout(timer);
  timer = setTimeout(look, EVERY);
}
document.addEventListener('visibilitychange', look);
look();
