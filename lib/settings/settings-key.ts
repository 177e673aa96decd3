/** Where the settings are kept in `storage.local`. By itself, so that a view can follow one field without the schema. */
export const SETTINGS_KEY = 'settings';
