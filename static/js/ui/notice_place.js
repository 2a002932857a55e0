/** Where a word to the reader is shown. Pure. */

/**
 * Return "page" (it stands on this page), "device" (the device shows it) or "nowhere" (it waits in the notifications).
 *
 * `isQuiet`: in the reader's quiet hours. `isUnwanted`: nothing the reader wants to pop up on a page; what the device
 * shows is chosen on the device. `isListed`: the page itself shows it, in its list. `isHidden`: nobody looks at this page;
 * `isSeenElsewhere`: at another of this site on this device. `isOnDevice`: the reader wants the device to show what comes
 * while nobody looks.
 */
export function noticePlace({ isQuiet, isUnwanted, isListed, isHidden, isSeenElsewhere, isOnDevice }) {
  if (isQuiet) return "nowhere";
  if (!isHidden || !isOnDevice) return isListed || isUnwanted ? "nowhere" : "page";
  // The page that is looked at shows it; on this one it would only stand when it is old.
  return isSeenElsewhere ? "nowhere" : "device";
}

/** Tell whether the reader wants it to pop up: `popUps` is "all", "mine" or "none"; `isOwn`: told to this reader alone. */
export const popsUp = (popUps, isOwn) => popUps === "all" || (popUps === "mine" && isOwn);
