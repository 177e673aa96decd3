// Pages that attack the inspector, for tests in a browser and in Node.
import { AGENT_VERSION } from '../../lib/page/wire';

/** An SDK that uses no built-ins. It is a property of `window` because happy-dom runs each script in a function. */
export const LEAN = `<script>
  var uuid = 'uuid-1';
  window.Client = { getUUID: function () { return uuid; }, isSignedIn: function () { return false; }, isSignedInViaSimpleAuthentication: function () { return false; },
    retrieveToken: function (ok) { ok({ tokenString: 'opaque', origin: 'ANONYMOUS', rlm: 'anonymous_client' }); },
    regenerateUUID: function () { uuid = 'uuid-2'; return true; }, destroySession: function () {} };
</script>`;

/** Takes the agent's place, records every request, and returns `answer`, an expression that may use `request`. */
export const impostor = (answer: string) => `<script>
  globalThis.heard = [];
  const handle = { version: ${AGENT_VERSION}, revert() {}, equip() {}, look() { return null; },
    exchange(request) { heard.push(JSON.stringify(request)); return ${answer}; } };
  Object.defineProperty(globalThis, Symbol.for('synerise.inspector.agent'), { get: () => handle, set() {}, configurable: false });
</script>`;
/** A forged reply that reports another site's customer, in the agent's format. */
export const FORGED = `JSON.stringify({ document: 'forged', origin: 'https://bank.example', path: '/', at: Date.now(), setup: request.setup ? request.setup.id : '', bare: false,
  watching: false, waits: true, missing: [], reports: request.cursor > 0 ? [] : [
    { seq: 1, at: Date.now(), kind: 'page', absent: false, load: 'loaded', strays: [], frames: 0, entered: '/', by: 'navigate', loaded: 1,
      clients: [{ ref: 1, dialect: 'ios', place: 'Client', version: null, state: 'ready', missing: [], unobserved: [] }] },
    { seq: 2, at: Date.now(), kind: 'sample', client: 1, uuid: 'forged-uuid', signedIn: false, simpleAuth: false, trouble: null, facts: {}, cookies: [], stored: [] } ] })`;
