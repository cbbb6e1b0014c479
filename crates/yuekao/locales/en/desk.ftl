### The desk: steps of the first setup, files that wait

desk-steps = First setup
desk-step-host = Host
desk-step-units = Units
desk-step-units-hint = the leading group's office picks them from the divisions that come along, or imports a table
desk-step-users = Users
desk-step-users-hint = the system administrator makes the accounts of the office and others, from a table if there are many
desk-step-scheme = Scheme
desk-step-scheme-hint = the leading group's office adopts the catalogue first, then the scheme
desk-step-done = done
desk-waiting = What waits
desk-to-review = Problems to review
desk-visits-to-review = Visits to review
desk-open-in-my-grids = Open cases in my grids

handed-title = Files that wait
handed-lede = These files have been uploaded and not taken yet. Only you see them; they go after a day.
handed-names = Files
handed-at = Uploaded
handed-kilobytes = Size (kB)
handed-forget = Delete
handed-forget-this = Delete { $names }
handed-kept = The files are kept: loading the page again or losing the connection loses nothing. They go after a day.
handed-gone = These files have been taken or deleted, or have waited for more than a day. Upload them again.
handed-full = Files that wait have reached their limit of { $megabytes } MB; nothing was saved. Take or delete some, then upload again.
