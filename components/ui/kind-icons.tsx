/** Icons of what an entry of the history is. Apart from those of controls, since no view needs them for a first look. */
import { Icon, outline, still } from './icons';

export const CallIcon = outline('M11 3.300c-2-.9-3 .1-3.3 1.700L6.5 12c-.3 1.3-1.2 1.9-2.5 1.300M5.3 7h5', 'call');
export const OperationIcon = outline('M5 3.500v9l7-4.500z', 'operation');
export const RequestIcon = outline('M3 5.500h9M9.5 3l2.7 2.500L9.5 8M13 10.500H4M6.5 8l-2.7 2.500L6.5 13', 'request');
export const NavigationIcon = outline('M4 2.500h5.500L12 5v8.500H4zM9.3 2.700V5H12', 'navigation');
export const UuidIcon = still(
  <Icon tint="uuid">
    <rect x="2.5" y="4" width="11" height="8" rx="1.2" />
    <path d="M5 6.500v3M8 6.500v3h.9a1.5 1.5 0 0 0 0-3z" />
  </Icon>,
);
export const TokenIcon = still(
  <Icon tint="token">
    <circle cx="5.3" cy="10.7" r="2.6" />
    <path d="M7.2 8.800L13 3M10.8 5.200l1.8 1.8" />
  </Icon>,
);
export const IdentityIcon = still(
  <Icon tint="identity">
    <circle cx="8" cy="5.5" r="2.5" />
    <path d="M3.5 13c.4-2.6 2.2-3.7 4.5-3.700s4.1 1.1 4.5 3.7" />
  </Icon>,
);
export const StorageIcon = still(
  <Icon tint="storage">
    <ellipse cx="8" cy="4.2" rx="5" ry="1.9" />
    <path d="M3 4.200v7.600c0 1 2.2 1.9 5 1.900s5-.9 5-1.900V4.200M3 8c0 1 2.2 1.9 5 1.900S13 9 13 8" />
  </Icon>,
);
