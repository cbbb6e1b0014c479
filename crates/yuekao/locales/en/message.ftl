### Messages about cases

messages-title = Messages
messages-lede = cases dispatched, returned, answered, failed, supervised, escalated
messages-none = No messages.
messages-read = Mark all as read
messages-new = New
messages-what = What
messages-at = When
messages-count = Messages { $count }

message-corrected = Its source says something else of it now, to be compared
message-reported = New report, to be accepted
message-dispatched = Case dispatched to you
message-passed-down = Case passed down to you
message-returned = Case returned
message-asked = More time or a rest asked for, to be answered
message-granted = Request granted
message-refused = Request refused
message-feedback = Handled, to be verified
message-failed = Verification failed, to be done again
message-supervised = Case supervised
message-escalated = Case grossly overdue, escalated
message-check-ordered = Check ordered, to be looked at on the spot
message-checked = Checked, to be registered
message-taken-back = Case taken back, nothing left to do
message-recalled = Case recalled, nothing left to do
message-to-dispatch = Case recalled, to be dispatched again
message-resumed = Rest over, to be handled
message-recomputed = Due time worked out again under a new calendar
message-due-soon = Due soon, to be handled
message-overdue = Due time over, still to be handled
message-served = Case dispatched in your grid
message-served-again = Problem come back in your grid, dispatched again
message-closed = Case closed
message-verified = Verified, to be closed
message-voided = Case voided, nothing left to do
message-supervision-ended = Supervision ended
