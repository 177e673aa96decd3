import type { Session } from '@/lib/session/session';
import { COOKIE_WORDS, cookieNotes, instantOfField, isCookieOf, parseCookie, type SeenCookie, type SnrsCookie } from '@/lib/web/cookies';
import type { Model } from '../state/model';
import { Card, Time } from '../ui/cards';
import { clock } from '../ui/format';
import { CopyButton } from '../ui/parts';

/** The Web SDK's cookies, as the page's own script sees them. */
export function CookiesCard({ model, session }: { model: Model; session: Session }) {
  const { stage } = session;
  if (stage.phase !== 'attached') return null;
  const cookies = stage.customer.cookies.map(parseCookie);
  const now = model.now.value;
  const { origin } = session.visit;
  const set = origin === null ? [] : model.seenCookies.value.filter((cookie) => isCookieOf(cookie, origin, now));
  const notes = cookieNotes(cookies, stage.customer.uuid, { set, jar: session.visit.jar });
  return (
    <div data-testid="cookies">
      <Card title="Cookies">
        {cookies.length === 0 && <p class="quiet">No SDK cookies visible to script.</p>}
        {cookies.length > 0 && (
          <ul class="cookies">
            {cookies.map((cookie, index) => (
              <li key={`${cookie.name} ${index}`}>
                <Cookie cookie={cookie} now={now} />
              </li>
            ))}
          </ul>
        )}
        {notes.map(({ tone, text }) => (
          <p key={text} class={tone === 'warn' ? 'warn-text' : 'quiet'}>
            {text}
          </p>
        ))}
        {session.visit.jar ? (
          <Jar jar={session.visit.jar} now={now} />
        ) : (
          <p class="quiet small">From document.cookie. Watch this site to see HttpOnly cookies and attributes.</p>
        )}
      </Card>
    </div>
  );
}

/** Each cookie's attributes, as the browser reports them. */
export function Jar({ jar, now }: { jar: readonly SeenCookie[]; now: number }) {
  return (
    <details data-testid="jar">
      <summary>Cookie attributes ({jar.length})</summary>
      <ul class="cookies">
        {jar.map(({ name, domain, path, httpOnly, secure, expiresAt }) => (
          <li key={`${name} ${domain} ${path}`}>
            <code>{name}</code>{' '}
            <span class="quiet">
              {[`${domain ?? ''}${path ?? ''}`, httpOnly && 'HttpOnly', secure && 'Secure'].filter(Boolean).join(' · ')}
              {typeof expiresAt === 'number' ? (
                <>
                  {' '}
                  · expires <Time at={expiresAt}>{clock(expiresAt, now)}</Time>
                </>
              ) : (
                ' · Session'
              )}
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** A cookie's fields by name, with the date if the value is an instant. */
export function CookieFields({ cookie: { fields, encoded }, now }: { cookie: SnrsCookie; now: number }) {
  return (
    <>
      <dl class="fields">
        {fields.map((field, index) => {
          const instant = instantOfField(field);
          return (
            <div class="fact" key={`${field.key} ${index}`}>
              <dt>{field.key || '(no name)'}</dt>
              <dd>
                <code>{field.value === null ? <span class="quiet">no value</span> : field.value || <span class="quiet">empty</span>}</code>
                {instant !== null && (
                  <span class="quiet">
                    {' '}
                    · <Time at={instant}>{clock(instant, now)}</Time>
                  </span>
                )}
              </dd>
            </div>
          );
        })}
      </dl>
      {encoded && <p class="quiet">URL-decoded</p>}
    </>
  );
}

function Cookie({ cookie, now }: { cookie: SnrsCookie; now: number }) {
  const { name, raw, form, fields } = cookie;
  return (
    <details open={form === 'text' ? undefined : false}>
      <summary title={COOKIE_WORDS[name]}>
        <code>{name}</code> <span class="quiet">{form === 'text' ? '' : `${fields.length} fields`}</span>
        {form === 'text' && <code class="value">{fields[0]?.value}</code>}
      </summary>
      {COOKIE_WORDS[name] !== undefined && <p class="quiet">{COOKIE_WORDS[name]}</p>}
      {form !== 'text' && <CookieFields cookie={cookie} now={now} />}
      <CopyButton what={`the value of ${name}`} text={() => raw} />
    </details>
  );
}
