/** Icons of 16 px in the style of DevTools: outlines in the text's color. Decorative: the control around one has the name. */
import type { ComponentChildren, VNode } from 'preact';

export function Icon({ children, tint }: { children: ComponentChildren; tint?: string | undefined }) {
  return (
    <svg class="icon" style={tint && { color: `var(--tint-${tint})` }} viewBox="0 0 16 16" aria-hidden="true">
      {children}
    </svg>
  );
}

/** An icon that is always the same: one vnode for all its places, which Preact doesn't compare again. */
export const still = (icon: VNode) => () => icon;

/** An icon of a single outline. @param tint name of a `--tint-*` color; the text's color without */
export const outline = (d: string, tint?: string) =>
  still(
    <Icon tint={tint}>
      <path d={d} />
    </Icon>,
  );

export const RefreshIcon = outline('M13 8a5 5 0 1 1-1.6-3.7M13 2.5v2.6h-2.6');
export const ChevronIcon = outline('M5 6.5l3 3 3-3');
export const CloseIcon = outline('M4 4l8 8M12 4l-8 8');
export const ImportIcon = outline('M8 10V3M5 5.7l3-2.9 3 2.9M3 10.5V13h10v-2.5');
export const ExportIcon = outline('M8 3v7M5 7.3l3 2.9 3-2.9M3 10.5V13h10v-2.5');
export const FilterIcon = outline('M3 4h10L9.3 8.500V13l-2.6-1.500v-3z');
export const CompareIcon = outline('M2.5 3h11v10h-11zM9.5 3v10');

export const CopyIcon = still(
  <Icon>
    <rect x="5.5" y="5.5" width="7.5" height="8" rx="1.2" />
    <path d="M10.5 5.500V3.700c0-.7-.5-1.2-1.2-1.200H4.200C3.5 2.5 3 3 3 3.700v6c0 .7.5 1.2 1.2 1.200h1.3" />
  </Icon>,
);
export const EyeIcon = still(
  <Icon>
    <path d="M1.8 8C3.3 5.3 5.5 4 8 4s4.7 1.3 6.2 4c-1.5 2.7-3.7 4-6.2 4S3.3 10.7 1.8 8z" />
    <circle cx="8" cy="8" r="1.8" />
  </Icon>,
);
export const SettingsIcon = still(
  <Icon>
    <circle cx="8" cy="8" r="2.2" />
    <path d="M8 2v2M8 12v2M2 8h2M12 8h2M3.8 3.800l1.4 1.400M10.8 10.800l1.4 1.400M3.8 12.200l1.4-1.400M10.8 5.200l1.4-1.4" />
  </Icon>,
);
export const ClearIcon = still(
  <Icon>
    <circle cx="8" cy="8" r="5.6" />
    <path d="M4 4l8 8" />
  </Icon>,
);
export const RecordIcon = still(
  <Icon>
    <circle cx="8" cy="8" r="5.6" />
    <rect class="solid" x="5.7" y="5.7" width="4.6" height="4.6" rx=".6" />
  </Icon>,
);
export const DoneIcon = still(
  <Icon>
    <circle class="solid" cx="8" cy="8" r="6" />
    <path class="cut" d="M5.3 8.200l1.9 1.9 3.5-3.9" />
  </Icon>,
);
export const FailedIcon = still(
  <Icon>
    <circle class="solid" cx="8" cy="8" r="6" />
    <path class="cut" d="M6 6l4 4M10 6l-4 4" />
  </Icon>,
);
export const WarningIcon = still(
  <Icon>
    <path class="solid" d="M8 2.200l6.3 11.300H1.700z" />
    <path class="cut" d="M8 6.500v3.200M8 11.400v.2" />
  </Icon>,
);
