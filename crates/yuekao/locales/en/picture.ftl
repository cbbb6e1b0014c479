### Reference pictures of indicators

picture-title = Reference pictures
picture-lede = A reference picture tells inspectors what an indicator means. It goes to their phones with the day's tasks and is there without a network; phones get a copy without what the camera wrote into the file. It belongs to the indicator's id and stays when the next edition of the catalogue is adopted.
picture-count = { $with } of { $count } indicators have a picture
picture-none = No picture
picture-not-ready = The picture is being worked on. Load the page again in a moment; if nothing appears, upload it again.
picture-of = Reference picture: { $indicator }
picture-set = Uploaded by { $who }, { $at }
picture-add = Add a picture
picture-replace = Replace the picture
picture-file = JPEG or PNG, at most 10 MB
picture-upload = Upload
picture-remove = Remove
picture-remove-of = Remove the reference picture of "{ $indicator }"
picture-missing = No picture was received. Choose a JPEG or PNG file and press "Upload".
picture-large = The picture has more than { $megabytes } MB and was not kept. Make it smaller and upload it again.
picture-changed = Somebody has replaced or removed this picture meanwhile; nothing was changed. Load the page again and look at the picture it has now.
picture-no-indicator = This catalogue has no indicator "{ $indicator }". Go back to the catalogue's page and choose again.
