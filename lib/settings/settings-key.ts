/** Key of the settings in `storage.local`. In its own file, so that a view can follow one field without the schema. */
export const SETTINGS_KEY = 'settings';
