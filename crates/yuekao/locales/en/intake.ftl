### Cases from elsewhere: keys and import

keys-title = Interface keys
keys-lede = One key for each system that hands cases in and asks after them by its own numbers. A key is shown once; its digest alone is kept.
keys-made = The key was made. Hand it over now: it is not shown again.
keys-none = No keys yet.
keys-name = Name of the system
keys-made-at = Made
keys-new = Make a key
keys-make = Make
keys-revoke = Revoke
keys-revoked = revoked at { $at }
key-not-open = There is no such key, or it is revoked. Load the page again.
key-name-missing = Give the system's name (at most 60 characters) and choose a source.
key-missing = No key, or one that is revoked. Send it in the Authorization header after Bearer; the system administrator makes keys.

intake-number = The number “{ $value }” is empty or longer than 64 characters. Give the number of the other system.
intake-category = The category “{ $value }” does not exist or has no filing condition. Take it from the table of categories, such as gb30428/event/0110.
intake-place = “{ $value }” says no place, or more than 300 characters. Say where it is, in at most 300.
intake-description = The description of “{ $value }” is longer than 4000 characters. Shorten it and send it again.
intake-county = There is no unit “{ $value }”. Give the code of a county, or nothing.
intake-position = The position of “{ $value }” cannot be read, is half missing or is not in China. Give WGS 84 degrees, or nothing.
intake-unreadable = It cannot be read; nothing was saved: { $value }
intake-too-many = At most 500 at once; nothing was saved. Send them in parts.
intake-empty = The file has no rows. Fill it in and import it again.
intake-column = The column “{ $value }” is missing. Use the template that yuekao template incoming writes.
intake-line = line { $line }: { $why }
intake-bad-rows = { $count ->
    [one] { $count } row is wrong; nothing was imported. Correct it and import again.
   *[other] { $count } rows are wrong; nothing was imported. Correct them and import again.
}
intake-differs = “{ $value }” was taken before, and this says something else of it. The correction stands on the page of the case and the dispatcher was told; the case itself is unchanged and need not be reported anew.
intake-done = { $taken } taken, { $known } known, { $differs } corrected.
