import { tableOf } from '@/lib/sdk/dialects';
import type { Session } from '@/lib/session/session';
import { isAlways } from '@/lib/session/terms';
import type { Model } from '../state/model';
import { Switch } from '../ui/parts';

/** The switch for the token's automatic refresh on this site. */
export function AutoRefresh({
  model,
  session,
  stage,
}: {
  model: Model;
  session: Session;
  stage: Extract<Session['stage'], { phase: 'attached' }>;
}) {
  const { autoRefresh } = session.policy;
  const { incognito, access } = session.tab;
  const ofTheSite = tableOf(stage.client.dialect)?.bindings.refreshToken?.kind !== 'native';
  const isShort = autoRefresh && !ofTheSite && !isAlways(access);
  return (
    <Switch
      testid="auto-refresh"
      on={autoRefresh && !ofTheSite}
      disabled={ofTheSite || incognito}
      title={
        ofTheSite
          ? 'Only the site can renew this token. You’ll get a warning before it expires.'
          : incognito
            ? 'Not available in Incognito (settings aren’t saved).'
            : isShort
              ? `${access === 'visit' ? 'Until the tab leaves this site' : 'Only while this panel is open'}. Watch the site to keep it on.`
              : 'Calls the SDK’s refreshToken() shortly before the token expires.'
      }
      toggle={() => model.autoRefresh(!autoRefresh)}
    >
      Auto-refresh token
    </Switch>
  );
}
