### On every page

page-product = Yuekao
page-product-long = Yuekao: monthly evaluation of city management
page-skip = Skip to the content
page-sending = Sending…
page-synthetic = Synthetic data, not real results
page-nav = Main
page-crumbs = You are here
page-sign-in = Sign in
page-sign-out = Sign out
page-copy = Copy
page-copied = Copied
page-with = { $name } ({ $more })
page-colon = { $name }: { $more }

datum-wgs84 = Phones (WGS84)
datum-cgcs2000 = National geodetic (CGCS2000)
datum-gcj-02 = Maps of Amap and Tencent (GCJ-02)
datum-bd-09 = Maps of Baidu (BD-09)

role-citizen = Citizen
role-unit = Unit
role-chief = Road chief
role-inspector = Inspector
role-agency = Agency manager
role-reviewer = Agency's reviewer
role-dispatcher = Dispatcher
role-verifier = Verifier
role-leader = Leader
role-auditor = Auditor
role-host = Leading group's office
role-administrator = System administrator
role-security = Security administrator
role-audit-administrator = Audit administrator

error-title = This could not be done
error-home = Back to the start page
error-back = Back
error-mend = Back, to mend it
error-desk = Back to the desk
error-not-found = There is no such page, or you may not see it. Check the address.
error-account-not-found = There is no account “{ $login }”. Check the login in the list of accounts.
error-forbidden = Your role may not do this. If you need it, ask an administrator.
error-sign-in = Sign in first.
error-form-not-ours = The form is no longer valid and nothing was saved. Go back to its page, reload it and fill it in again.
error-too-many-attempts = { $minutes ->
    [one] Too many failed attempts. Try again in a minute.
   *[other] Too many failed attempts. Try again in { $minutes } minutes.
}
error-broken = Something broke and nothing was saved. Try again later; if it stays so, ask an administrator to look at the log.
error-too-large = What was sent is too large and was not saved. Send it in parts.
error-unreadable = What was sent could not be read and was not saved. Reload the page and fill it in again. ({ $why })

desk-title = Desk
desk-lede = { $name } ({ $role })
error-busy = Too many people are signing in just now. Try again in a minute.
