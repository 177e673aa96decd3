import { OPERATION_NAMES, type OperationName } from './operations';

/** Methods outside the catalogue that change a session when a page calls them, by one name for all dialects. */
const MORE = ['changeApiKey', 'setUuidAndIdentityHash', 'updateClient', 'sendFormData', 'init'] as const;

/** What a call of a page does: an operation of the catalogue, or one of the methods above. */
export type ChangeName = OperationName | (typeof MORE)[number];
export const CHANGE_NAMES: readonly ChangeName[] = [...OPERATION_NAMES, ...MORE];
