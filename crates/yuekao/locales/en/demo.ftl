demo-drawing = Drawing photos, laying out units…
demo-walking = { $month }: inspectors are out, cases are handled; it is { $at }
demo-accounts = Accounts of the demo (the password of all is { $password }):
demo-not-ours = The data folder holds something that is no finished demo. Choose an empty folder.
