### Refusals of the store

host-exists = The host has been set up already. Sign in and change it in the settings.
host-missing = There is no host yet. Complete the first setup.

account-login-taken = The login “{ $login }” is taken. Choose another.
account-login-bad = “{ $login }” cannot be a login. Use 2 to 40 letters, digits, Chinese characters or . - _ without spaces.
account-not-open = There is no open account “{ $login }”: it does not exist or is disabled.
account-name-missing = Give a name.
account-unit-missing = A unit's account needs the code of its unit, one of the agency's people the id of their agency.
account-role-bad = “{ $role }” is not a role. It must be one of: unit, chief, inspector, agency, reviewer, dispatcher, verifier, leader, auditor, host, administrator, security, audit-administrator.
account-last-administrator = This is the last administrator's account; it cannot be disabled or given another role. Make another administrator first.
account-handed-to-itself = “{ $login }” cannot be handed over to itself. Choose the account that takes over.
account-last-security = This is the last security administrator's account; it cannot be disabled, handed over or given another role. Make and open another security administrator first.
account-handed-across = Between administrators and others, and among the three kinds of administrators, no office is handed over (“{ $login }”). Make an account of the same role for the successor and hand over to that.
account-changed-across = Between administrators and others, and among the three kinds of administrators, no account changes its role (“{ $login }”). Close this one and make another with the role that is needed.
account-unit-unknown = This month there is no unit with the code “{ $unit }”. See the codes in the table of units; import the unit first if it is missing.
account-agency-unknown = There is no agency with the code “{ $unit }”. See the codes in the table of agencies; let the office enter it first if it is missing.
account-reset-over = This link has been used, is too old or does not exist. Ask the security administrator for a new one, or the system administrator where there is none.

standard-text-is-fixed = The standard “{ $id }” is adopted and its text is fixed. Give the revised standard an id of its own.
scheme-text-is-fixed = The scheme “{ $id }” is adopted and its text is fixed. Give the revised scheme an id of its own.
scheme-not-in-force = The scheme “{ $id }” is not in force. Load the list of schemes again to see which are.
scheme-overlaps = The scheme “{ $id }” shares months with the adopted “{ $other }”. Change its months, or withdraw the old scheme first.

round-exists = The round of “{ $series }” for { $month } has begun already. Open it from the list of rounds.
round-not-open = The round of “{ $series }” for { $month } cannot be frozen: it has not begun, or it is frozen already. Look at it in the list of rounds.
round-reopen-needs-another = To open “{ $series }” for { $month } again, another person than the one who asked has to agree.
bulletin-not-of-this-round = The bulletin does not belong to the frozen evidence or the adopted scheme of “{ $series }” for { $month }; it was not published. Assess again, then publish.

store-unit-ended = The { $kind } { $row } of { $day } belongs to “{ $name }” ({ $unit }), which ended with { $last }: in { $month } nobody who takes part answers for it. Give the row to the unit that took over and import it again; if the unit did not end, extend its months in the list of units.
account-leaves-sites = “{ $login }” still has sites of the agency { $agency } for today or later, and cannot work for another agency or in another role yet. Let the agency give the sites to somebody else first, or make a second account at the new agency.
