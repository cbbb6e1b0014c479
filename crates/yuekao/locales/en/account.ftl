### Accounts, signing in, first setup

account-login = Login
account-password = Password
account-name = Name
account-role = Role
account-unit = Code of the unit or agency
account-unit-hint = Needed for a unit's account, which sees its own cases and lists only, and for the agency's people.
account-state = State
account-open = Open
account-closed = Disabled
account-first-password = First password
account-save = Save
account-enable = Enable again
account-disable = Disable the account

login-title = Sign in
login-wrong = The login or the password is wrong.
login-forgotten = Forgotten the password? Ask an administrator for a one-time link.

password-title = Change the password
password-old = Present password
password-new = New password
password-again = New password again
password-save = Save the password
password-hint = At least { $letters } characters, without the login in it.
password-must-change = Somebody else gave you this password. First change it to one that only you know.
password-short = The password is too short. It needs at least { $letters } characters.
password-long = The password is too long. Use no more than 512 letters or 170 Chinese characters.
password-monotonous = The password is too monotonous. Use at least five different characters.
password-has-login = The password must not contain the login.
password-differs = The two new passwords differ.
password-same = The new password is the present one. Choose another.
password-old-wrong = The present password is wrong.

reset-title = Reset the password
reset-for = Set a new password for “{ $login }”. This link works once.
reset-hint = Makes a link that works once within 24 hours. Hand it over in person or by a trusted way.
reset-make = Make a link
reset-made = The link is shown only now:

hand-over-title = Hand the office over
hand-over-hint = The account that takes over gets role and unit of this one, which is then disabled. The record keeps it.
hand-over-to = Account that takes over

accounts-title = Accounts
accounts-lede = make, change, disable, hand over
accounts-import = Make many accounts
accounts-new = New account
accounts-make = Make
accounts-made = Accounts made
accounts-made-hint = First passwords are shown only now and must be changed at the first sign-in.
accounts-made-waiting = The security administrator has to open the accounts before anybody can sign in.
account-security-only = Role, opening, closing and password of an account are decided by the security administrator. Please ask there.
account-own-role = Nobody changes their own role. Please ask another administrator.
acts-record = Record of acts
acts-lede = who did what to what, and when
acts-noun = What
acts-id = Id
acts-leaf = Digest
acts-filter = Filter
acts-older = Older acts
acts-newest = Newest acts
acts-none = No act matches. Please widen the filter.
acts-secret-hint = Acts are listed here without their contents.
acts-sealed = What belongs to an inspection (plan, sites given out, what phones hand in, its review, evidence and secret cases) appears once its month is published; until then later acts stand without their number.
accounts-back = Back to the accounts
accounts-import-lede = One account a row, with the columns login, name, role, unit. Roles: unit, chief, inspector, agency, reviewer, dispatcher, verifier, leader, auditor, host, administrator, security, audit-administrator. A unit's account names its unit, the agency's people their agency.
accounts-import-choose = Choose a CSV file
accounts-import-hint = UTF-8 or GBK, at most 1 MB
accounts-import-none = The table has faults and no account was made. Correct it and upload it again:
accounts-import-line = Line { $line }:{" "}
account-rows-none = There are no accounts in the table.
account-rows-not-csv = This row is not sound CSV. Check that quotation marks come in pairs.
account-rows-column-missing = The column “{ $column }” ({ $label }) is missing.

acts-title = Record
acts-seq = No.
acts-at = When
acts-who = By
acts-kind = What
act-account-created = made
act-account-changed = changed
act-account-password-set = password set
act-account-reset-made = one-time link made
act-account-disabled = disabled
act-account-enabled = enabled again
act-account-handed-over = office handed over

setup-title = First setup
setup-lede = Found the host and its first administrator. Then units and users can be imported and a scheme adopted.
setup-code = Setup code
setup-code-hint = Shown in the terminal when the program started.
setup-code-wrong = The setup code is wrong. Look at the terminal of the program; every start makes a new one.
setup-host = Host
setup-host-name = Name
setup-host-name-hint = The full name printed on bulletins.
setup-region = Region
setup-region-hint = For example the name of the city.
setup-name-missing = Give the host's name and region.
setup-administrator = First administrator
setup-do = Set up

settings-title = Settings
settings-lede = host, maps, synthetic mark
settings-map-review = Map-review number
settings-map-review-hint = Printed below maps.
settings-tiles = Map tile address
settings-tiles-hint = An address with {"{z}"}, {"{x}"} and {"{y}"}, for instance Tianditu with your key. Without it maps ask no outside site.
settings-tile-source-bad = The tile address is wrong. It must begin with https:// or http:// and contain {"{z}"}, {"{x}"} and {"{y}"}.
settings-synthetic = The data are synthetic
settings-synthetic-hint = Every page and file says “Synthetic data, not real results”.

account-cli-made = The account “{ $login }” is made.
account-cli-made-first = The account “{ $login }” is made. First password: { $password } (to be changed at the first sign-in)
account-cli-link = One-time link for “{ $login }”, valid for 24 hours: { $link }
account-cli-handed-over = The office of “{ $from }” is handed over to “{ $to }”; the old account is disabled.

serve-ready = Yuekao is running: { $site }
serve-setup = Yuekao is running. Open { $site }/setup for the first setup. Setup code: { $code }
