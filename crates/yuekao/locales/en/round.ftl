round-place-from-front = { NUMBER($place, type: "ordinal") ->
    [one] { $place }st
    [two] { $place }nd
    [few] { $place }rd
   *[other] { $place }th
} place
round-place-from-end = { $place ->
    [1] last place
    [2] last but one
   *[other] number { $place } from the end
}
round-status-on-time = rectified in time
round-status-late = rectified late
round-status-overdue = overdue, not rectified
round-status-pending = within its limit
round-finding-excluded = excluded, not counted
round-finding-exempt = exempted, not counted
round-severity-minor = minor
round-severity-general = general
round-severity-serious = serious
round-finder-agency = the agency
round-finder-citizen = a citizen
round-finder-leader = a leader
round-finder-media = the media
round-finder-province = the province
round-finder-own = the unit itself
round-scheme-has-faults = { $count ->
    [one] The scheme or catalogue has { $count } fault. Correct it and hand it in again.
   *[other] The scheme or catalogue has { $count } faults. Correct them and hand it in again.
}
round-store-failed = Nothing was saved: { $reason }. Try again later; if it still fails, ask the system administrator.
round-unknown-scheme = Scheme { $scheme } has not been adopted. Adopt it first under Schemes.
round-no-scheme = No scheme of { $series } holds in { $month }. Adopt one that does.
round-not-begun = { $month } ({ $series }) has not begun. Import its evidence or open the round first.
round-not-frozen = { $month } ({ $series }) is not frozen. Freeze it first.
round-correction-needs-reason = { $month } ({ $series }) has been published. A correction has to give its reason; the old bulletin stays readable.
round-evidence-moved = Evidence kept coming in while it was read: nothing was frozen. Freeze the month again.
round-frozen-damaged = The frozen evidence ({ $digest }) is missing or damaged. Restore the data from a backup and try again.
round-adopted = Scheme { $scheme } is adopted; its text is fixed from now on.
round-reopened = Open again, as two have agreed. Correct the evidence, then freeze it again.
round-reopen-asked = Asked to open it again. A second person has to agree.
round-frozen = Frozen. Digest of the evidence (SHA-256): { $digest }
round-published = Edition { $edition } is published. Digest of the result (SHA-256): { $digest }
round-nothing-published = No bulletin of that month has been published. Freeze and publish it first.
round-unit-takes-no-part = Unit { $unit } takes no part in this evaluation. Check its code.
