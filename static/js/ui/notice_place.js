/** Where a word to the reader is shown. Pure. */

/**
 * Return "page" (it stands on this page), "device" (the device shows it) or "nowhere" (it waits in the notifications).
 *
 * `isQuiet`: in the reader's quiet hours. `isHidden`: nobody looks at this page; `isSeenElsewhere`: at another of this
 * site on this device. `isOnDevice`: the reader wants the device to show what comes while nobody looks.
 */
export function noticePlace({ isQuiet, isHidden, isSeenElsewhere, isOnDevice }) {
  if (isQuiet) return "nowhere";
  if (!isHidden || !isOnDevice) return "page";
  // The page that is looked at shows it; on this one it would only stand when it is old.
  return isSeenElsewhere ? "nowhere" : "device";
}
